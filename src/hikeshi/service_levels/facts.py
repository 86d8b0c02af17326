"""What was promised, and what the clocks came to. Nothing personal stands here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from hikeshi.kernel.facts import JSON, Fact, Row
from hikeshi.service_levels.codes import Act, Because, Deed, Measure, State


def stamp(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="microseconds") if at else None


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetsSet(Fact):
    """A version of the book came into force. ``about``: the target's name, where it is about one."""

    number: int
    deed: Deed
    about: str
    content: str

    def sets(self) -> Mapping[str, Row]:
        return {f"service_levels.book:{self.number}": {"content": self.content}}


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalAsked(Fact):
    """Open records are to take the targets now in force."""

    book: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsRenewed(Fact):
    """An open record takes the targets in force, since somebody asked for it."""

    incident: UUID
    book: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked(Fact):
    """What was looked up outside the record, from entry ``entry`` on: where it belongs, the teams of its owners, the
    calendars by what the targets call them.
    """

    incident: UUID
    entry: int
    places: tuple[str, ...] = ()
    teams: dict[str, str]
    hours: dict[str, str]

    def sets(self) -> Mapping[str, Row]:
        return {f"service_levels.hours:{digest}": {"content": digest} for digest in self.hours.values()}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockLine:
    """One clock as it is shown from now on."""

    measure: Measure
    round: int
    target: str
    minutes: int
    hours: str
    state: State
    because: Because
    started_at: datetime
    due_at: datetime | None = None
    left: int | None = None
    stopped_at: datetime | None = None

    def columns(self) -> dict[str, JSON]:
        return {
            "target": self.target,
            "minutes": self.minutes,
            "hours": self.hours,
            "state": self.state,
            "because": self.because,
            "started_at": stamp(self.started_at),
            "due_at": stamp(self.due_at),
            "left": self.left,
            "stopped_at": stamp(self.stopped_at),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ClocksReckoned(Fact):
    """Clocks that came to be something else; ``upto`` is the last entry they were reckoned from. Written twice: as the
    row holds it, and as it must come out when it is worked out again.
    """

    incident: UUID
    upto: int
    clocks: tuple[ClockLine, ...] = ()

    def sets(self) -> Mapping[str, Row]:
        rows: dict[str, Row] = {f"service_levels.track:{self.incident}": {"upto": self.upto}}
        for one in self.clocks:
            key, columns = f"{self.incident}/{one.measure}/{one.round}", one.columns()
            rows[f"service_levels.clock:{key}"] = columns
            rows[f"service_levels.reckoned:{key}"] = columns
        return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class ClocksForgotten(Fact):
    """The record was deleted, and its clocks with it. ``clocks``: ``measure/round``."""

    incident: UUID
    clocks: tuple[str, ...] = ()

    def sets(self) -> Mapping[str, Row]:
        rows: dict[str, Row] = {f"service_levels.track:{self.incident}": None}
        for one in self.clocks:
            rows[f"service_levels.clock:{self.incident}/{one}"] = None
            rows[f"service_levels.reckoned:{self.incident}/{one}"] = None
        return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockPassed(Fact):
    """So much of a clock's time was used up. ``acts``: what the target asks for then."""

    incident: UUID
    measure: Measure
    round: int
    percent: int
    due_at: datetime
    acts: tuple[Act, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRanOut(Fact):
    """All of it, or more."""

    incident: UUID
    measure: Measure
    round: int
    percent: int
    due_at: datetime
    acts: tuple[Act, ...] = ()
