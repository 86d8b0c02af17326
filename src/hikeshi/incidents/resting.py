"""Records somebody answers for that are not closed, and how a successor takes them."""

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import QuerySet

from hikeshi.accounts import resting
from hikeshi.accounts.models import Person
from hikeshi.accounts.resting import Rest
from hikeshi.incidents.actions.people import assign
from hikeshi.incidents.codes import Status
from hikeshi.incidents.models import Incident
from hikeshi.incidents.queries.visibility import visible
from hikeshi.kernel.acting import Actor


def _owned(by: Actor, people: Sequence[Person]) -> QuerySet[Incident]:
    """Only what the actor sees: of a restricted record not even that it is there."""
    return visible(by).filter(owner__in=people).exclude(status=Status.CLOSED).order_by("priority", "id")


def look(by: Actor, people: Sequence[Person]) -> resting.Found:
    """One query."""
    found: dict[int, list[Rest]] = defaultdict(list)
    for ref, title, owner in _owned(by, people).values_list("ref", "title", "owner"):
        found[owner].append(Rest("record", f"record:{ref}", f"{ref} {title}"))
    return found


def hand_over(by: Actor, person: Person, to: Person) -> None:
    """Raises NotAllowed, Invalid for a successor who may not work there."""
    for ref in list(_owned(by, [person]).values_list("ref", flat=True)):
        assign(by=by, ref=ref, owner=str(to.uuid))


resting.register("incidents", look, hand_over)
