"""Acts on what the record holds: notes, tasks, facts, times, traces, links."""

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from hikeshi.incidents import actions, names
from hikeshi.incidents import queries as incidents
from hikeshi.incidents.codes import LEARN, Certainty, MomentKind
from hikeshi.phrases import labels
from hikeshi.phrases.wording import bracketed
from hikeshi.web.choosing import LocalMoment, offer
from hikeshi.web.room.acts.form import ActForm, reason, the


class Note(ActForm):
    head = _("Write into the timeline")
    button = _("Write")
    done = ""

    text = forms.CharField(label=_("Note"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 4}))

    def act(self) -> None:
        said = self.cleaned_data
        actions.note(by=self.by, ref=self.ref, text=said["text"])


class AddTask(ActForm):
    head = _("Add a task")
    button = _("Add")
    done = ""

    title = forms.CharField(label=_("What is to be done"), max_length=1000)
    owner = forms.ChoiceField(label=_("Who does it"), required=False)
    due_at = LocalMoment(label=_("Until"), required=False)
    measure = forms.BooleanField(label=_("A measure: it keeps this from happening again"), required=False)

    def prepare(self) -> None:
        able = incidents.owner_choices(self.incident)
        if LEARN not in names.in_use().courses.phases:
            del self.fields["measure"]
        offer(self, "owner", [("", _("Nobody yet")), *((str(one.uuid), one.name) for one in able)])

    def act(self) -> None:
        said = self.cleaned_data
        whose = {"owner": said["owner"], "due_at": said["due_at"], "phase": LEARN if said.get("measure") else ""}
        actions.add_task(by=self.by, ref=self.ref, title=said["title"], **whose)


class AssignTask(ActForm):
    head = _("Who does this task")
    button = _("Save")

    owner = forms.ChoiceField(label=_("Who does it"), required=False)
    due_at = LocalMoment(label=_("Until"), required=False)

    def prepare(self) -> None:
        able = incidents.owner_choices(self.incident)
        offer(self, "owner", [("", _("Nobody")), *((str(one.uuid), one.name) for one in able)])

    @property
    def task(self) -> incidents.Task:
        return the((one for one in self.room.tasks if one.uuid == self.part_uuid), "task")

    def starting(self) -> dict[str, object]:
        task = self.task
        return {"owner": str(task.owner.uuid) if task.owner else "", "due_at": task.due_at, "version": task.version}

    def act(self) -> None:
        actions.assign_task(by=self.by, ref=self.ref, task=self.part_uuid, **self.cleaned_data)


class TakeTask(ActForm):
    head = _("Take this task")
    button = _("Take it")
    done = _("The task is yours.")

    def act(self) -> None:
        task = the((one for one in self.room.tasks if one.uuid == self.part_uuid), "task")
        mine = self.by.ref.removeprefix("person:")
        actions.assign_task(by=self.by, ref=self.ref, task=task.uuid, owner=mine, due_at=task.due_at)


class FinishTask(ActForm):
    head = _("Mark this task as done")
    button = _("Done")
    done = _("The task is done.")

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
        line = the((one for one in self.room.sheet if one.key == self.part), "fact")
        value = line.value or (self._assets() if self.part == "systems" else "")
        return {"value": value, "certainty": line.certainty or Certainty.CONFIRMED, "version": line.version}

    def _assets(self) -> str:
        """What is linked, offered as what may be meant; it counts once somebody saves it."""
        found = [one.asset for one in self.room.struck.linked]
        return "\n".join(f"{one.name}{bracketed(one.place)}" if one.place else one.name for one in found)

    def clean(self) -> None:
        super().clean()
        sure = self.cleaned_data.get("certainty", Certainty.UNKNOWN)
        if sure != Certainty.UNKNOWN and self.cleaned_data.get("value") == "":
            self.add_error("value", gettext("Write what is known, or say that it is unknown."))

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
        line = the((one for one in self.room.moments if one.kind == self.part), "moment")
        return {"at": line.at, "estimated": line.estimated}

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
    title = forms.CharField(label=pgettext_lazy("link", "Name"), required=False, max_length=1000)

    def act(self) -> None:
        said = self.cleaned_data
        actions.add_link(by=self.by, ref=self.ref, url=said["url"], title=said["title"])


class RemoveLink(ActForm):
    head = _("Remove this link")
    button = _("Remove")

    def act(self) -> None:
        actions.remove_link(by=self.by, ref=self.ref, link=self.part_uuid)


class RemoveFile(ActForm):
    head = _("Remove this file")
    button = _("Remove")
    grave = True
    consequence = _(
        "Its bytes are destroyed and cannot be brought back. That it was here, its hash and why it went stay."
    )
    done = _("The file is removed.")

    reason = reason(required=True)

    def act(self) -> None:
        actions.remove_file(by=self.by, ref=self.ref, attachment=self.part_uuid, reason=self.cleaned_data["reason"])
