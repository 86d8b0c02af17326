"""What somebody can, and how much they work."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotAllowed
from hikeshi.kernel.versions import must_be_current
from hikeshi.ledger.acts import action, record
from hikeshi.load import facts
from hikeshi.load.actions.settings import TOPICS
from hikeshi.load.models import Profile
from hikeshi.load.permissions import Verb
from hikeshi.load.queries.profiles import may_manage, profile
from hikeshi.load.queries.settings import in_force

MOST: Final = 7 * 24 * 60


@action
def set_profile(
    *, by: Actor, person: UUID, weekly: int | None = None, skills: Sequence[str] = (), version: int | None = None
) -> Profile:
    """``weekly`` minutes; None: as the calendar of their organisation says. ``skills``: codes, all of them. By who
    manages load there, or leads a team they are in. Raises NotAllowed, NotFound, Invalid, Conflict.
    """
    found, row = profile(by, person)
    if not may_manage(by, found):
        raise NotAllowed(Verb.MANAGE)
    if weekly is not None and not 0 <= weekly <= MOST:
        raise Invalid("weekly", "out_of_range", low=0, high=MOST)
    book = in_force().book
    for one in skills:
        if one not in book.names:
            raise Invalid("skills", "unknown")
    ordered = [one.code for one in book.skills if one.code in set(skills)]
    theirs = _texts(row.weekly, row.skills, book.names)
    must_be_current(read=version, now=row.version, yours=_texts(weekly, ordered, book.names), theirs=theirs)
    if row.pk is not None and (row.weekly, row.skills) == (weekly, ordered):
        return row

    row.weekly, row.skills, row.version = weekly, ordered, row.version + 1
    row.changed_by, row.changed_at = by.ref, clock.now()
    row.save()
    fact = facts.ProfileSet(person=found.uuid, weekly=weekly, skills=tuple(ordered))
    record(fact, subject=f"person:{found.uuid}", by=by, topics=TOPICS)
    return row


def _texts(weekly: int | None, skills: Sequence[str], names: dict[str, str]) -> dict[str, str]:
    hours = "" if weekly is None else f"{weekly / 60:g}"
    return {"hours": hours, "skills": ", ".join(names.get(one, one) for one in skills)}
