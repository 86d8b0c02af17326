"""A policy as one form: its conditions, and a row for each step."""

from collections.abc import Mapping
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hikeshi.accounts import queries as accounts
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid
from hikeshi.oncall.actions import PolicyDraft
from hikeshi.oncall.drafts import StepDraft, kept
from hikeshi.oncall.escalation import BUSINESS, OUTSIDE, Closed, Target, TargetKind
from hikeshi.oncall.queries import offering
from hikeshi.oncall.queries.policies import Policy
from hikeshi.phrases import labels
from hikeshi.phrases import refusals as sentences
from hikeshi.web import choosing
from hikeshi.web.choosing import LocalMoment
from hikeshi.web.escalation import naming
from hikeshi.web.settings import choices
from hikeshi.web.settings.saving import Versioned

BLANK = 2
OWN = "own"
PERSON = "person"
Offered = list[tuple[str, object]]


def spelled(target: Target) -> str:
    return f"{target.kind.value}|{target.value}"


def read_target(text: str) -> Target:
    kind, _bar, value = text.partition("|")
    return Target(TargetKind(kind), value)


def _hours() -> Offered:
    return [*((code, naming.hours(code)) for code in ("", BUSINESS, OUTSIDE)), (OWN, _("At these hours"))]


class PolicyForm(Versioned):
    name = forms.CharField(label=_("Name"), max_length=200)
    priorities = forms.MultipleChoiceField(
        label=_("For priorities"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: for all of them."),
    )
    kinds = forms.MultipleChoiceField(
        label=_("For kinds"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text=_("None chosen: for all of them."),
    )
    organisation = forms.ChoiceField(label=_("For the organisation and all beneath it"), required=False)
    hours = forms.ChoiceField(label=_("When it opens"), required=False)
    span = forms.CharField(
        label=pgettext_lazy("step", "Hours"), required=False, max_length=60, help_text=_("As 22:00-06:00.")
    )
    repeats = forms.IntegerField(
        label=_("Repeat"), min_value=0, max_value=9, help_text=_("Rounds after the first one; 1 means two in all.")
    )
    patience = forms.IntegerField(
        label=_("Wait after the last step"),
        min_value=1,
        help_text=_("Minutes, before the next round or before it is said that nobody answered."),
    )
    timeout = forms.IntegerField(
        label=_("An answer holds for"),
        min_value=5,
        required=False,
        help_text=_("Minutes. If the record is still open then, everybody is called again. Empty: for good."),
    )
    follow = forms.ChoiceField(label=_("Then goes on with"), required=False)
    why_ja = forms.CharField(
        label=_("When and why, in Japanese"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whoever is called reads it in the incident room."),
    )
    why_en = forms.CharField(
        label=_("When and why, in English"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    why = forms.CharField(label=_("Why it changes"), required=False, max_length=500)


class StepRow(forms.Form):
    """A row that calls nobody is none."""

    after = forms.IntegerField(label=_("Minutes after the step before"), min_value=0, required=False)
    target = forms.ChoiceField(label=_("Calls"), required=False)
    person = forms.CharField(label=_("User name"), max_length=150, required=False)
    hours = forms.ChoiceField(label=pgettext_lazy("step", "When"), required=False)
    span = forms.CharField(label=pgettext_lazy("step", "Hours"), max_length=60, required=False)
    closed = forms.ChoiceField(label=_("At other hours"), required=False)
    anyway = forms.BooleanField(label=_("Even when somebody has answered"), required=False)

    @property
    def is_empty(self) -> bool:
        return not self.cleaned_data.get("target")

    def draft(self, by: Actor) -> StepDraft:
        """Raises Invalid."""
        said = self.cleaned_data
        target = _person(by, said["person"]) if said["target"] == PERSON else read_target(said["target"])
        hours = said["span"].strip() if said["hours"] == OWN else said["hours"]
        closed = Closed(said["closed"] or Closed.WAIT)
        return StepDraft(said["after"] or 0, target.kind, target.value, hours, closed, said["anyway"])


def _person(by: Actor, username: str) -> Target:
    found = accounts.people(by, active=True).filter(username=accounts.Person.normalize_username(username)).first()
    if found is None:
        raise Invalid("person", "unknown")
    return Target(TargetKind.PERSON, f"person:{found.uuid}")


Steps = forms.formset_factory(StepRow, extra=BLANK, max_num=20, absolute_max=20)


class Drawing:
    """The policy and its rows as one."""

    def __init__(self, by: Actor, sent: Mapping[str, object] | None, row: Policy | None = None) -> None:
        self.by = by
        self.form = PolicyForm(sent, initial=_starting(row))
        self._offer(row)
        self.steps = Steps(sent, initial=_rows(by, row), prefix="steps")
        offered = _targets(by)
        for one in self.steps:
            choosing.offer(one, "target", offered)
            choosing.offer(one, "hours", _hours())
            choosing.offer(one, "closed", labels.offered("call_closed"))

    def _offer(self, row: Policy | None) -> None:
        choosing.offer(self.form, "priorities", labels.choices("priority"))
        choosing.offer(self.form, "kinds", choosing.kinds())
        everywhere: Offered = [("", _("Everywhere"))]
        choosing.offer(self.form, "organisation", [*everywhere, *choices.organisations(self.by, "oncall.manage")])
        choosing.offer(self.form, "hours", _hours())
        others = offering.policies(self.by, but=row.uuid if row else None)
        choosing.offer(self.form, "follow", [("", _("Nothing: whoever administers is told")), *others])

    def drawn(self) -> tuple[StepDraft, ...] | None:
        """None where a row cannot be used; the row says why."""
        if not self.form.is_bound or not self.steps.is_valid():
            return None
        found = []
        for row in self.steps:
            if row.is_empty:
                continue
            try:
                found.append(row.draft(self.by))
            except Invalid as refusal:
                row.add_error(refusal.field, sentences.sentence(refusal))
        return None if any(row.errors for row in self.steps) else tuple(found)

    def refuse(self, refusal: Invalid) -> Invalid:
        """A refusal of a step, said beside it; of anything else as it is."""
        part = refusal.field.split(".")
        if part[0] != "steps" or len(part) < 3:
            return refusal
        used = [row for row in self.steps if not row.is_empty]
        field = {"value": "target"}.get(part[2], part[2])
        row = used[int(part[1])]
        row.add_error("span" if field == "hours" else field, sentences.sentence(refusal))
        return Invalid("steps", "step_refused")

    def draft(self, said: Mapping[str, object], steps: tuple[StepDraft, ...]) -> PolicyDraft:
        hours = str(said["span"]).strip() if said["hours"] == OWN else str(said["hours"])
        return PolicyDraft(
            name=str(said["name"]),
            steps=steps,
            priorities=tuple(int(one) for one in self.form.cleaned_data["priorities"]),
            kinds=tuple(self.form.cleaned_data["kinds"]),
            organisation=_uuid(said["organisation"]),
            hours=hours,
            repeats=self.form.cleaned_data["repeats"],
            patience=self.form.cleaned_data["patience"],
            timeout=self.form.cleaned_data["timeout"],
            follow=_uuid(said["follow"]),
            why_ja=str(said["why_ja"]),
            why_en=str(said["why_en"]),
        )

    @property
    def status(self) -> int:
        wrong = self.form.is_bound and any(row.errors for row in self.steps)
        return 422 if wrong else self.form.status


def _uuid(text: object) -> UUID | None:
    return UUID(str(text)) if text else None


def _starting(row: Policy | None) -> dict[str, object]:
    if row is None:
        return {"repeats": 1, "patience": 10}
    own = row.hours not in {"", BUSINESS, OUTSIDE}
    return {
        **{name: getattr(row, name) for name in ("name", "kinds", "repeats", "patience", "timeout", "version")},
        "why_ja": row.why_ja,
        "why_en": row.why_en,
        "priorities": [str(one) for one in row.priorities],
        "organisation": str(row.organisation.uuid) if row.organisation else "",
        "hours": OWN if own else row.hours,
        "span": row.hours if own else "",
        "follow": str(row.follow.uuid) if row.follow else "",
    }


def _rows(by: Actor, row: Policy | None) -> list[dict[str, object]]:
    drafts = kept(row.steps) if row else ()
    usernames = offering.usernames(one.value for one in drafts if one.kind is TargetKind.PERSON)
    return [_row(one, usernames) for one in drafts]


def _row(draft: StepDraft, usernames: Mapping[str, str]) -> dict[str, object]:
    own = draft.hours not in {"", BUSINESS, OUTSIDE}
    person = draft.kind is TargetKind.PERSON
    return {
        "after": draft.after,
        "target": PERSON if person else spelled(draft.target),
        "person": usernames.get(draft.value, "") if person else "",
        "hours": OWN if own else draft.hours,
        "span": draft.hours if own else "",
        "closed": draft.closed.value,
        "anyway": draft.anyway,
    }


def _targets(by: Actor) -> Offered:
    """Under headings; people are typed, for a list of 10,000 helps nobody to choose."""
    found: Offered = [("", _("Nobody: leave this row out")), (PERSON, _("A person, by user name"))]
    found.append((spelled(Target(TargetKind.EXECUTIVES)), labels.label("call_target", TargetKind.EXECUTIVES)))
    groups = {
        TargetKind.ROTA: offering.rotas(by),
        TargetKind.TEAM: offering.teams(by),
        TargetKind.ROLE: choices.roles(),
        TargetKind.PARTY: offering.parties(by),
        TargetKind.WEBHOOK: offering.webhooks(by),
        TargetKind.RAISE: [(str(one), f"P{one} {labels.label('priority', one)}") for one in (1, 2, 3, 4)],
    }
    for kind, rows in groups.items():
        inside = [(spelled(Target(kind, value)), name) for value, name in rows]
        if inside:
            found.append((labels.label("call_target", kind), inside))
    return found


class Executives(Versioned):
    who = forms.ChoiceField(label=_("Who the executives are"))

    def __init__(self, by: Actor, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # a form takes what it takes
        groups = {
            TargetKind.ROLE: choices.roles(),
            TargetKind.TEAM: offering.teams(by),
            TargetKind.ROTA: offering.rotas(by),
        }
        offered: Offered = []
        for kind, rows in groups.items():
            inside = [(spelled(Target(kind, value)), name) for value, name in rows]
            if inside:
                offered.append((labels.label("call_target", kind), inside))
        choosing.offer(self, "who", offered)


class Try(forms.Form):
    """What the dry run is asked about."""

    priority = forms.TypedChoiceField(label=_("Priority"), coerce=int)
    kind = forms.ChoiceField(label=_("Kind"))
    organisation = forms.ChoiceField(label=_("Organisation"))
    at = LocalMoment(label=_("If it opened at"))

    def __init__(self, by: Actor, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # a form takes what it takes
        choosing.offer(self, "priority", labels.choices("priority"))
        choosing.offer(self, "kind", choosing.kinds())
        choosing.offer(self, "organisation", choices.organisations(by, "oncall.view"))
