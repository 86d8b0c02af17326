"""Acts that make two records one, part them, or put one under another. What would happen is shown before it does."""

import re
import secrets
from collections.abc import Callable, Iterable
from typing import TypeGuard
from uuid import UUID

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hikeshi.incidents import actions
from hikeshi.incidents import queries as incidents
from hikeshi.incidents.codes import RecordClass
from hikeshi.kernel.refusals import Invalid, NotFound, Refusal
from hikeshi.phrases import labels
from hikeshi.phrases import refusals as sentences
from hikeshi.web.choosing import kinds, offer
from hikeshi.web.room import foretelling
from hikeshi.web.room.acts.form import ActForm, override, reason
from hikeshi.web.room.layout import held

NUMBERS = re.compile(r"[\s,;、，；]+")


class Merge(ActForm):
    head = _("Merge into another incident")
    button = _("Merge them")
    done = _("Merged. Work goes on there; un-merging gives everything back.")
    looking = _("Show what would happen")

    into = forms.CharField(
        label=_("The one that goes on"), help_text=_("Its number, such as INC-2026-0012."), max_length=40
    )
    reason = reason()
    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def starting(self) -> dict[str, object]:
        return {"into": self.part}

    @property
    def press(self) -> Promise | str:
        return self.button if self.foretold else self.looking

    def carried_out(self) -> bool:
        """First what would happen is shown; only what was shown is done."""
        if not self.is_bound or not self.is_valid():
            return super().carried_out()
        try:
            plan = incidents.merge_plan(self.by, self.ref, self.cleaned_data["into"])
        except Invalid as refusal:
            self.refuse(refusal)
            return False
        sent = self.cleaned_data["shown"]
        if sent == plan.mark:
            return super().carried_out()
        self.foretold = foretelling.merging(plan)
        self.data = self.sent.copy()
        self.data["shown"] = plan.mark
        if sent:
            self.status = 409
            self.add_error(None, _("This has changed since you looked. Read again what would happen."))
        return False

    def act(self) -> None:
        said = self.cleaned_data
        actions.merge(by=self.by, ref=self.ref, into=said["into"], reason=said["reason"])


class Unmerge(ActForm):
    head = _("Un-merge")
    button = _("Un-merge")
    done = _("It stands by itself again.")

    reason = reason()

    def prepare(self) -> None:
        """Parted meanwhile by somebody else: the form says so and stays."""
        try:
            plan = incidents.unmerge_plan(self.by, self.ref)
        except Invalid as refusal:
            self.consequence = sentences.sentence(refusal)
        else:
            self.foretold = foretelling.parting(plan)

    def act(self) -> None:
        actions.unmerge(by=self.by, ref=self.ref, reason=self.cleaned_data["reason"])


class Split(ActForm):
    head = _("Split a part out")
    button = _("Open it as an incident of its own")
    done = _("Split out. Both point to each other.")
    consequence = _(
        "Alerts and tasks go over, notes are copied. The new incident is seen by whoever sees this one, and help is "
        "called for it as for any new one."
    )

    title = forms.CharField(label=_("What it is, in one line"), max_length=1000)
    kind = forms.ChoiceField(label=_("Kind"))
    alerts = forms.MultipleChoiceField(label=_("Alerts"), required=False, widget=forms.CheckboxSelectMultiple)
    tasks = forms.MultipleChoiceField(label=_("Tasks"), required=False, widget=forms.CheckboxSelectMultiple)
    notes = forms.MultipleChoiceField(label=_("Notes"), required=False, widget=forms.CheckboxSelectMultiple)
    reason = reason()

    def starting(self) -> dict[str, object]:
        return {"kind": self.incident.kind}

    def prepare(self) -> None:
        offer(self, "kind", kinds())
        alerts = held(self.by, self.incident.subject, most=100).items
        self._offer("alerts", ((one.uuid, one.title) for one in alerts))
        self._offer("tasks", ((one.uuid, one.title) for one in self.room.tasks))
        self._offer("notes", incidents.notes_of(self.incident))

    def _offer(self, name: str, found: Iterable[tuple[UUID, str]]) -> None:
        """Nothing of it there: nothing to choose."""
        choices = [(str(uuid), words[:120]) for uuid, words in found]
        if choices:
            offer(self, name, choices)
        else:
            del self.fields[name]

    def act(self) -> None:
        said = self.cleaned_data
        chosen = {name: [UUID(one) for one in said.get(name, [])] for name in ("alerts", "tasks", "notes")}
        actions.split(by=self.by, ref=self.ref, title=said["title"], kind=said["kind"], reason=said["reason"], **chosen)


class PutUnder(ActForm):
    head = _("Put under another incident")
    button = _("Put it there")
    consequence = _("It keeps its number, people and clocks. From there all reports are answered and closed at once.")

    parent = forms.CharField(label=_("Under which"), help_text=_("Its number, such as INC-2026-0012."), max_length=40)

    def starting(self) -> dict[str, object]:
        return {"parent": self.part}

    def act(self) -> None:
        try:
            actions.put_under(by=self.by, parent=self.cleaned_data["parent"], reports=[self.ref])
        except NotFound as refusal:
            raise Invalid("parent", "no_such_record") from refusal

    def refuse(self, refusal: Refusal) -> None:
        super().refuse(Invalid("parent", refusal.reason, **refusal.params) if _elsewhere(refusal) else refusal)


def _elsewhere(refusal: Refusal) -> TypeGuard[Invalid]:
    return isinstance(refusal, Invalid) and refusal.field in {"ref", "reports"}


class AddReports(ActForm):
    head = _("Put others under this one")
    button = _("Put them here")
    consequence = _("Each keeps its number, people and clocks. From here all of them are answered and closed at once.")

    reports = forms.CharField(
        label=_("Their numbers"),
        help_text=_("One in each line, or with commas; up to 500."),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def act(self) -> None:
        wanted = [one for one in NUMBERS.split(self.cleaned_data["reports"]) if one]
        actions.put_under(by=self.by, parent=self.ref, reports=wanted)


class TakeFromUnder(ActForm):
    head = _("Take it out from under the other")
    button = _("Take it out")

    def act(self) -> None:
        actions.take_from_under(by=self.by, ref=self.ref)


class AnswerAll(ActForm):
    head = _("Answer everybody who reported this")
    button = _("Send to all of them")
    outward = True

    text = forms.CharField(
        label=_("What each of them will read"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 5})
    )
    nonce = forms.CharField(widget=forms.HiddenInput, initial=lambda: secrets.token_urlsafe(24), max_length=100)

    def prepare(self) -> None:
        self.consequence = foretelling.reaches(incidents.together(self.by, self.ref))

    def act(self) -> None:
        said = self.cleaned_data
        found = whole(
            lambda after: actions.answer_all(
                by=self.by, ref=self.ref, text=said["text"], nonce=said["nonce"], after=after
            )
        )
        self.done = _("Sent. Reporters who read it: %(count)s.") % {"count": found.done}


class CloseAll(ActForm):
    head = _("Close all reports below")
    button = _("Close them")
    grave = True

    resolution = forms.CharField(
        label=_("How it was resolved"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    record_class = forms.TypedChoiceField(label=_("What were they"), coerce=RecordClass, widget=forms.RadioSelect)
    override_reason = override()

    def prepare(self) -> None:
        self.consequence = foretelling.closes(incidents.together(self.by, self.ref))
        offer(self, "record_class", labels.choices("record_class"))

    def starting(self) -> dict[str, object]:
        return {"record_class": self.incident.record_class}

    def act(self) -> None:
        said = self.cleaned_data
        found = whole(
            lambda after: actions.close_all(
                by=self.by,
                ref=self.ref,
                resolution=said["resolution"],
                record_class=said["record_class"],
                override_reason=said["override_reason"],
                after=after,
            )
        )
        self.done = foretelling.closed(found.done, found.left)


def whole(step: Callable[[int], actions.Step]) -> actions.Step:
    """Step by step, each in its own transaction; broken off, the rest is done by sending the form again."""
    found = step(0)
    done, left = found.done, found.left
    while found.next:
        found = step(found.next)
        done, left = done + found.done, (*left, *found.left)
    return actions.Step(done, 0, left)
