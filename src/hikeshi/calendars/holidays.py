"""Public holidays by country, with their names.

Japan's follow the Act on National Holidays (Act No. 178 of 1948) as the Cabinet Office publishes them, substitute
holidays (Article 3 paragraph 2) and days between two holidays (paragraph 3) among them; tests/rules/test_calendars.py
compares published years.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

COUNTRIES: Final = (
    "JP",
    "AU",
    "CN",
    "DE",
    "FR",
    "GB",
    "HK",
    "ID",
    "IN",
    "KR",
    "MY",
    "NL",
    "PH",
    "SG",
    "TH",
    "TW",
    "US",
    "VN",
)
"""Those offered; an empty code is no holidays at all."""
_OWN: Final = {"JP": "ja"}


@dataclass(frozen=True, slots=True)
class Holiday:
    day: date
    ja: str
    en: str


@lru_cache(maxsize=512)
def of_year(country: str, year: int) -> Mapping[date, Holiday]:
    """By day. Outside the years the law's tables reach (1949 to 2099), none."""
    if not country:
        return {}
    from holidays import country_holidays  # noqa: PLC0415  # four megabytes that a desk without calendars does without

    english = country_holidays(country, years=year, language="en_US")
    own = country_holidays(country, years=year, language=_OWN[country]) if country in _OWN else english
    days = sorted(day for day in english if day.year == year)
    return {day: Holiday(day, ja=own[day], en=english[day]) for day in days}
