"""Whom a canary calls, and when it is sent by itself."""

from datetime import time
from typing import Any, TypeAlias

from django import forms
from django.http import QueryDict
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from hikeshi.accounts import queries as accounts
from hikeshi.canary import queries
from hikeshi.canary.actions.arranging import LONGEST, SHORTEST
from hikeshi.canary.stages import To
from hikeshi.kernel.acting import Actor
from hikeshi.phrases import labels
from hikeshi.phrases.wording import leading
from hikeshi.web.choosing import offer
from hikeshi.web.settings.saving import Versioned

Said: TypeAlias = dict[str, Any]  # what Django cleaned: each field knows its own kind


def target(text: str) -> tuple[str, str]:
    """``rota|<uuid>`` in its two parts."""
    to, _bar, value = text.partition("|")
    return to, value


def hour(said: object) -> time:
    return said if isinstance(said, time) else time.fromisoformat(str(said))


def _offered(by: Actor) -> list[tuple[str, object]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for to, value, name in queries.offered():
        groups.setdefault(labels.label("canary_to", to), []).append((f"{to}|{value}", name))
    people = [(f"{To.PERSON}|person:{one.uuid}", one.name) for one in accounts.people(by, active=True)]
    return [*groups.items(), (labels.label("canary_to", To.PERSON), people)]


class Send(forms.Form):
    target = forms.ChoiceField(label=_("Whom to call"))

    def __init__(self, by: Actor, data: QueryDict | None = None) -> None:
        plan = queries.arrangement()
        start = f"{plan.to}|{plan.value}" if plan.to else f"{To.PERSON}|{by.ref}"
        super().__init__(data, initial={"target": start})
        offer(self, "target", _offered(by))


class Plan(Versioned):
    target = forms.ChoiceField(label=_("Whom to call"), required=False)
    days = forms.MultipleChoiceField(
        label=_("On these days"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(str(number), name) for number, name in WEEKDAYS.items()],
        help_text=_("None ticked: only on demand."),
    )
    at = forms.TimeField(label=_("At"), help_text=_("In the site's time zone."), widget=forms.TimeInput(format="%H:%M"))
    minutes = forms.IntegerField(
        label=_("Minutes to answer"),
        min_value=SHORTEST,
        max_value=LONGEST,
        help_text=_("After these, administrators are told by another way."),
    )

    def __init__(self, by: Actor, data: QueryDict | None) -> None:
        plan = queries.arrangement()
        start = {"target": f"{plan.to}|{plan.value}" if plan.to else "", "at": plan.at, "minutes": plan.minutes}
        super().__init__(data, initial={**start, "days": [str(day) for day in plan.days], "version": plan.version})
        offer(self, "target", [("", leading(_("nobody yet"))), *_offered(by)])
