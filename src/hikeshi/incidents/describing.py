"""What a record is called to whoever is called about it. Need-to-know holds in a message as it does on a page."""

from uuid import UUID

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Person
from hikeshi.incidents.codes import Status
from hikeshi.incidents.models import Incident
from hikeshi.incidents.queries.visibility import Seen
from hikeshi.kernel.prepared import Prepared
from hikeshi.oncall import describing
from hikeshi.oncall.describing import Described

_RECORD = Prepared(lambda uuid: Incident.objects.select_related("organisation").filter(uuid=uuid)[:1], uuid=UUID)
_PERSON = Prepared(lambda uuid: Person.objects.filter(uuid=uuid)[:1], uuid=UUID)
_VISIBLE = Seen(lambda rows, pk: rows.filter(pk=pk).values_list("pk")[:1], pk=int)


def describe(subject: str, owner: str) -> Described | None:
    """An outside party reads the title of what is not restricted and gets no link: it has no account here."""
    found = next(iter(_RECORD(uuid=UUID(subject.partition(":")[2]))), None)
    if found is None:
        return None
    over = found.status != Status.OPEN
    kind, _, ref = owner.partition(":")
    if kind != "person":
        hidden = found.restricted
        return Described("" if hidden else found.title, "" if hidden else found.organisation.name, "", over)
    person = next(iter(_PERSON(uuid=UUID(ref))), None)
    if person is None or not _VISIBLE(accounts.actor_of(person), pk=found.pk):
        return Described("", "", "", over)
    return Described(found.title, found.organisation.name, f"/incidents/{found.ref}/", over)


describing.register("incident", describe)
