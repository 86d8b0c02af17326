"""Days and moments in words: `11/21(土)`, `21 Nov (Sat)`."""

from datetime import date, datetime, tzinfo
from functools import lru_cache
from types import MappingProxyType

from django.utils.dates import MONTHS_3, WEEKDAYS_ABBR
from django.utils.timezone import get_current_timezone
from django.utils.translation import get_language

DAYS = MappingProxyType(
    {
        "ja": ("{month}/{day}({weekday})", "{year}/{month}/{day}({weekday})"),
        "en": ("{day} {month_name} ({weekday})", "{day} {month_name} {year} ({weekday})"),
    }
)


def day(moment: date, *, with_year: bool) -> str:
    return _day(moment, get_language() or "", with_year=with_year)


def local(moment: datetime, zone: tzinfo | None = None) -> datetime:
    """A moment in the reader's zone. One whose year there is none in that zone, as rows of older versions may hold,
    stays in the zone it came in: it is shown, not refused.
    """
    try:
        return moment.astimezone(zone or get_current_timezone())
    except OverflowError:
        return moment


def dated(moment: datetime) -> str:
    """For sentences, which are read years later too: `2026/11/21(土) 10:12 JST`, `21 Nov 2026 (Sat) 10:12 JST`."""
    here = local(moment)
    return f"{day(here.date(), with_year=True)} {here:%H:%M %Z}"


@lru_cache(maxsize=1_024)
def _day(moment: date, language: str, *, with_year: bool) -> str:
    return DAYS.get(language, DAYS["en"])[with_year].format(
        year=moment.year,
        month=moment.month,
        month_name=str(MONTHS_3[moment.month]).capitalize(),
        day=moment.day,
        weekday=WEEKDAYS_ABBR[moment.weekday()],
    )
