"""Acts on who is on it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hikeshi.accounts import queries as accounts
from hikeshi.incidents import actions
from hikeshi.incidents.permissions import Verb
from hikeshi.phrases import labels
from hikeshi.web.room.acts.form import ActForm


class Assign(ActForm):
    title = _("Hand it to somebody")
    button = _("Hand over")
    consequence = _("One person answers for a record. The first owner acknowledges it.")

    owner = forms.ChoiceField(label=_("Owner"), required=False)

    def prepare(self) -> None:
        able = accounts.people_who_may(Verb.WORK, self.incident.organisation)
        self.fields["owner"].choices = [("", _("Nobody")), *((str(one.uuid), one.name) for one in able)]

    def starting(self) -> dict[str, object]:
        return {"owner": str(self.incident.owner.uuid) if self.incident.owner else ""}

    def act(self, *, owner: str, version: int | None) -> None:
        actions.assign(by=self.by, ref=self.incident.ref, owner=owner, version=version)


class Take(ActForm):
    title = _("Take it on")
    button = _("Take it on")

    def act(self, *, version: int | None) -> None:
        mine = self.by.ref.removeprefix("person:")
        actions.assign(by=self.by, ref=self.incident.ref, owner=mine, version=version)


class AddPerson(ActForm):
    title = _("Bring somebody in")
    button = _("Bring in")

    person = forms.ChoiceField(label=_("Person"))
    role = forms.ChoiceField(label=_("Role in this incident"))

    def prepare(self) -> None:
        known = accounts.people(self.by, active=True)[:500]
        self.fields["person"].choices = [("", _("Choose")), *((str(one.uuid), one.name) for one in known)]
        self.fields["role"].choices = labels.choices("role")

    def act(self, *, person: str, role: str, version: int | None) -> None:
        actions.add_person(by=self.by, ref=self.incident.ref, person=person, role=role)


class RemovePerson(ActForm):
    title = _("Take this person out")
    button = _("Take out")
    grave = True
    consequence = _("What they did stays on record. If the incident is restricted, they no longer see it.")

    def act(self, *, version: int | None) -> None:
        actions.remove_person(by=self.by, ref=self.incident.ref, participant=self.part_uuid)
