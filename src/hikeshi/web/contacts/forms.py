from collections.abc import Sequence
from uuid import UUID

from django import forms
from django.forms.formsets import BaseFormSet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hikeshi.accounts import contacts, queries, sheets
from hikeshi.accounts.drafts import CallLineDraft, PartyDraft, ResponsibilityDraft
from hikeshi.accounts.ways import SECRET, Kind
from hikeshi.kernel.acting import Actor
from hikeshi.phrases import labels
from hikeshi.web import languages
from hikeshi.web.contacts import showing
from hikeshi.web.settings import choices
from hikeshi.web.settings.saving import Versioned

HOURS = _("Such as mon-fri 09:00-18:00; sat 10:00-12:00. Empty: at any time.")
Choices = list[tuple[str, str]]


def offer(form: forms.Form, name: str, offered: Choices) -> None:
    form.fields[name].choices = offered  # type: ignore[attr-defined]  # a ChoiceField


class Find(forms.Form):
    q = forms.CharField(label=_("Find"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("Kind"), required=False)

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # a form takes what it takes
        offer(self, "kind", [("", str(_("All kinds"))), *labels.choices("party_kind")])


class Way(forms.Form):
    kind = forms.ChoiceField(label=_("Kind of way"))
    address = forms.CharField(
        label=_("Number or address"),
        max_length=500,
        help_text=_("A telephone number with its extension, an e-mail address, a name in a chat, a web address."),
    )
    label = forms.CharField(label=_("What it is"), required=False, max_length=100, help_text=_("Such as night desk."))
    hours = forms.CharField(label=_("When it is of use"), required=False, max_length=200, help_text=HOURS)
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, *args: object, way: contacts.StoredWay | None = None, **more: object) -> None:
        initial = None if way is None else stated(way)
        super().__init__(*args, **{**more, "initial": initial})  # type: ignore[arg-type]  # a form takes what it takes
        typed = [(code, word) for code, word in labels.choices("way_kind") if code != Kind.PUSH]
        offer(self, "kind", typed)
        offer(self, "language", [("", str(_("As they read"))), *languages.offered()])
        if way is None:
            return
        del self.fields["kind"]
        if way.kind in SECRET:
            self.fields["address"].required = False
            self.fields["address"].help_text = _("It is kept sealed and not shown. Empty: it stays as it is.")

    @property
    def said(self) -> dict[str, str]:
        return {name: str(value) for name, value in self.cleaned_data.items()}


def stated(way: contacts.StoredWay) -> dict[str, str]:
    shown = "" if way.kind in SECRET else showing.typed(way, contacts.rules().country)
    return {"address": shown, "label": way.label, "hours": way.hours, "language": way.language}


class Card(forms.Form):
    duty = forms.CharField(
        label=_("What they are called for"),
        required=False,
        max_length=200,
        help_text=_("Such as network, mail, press."),
    )
    hours = forms.CharField(label=_("When they are there"), required=False, max_length=200, help_text=HOURS)
    deputy = forms.ChoiceField(label=_("Deputy"), required=False)

    def __init__(self, by: Actor, holder: queries.Person, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # a form takes what it takes
        others = [(uuid, name) for uuid, name in choices.people(by) if uuid != str(holder.uuid)]
        offer(self, "deputy", [("", str(_("Nobody"))), *others])


class Party(Versioned):
    name = forms.CharField(label=pgettext_lazy("party", "Name"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"))
    organisation = forms.ChoiceField(label=_("Whose contact"), required=False)
    duty = forms.CharField(
        label=_("What they are called for"), required=False, max_length=200, help_text=_("Such as securing evidence.")
    )
    hours = forms.CharField(label=_("When they are there"), required=False, max_length=200, help_text=HOURS)
    time_zone = forms.CharField(
        label=_("Time zone"), required=False, max_length=64, help_text=_("Such as Asia/Tokyo. Empty: the site's.")
    )
    language = forms.ChoiceField(label=_("Language"), choices=languages.offered)
    deputy = forms.ChoiceField(
        label=_("Deputy"), required=False, help_text=_("Who is called where they do not answer.")
    )
    keeper = forms.ChoiceField(
        label=_("Who keeps this entry"), required=False, help_text=_("They are told when it has become stale.")
    )
    contract = forms.CharField(
        label=_("Contract"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Number, what it covers, how it is called upon."),
    )
    contract_until = forms.DateField(
        label=_("Contract runs until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    note = forms.CharField(
        label=_("To have at hand when calling"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(
        self, by: Actor, *args: object, party: contacts.Party | None = None, desk: bool = False, **more: object
    ) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # a form takes what it takes
        offer(self, "kind", labels.choices("party_kind"))
        offer(self, "keeper", [("", str(_("Nobody"))), *choices.people(by)])
        others = [(str(one.uuid), one.name) for one in contacts.parties(by) if party is None or one.pk != party.pk]
        offer(self, "deputy", [("", str(_("Nobody"))), *others])
        offer(self, "organisation", choices.organisations(by))
        if party is not None or desk:
            del self.fields["organisation"]
        if desk:
            for name in ("kind", "contract", "contract_until", "keeper"):
                del self.fields[name]

    def draft(self, kind: str = "other") -> PartyDraft:
        said = self.cleaned_data
        plain = {name: said.get(name) or "" for name in ("duty", "language", "time_zone", "hours", "contract", "note")}
        return PartyDraft(
            name=said["name"],
            kind=said.get("kind") or kind,
            **plain,
            contract_until=said.get("contract_until"),
            deputy=_chosen(said.get("deputy")),
            keeper=_chosen(said.get("keeper")),
        )


def _chosen(said: str | None) -> UUID | None:
    return UUID(said) if said else None


def party_stated(party: contacts.Party) -> dict[str, object]:
    fields = ("name", "kind", "duty", "hours", "time_zone", "language", "contract", "contract_until", "note", "version")
    given = {name: getattr(party, name) for name in fields}
    chosen = {"deputy": party.deputy, "keeper": party.keeper}
    return {**given, **{name: str(one.uuid) for name, one in chosen.items() if one is not None}}


class Responsibility(forms.Form):
    service = forms.CharField(label=_("Service"), max_length=200, required=False)
    task = forms.CharField(label=_("Task"), max_length=300, required=False)
    who = forms.ChoiceField(label=_("Who does it"), required=False)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # a form takes what it takes
        offer(self, "who", labels.choices("who"))


Responsibilities = forms.formset_factory(Responsibility, extra=3, max_num=200)


def responsibility_lines(sent: "BaseFormSet[Responsibility]") -> list[ResponsibilityDraft]:
    """A row without service and task is an empty row."""
    said = [one.cleaned_data for one in sent.forms if one.cleaned_data.get("service") or one.cleaned_data.get("task")]
    return [ResponsibilityDraft(one["service"], one["task"], one["who"], one["note"]) for one in said]


class CallLine(forms.Form):
    place = forms.IntegerField(label=_("Called as number"), required=False, min_value=1, max_value=99)
    owner = forms.ChoiceField(label=_("Whom"), required=False)
    purpose = forms.CharField(label=_("What for"), max_length=200, required=False)

    def __init__(self, *args: object, offered: Choices, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # a form takes what it takes
        offer(self, "owner", [("", "\u2014"), *offered])


CallLines = forms.formset_factory(CallLine, extra=3, max_num=40)


def call_lines(sent: "BaseFormSet[CallLine]") -> list[CallLineDraft]:
    """In the order of the places written; a row without a place comes last, one without a name is no row."""
    said = [one.cleaned_data for one in sent.forms if one.cleaned_data.get("owner")]
    said.sort(key=lambda one: one.get("place") or 99)
    return [CallLineDraft(one["owner"], one.get("purpose") or "") for one in said]


def callable_by(by: Actor, now: sheets.Sheet) -> Choices:
    """Whoever may stand on a sheet: people in use, parties and their desks; and whoever stands there already."""
    people = [(f"person:{one.uuid}", one.name) for one in contacts.seen_people(by).order_by("name", "id")]
    outside: Choices = []
    for one in contacts.parties(by).prefetch_related("desks").order_by("name", "id"):
        outside.append((one.ref, one.name))
        outside += [(desk.ref, f"{one.name} {desk.name}") for desk in one.desks.all() if desk.retired_at is None]
    known = {ref for ref, _name in (*people, *outside)}
    return [*people, *outside, *((one.owner, one.name) for one in now.called if one.owner not in known)]


def first_lines(called: Sequence[sheets.Called]) -> list[dict[str, object]]:
    return [{"place": place, "owner": one.owner, "purpose": one.purpose} for place, one in enumerate(called, start=1)]
