"""When a calendar of others is asked again, and when somebody is told that it cannot be read. Pure."""

from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

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
