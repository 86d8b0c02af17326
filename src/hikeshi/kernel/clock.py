"""The one clock. Everything that asks for the time asks here, so a test can move it."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta


@dataclass(slots=True)
class _Clock:
    shift: timedelta = field(default_factory=timedelta)
    frozen: datetime | None = None


_clock = _Clock()


def now() -> datetime:
    """The current time, aware, in UTC."""
    return (_clock.frozen or datetime.now(UTC)) + _clock.shift


def everywhere(day: date) -> bool:
    """Whether its midnight is a time in every zone: that of the first day there is, and of the last, is not."""
    return date.min.year < day.year < date.max.year


def freeze(at: datetime) -> None:
    """For tests and drills: time stands still at ``at`` until moved."""
    _clock.frozen = at.astimezone(UTC)
    _clock.shift = timedelta()


def fast_forward(by: timedelta) -> None:
    """For tests and drills: ``by`` passes at once."""
    _clock.shift += by


def release() -> None:
    """Back to the machine's own time."""
    _clock.frozen = None
    _clock.shift = timedelta()
