"""What rooms do when a record is opened or changes."""

from hikeshi.incidents import facts
from hikeshi.kernel.acting import system
from hikeshi.kernel.facts import Fact
from hikeshi.ledger.reactions import EntryView, when_any
from hikeshi.rooms.actions.making import follow

BY = system("chat")
PEOPLE = (facts.Assigned, facts.ParticipantAdded, facts.ParticipantRemoved, facts.Restricted)


@when_any(
    facts.Opened,
    facts.PriorityChanged,
    facts.Assigned,
    facts.ParticipantAdded,
    facts.ParticipantRemoved,
    facts.Restricted,
    facts.PhaseStarted,
    facts.Resolved,
    facts.Closed,
    facts.Reopened,
)
def follow_record(fact: Fact, entry: EntryView) -> None:
    follow(by=BY, subject=entry.subject, entry=entry.number, people=isinstance(fact, PEOPLE))
