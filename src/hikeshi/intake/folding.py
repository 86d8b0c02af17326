"""Many alerts, one row: how a repeated alert changes the row that already stands for it. Pure.

What is promised whatever the order of arrival: the count is exact; first and last seen are the earliest and the
latest; the state is that of the newest change (when an end and a beginning carry the same instant, the end counts:
Alertmanager closes and re-sends within one); the severity is that of the newest firing, the worse of two at the same
instant. A late firing that began before the known end does not re-open; an end told twice changes nothing. How often a
thing fired again is counted as it arrived: only order can tell. That somebody took it in hand at its source is counted
and neither begins nor ends anything; of a thing of which nothing else is known it makes no firing one.
"""

from datetime import datetime
from enum import StrEnum

import msgspec

from hikeshi.intake.normalise import State


class Change(StrEnum):
    """What one more alert did to its row. NEW, REFIRED and WORSE are judged; the rest only folds, unless the rule that
    silenced it is over.
    """

    NEW = "new"
    REPEATED = "repeated"
    REFIRED = "refired"
    WORSE = "worse"
    RESOLVED = "resolved"


JUDGED = frozenset({Change.NEW, Change.REFIRED, Change.WORSE})
# To ask an enum for a member costs a call each time, and it is asked for a dozen with each alert.
_FIRING, _RESOLVED, _ACKNOWLEDGED = State.FIRING.value, State.RESOLVED.value, State.ACKNOWLEDGED.value
_TO_NEW, _TO_REPEATED, _TO_REFIRED = Change.NEW, Change.REPEATED, Change.REFIRED
_TO_WORSE, _TO_RESOLVED = Change.WORSE, Change.RESOLVED


# Structs and not dataclasses: several are made per alert of a batch.
class Event(msgspec.Struct, frozen=True, gc=False):
    first: datetime
    last: datetime
    changed: datetime  # when the state it reports began
    state: str
    severity: int


class Folded(msgspec.Struct, frozen=True, gc=False):
    count: int
    fired: int  # times it fired again after an end
    first_seen: datetime
    last_seen: datetime
    firing_at: datetime | None  # newest beginning known
    resolved_at: datetime | None  # newest end known
    severity: int

    @property
    def newest_change(self) -> datetime | None:
        return max((at for at in (self.firing_at, self.resolved_at) if at is not None), default=None)

    @property
    def status(self) -> str:
        return _status(self.firing_at, self.resolved_at)


def fold(before: Folded | None, event: Event) -> tuple[Folded, Change]:
    firing, over = event.state == _FIRING, event.state == _RESOLVED
    if before is None:
        after = Folded(
            count=1,
            fired=0,
            first_seen=event.first,
            last_seen=event.last,
            firing_at=event.changed if firing else None,
            resolved_at=event.changed if over else None,
            severity=event.severity,
        )
        return after, _TO_NEW
    firing_at = _later(before.firing_at, event.changed) if firing else before.firing_at
    resolved_at = _later(before.resolved_at, event.changed) if over else before.resolved_at
    severity = _severity(before, event, firing=firing)
    change = _change(before, _status(firing_at, resolved_at), severity, firing=firing)
    after = Folded(
        count=before.count + 1,
        fired=before.fired + (change is _TO_REFIRED),
        first_seen=min(before.first_seen, event.first),
        last_seen=max(before.last_seen, event.last),
        firing_at=firing_at,
        resolved_at=resolved_at,
        severity=severity,
    )
    return after, change


def _severity(before: Folded, event: Event, *, firing: bool) -> int:
    """An end says nothing about how bad it was, unless no beginning is known; taking in hand never does."""
    if event.state == _ACKNOWLEDGED:
        return before.severity
    if not firing:
        if before.firing_at is not None:
            return before.severity
        newest = before.resolved_at
    else:
        newest = before.firing_at
    if newest is None or event.changed > newest:
        return event.severity
    return max(before.severity, event.severity) if event.changed == newest else before.severity


def _change(before: Folded, status: str, severity: int, *, firing: bool) -> Change:
    if before.status == status:
        worse = status == _FIRING and severity > before.severity
        return _TO_WORSE if worse else _TO_REPEATED
    if status == _RESOLVED:
        return _TO_RESOLVED
    # A beginning that only now arrives for an end already known is the first firing, late; anything else fires again.
    return _TO_REFIRED if firing else _TO_REPEATED


def _status(firing_at: datetime | None, resolved_at: datetime | None) -> str:
    if resolved_at is None:
        return _RESOLVED if firing_at is None else _FIRING
    return _RESOLVED if firing_at is None or resolved_at >= firing_at else _FIRING


def _later(one: datetime | None, other: datetime) -> datetime:
    return other if one is None or other > one else one
