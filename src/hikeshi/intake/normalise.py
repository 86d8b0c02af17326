"""One alert as its maker writes it -> one Finding in OCSF's names. Everything is typed, bounded and dated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, TypeAlias

import msgspec
import yaml
from msgspec.structs import replace

from hikeshi.intake import times
from hikeshi.intake.sources import book, ocsf
from hikeshi.intake.sources.book import Shape, Source
from hikeshi.intake.sources.mapping import Document, as_number, empty, folded
from hikeshi.intake.sources.observables import OCSF, Observable, spelled
from hikeshi.intake.sources.unwrapping import Wrapped
from hikeshi.intake.times import TimeQuality

MAX_OBSERVABLES = 50
_DOUBT = "time_quality:"


class State(StrEnum):
    """What one alert reports. A row is only ever firing or resolved."""

    FIRING = "firing"
    ACKNOWLEDGED = "acknowledged"  # somebody at the source has it in hand; it neither begins nor ends
    RESOLVED = "resolved"


class Unmappable(Exception):
    """JSON that is no alert of this source. ``code``: not_an_object, no_shape, no_title."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code, self.detail = code, detail


# A struct and not a dataclass: one is made per alert, and msgspec makes them six times faster.
class Finding(msgspec.Struct, frozen=True, gc=False):
    source: str
    shape: str
    title: str
    severity: int
    state: str
    first: datetime
    last: datetime
    changed: datetime
    identity: tuple[object, ...]
    observables: list[Observable]
    normal: dict[str, object]
    follows: str = ""  # the shape it only speaks of, when it was told before: the row keeps its words


_WORDS: dict[int, list[str]] = yaml.load(
    (book.FOLDER / "severities.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
)
_SEVERITIES = {folded(word): level for level, words in _WORDS.items() for word in words}
UNKNOWN_SEVERITY = 3
_STATES = {state.value: state.value for state in State}
_FIRING, _RESOLVED = State.FIRING.value, State.RESOLVED.value  # to ask a member of an enum costs a call
_ACTIVITIES: Mapping[str, tuple[int, int]] = {
    State.FIRING.value: (1, 1),
    State.ACKNOWLEDGED.value: (2, 2),
    State.RESOLVED.value: (3, 4),
}
"""OCSF's activity_id and status_id: created and new, updated and in progress, closed and resolved."""


def finding(source: Source, wrapped: Wrapped, received: datetime, notes: tuple[str, ...] = ()) -> Finding:
    """Raises Unmappable."""
    return read(shaped(source, wrapped), received, notes)


class Shaped(NamedTuple):
    """An alert that is of that shape; ``document`` is in the source's one spelling."""

    source: Source
    shape: Shape
    document: Document
    envelope: Document | None


def shaped(source: Source, wrapped: Wrapped) -> Shaped:
    """Raises Unmappable."""
    document = wrapped.document
    if type(document) is not dict:
        raise Unmappable("not_an_object")
    if source.respell is not None:
        document = source.respell(document)
    return Shaped(source, _shape(source, document), document, wrapped.envelope)


def read(alert: Shaped, received: datetime, notes: tuple[str, ...] = ()) -> Finding:
    """Raises Unmappable."""
    source, shape, document, envelope = alert
    normal = shape.normal(document, envelope)
    info = normal.setdefault("finding_info", {})
    title = info.get("title") if type(info) is dict else None
    if not isinstance(title, str) or not isinstance(info, dict):
        raise Unmappable("no_title", shape.name)
    remarks = list(notes)
    severity = _severity(shape.severity(document, envelope), remarks)
    dates = _Dates(shape, document, envelope, received, remarks)
    state = _state(shape.state(document, envelope), dates)
    first, last, _changed = seen = dates.seen(state)
    observables = _observables(shape, document, envelope)
    _frame(normal, source, severity, state)
    _date(normal, first, last)
    if observables:
        normal["observables"] = [_ocsf_observable(one) for one in observables]
    kept = _unmapped(shape, document, envelope)
    if remarks:
        kept["hikeshi_notes"] = remarks
    if kept:
        normal["unmapped"] = kept
    identity = tuple([getter(document, envelope) for getter in shape.identity])
    told = (source.code, shape.name, title, severity, state)
    return Finding(*told, *seen, identity, observables, normal, shape.follows)


Seen: TypeAlias = tuple[datetime, datetime, datetime]
"""First seen, last seen, and when its state began."""


def again(state: str, doubts: Sequence[str], alert: Shaped, received: datetime) -> Seen | None:
    """The times of a document that differs in nothing but these from one of that ``state`` with these ``doubts``. None
    where they say another state, or are doubtful in another way: then all of it has to be read.
    """
    _, shape, document, envelope = alert
    remarks: list[str] = []
    dates = _Dates(shape, document, envelope, received, remarks)
    if _state(shape.state(document, envelope), dates) != state:
        return None
    seen = dates.seen(state)
    return seen if remarks == doubts else None


def at(finding: Finding, normal: dict[str, object], observables: list[Observable], seen: Seen) -> Finding:
    """What was read once, told of other times; ``normal`` and ``observables`` are its own from here on."""
    first, last, changed = seen
    _date(normal, first, last)
    return replace(finding, first=first, last=last, changed=changed, normal=normal, observables=observables)


def doubts(finding: Finding) -> list[str]:
    """What was remarked of its times."""
    unmapped = finding.normal.get("unmapped")
    remarks = unmapped.get("hikeshi_notes") if isinstance(unmapped, dict) else None
    return [one for one in remarks if one.startswith(_DOUBT)] if isinstance(remarks, list) else []


def dated(normal: dict[str, object], first: datetime, last: datetime) -> dict[str, object]:
    """A copy with these times, where it has any."""
    info = normal.get("finding_info")
    if not isinstance(info, dict) or "time" not in normal:
        return normal
    copy: dict[str, object] = {**normal, "finding_info": dict(info)}
    _date(copy, first, last)
    return copy


def _date(normal: dict[str, object], first: datetime, last: datetime) -> None:
    info = normal["finding_info"]
    if isinstance(info, dict):
        info["last_seen_time"] = ended = _epoch(last)
        info["first_seen_time"] = ended if first is last else _epoch(first)
    normal["time"] = _epoch(last)


def _shape(source: Source, document: Document) -> Shape:
    for shape in source.shapes:
        if shape.applies(document):
            return shape
    raise Unmappable("no_shape", ", ".join(shape.name for shape in source.shapes))


def _severity(value: object, remarks: list[str]) -> int:
    if type(value) is int and 1 <= value <= 6:
        return value
    level = _SEVERITIES.get(folded(value)) if not isinstance(value, (dict, list)) and value is not None else None
    if level is not None:
        return level
    number = as_number(value)
    if number is not None and 1 <= number <= 6:
        return int(number)
    remarks.append("severity_unknown")
    return UNKNOWN_SEVERITY


@dataclass(slots=True)
class _Dates:
    """The times of one alert; what could not be believed is remarked by name."""

    shape: Shape
    document: Document
    envelope: Document | None
    received: datetime
    remarks: list[str]

    def resolved(self) -> datetime | None:
        value = self.shape.times.resolved(self.document, self.envelope)
        if value == "@received":
            return self.received
        found, quality = times.read(value, self.received)
        return found if quality in {TimeQuality.STATED, TimeQuality.NO_ZONE} else None

    def seen(self, state: str) -> tuple[datetime, datetime, datetime]:
        """First seen, last seen, and when the state began, in the only order they can be in."""
        stated = self.shape.times
        first = last = self._read("first", stated.first(self.document, self.envelope))
        if stated.last is not stated.first:
            last = self._read("last", stated.last(self.document, self.envelope))
        changed = last
        if stated.changed is not stated.last:
            changed = self._read("changed", stated.changed(self.document, self.envelope))
        if state == _RESOLVED:
            ended = self.resolved()
            if ended is not None:
                changed = ended
                last = ended if last == self.received else max(last, ended)
        return (first, last, changed) if first <= last else (last, first, changed)

    def _read(self, name: str, value: object) -> datetime:
        if value == "@received":
            return self.received
        found, quality = times.read(value, self.received)
        if quality is not times.STATED:
            self.remarks.append(f"{_DOUBT}{name}:{quality}")
        return found


def _state(value: object, dates: _Dates) -> str:
    """What the source says; a source that only gives an end says so with ``by_end``."""
    if value == "by_end":
        ended = dates.resolved()
        return _RESOLVED if ended is not None and ended <= dates.received else _FIRING
    return _STATES.get(value, _FIRING) if isinstance(value, str) else _FIRING


def _unmapped(shape: Shape, document: Document, envelope: Document | None) -> dict[str, object]:
    kept: dict[str, object] = {}
    for key, getter in shape.unmapped.of(document):
        value = getter(document, envelope)
        value = None if value is None else ocsf.bounded(value)
        if value is not None:
            kept[key] = value
    return kept


def _observables(shape: Shape, document: Document, envelope: Document | None) -> list[Observable]:
    found: dict[tuple[str, str], Observable] = {}
    for kind, getter in shape.observables.of(document):
        values = getter(document, envelope)
        if values is None:
            continue
        for value in values if isinstance(values, list) else (values,):
            if empty(value) or isinstance(value, (dict, list)):
                continue
            spelling = spelled(kind, value if isinstance(value, str) else str(value))
            if spelling:
                found[(kind, spelling)] = {"type": kind, "value": spelling}
    return list(found.values())[:MAX_OBSERVABLES]


def _frame(normal: dict[str, object], source: Source, severity: int, state: str) -> None:
    """What every Detection Finding carries, whatever the source."""
    normal["class_uid"], normal["category_uid"] = ocsf.CLASS_UID, ocsf.CATEGORY_UID
    activity, normal["status_id"] = _ACTIVITIES[state]
    normal["activity_id"], normal["type_uid"] = activity, ocsf.CLASS_UID * 100 + activity
    normal["severity_id"] = severity
    metadata = normal.setdefault("metadata", {})
    if isinstance(metadata, dict):
        metadata["version"], metadata["log_provider"] = ocsf.VERSION, source.code
        product = metadata.setdefault("product", {})
        if isinstance(product, dict):
            product.setdefault("name", source.name)
            product.setdefault("vendor_name", source.vendor)


def _ocsf_observable(one: Observable) -> dict[str, object]:
    type_id, caption = OCSF[one["type"]]
    return {"type_id": type_id, "type": caption, "value": one["value"]}


def _epoch(at: datetime) -> int:
    return int(at.timestamp() * 1000)
