"""Several records of one person, or of nobody, to another at once."""

from collections.abc import Sequence
from typing import Final

from hikeshi.incidents import actions as incidents
from hikeshi.incidents.models import Incident
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid
from hikeshi.ledger.acts import action, record
from hikeshi.load import facts
from hikeshi.load.actions.assigning import tell_owner
from hikeshi.load.actions.settings import SUBJECT, TOPICS

MOST: Final = 100


@action
def hand_over(
    *, by: Actor, refs: Sequence[str], owner: str, note: str = "", version: int | None = None
) -> list[Incident]:
    """All of them or none. Each is assigned as it would be by itself; the note stands in each timeline. Whoever takes
    over one record is told, unless a call reaches them. ``version``: that of the one record, as it was read.

    Raises NotFound, NotAllowed, Invalid, Conflict.
    """
    wanted = list(dict.fromkeys(refs))
    if not wanted:
        raise Invalid("refs", "required")
    if len(wanted) > MOST:
        raise Invalid("refs", "too_many", limit=MOST)
    if not owner:
        raise Invalid("owner", "required")
    moved = []
    for ref in wanted:
        if note.strip():
            incidents.note(by=by, ref=ref, text=note)
        moved.append(incidents.assign(by=by, ref=ref, owner=owner, version=version))

    new = moved[0].owner
    if new is not None:
        fact = facts.WorkHandedOver(person=f"person:{new.uuid}", count=len(moved))
        record(fact, subject=SUBJECT, by=by, topics=TOPICS)
        if len(moved) == 1 and new.pk != by.person_id:
            tell_owner(by, moved[0], new, once=f"/{moved[0].version}")
    return moved
