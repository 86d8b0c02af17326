"""Acts on when a task is to be worked on, and after which others."""

from datetime import datetime
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from hikeshi.incidents import actions
from hikeshi.incidents import queries as incidents
from hikeshi.incidents.queries import planned
from hikeshi.phrases import moments
from hikeshi.phrases.wording import bracketed
from hikeshi.web.choosing import LocalMoment, offer
from hikeshi.web.room.acts.form import ActForm, the
from hikeshi.web.templatetags.show import wall


class PlanTask(ActForm):
    head = _("Plan this task")
    button = _("Save")
    done = ""

    start_at = LocalMoment(label=_("Work on it from"), required=False)
    due_at = LocalMoment(label=_("Until"), required=False)
    after = forms.MultipleChoiceField(
        label=_("Only after these are done"), required=False, widget=forms.CheckboxSelectMultiple
    )
    milestone = forms.ChoiceField(label=_("Leads to"), required=False)

    def prepare(self) -> None:
        others = [one for one in self.room.tasks if one.uuid != self.task.uuid]
        offer(self, "after", [(str(one.uuid), one.title) for one in others])
        there = planned.milestones(self.task.milestone)
        named = [(str(one.uuid), f"{one.name}{bracketed(one.day)}") for one in there]
        offer(self, "milestone", [("", _("No milestone")), *named])
        for name, empty in (("after", not others), ("milestone", not there)):
            if empty:
                del self.fields[name]

    @property
    def headline(self) -> str:
        return self.task.title if len(self.task.title) < 80 else str(self.head)

    @property
    def task(self) -> incidents.Task:
        return the((one for one in self.room.tasks if one.uuid == self.part_uuid), "task")

    def starting(self) -> dict[str, object]:
        task = self.task
        times = {"start_at": task.start_at, "due_at": task.due_at, "version": task.version}
        return {**times, "after": task.after, "milestone": str(task.milestone or "")}

    def words_for(self, name: str, value: str) -> str:
        if name.endswith("_at") and value:
            return wall(moments.local(datetime.fromisoformat(value)))
        return super().words_for(name, value)

    def act(self) -> None:
        said, here = self.cleaned_data, {str(one.uuid) for one in self.room.tasks}
        elsewhere = [one for one in self.task.after if one not in here]
        actions.plan_task(
            by=self.by,
            ref=self.ref,
            task=self.part_uuid,
            start_at=said["start_at"],
            due_at=said["due_at"],
            after=[UUID(one) for one in (*said.get("after", ()), *elsewhere)],
            milestone=UUID(said["milestone"]) if said.get("milestone") else None,
            version=said["version"],
        )
