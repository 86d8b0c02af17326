"""Forms of rotas, covers, absences and swaps."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hikeshi.accounts import queries as accounts
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.oncall.permissions import Verb
from hikeshi.oncall.queries import duty
from hikeshi.oncall.queries.rotas import Rota
from hikeshi.oncall.terms import MOST_EVERY, LayerTerms, Promise, Promised
from hikeshi.oncall.turns import Holidays, Unit
from hikeshi.phrases import labels
from hikeshi.phrases.wording import bracketed, leading
from hikeshi.web.account.forms import zones
from hikeshi.web.choosing import LocalMoment, offer
from hikeshi.web.settings import choices
from hikeshi.web.settings.saving import Versioned

DAYS = tuple(f"day_{number}" for number in range(1, 8))
COVERED = tuple(f"covers_{number}" for number in range(1, 8))
BLANKS = 3
"""Empty lines for people at the end of a layer."""


class WallInput(forms.DateTimeInput):
    """A time on a wall somewhere: it is brought into nobody's zone."""

    input_type = "datetime-local"


class Wall(forms.CharField):
    widget = WallInput

    def to_python(self, value: object) -> str:
        return str(value or "").strip()

    def clean(self, value: object) -> datetime | None:
        typed = super().clean(value)
        if not typed:
            return None
        try:
            found = datetime.fromisoformat(typed)
        except ValueError:
            raise forms.ValidationError(gettext("Write a day and a time as 2026-11-21T09:00.")) from None
        return found.replace(tzinfo=None, second=0, microsecond=0)


class Names(forms.Field):
    """User names in the order of their turns, each in a box of its own."""

    widget = forms.SelectMultiple

    def to_python(self, value: object) -> list[str]:
        return [str(one).strip() for one in value if str(one).strip()] if isinstance(value, list) else []


class RotaForm(Versioned):
    name = forms.CharField(label=_("Name"), max_length=200)
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=zones, help_text=_("In which the plan is shown and nights are counted.")
    )
    note = forms.CharField(
        label=_("What this duty is"), required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 2})
    )
    why = forms.CharField(label=_("Why it changes"), required=False, max_length=500)
    promise = forms.ChoiceField(
        label=_("This rota covers"),
        required=False,
        choices=lambda: labels.offered("rota_promise"),
        initial=Promised.ALWAYS,
        widget=forms.RadioSelect,
        help_text=_("Hours without anybody are a gap only then."),
    )
    promise_calendar = forms.ChoiceField(label=_("Opening hours of the calendar"), required=False)

    def __init__(self, *args: object, calendars: Sequence[tuple[str, str]] = (), **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # a form takes what it takes
        offer(self, "promise_calendar", [("", _("Of the organisation")), *calendars])
        for number, code in enumerate(COVERED):
            self.fields[code] = forms.CharField(label=WEEKDAYS[number], required=False, max_length=100)

    @property
    def covered(self) -> list[forms.BoundField]:
        return [self[code] for code in COVERED]

    @property
    def promising(self) -> bool:
        """Whether hours or a calendar are said or wrong: then their part is unfolded."""
        chosen = str(self["promise"].value() or Promised.ALWAYS)
        return chosen != Promised.ALWAYS or any(self.errors.get(name) for name in (*COVERED, "promise_calendar"))

    def promised(self) -> Promise:
        said = self.cleaned_data
        calendar = UUID(said["promise_calendar"]) if said["promise_calendar"] else None
        return Promise(Promised(said["promise"] or Promised.ALWAYS), tuple(said[code] for code in COVERED), calendar)


def promising(said: Promise) -> dict[str, object]:
    """What the form holds of it when it is opened."""
    week = dict(zip(COVERED, said.week or ("",) * 7, strict=True))
    return {"promise": said.kind, "promise_calendar": str(said.calendar or ""), **week}


class NewRota(RotaForm):
    organisation = forms.ChoiceField(label=_("Organisation"))
    field_order = ("organisation",)

    def __init__(self, by: Actor, *args: object, calendars: Sequence[tuple[str, str]] = (), **more: object) -> None:
        super().__init__(*args, calendars=calendars, **more)
        offer(self, "organisation", choices.organisations(by, Verb.MANAGE))


class LayerForm(forms.Form):
    """A layer whose box "leave out" is ticked is none."""

    label = forms.CharField(label=_("Name of the layer"), max_length=200, required=False)
    people = Names(label=_("In turn"), required=False)
    every = forms.IntegerField(label=_("Handed over every"), min_value=1, max_value=MOST_EVERY, initial=1)
    unit = forms.ChoiceField(label=_("Unit"), choices=lambda: labels.choices("turn_unit"), initial=Unit.WEEK)
    begins = Wall(label=_("First hand-over"), help_text=_("On the clock of the layer's time zone."))
    ends = Wall(label=_("Ends at"), required=False)
    zone = forms.ChoiceField(label=_("Time zone of the layer"), choices=zones)
    holidays = forms.ChoiceField(
        label=_("Holidays are"), choices=lambda: labels.offered("turn_holidays"), initial=Holidays.ALIKE
    )
    calendar = forms.ChoiceField(label=_("Holidays of the calendar"), required=False)
    leave_out = forms.BooleanField(label=_("Leave this layer out"), required=False)

    def __init__(self, *args: object, calendars: Sequence[tuple[str, str]] = (), **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # a form takes what it takes
        offer(self, "calendar", [("", _("Of the organisation")), *calendars])
        for number, code in enumerate(DAYS):
            self.fields[code] = forms.CharField(label=WEEKDAYS[number], required=False, max_length=100)

    @property
    def week(self) -> list[forms.BoundField]:
        return [self[code] for code in DAYS]

    @property
    def boxes(self) -> list[str]:
        """What stands in the boxes for people, and some empty ones."""
        typed = [str(one) for one in self["people"].value() or [] if str(one).strip()]
        return [*typed, *[""] * BLANKS]

    @property
    def limited(self) -> bool:
        """Whether hours, days or an end narrow the layer: then their part is unfolded."""
        narrowed = any(self[code].value() for code in (*DAYS, "ends"))
        return bool(narrowed or self["holidays"].value() != Holidays.ALIKE or self.errors)

    def terms(self, known: Mapping[str, UUID]) -> LayerTerms:
        said = self.cleaned_data
        return LayerTerms(
            zone=said["zone"],
            begins=said["begins"],
            people=tuple(known[name.casefold()] for name in said["people"]),
            unit=Unit(said["unit"]),
            every=said["every"],
            week=tuple(said[code] for code in DAYS),
            holidays=Holidays(said["holidays"]),
            calendar=UUID(said["calendar"]) if said["calendar"] else None,
            ends=said["ends"],
            name=said["label"],
        )


Layers = forms.formset_factory(LayerForm, extra=0, max_num=10, absolute_max=10)


def starting(said: LayerTerms, usernames: Mapping[UUID, str]) -> dict[str, object]:
    """What the form of a layer holds when it is opened."""
    week = dict(zip(DAYS, said.week or ("",) * 7, strict=True))
    return {
        "label": said.name,
        "people": [usernames.get(uuid, str(uuid)) for uuid in said.people],
        "every": said.every,
        "unit": said.unit,
        "begins": f"{said.begins:%Y-%m-%dT%H:%M}",
        "ends": f"{said.ends:%Y-%m-%dT%H:%M}" if said.ends else "",
        "zone": said.zone,
        "holidays": said.holidays,
        "calendar": str(said.calendar or ""),
        **week,
    }


def _offer_people(form: forms.Form, name: str, by: Actor, row: Rota, empty: object, *, leaving: str = "") -> None:
    known = [(str(one.uuid), f"{one.name}{bracketed(one.username)}") for one in duty.candidates(by, row)]
    offer(form, name, [("", empty), *((uuid, word) for uuid, word in known if uuid != leaving)])


def spell(asked: QueryDict) -> dict[str, datetime]:
    """``from`` and ``until`` of a link to a form, where they are times with a zone."""
    found = {}
    for name, said in (("begins_at", "from"), ("ends_at", "until")):
        try:
            moment = datetime.fromisoformat(asked.get(said, ""))
        except ValueError:
            continue
        if moment.tzinfo is not None and clock.everywhere(moment.date()):
            found[name] = moment
    return found


class Cover(forms.Form):
    person = forms.ChoiceField(label=_("Who is put in"))
    begins_at = LocalMoment(label=_("From"))
    ends_at = LocalMoment(label=_("Ends at"))
    reason = forms.CharField(label=_("Why"), required=False, max_length=500)

    def __init__(self, by: Actor, row: Rota, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # a form takes what it takes
        if by.may(Verb.MANAGE, row.organisation_id):
            _offer_people(self, "person", by, row, _("Choose a person"))
        else:
            offer(self, "person", [(by.ref.removeprefix("person:"), by.name)])


class Swap(forms.Form):
    begins_at = LocalMoment(label=_("My turn from"))
    ends_at = LocalMoment(label=_("Ends at"))
    asked = forms.ChoiceField(label=_("Goes to"), required=False)
    back_begins_at = LocalMoment(label=_("I take theirs from"), required=False)
    back_ends_at = LocalMoment(label=_("Ends at"), required=False)
    note = forms.CharField(label=_("Note"), required=False, max_length=500)

    def __init__(self, by: Actor, row: Rota, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # a form takes what it takes
        whoever = leading(_("whoever of the rota takes it"))
        _offer_people(self, "asked", by, row, whoever, leaving=by.ref.removeprefix("person:"))


class Absence(forms.Form):
    person = forms.ChoiceField(label=_("Who is away"), required=False)
    begins_at = LocalMoment(label=_("From"))
    ends_at = LocalMoment(label=_("Ends at"))
    substitute = forms.ChoiceField(label=_("Substitute"), required=False)

    def __init__(self, by: Actor, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # a form takes what it takes
        others = [(str(one.uuid), f"{one.name}{bracketed(one.username)}") for one in accounts.people(by, active=True)]
        me = by.ref.removeprefix("person:")
        offer(self, "substitute", [("", _("Nobody: my turns are gaps")), *(one for one in others if one[0] != me)])
        offer(self, "person", [("", _("I myself")), *(one for one in others if one[0] != me)])
        if not by.may(Verb.MANAGE):
            del self.fields["person"]


class Calendar(forms.Form):
    """``whose``: ``own``, ``person:…``, ``rota:…`` or ``calendar:…``."""

    address = forms.CharField(
        label=_("Address of the calendar"),
        max_length=2_000,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "inputmode": "url"}),
        help_text=_("As the calendar program gives it out: https://… or webcal://…. It is shown to nobody again."),
    )
    whose = forms.ChoiceField(label=_("Its events are"))
    containing = forms.CharField(
        label=_("Only events whose title has these words"),
        required=False,
        max_length=100,
        help_text=_("Of holidays the first line of what is said about them counts too."),
    )

    def __init__(self, by: Actor, rows: Sequence[Rota], *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # a form takes what it takes
        said = gettext("turns in %(name)s"), gettext("absences of %(name)s")
        known = [(f"rota:{row.uuid}", said[0] % {"name": row.name}) for row in rows]
        if by.may(Verb.MANAGE):
            people = [one for one in accounts.people(by, active=True) if one.pk != by.person_id]
            known += [(f"person:{one.uuid}", said[1] % {"name": one.name + bracketed(one.username)}) for one in people]
        if accounts.may_manage_site(by):
            holidays = gettext("holidays in %(name)s")
            known += [(f"calendar:{one.uuid}", holidays % {"name": one.name}) for one in accounts.calendars(by)]
        offer(self, "whose", [("own", _("My own absences")), *known])


class Period(forms.Form):
    """Whole days in the rota's zone."""

    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("Ends at"), required=False, widget=forms.DateInput(attrs={"type": "date"}))


class Feed(forms.Form):
    rota = forms.ChoiceField(label=_("Of"), required=False)

    def __init__(self, rows: Sequence[Rota], *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # a form takes what it takes
        known = [(str(row.uuid), row.name) for row in rows]
        offer(self, "rota", [("", leading(_("my own duty in every rota"))), *known])
