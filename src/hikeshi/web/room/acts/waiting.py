"""Acts of waiting: the record stands still, and so do its clocks."""

from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from hikeshi.incidents import actions
from hikeshi.incidents.codes import Waiting
from hikeshi.phrases import labels, moments
from hikeshi.web.choosing import LocalMoment, offer
from hikeshi.web.room.acts.form import ActForm, reason
from hikeshi.web.templatetags.show import wall


class Wait(ActForm):
    head = _("Wait for somebody")
    button = _("Wait")
    done = _("The record waits; its clocks stand still.")
    consequence = _(
        "Service clocks stand still until work goes on. Waiting for the reporter ends as soon as they write."
    )

    waiting = forms.ChoiceField(label=_("What the record waits for"), widget=forms.RadioSelect)
    until = LocalMoment(label=_("The wait ends by itself at"), required=False)
    reason = reason()

    def prepare(self) -> None:
        offer(self, "waiting", labels.offered("waiting"))

    def starting(self) -> dict[str, object]:
        return {"waiting": self.incident.waiting or Waiting.REPORTER, "until": self.incident.waiting_until}

    def words_for(self, name: str, value: str) -> str:
        if name == "waiting_until":
            at = None if value == "None" else moments.local(datetime.fromisoformat(value))
            return wall(at) if at else str(_("No end is set."))
        return super().words_for(name, value)

    def act(self) -> None:
        said = self.cleaned_data
        actions.wait(by=self.by, ref=self.ref, **{**said, "waiting": Waiting(said["waiting"])})


class Resume(ActForm):
    head = _("Work goes on")
    button = _("Work goes on")
    done = _("The clocks run again.")

    def act(self) -> None:
        actions.resume(by=self.by, ref=self.ref)
