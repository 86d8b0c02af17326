"""What people read of a source that fell silent, made when it is sent; one that was heard since is told nobody."""

from uuid import UUID

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.ways import Recipient
from hikeshi.intake import queries
from hikeshi.intake.permissions import Verb
from hikeshi.intake.queries import watching
from hikeshi.kernel import clock
from hikeshi.kernel.acting import system
from hikeshi.kernel.refusals import NotFound
from hikeshi.notify import wording
from hikeshi.notify.messages import Purpose, Queued
from hikeshi.notify.wording import Form, Words
from hikeshi.phrases import sourcing as phrases

DESK = system("silence")


def silent(message: Queued, to: Recipient, form: Form) -> Words | None:
    code = message.subject.partition(":")[2]
    found = next((one for one in watching.silences(DESK, clock.now()) if one.code == code), None)
    if found is None or not _may_look(message.to):
        return None
    about = next(one for one in queries.sources() if one.code == code)
    name = about.name_ja if to.language.startswith("ja") and about.name_ja else about.name
    said = phrases.silent_words(name, clock.now() - found.since)
    return Words(said.title, "" if form is Form.SHORT else said.text, link=f"/settings/sources/{code}/")


def _may_look(to: str) -> bool:
    try:
        person = accounts.person(DESK, UUID(to.partition(":")[2]))
    except (NotFound, ValueError):
        return False
    return person.is_active and accounts.actor_of(person).may(Verb.VIEW)


wording.register(Purpose.REMINDER, silent, "silence")
