"""Acts on who is on it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hikeshi.incidents import actions
from hikeshi.incidents import queries as incidents
from hikeshi.load import actions as handing
from hikeshi.load import queries as load
from hikeshi.phrases import labels
from hikeshi.web.choosing import offer
from hikeshi.web.load.shown import candidate_words, closest_words, reason_words
from hikeshi.web.room.acts.form import ActForm


class Assign(ActForm):
    head = _("Hand it to somebody")
    button = _("Hand over")
    done = _("Handed over.")
    consequence = _("One person answers for a record. The first owner acknowledges it.")
    second = ("propose", _("Propose somebody"))

    owner = forms.ChoiceField(label=_("Owner"), required=False)

    note = forms.CharField(
        label=_("A note for whoever takes over"),
        help_text=_("It stands in the timeline. The new owner is told."),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def prepare(self) -> None:
        able = load.candidates(self.by, [self.incident])
        offer(self, "owner", [("", _("Nobody")), *((str(one.person.uuid), candidate_words(one)) for one in able)])

    def starting(self) -> dict[str, object]:
        return {"owner": str(self.incident.owner.uuid) if self.incident.owner else ""}

    def carried_out(self) -> bool:
        """Asked for a proposal, nothing is done: who it would be is chosen, and why stands above."""
        return False if self.sent.get("do") == "propose" and self._propose() else super().carried_out()

    def _propose(self) -> bool:
        found = load.proposal(self.incident)
        person = found.person if found is not None else None
        self.data = self.sent.copy()
        self.data["owner"] = str(person.uuid) if person is not None else self.sent.get("owner", "")
        if found is None:
            self.said = _("No rule of assignment is meant for this record.")
        elif person is None:
            said = _("None of the people the rule means can be given it now.")
            self.said = f"{said} {closest_words(found)}".strip()
        else:
            self.said = f"{person.name}: {reason_words(found)}"
        return True

    def act(self) -> None:
        said = self.cleaned_data
        if said["note"].strip():
            handing.hand_over(
                by=self.by, refs=[self.ref], owner=said["owner"], note=said["note"], version=said["version"]
            )
        else:
            actions.assign(by=self.by, ref=self.ref, owner=said["owner"], version=said["version"])


class Take(ActForm):
    head = _("Take it on")
    button = _("Take it on")
    done = _("You have taken it on.")

    def act(self) -> None:
        said = self.cleaned_data
        mine = self.by.ref.removeprefix("person:")
        actions.assign(by=self.by, ref=self.ref, owner=mine, version=said["version"], free=True)


class AddPerson(ActForm):
    head = _("Bring somebody in")
    button = _("Bring in")

    person = forms.ChoiceField(label=_("Person"))
    role = forms.ChoiceField(label=_("Role in this incident"))

    def prepare(self) -> None:
        known = incidents.person_choices(self.by, self.incident)[:500]
        offer(self, "person", [("", _("Choose")), *((str(one.uuid), one.name) for one in known)])
        offer(self, "role", labels.choices("role"))

    def act(self) -> None:
        said = self.cleaned_data
        actions.add_person(by=self.by, ref=self.ref, person=said["person"], role=said["role"])


class RemovePerson(ActForm):
    head = _("Take this person out")
    button = _("Take out")
    grave = True
    consequence = _("What they did stays on record. If the incident is restricted, they no longer see it.")

    def act(self) -> None:
        actions.remove_person(by=self.by, ref=self.ref, participant=self.part_uuid)
