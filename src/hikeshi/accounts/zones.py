"""Time zones by their IANA names."""

from datetime import UTC, date, datetime, time
from difflib import get_close_matches
from zoneinfo import ZoneInfo, available_timezones

from hikeshi.kernel.refusals import Invalid


def day_begins(day: date, zone: str) -> datetime:
    """The moment that day begins there."""
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def proper(name: str, field: str = "time_zone") -> str:
    """The zone as it is called, whatever its case. Raises Invalid with the nearest names."""
    folded = {zone.casefold(): zone for zone in available_timezones()}
    typed = name.strip().replace(" ", "_").casefold()
    if typed in folded:
        return folded[typed]
    tails = {zone.rsplit("/", 1)[-1]: zone for zone in sorted(folded) if "/" in zone}
    close = [*get_close_matches(typed, folded, n=3, cutoff=0.6)]
    close += [tails[tail] for tail in get_close_matches(typed.rsplit("/", 1)[-1], tails, n=3, cutoff=0.7)]
    near = ", ".join(dict.fromkeys(folded[one] for one in close))
    raise Invalid(field, "unknown_zone_near", near=near) if near else Invalid(field, "unknown_zone")
