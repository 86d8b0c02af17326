"""What rooms do when a record is opened or changes, and when somebody comes, goes, or says who they are."""

from uuid import UUID

from hikeshi.accounts.facts import PersonDeactivated
from hikeshi.incidents import facts
from hikeshi.kernel.acting import system
from hikeshi.kernel.facts import Fact
from hikeshi.ledger.reactions import EntryView, when_any
from hikeshi.rooms.actions.making import follow, follow_people
from hikeshi.rooms.facts import LinkConfirmed, PersonLinked, PersonUnlinked
from hikeshi.rooms.queries import any_on

BY = system("chat")
PEOPLE = (facts.Assigned, facts.ParticipantAdded, facts.ParticipantRemoved, facts.Restricted)


def no_tools() -> bool:
    return not any_on()


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
    facts.Merged,
    facts.Unmerged,
    unless=no_tools,
)
def follow_record(fact: Fact, entry: EntryView) -> None:
    people, again = isinstance(fact, PEOPLE), isinstance(fact, facts.Reopened | facts.Unmerged)
    follow(by=BY, subject=entry.subject, entry=entry.number, people=people, reopened=again)


@when_any(PersonDeactivated, PersonLinked, LinkConfirmed, PersonUnlinked)
def follow_person(fact: Fact, entry: EntryView) -> None:
    """Each of them has the person as its subject."""
    person, left = UUID(entry.subject.removeprefix("person:")), isinstance(fact, PersonDeactivated)
    follow_people(by=BY, entry=entry.number, person=person, everywhere=left)
