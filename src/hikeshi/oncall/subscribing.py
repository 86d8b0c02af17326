"""When a calendar of others is asked again, when somebody is told that it cannot be read, and what its events are to
whom they concern. Pure.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from hikeshi.oncall.ical import Shift

EVERY: Final = timedelta(hours=1)
WHOLE_EVERY: Final = timedelta(days=1)
"""As often at least it is asked for all it says, changed or not: what recurs has moved into the year ahead."""
FIRST_RETRY: Final = timedelta(minutes=5)
LONGEST_RETRY: Final = timedelta(hours=6)
LEASE: Final = timedelta(minutes=10)
"""Longer than the slowest answer and its reading take: a desk that died in between tries again then."""
TOLD_AFTER: Final = timedelta(days=1)
SPREAD: Final = 0.2
SHOWN: Final = 4
YEAR: Final = timedelta(days=365)
MOST_HOLIDAYS: Final = 183
"""In a year. A place that has more is closed more often than not."""
_SECURE: Final = {"webcal": "https", "webcals": "https"}


def next_time(now: datetime, failures: int, share: float) -> datetime:
    """``share``, 0 to 1, spreads the calendars of one host over some time, instead of all at the stroke of the hour."""
    wait = min(FIRST_RETRY * 2 ** min(failures - 1, 10), LONGEST_RETRY) if failures else EVERY
    return now + wait * (1 - SPREAD / 2 + SPREAD * min(max(share, 0.0), 1.0))


def must_be_told(now: datetime, failing_since: datetime | None, told_at: datetime | None) -> bool:
    return failing_since is not None and told_at is None and now - failing_since >= TOLD_AFTER


def must_be_whole(now: datetime, whole_at: datetime | None) -> bool:
    return whole_at is None or now - whole_at >= WHOLE_EVERY


def spelled(typed: str) -> str:
    """The address as it is asked for: ``webcal`` is what calendar programs call https. Empty where it is none."""
    text = typed.strip()
    try:
        parts = urlsplit(text)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        return ""
    scheme = _SECURE.get(parts.scheme.lower(), parts.scheme.lower())
    if scheme not in {"http", "https"} or not host or parts.username or parts.password or parts.fragment:
        return ""
    if not text.isascii() or not text.isprintable() or " " in text:
        return ""
    return parts._replace(scheme=scheme).geturl()


def hint(address: str) -> str:
    """What may be shown of it: where it leads, and how it ends."""
    parts = urlsplit(address)
    rest = parts.path + parts.query
    return f"{parts.hostname or ''}/…{rest[-SHOWN:] if len(rest) > 3 * SHOWN else ''}"[:300]


def mark(events: Iterable[Shift]) -> str:
    """Stands for all that a calendar says of one time: another one as soon as it says something else. The stamps that
    programs put onto an event anew at each asking are no part of it.
    """
    said = sorted(repr((one.uid, one.begin, one.end, one.title, one.addresses)) for one in events)
    return hashlib.sha256("\n".join(said).encode("utf-8", "backslashreplace")).hexdigest()


def holidays(events: Iterable[Shift], zone: str) -> Mapping[date, str]:
    """What is said in whole days, each by its name; a day that has two names has both."""
    names: dict[date, list[str]] = {}
    for one in events:
        for day in _days(one, ZoneInfo(zone)):
            known = names.setdefault(day, [])
            if one.title.strip() and one.title.strip() not in known:
                known.append(one.title.strip())
    return {day: " / ".join(said) for day, said in sorted(names.items())}


def _days(one: Shift, place: ZoneInfo) -> Iterator[date]:
    if not one.days:
        return
    day, last = one.begin.astimezone(place).date(), one.end.astimezone(place).date()
    while day < last:
        yield day
        day += timedelta(days=1)


def are_plausible(days: Iterable[date], today: date) -> bool:
    """Whether these may be holidays. What has a name for every day, numbers of weeks or the weather, is no calendar of
    holidays, and by it no clock of business time would ever run out.
    """
    return sum(1 for day in days if today <= day < today + YEAR) <= MOST_HOLIDAYS


def lines(days: Mapping[date, str]) -> str:
    return "\n".join(f"{day.isoformat()} {' '.join(name.split())}".strip() for day, name in sorted(days.items()))


def read_lines(text: str) -> Mapping[date, str]:
    """As ``lines`` wrote them."""
    return {date.fromisoformat(line[:10]): line[11:] for line in text.splitlines()}
