"""What happens when a record is opened."""

from hikeshi.incidents.facts import Opened
from hikeshi.kernel.acting import system
from hikeshi.ledger.reactions import EntryView, when
from hikeshi.load import actions

BY = system("assignment")


@when(Opened)
def assign_what_was_opened(fact: Opened, entry: EntryView) -> None:
    actions.assign_automatically(by=BY, incident=fact.incident)
