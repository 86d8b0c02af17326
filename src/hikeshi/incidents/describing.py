"""What a record is called to whoever is called about it. Need-to-know holds in a message as it does on a page."""

from uuid import UUID

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Person
from hikeshi.incidents.codes import Status
from hikeshi.incidents.models import Incident
from hikeshi.incidents.queries.visibility import visible
from hikeshi.oncall import describing
from hikeshi.oncall.describing import Described


def describe(subject: str, owner: str) -> Described | None:
    """An outside party reads the title of what is not restricted and gets no link: it has no account here."""
    found = Incident.objects.select_related("organisation").filter(uuid=UUID(subject.partition(":")[2])).first()
    if found is None:
        return None
    over = found.status != Status.OPEN
    kind, _, ref = owner.partition(":")
    if kind != "person":
        hidden = found.restricted
        return Described("" if hidden else found.title, "" if hidden else found.organisation.name, "", over)
    person = Person.objects.filter(uuid=UUID(ref)).first()
    if person is None or not visible(accounts.actor_of(person)).filter(pk=found.pk).exists():
        return Described("", "", "", over)
    return Described(found.title, found.organisation.name, f"/incidents/{found.ref}/", over)


describing.register("incident", describe)
