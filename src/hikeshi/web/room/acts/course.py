"""Acts that move the record along its course."""

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from hikeshi.incidents import actions
from hikeshi.incidents.codes import RecordClass
from hikeshi.phrases import labels
from hikeshi.web.room.acts.form import ActForm, override, reason


class Move(ActForm):
    title = _("Go on to the next phase")
    button = _("Go on")

    phase = forms.ChoiceField(label=_("Phase"), widget=forms.RadioSelect)
    keep_open = forms.BooleanField(label=_("Keep the phases open that are under way"), required=False)
    override_reason = override()

    def prepare(self) -> None:
        self.fields["phase"].choices = [
            (one.code, labels.label("phase", one.code)) for one in self.incident.phases.all() if one.in_course
        ]
        if not self.is_bound:
            del self.fields["override_reason"]

    def starting(self) -> dict[str, object]:
        return {"phase": self.part}

    @property
    def heading(self) -> str:
        return now_("Go on to: %(phase)s") % {"phase": labels.label("phase", self.part)} if self.part else str(self.title)

    def act(self, *, version: int | None, **said: object) -> None:
        actions.move(by=self.by, ref=self.incident.ref, version=version, **said)


class Finish(ActForm):
    title = _("Finish this phase")
    button = _("Finish")

    override_reason = override()

    @property
    def heading(self) -> str:
        return now_("Finish: %(phase)s") % {"phase": labels.label("phase", self.part)}

    def act(self, *, override_reason: str = "", version: int | None) -> None:
        actions.finish_phase(by=self.by, ref=self.incident.ref, phase=self.part, override_reason=override_reason)


class Skip(ActForm):
    title = _("Leave out this phase")
    button = _("Leave it out")

    reason = reason(required=True)

    @property
    def heading(self) -> str:
        return now_("Leave out: %(phase)s") % {"phase": labels.label("phase", self.part)}

    def act(self, *, reason: str, version: int | None) -> None:
        actions.skip_phase(by=self.by, ref=self.incident.ref, phase=self.part, reason=reason)


class Confirm(ActForm):
    title = _("Confirm")
    button = _("I confirm this")
    consequence = _("Your name and the time stand behind it.")

    @property
    def heading(self) -> str:
        return labels.label("gate", self.part)

    def act(self, *, version: int | None) -> None:
        actions.confirm_gate(by=self.by, ref=self.incident.ref, gate=self.part)


class Close(ActForm):
    title = _("Close the record")
    button = _("Close")
    consequence = _("What is still open ends with it. It can be reopened; everything stays on record.")

    resolution = forms.CharField(
        label=_("How it was resolved"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 4})
    )
    record_class = forms.ChoiceField(label=_("What it was"), widget=forms.RadioSelect)
    override_reason = override()

    def prepare(self) -> None:
        self.fields["record_class"].choices = labels.choices("record_class")

    def starting(self) -> dict[str, object]:
        return {"record_class": self.incident.record_class}

    def act(self, *, record_class: str, version: int | None, **said: object) -> None:
        what = RecordClass(record_class)
        actions.close(by=self.by, ref=self.incident.ref, record_class=what, version=version, **said)


class Reopen(ActForm):
    title = _("Reopen")
    button = _("Reopen")

    reason = reason(required=True)

    def act(self, *, reason: str, version: int | None) -> None:
        actions.reopen(by=self.by, ref=self.incident.ref, reason=reason, version=version)
