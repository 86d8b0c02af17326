"""Acts on how much work is left."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from hikeshi.incidents import actions
from hikeshi.incidents import queries as incidents
from hikeshi.incidents.actions.estimating import MOST
from hikeshi.web.room.acts.form import ActForm, the

HOUR = 60


def hours() -> forms.DecimalField:
    return forms.DecimalField(
        label=_("Hours of work left"),
        required=False,
        min_value=0,
        max_value=MOST // HOUR,
        decimal_places=2,
        help_text=_("A rough figure is better than none: 0.5, 2, 16. Empty: not known."),
    )


def minutes(said: Decimal | None) -> int | None:
    return None if said is None else int(said * HOUR)


def starting(known: int | None) -> Decimal | None:
    return None if known is None else (Decimal(known) / HOUR).quantize(Decimal("0.01")).normalize()


class Estimate(ActForm):
    head = _("How much work is left")
    button = _("Save")
    consequence = _("For the owner, beside what the tasks still ask of those who do them.")

    hours = hours()

    def starting(self) -> dict[str, object]:
        return {"hours": starting(self.incident.estimate)}

    def act(self) -> None:
        said = self.cleaned_data
        actions.estimate(by=self.by, ref=self.ref, minutes=minutes(said["hours"]), version=said["version"])


class EstimateTask(ActForm):
    head = _("How much work is left on this task")
    button = _("Save")

    hours = hours()

    @property
    def task(self) -> incidents.Task:
        return the((one for one in self.room.tasks if one.uuid == self.part_uuid), "task")

    def starting(self) -> dict[str, object]:
        task = self.task
        return {"hours": starting(task.estimate), "version": task.version}

    def act(self) -> None:
        said = self.cleaned_data
        actions.estimate_task(
            by=self.by, ref=self.ref, task=self.part_uuid, minutes=minutes(said["hours"]), version=said["version"]
        )
