"""What happens when a record is opened."""

from hikeshi.incidents.actions.calling import call_later_if
from hikeshi.incidents.facts import Opened
from hikeshi.kernel.acting import system
from hikeshi.ledger.reactions import EntryView, when
from hikeshi.load import actions
from hikeshi.load.queries.settings import by_hand_only

BY = system("assignment")


def by_itself() -> bool:
    """Whoever is given the record is called first."""
    return not by_hand_only()


call_later_if(by_itself)


@when(Opened, unless=by_hand_only)
def assign_what_was_opened(fact: Opened, entry: EntryView) -> None:
    actions.assign_automatically(by=BY, incident=fact.incident)
