"""Somebody goes for good: what rests on them is handed over in the same act, or left on purpose."""

from uuid import UUID

from hikeshi.accounts import queries, resting
from hikeshi.accounts.actions.people import deactivate_person
from hikeshi.accounts.models import Person
from hikeshi.accounts.permissions import Verb
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid
from hikeshi.ledger.acts import action


@action
def let_go(*, by: Actor, person: UUID, successor: UUID | None = None, alone: bool = False) -> Person:
    """Puts them out of use. ``successor`` takes over whatever rests on them; without one, what would break is refused
    unless ``alone`` says that it goes to nobody. Raises NotAllowed, NotFound, Invalid.
    """
    by.must(Verb.MANAGE)
    gone = queries.person(by, person)
    if successor is not None:
        to = queries.person(by, successor)
        if not to.is_active or to.pk == gone.pk:
            raise Invalid("successor", "deputy_gone")
        resting.hand_over(by, gone, to)
    elif not alone and resting.breaks(resting.on(by, [gone])[gone.pk]):
        raise Invalid("successor", "successor_needed")
    return deactivate_person(by=by, person=person)
