"""Acts that move the record along its course."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hikeshi.incidents import actions
from hikeshi.incidents.codes import RecordClass
from hikeshi.phrases import labels
from hikeshi.web.choosing import offer
from hikeshi.web.room.acts.form import ActForm, override, reason


class Move(ActForm):
    head = _("Go on to the next phase")
    button = _("Go on")

    phase = forms.ChoiceField(label=_("Phase"), widget=forms.RadioSelect)
    keep_open = forms.BooleanField(label=_("Keep the phases open that are under way"), required=False)
    override_reason = override()

    def prepare(self) -> None:
        if self.part:
            self.fields["phase"].widget = forms.HiddenInput()
        startable = [one for one in self.room.phases if one.can_start]
        offer(self, "phase", [(one.code, labels.label("phase", one.code)) for one in startable])

    def starting(self) -> dict[str, object]:
        return {"phase": self.part}

    @property
    def headline(self) -> str:
        return (
            gettext("Go on to %(phase)s") % {"phase": labels.label("phase", self.part)} if self.part else str(self.head)
        )

    def act(self) -> None:
        said = self.cleaned_data
        actions.move(by=self.by, ref=self.ref, **said)


class Finish(ActForm):
    head = _("Finish this phase")
    button = _("Finish")
    consequence = _("No other phase begins. When the last one ends, the incident is resolved.")

    override_reason = override()

    @property
    def headline(self) -> str:
        return gettext("Finish %(phase)s") % {"phase": labels.label("phase", self.part)}

    def act(self) -> None:
        said = self.cleaned_data
        actions.finish_phase(by=self.by, ref=self.ref, phase=self.part, override_reason=said["override_reason"])


class Skip(ActForm):
    head = _("Leave out this phase")
    button = _("Leave it out")

    reason = reason(required=True)

    @property
    def headline(self) -> str:
        return gettext("Leave out %(phase)s") % {"phase": labels.label("phase", self.part)}

    def act(self) -> None:
        said = self.cleaned_data
        actions.skip_phase(by=self.by, ref=self.ref, phase=self.part, reason=said["reason"])


class Confirm(ActForm):
    head = _("Confirm")
    button = _("I confirm this")
    done = _("Your confirmation is recorded.")
    consequence = _("Your name and the time stand behind it.")

    @property
    def headline(self) -> str:
        return labels.label("gate", self.part)

    def act(self) -> None:
        actions.confirm_gate(by=self.by, ref=self.ref, gate=self.part)


class Close(ActForm):
    head = _("Close the record")
    button = _("Close")
    done = _("The record is closed.")
    consequence = _("What is still open ends with it. It can be reopened; everything stays on record.")

    resolution = forms.CharField(
        label=_("How it was resolved"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 4})
    )
    record_class = forms.ChoiceField(label=_("What it was"), widget=forms.RadioSelect)
    override_reason = override()

    def prepare(self) -> None:
        offer(self, "record_class", labels.choices("record_class"))

    def starting(self) -> dict[str, object]:
        return {"record_class": self.incident.record_class}

    def act(self) -> None:
        said = self.cleaned_data
        what = RecordClass(said["record_class"])
        actions.close(by=self.by, ref=self.ref, **{**said, "record_class": what})


class Reopen(ActForm):
    head = _("Reopen")
    button = _("Reopen")
    done = _("The record is open again.")

    reason = reason(required=True)

    def act(self) -> None:
        said = self.cleaned_data
        actions.reopen(by=self.by, ref=self.ref, reason=said["reason"], version=said["version"])
