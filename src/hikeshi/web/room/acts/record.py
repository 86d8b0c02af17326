"""Acts on what the record is."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hikeshi.incidents import actions
from hikeshi.incidents.codes import RecordClass, Tlp
from hikeshi.phrases import labels
from hikeshi.web.choosing import kinds, level, name_levels, offer
from hikeshi.web.room.acts.form import ActForm, reason


class Edit(ActForm):
    head = _("Title and description")
    button = _("Save")

    title = forms.CharField(label=_("Title"), max_length=1000)
    description = forms.CharField(
        label=_("Description"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 6})
    )

    def starting(self) -> dict[str, object]:
        return {"title": self.incident.title, "description": self.incident.description}

    def act(self) -> None:
        said = self.cleaned_data
        actions.edit(
            by=self.by, ref=self.ref, title=said["title"], description=said["description"], version=said["version"]
        )


class Kind(ActForm):
    head = _("Change the kind")
    button = _("Change the kind")
    consequence = _("Another kind may follow another course. What was done so far stays on record.")

    kind = forms.ChoiceField(label=_("Kind"))
    reason = reason()

    def prepare(self) -> None:
        offer(self, "kind", kinds())

    def starting(self) -> dict[str, object]:
        return {"kind": self.incident.kind}

    def act(self) -> None:
        said = self.cleaned_data
        actions.set_kind(by=self.by, ref=self.ref, kind=said["kind"], reason=said["reason"], version=said["version"])


class Classify(ActForm):
    head = _("Decide what this is")
    button = _("Record the decision")

    record_class = forms.ChoiceField(label=_("Class"), widget=forms.RadioSelect)
    reason = reason(required=True)

    def prepare(self) -> None:
        offer(self, "record_class", labels.choices("record_class"))

    def starting(self) -> dict[str, object]:
        return {"record_class": self.incident.record_class}

    def act(self) -> None:
        said = self.cleaned_data
        what = RecordClass(said["record_class"])
        actions.classify(by=self.by, ref=self.ref, record_class=what, reason=said["reason"], version=said["version"])


class Priority(ActForm):
    head = _("Change the priority")
    button = _("Change the priority")
    consequence = _("The worse of impact and effect against urgency gives the priority. By hand, it needs a reason.")

    impact = level(_("Impact: how many are hit"))
    effect = level(_("Effect on the service"))
    urgency = level(_("Urgency"))
    priority = forms.TypedChoiceField(label=_("Set by hand"), coerce=int, required=False, empty_value=None)
    reason = reason()

    def prepare(self) -> None:
        name_levels(self)
        offer(self, "priority", [("", _("By the matrix")), *labels.choices("priority")])

    def starting(self) -> dict[str, object]:
        return {name: getattr(self.incident, name) for name in ("impact", "effect", "urgency")}

    def act(self) -> None:
        said = self.cleaned_data
        actions.set_priority(by=self.by, ref=self.ref, **said)


class Marking(ActForm):
    head = _("Change the marking")
    button = _("Change the marking")
    consequence = _("The Traffic Light Protocol says with whom this may be shared.")

    tlp = forms.ChoiceField(label="TLP", widget=forms.RadioSelect)

    def prepare(self) -> None:
        offer(self, "tlp", labels.choices("tlp"))

    def starting(self) -> dict[str, object]:
        return {"tlp": self.incident.tlp}

    def act(self) -> None:
        said = self.cleaned_data
        actions.set_tlp(by=self.by, ref=self.ref, tlp=Tlp(said["tlp"]), version=said["version"])


class Restrict(ActForm):
    head = _("Restrict this incident")
    button = _("Restrict")
    done = _("Only its people see it now.")
    grave = True
    consequence = _(
        "From then on only its owner and the people listed in it see it and its alerts. Administrators and auditors "
        "do not. Whoever breaks the glass is announced to all of them."
    )

    reason = reason(required=True)

    def act(self) -> None:
        said = self.cleaned_data
        actions.restrict(by=self.by, ref=self.ref, reason=said["reason"])


class Unrestrict(ActForm):
    head = _("Lift the restriction")
    button = _("Lift the restriction")
    grave = True
    consequence = _("Everybody who may look at incidents of this organisation will see it, with all that was written.")

    reason = reason(required=True)

    def act(self) -> None:
        said = self.cleaned_data
        actions.unrestrict(by=self.by, ref=self.ref, reason=said["reason"])


class Hold(ActForm):
    head = _("Hold this record")
    button = _("Hold")
    done = _("Nothing of it is deleted until the hold is lifted.")
    consequence = _(
        "For a court, an authority or an insurer: record, files, alerts and the reporter's data stay, whatever their "
        "periods say, and nobody can remove a file from it."
    )

    reason = reason(required=True)

    def act(self) -> None:
        actions.hold_record(by=self.by, ref=self.ref, reason=self.cleaned_data["reason"])


class Release(ActForm):
    head = _("Lift the hold")
    button = _("Lift the hold")
    grave = True
    consequence = _("The periods of data count again, from now on. What is over is deleted by the desk itself.")

    reason = reason(required=True)

    def act(self) -> None:
        actions.release_record(by=self.by, ref=self.ref, reason=self.cleaned_data["reason"])
