"""Time zones by their IANA names."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo, available_timezones


def exists(name: str) -> bool:
    return name in available_timezones()


def day_begins(day: date, zone: str) -> datetime:
    """The moment that day begins there."""
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(zone)).astimezone(UTC)
