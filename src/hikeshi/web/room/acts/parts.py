"""Acts on what the record holds: notes, tasks, facts, times, traces, links."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hikeshi.accounts import queries as accounts
from hikeshi.incidents import actions
from hikeshi.incidents.codes import Certainty, MomentKind
from hikeshi.incidents.permissions import Verb
from hikeshi.phrases import labels
from hikeshi.web.choosing import LocalMoment, offer
from hikeshi.web.room.acts.form import ActForm, reason


class Note(ActForm):
    head = _("Write into the timeline")
    button = _("Write")

    text = forms.CharField(label=_("Note"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 4}))

    def act(self) -> None:
        said = self.cleaned_data
        actions.note(by=self.by, ref=self.ref, text=said["text"])


class AddTask(ActForm):
    head = _("Add a task")
    button = _("Add")

    title = forms.CharField(label=_("What is to be done"), max_length=1000)
    owner = forms.ChoiceField(label=_("Who does it"), required=False)
    due_at = LocalMoment(label=_("Until"), required=False)

    def prepare(self) -> None:
        able = accounts.people_who_may(Verb.WORK, self.incident.organisation)
        offer(self, "owner", [("", _("Nobody yet")), *((str(one.uuid), one.name) for one in able)])

    def act(self) -> None:
        said = self.cleaned_data
        actions.add_task(by=self.by, ref=self.ref, title=said["title"], owner=said["owner"], due_at=said["due_at"])


class AssignTask(ActForm):
    head = _("Who does this task")
    button = _("Save")

    owner = forms.ChoiceField(label=_("Who does it"), required=False)

    def prepare(self) -> None:
        able = accounts.people_who_may(Verb.WORK, self.incident.organisation)
        offer(self, "owner", [("", _("Nobody")), *((str(one.uuid), one.name) for one in able)])

    def act(self) -> None:
        said = self.cleaned_data
        actions.assign_task(by=self.by, ref=self.ref, task=self.part_uuid, owner=said["owner"])


class TakeTask(ActForm):
    head = _("Take this task")
    button = _("Take it")

    def act(self) -> None:
        mine = self.by.ref.removeprefix("person:")
        actions.assign_task(by=self.by, ref=self.ref, task=self.part_uuid, owner=mine)


class FinishTask(ActForm):
    head = _("Mark this task as done")
    button = _("Done")

    def act(self) -> None:
        actions.finish_task(by=self.by, ref=self.ref, task=self.part_uuid)


class ReopenTask(ActForm):
    head = _("Take this task up again")
    button = _("Take up again")

    def act(self) -> None:
        actions.reopen_task(by=self.by, ref=self.ref, task=self.part_uuid)


class SetFact(ActForm):
    head = _("Facts")
    button = _("Save")

    value = forms.CharField(
        label=_("What is known"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    certainty = forms.ChoiceField(label=_("How sure is it"), widget=forms.RadioSelect)

    def prepare(self) -> None:
        offer(self, "certainty", labels.choices("certainty"))
        self.fields["value"].help_text = labels.label("fact_hint", self.part)

    @property
    def headline(self) -> str:
        return labels.label("fact_item", self.part)

    def starting(self) -> dict[str, object]:
        said = self.incident.factitems.filter(key=self.part).first()
        if said is None:
            return {"certainty": Certainty.CONFIRMED}
        return {"value": said.value, "certainty": said.certainty, "version": said.version}

    def act(self) -> None:
        said = self.cleaned_data
        sure = Certainty(said["certainty"])
        actions.set_fact(
            by=self.by, ref=self.ref, key=self.part, value=said["value"], certainty=sure, version=said["version"]
        )


class SetMoment(ActForm):
    head = _("Enter or correct a time")
    button = _("Save")
    consequence = _("The value that stood before is kept.")

    at = LocalMoment(label=_("Date and time"))
    estimated = forms.BooleanField(label=_("This is an estimate"), required=False)
    reason = reason()

    @property
    def headline(self) -> str:
        return labels.label("moment", self.part)

    def starting(self) -> dict[str, object]:
        stands = self.incident.moments.filter(kind=self.part, superseded_at__isnull=True).first()
        return {} if stands is None else {"at": stands.at, "estimated": stands.estimated}

    def act(self) -> None:
        said = self.cleaned_data
        kind = MomentKind(self.part)
        actions.set_moment(
            by=self.by, ref=self.ref, kind=kind, at=said["at"], reason=said["reason"], estimated=said["estimated"]
        )


class AddLink(ActForm):
    head = _("Add a link")
    button = _("Add")

    url = forms.URLField(label=_("Address"), assume_scheme="https", max_length=2000)
    title = forms.CharField(label=_("Title"), required=False, max_length=1000)

    def act(self) -> None:
        said = self.cleaned_data
        actions.add_link(by=self.by, ref=self.ref, url=said["url"], title=said["title"])
