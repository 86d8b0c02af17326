"""Time zones by their IANA names."""

from zoneinfo import available_timezones


def exists(name: str) -> bool:
    return name in available_timezones()
