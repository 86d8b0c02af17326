"""Times as a report writes them: whole, to the second, in the site's zone."""

from datetime import datetime

from django.utils.dates import MONTHS

from hikeshi.documents.tree import Span, Tone
from hikeshi.phrases import moments
from hikeshi.phrases.incident_report import word
from hikeshi.phrases.labels import label

REIWA = 2018
"""The year before the era's first. Reports are dated by the day they are made, so earlier eras never occur."""


def plain(moment: datetime) -> str:
    """Without the zone, for columns whose head names it."""
    return moments.local(moment).strftime("%Y-%m-%d %H:%M:%S")


def whole(moment: datetime) -> str:
    return f"{plain(moment)} {zone_at(moment)}"


def zone_at(moment: datetime) -> str:
    here = moments.local(moment)
    offset = here.strftime("%z")
    return f"{here.tzname()} (UTC{offset[:3]}:{offset[3:]})"


def known(moment: datetime | None, otherwise: str = "unset") -> str | Span:
    return Span(word(otherwise), Tone.GAP) if moment is None else plain(moment)


def dated(moment: datetime) -> str:
    """In both calendars, as Japanese forms want it."""
    here = moments.local(moment)
    return word(
        "made",
        day=here.day,
        month=str(MONTHS[here.month]),
        year=here.year,
        era=label("era", "reiwa"),
        era_year=here.year - REIWA,
    )
