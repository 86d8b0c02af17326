"""Targets as people write them: a time for each priority, which records, and what happens on the way."""

from collections.abc import Callable
from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

from hikeshi.accounts import queries as accounts
from hikeshi.assets.cells import minutes_of
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid
from hikeshi.phrases import labels, refusals
from hikeshi.phrases.wording import leading
from hikeshi.service_levels.actions import Draft
from hikeshi.service_levels.book import PRIORITIES, Limits, Minutes, Step, Target
from hikeshi.service_levels.codes import ALWAYS, Act, Measure
from hikeshi.web.choosing import teams as offered_teams
from hikeshi.web.settings.scope import SCOPE, Scoped
from hikeshi.web.templatetags.clocks import spell

STEPS: Final = 4


def _length(priority: int, help_text: object = "") -> forms.CharField:
    label = f"P{priority}"
    return forms.CharField(label=label, required=False, max_length=20, help_text=help_text)  # type: ignore[arg-type]  # lazy


def _minutes(form: forms.Form, prefix: str) -> Minutes:
    """Raises nothing: what cannot be read is said beside its field."""
    found: list[int | None] = []
    for priority in PRIORITIES:
        name = f"{prefix}_{priority}"
        typed = str(form.cleaned_data.get(name, "")).strip()
        try:
            found.append(minutes_of(name, typed) if typed else None)
        except Invalid as refusal:
            form.add_error(name, refusals.sentence(refusal))
            found.append(None)
    return (found[0], found[1], found[2], found[3], found[4])


class TargetForm(Scoped):
    """``by`` is who writes: places and teams they do not see are no choice."""

    measure = forms.ChoiceField(label=_("What is measured"))
    ja = forms.CharField(label=_("Name in Japanese"), max_length=200)
    en = forms.CharField(label=_("Name in English"), max_length=200)
    hours = forms.ChoiceField(label=_("Counted by"), required=False)
    always_to = forms.TypedChoiceField(label=_("Around the clock"), coerce=int)
    pauses = forms.MultipleChoiceField(
        label=_("The clock stands still while the record waits for"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    teams = forms.MultipleChoiceField(
        label=_("Teams of the owner"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 4}),
        help_text=_("None chosen: whoever owns it."),
    )

    def __init__(self, by: Actor, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # a form takes what it takes
        for priority in PRIORITIES:
            self.fields[f"minutes_{priority}"] = _length(priority)
        for place in range(1, STEPS + 1):
            self.fields[f"percent_{place}"] = forms.IntegerField(
                label=_("Percent used up"), required=False, min_value=1, max_value=1000
            )
            self.fields[f"acts_{place}"] = forms.MultipleChoiceField(
                label=_("Then"),
                required=False,
                widget=forms.CheckboxSelectMultiple,
                choices=labels.choices("clock_act"),
            )
        self.offer_scope(by)
        self._offer(by)

    def _offer(self, by: Actor) -> None:
        calendars = [(str(row.uuid), row.name) for row in accounts.calendars(by)]
        upto = [(0, str(_("No priority: always by the calendar")))]
        upto += [(one, f"P1–P{one}" if one > 1 else "P1") for one in PRIORITIES]
        offered: dict[str, list[tuple[object, str]]] = {
            "measure": [(code, word) for code, word in labels.choices("measure")],
            "hours": [
                ("", str(_("The calendar of the record's organisation"))),
                (ALWAYS, str(_("The clock, day and night"))),
                *calendars,
            ],
            "always_to": [(code, word) for code, word in upto],
            "pauses": [(code, word) for code, word in labels.offered("waiting")],
            "teams": [(code, word) for code, word in offered_teams(by, kept=self.initial.get("teams", ()))],
        }
        for name, found in offered.items():
            self.fields[name].choices = found  # type: ignore[attr-defined]  # each of them is a choice

    @property
    def times(self) -> list[forms.BoundField]:
        return [self[f"minutes_{one}"] for one in PRIORITIES]

    @property
    def steps(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"percent_{place}"], self[f"acts_{place}"]) for place in range(1, STEPS + 1)]

    def clean(self) -> dict[str, object]:
        said = super().clean() or self.cleaned_data
        self.minutes = _minutes(self, "minutes")
        return said

    def draft(self) -> Draft:
        said = self.cleaned_data
        many = (*SCOPE, "teams", "pauses")
        found = [
            Step(said[f"percent_{place}"], tuple(Act(one) for one in said[f"acts_{place}"]))
            for place in range(1, STEPS + 1)
            if said.get(f"percent_{place}")
        ]
        return Draft(
            measure=Measure(said["measure"]),
            ja=said["ja"],
            en=said["en"],
            minutes=self.minutes,
            hours=said["hours"],
            always_to=said["always_to"],
            steps=tuple(found),
            **{name: tuple(said[name]) for name in many},
        )


def starting(target: Target) -> dict[str, object]:
    names_ = ("measure", "ja", "en", "hours", "always_to", "version")
    many = (*SCOPE, "teams", "pauses")
    times = {f"minutes_{place}": spell(one) for place, one in enumerate(target.minutes, start=1)}
    steps: dict[str, object] = {}
    for place, one in enumerate(target.steps, start=1):
        steps |= {f"percent_{place}": one.percent, f"acts_{place}": list(one.acts)}
    plain = {name: getattr(target, name) for name in names_}
    return {**plain, **{name: list(getattr(target, name)) for name in many}, **times, **steps}


class StuckForm(forms.Form):
    """Rows of five: a length for each priority."""

    ROWS: Final = ("no_move", "no_owner", "waiting")

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # a form takes what it takes
        for row in self.ROWS:
            for priority in PRIORITIES:
                self.fields[f"{row}_{priority}"] = _length(priority)

    @property
    def rows(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [(labels.label("stuck", row), [self[f"{row}_{one}"] for one in PRIORITIES]) for row in self.ROWS]

    def clean(self) -> dict[str, object]:
        self.limits = {row: _minutes(self, row) for row in self.ROWS}
        return self.cleaned_data


def stuck_starting(limits: Limits) -> dict[str, object]:
    found: dict[str, object] = {}
    for row in StuckForm.ROWS:
        found |= {f"{row}_{place}": spell(one) for place, one in enumerate(getattr(limits, row), start=1)}
    return found


def calendar_name(by: Actor) -> Callable[[str], str]:
    """What a target calls its hours, in the reader's words."""
    known = {str(row.uuid): row.name for row in accounts.calendars(by)}
    fixed = {"": str(_("Organisation's calendar")), ALWAYS: leading(_("around the clock"))}
    return lambda choice: fixed.get(choice) or known.get(choice) or str(_("A calendar that is gone"))
