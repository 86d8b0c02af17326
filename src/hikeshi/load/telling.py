"""What people read of load and of what they were given, made when it is sent; what is no longer so is told nobody."""

from uuid import UUID

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.ways import Recipient
from hikeshi.incidents import queries as incidents
from hikeshi.kernel.acting import Actor, system
from hikeshi.kernel.refusals import NotFound
from hikeshi.load.queries.figures import Figures, figures
from hikeshi.load.queries.standing_in import instead, left_behind
from hikeshi.notify import wording
from hikeshi.notify.messages import Purpose, Queued
from hikeshi.notify.wording import Form, Words
from hikeshi.phrases import load as phrases

DESK = system("assignment")
PERSON = "person:"
NOBODY = "nobody"


def assignment(message: Queued, to: Recipient, form: Form) -> Words | None:
    """That a record was given to them, or that nobody could be given it."""
    reader = _reader(message.to)
    uuid = UUID(message.subject.partition(":")[2])
    row = incidents.visible(reader).filter(uuid=uuid, standing=0).first() if reader is not None else None
    nobody = message.about["what"] == NOBODY
    if row is None or reader is None or row.owner_id != (None if nobody else reader.person_id):
        return None
    said = phrases.assignment_words(row.ref, row.priority, "" if row.restricted else row.title, nobody=nobody)
    return Words(said.title, "" if form is Form.SHORT else said.text, link=f"/incidents/{row.ref}/")


def too_much(message: Queued, to: Recipient, form: Form) -> Words | None:
    reader = _reader(message.to)
    person = _person(message.subject)
    if reader is None or person is None:
        return None
    found = figures(reader, [person])[person.pk]
    if not found.marks:
        return None
    said = phrases.too_much_words(person.name, found.open, found.percent, found.marks, _instead(reader, found))
    return Words(said.title, "" if form is Form.SHORT else said.text, link=f"/load/people/{person.uuid}/")


def _instead(reader: Actor, found: Figures) -> str:
    """Who might take their records over, as the reader would find it."""
    records = left_behind(reader, found.person) if found.absent else []
    one = instead(reader, found.person, records) if records else None
    return phrases.instead_words(one.person.name, one.open) if one is not None else ""


def _person(ref: str) -> accounts.Person | None:
    try:
        return accounts.person(DESK, UUID(ref.partition(":")[2]))
    except (NotFound, ValueError):
        return None


def _reader(to: str) -> Actor | None:
    found = _person(to)
    return accounts.actor_of(found) if found is not None and found.is_active else None


wording.register(Purpose.TOLD, assignment, "assignment")
wording.register(Purpose.REMINDER, too_much, "load")
