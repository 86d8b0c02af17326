from datetime import datetime
from typing import TYPE_CHECKING, TypedDict

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from hikeshi.accounts import queries
from hikeshi.accounts.actions.calendars import WEEKDAYS as CODES
from hikeshi.calendars import holidays
from hikeshi.calendars.hours import written
from hikeshi.kernel.acting import Actor
from hikeshi.phrases import labels
from hikeshi.web.account.forms import zones
from hikeshi.web.choosing import LocalMoment
from hikeshi.web.settings import choices
from hikeshi.web.settings.saving import Versioned

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Words

MOST_HOURS = 1_000


def _countries() -> list[tuple[str, "str | Words"]]:
    return [("", _("None")), *((code, labels.label("country", code)) for code in holidays.COUNTRIES)]


class Calendar(Versioned):
    name = forms.CharField(label=_("Name"), max_length=200)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zones)
    country = forms.ChoiceField(label=_("Public holidays of"), choices=_countries, required=False)
    closings = forms.CharField(
        label=_("Closing days"),
        required=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "A line each: 12-29..01-03 for every year, 2026-08-13..2026-08-15 for once, then the name. "
            "A list with commas can be pasted as it is."
        ),
    )
    specials = forms.CharField(
        label=_("Days with other hours"),
        required=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A line each, as 2026-12-28 09:00-12:00 and the name. They go before holidays and closing days."),
    )

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # a form takes what it takes
        for number, code in enumerate(CODES):
            self.fields[code] = forms.CharField(label=WEEKDAYS[number], required=False, max_length=100)

    @property
    def week(self) -> list[forms.BoundField]:
        return [self[code] for code in CODES]


class Said(TypedDict):
    name: str
    time_zone: str
    hours: list[str]
    country: str
    closings: str
    specials: str


def said(values: dict[str, str]) -> Said:
    """As the verbs take it."""
    return {
        "name": values["name"],
        "time_zone": values["time_zone"],
        "hours": [values[code] for code in CODES],
        "country": values["country"],
        "closings": values["closings"],
        "specials": values["specials"],
    }


def starting(row: queries.Calendar) -> dict[str, object]:
    """What the form of this calendar holds when it is opened."""
    names = ("name", "time_zone", "country", "closings", "specials", "version")
    return {**{name: getattr(row, name) for name in names}, **dict(zip(CODES, row.hours, strict=True))}


def suggested() -> dict[str, object]:
    """Office hours, to be changed."""
    here = queries.standard_calendar()
    week = dict(zip(CODES, map(written, here.week), strict=True))
    return {"time_zone": here.zone, "country": here.country, "closings": "\n".join(map(str, here.closings)), **week}


class Keep(forms.Form):
    organisation = forms.ChoiceField(label=_("Organisation"))
    calendar = forms.ChoiceField(label=_("Keeps the calendar"), required=False)

    def __init__(self, by: Actor, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # a form takes what it takes
        known = [(str(row.uuid), row.name) for row in queries.calendars(by)]
        self.fields["organisation"].choices = choices.organisations(by)  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["calendar"].choices = [("", _("Of the organisation above")), *known]  # type: ignore[attr-defined]  # as above


class Try(forms.Form):
    """When would it be due?"""

    start = LocalMoment(label=_("If something starts"), required=False)
    hours = forms.IntegerField(label=_("With business hours"), min_value=0, max_value=MOST_HOURS, initial=4)

    def asked(self, now: datetime) -> tuple[datetime, int]:
        """What was asked, or what is shown when nothing was."""
        sent = self.cleaned_data if self.is_bound and self.is_valid() else {}
        return sent.get("start") or now, sent.get("hours", 4)
