"""The times of an incident."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hikeshi.incidents import facts
from hikeshi.incidents.actions import saving
from hikeshi.incidents.codes import MomentKind, MomentSource
from hikeshi.incidents.facts import Said
from hikeshi.incidents.models import Incident, Moment
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid
from hikeshi.ledger import keeping
from hikeshi.ledger.acts import action

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=1)  # a clock of another machine may run fast; a date in the year 9999 is a mistake


@dataclass(frozen=True, slots=True)
class _Set:
    """A time now set, and the one it supersedes."""

    new: Moment
    old: Moment | None


def _set(
    incident: Incident,
    by: Actor,
    kind: MomentKind,
    at: datetime,
    source: MomentSource,
    *,
    estimated: bool = False,
    reason: Said | None = None,
    fresh: bool = False,
) -> _Set:
    """What stood there before is superseded and kept. ``fresh``: nothing can stand there yet."""
    old = None if fresh else Moment.objects.filter(incident=incident, kind=kind, superseded_at__isnull=True).first()
    if old is not None:
        old.superseded_at = clock.now()
        old.save(update_fields=["superseded_at"])
    new = Moment(
        incident=incident,
        kind=kind,
        at=at,
        source=source,
        estimated=estimated,
        set_by=by.ref,
        set_at=clock.now(),
        reason=reason.passage if reason else None,
    )
    keeping.keep_new([new])
    return _Set(new, old)


def mark(
    incident: Incident,
    by: Actor,
    kind: MomentKind,
    at: datetime,
    source: MomentSource = MomentSource.ACT,
    *,
    fresh: bool = False,
) -> None:
    """Sets the time that goes with another act, whose own fact says what happened. ``fresh``: of a record opened in
    this very act, the first of its kind.
    """
    done = _set(incident, by, kind, at, source, fresh=fresh)
    fact = facts.MomentMarked(
        incident=incident.uuid,
        moment=done.new.uuid,
        kind=kind,
        at=at,
        source=source,
        supersedes=done.old.uuid if done.old else None,
    )
    saving.tell(incident, by, fact)


def _current(incident: Incident, kind: MomentKind) -> Moment | None:
    return Moment.objects.filter(incident=incident, kind=kind, superseded_at__isnull=True).first()


def mark_once(
    incident: Incident, by: Actor, kind: MomentKind, at: datetime, source: MomentSource = MomentSource.ACT
) -> bool:
    """Sets a time nobody has set yet: the first acknowledgement counts, not the last."""
    if _current(incident, kind) is not None:
        return False
    mark(incident, by, kind, at, source)
    return True


def mark_by_act(incident: Incident, by: Actor, kind: MomentKind, at: datetime) -> None:
    """Sets the time of an act on the desk, unless a person has said when it really was."""
    known = _current(incident, kind)
    if known is None or known.source != MomentSource.PERSON:
        mark(incident, by, kind, at)


def _tell_set(incident: Incident, by: Actor, done: _Set, reason: Said | None) -> None:
    fact = facts.MomentSet(
        incident=incident.uuid,
        moment=done.new.uuid,
        kind=MomentKind(done.new.kind),
        at=done.new.at,
        source=MomentSource(done.new.source),
        estimated=done.new.estimated,
        supersedes=done.old.uuid if done.old else None,
        was=done.old.at if done.old else None,
        reason=reason,
    )
    saving.tell(incident, by, fact)


@action
def set_moment(
    *, by: Actor, ref: str, kind: MomentKind, at: datetime, reason: str = "", estimated: bool = False
) -> Moment:
    """Enters or corrects a time; a correction needs its reason. Times that cannot be right together are shown on the
    page, not refused. Raises NotFound, NotAllowed, Invalid.
    """
    incident = saving.hold(by, ref)
    if at.tzinfo is None:
        raise Invalid("at", "not_a_time")
    if not EARLIEST <= at <= clock.now() + AHEAD:
        raise Invalid("at", "not_plausible")
    why = saving.because(incident, reason, required=_current(incident, kind) is not None)

    saving.save(incident)
    done = _set(incident, by, kind, at.astimezone(UTC), MomentSource.PERSON, estimated=estimated, reason=why)
    _tell_set(incident, by, done, why)
    return done.new


@action
def acknowledge(*, by: Actor, ref: str) -> Incident:
    """Says that somebody has seen it. The first time counts; saying it again changes nothing.
    Raises NotFound, NotAllowed.
    """
    incident = saving.hold(by, ref)
    if _current(incident, MomentKind.ACKNOWLEDGED) is None:
        at = saving.save(incident)
        _tell_set(incident, by, _set(incident, by, MomentKind.ACKNOWLEDGED, at, MomentSource.ACT), None)
    return incident
