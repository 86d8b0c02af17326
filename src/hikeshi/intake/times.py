"""Times as detectors write them. What cannot be believed becomes the time of receipt, and says so."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from functools import lru_cache
from typing import Final

from hikeshi.intake.sources.mapping import as_number


class TimeQuality(StrEnum):
    STATED = "stated"
    NO_ZONE = "no_zone"  # read as UTC
    CLAMPED = "clamped"  # 0001-01-01, the year 9999, epoch 0, more than a day ahead of receipt
    UNREADABLE = "unreadable"
    MISSING = "missing"


STATED = TimeQuality.STATED  # to ask an enum for a member costs a call, and nearly every time is stated
# Nothing we take alerts from is older; what says 1970 is an epoch of zero.
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=1)
SHORT: Final = 40
"""Letters of a time that is remembered."""
_ZONE_WITH_DOT = re.compile(r"([+-]\d\d)\.(\d\d)$")  # +01.00, written by some integrations
_SLASHES = re.compile(r"^(\d{4})/(\d{1,2})/(\d{1,2})")
_EPOCH = ((1e11, 1.0), (1e14, 1e3), (1e17, 1e6), (1e20, 1e9))  # seconds, milli, micro, nano by magnitude


def read(value: object, received: datetime) -> tuple[datetime, TimeQuality]:
    """The instant in UTC, and how far to trust it."""
    if value is None or value == "":
        return received, TimeQuality.MISSING
    found, quality = _written_once(value) if type(value) is str and len(value) <= SHORT else _instant(value)
    if found is None:
        return received, quality
    if found < EARLIEST or found > received + AHEAD:
        return received, TimeQuality.CLAMPED
    return found, quality


def _instant(value: object) -> tuple[datetime | None, TimeQuality]:
    found = _parsed(value)
    if found is None:
        return None, TimeQuality.UNREADABLE
    quality = STATED
    if found.tzinfo is None:
        found, quality = found.replace(tzinfo=UTC), TimeQuality.NO_ZONE
    try:
        return found.astimezone(UTC), quality
    except OverflowError:
        return None, TimeQuality.CLAMPED


@lru_cache(maxsize=1_024)
def _written_once(text: str) -> tuple[datetime | None, TimeQuality]:
    """What one alert says several times, and all of a batch that were told at one moment."""
    return _instant(text)


def _parsed(value: object) -> datetime | None:
    if isinstance(value, str):
        # fromisoformat would read some epochs of 13 digits as a day of the 18th century.
        if value[4:5] == "-":
            try:
                return datetime.fromisoformat(value)
            except ValueError:
                pass
        return _written(value.strip()[:64])
    return _epoch(as_number(value))


def _written(text: str) -> datetime | None:
    number = as_number(text)
    if number is not None and len(text) > 8:
        return _epoch(number)
    mended = _SLASHES.sub(lambda m: f"{m[1]}-{int(m[2]):02}-{int(m[3]):02}", _ZONE_WITH_DOT.sub(r"\1:\2", text))
    mended = mended.removesuffix(" UTC").removesuffix(" Z")
    try:
        return datetime.fromisoformat(mended)
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None


def _epoch(number: float | None) -> datetime | None:
    if number is None:
        return None
    if number < 0:  # before 1970, or before there were years at all: far too early either way
        return datetime.min.replace(tzinfo=UTC)
    for below, per_second in _EPOCH:
        if number < below:
            return datetime.fromtimestamp(number / per_second, UTC)
    return datetime.max.replace(tzinfo=UTC)
