"""What every act on an incident does: find and lock it, hold its words, mark it changed, tell the ledger."""

from datetime import datetime

from hikeshi.incidents import refs
from hikeshi.incidents.facts import MessageReceived, Said
from hikeshi.incidents.models import Incident, Passage
from hikeshi.incidents.permissions import Verb
from hikeshi.incidents.queries.visibility import visible
from hikeshi.kernel import clock, texts
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.conflicts import clash
from hikeshi.kernel.facts import Fact, commit
from hikeshi.kernel.refusals import Conflict, Invalid, NotFound
from hikeshi.kernel.worlds import World
from hikeshi.ledger import keeping
from hikeshi.ledger.acts import record

PEOPLE = ("person:", "party:")
TITLE = 1_000
TEXT = 20_000
FIRST_YEAR, LAST_YEAR = 2000, 2098


def hold(by: Actor, ref: str, verb: Verb = Verb.WORK, *, merged_too: bool = False) -> Incident:
    """The incident, locked until the act is over. Raises NotFound where the actor does not see it, then NotAllowed, and
    Invalid where it is a part of another now: work goes on there, but for what ``merged_too`` allows.
    """
    found = visible(by).select_for_update(of=("self",)).filter(ref=refs.tidy(ref)).first()
    if found is None:
        raise NotFound("incident")
    by.must(verb, found.organisation_id)
    if found.merged_into_id is not None and not merged_too:
        raise Invalid("ref", "is_merged")
    return found


def words(text: str, field: str, *, most: int = TEXT, required: bool = True) -> str:
    """The text as it is kept. Raises Invalid."""
    return texts.words(text, field=field, most=most, required=required)


def planned(at: datetime | None, field: str) -> datetime | None:
    """A time somebody plans with; one that is none in some zone would let no page show it. Raises Invalid."""
    if at is not None and at.tzinfo is None:
        raise Invalid(field, "not_a_time")
    if at is not None and not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise Invalid(field, "year_out_of_range", low=FIRST_YEAR, high=LAST_YEAR)
    return at


def say(incident: Incident, about: str, text: str) -> Said:
    """Keeps words that belong to an act, and says which."""
    kept = Passage.objects.create(incident=incident, about=about, text=text)
    return Said(passage=kept.uuid, text=commit(text, kept.secret))


def because(incident: Incident, reason: str, *, required: bool = False) -> Said | None:
    """The reason for an act, if one is given. Raises Invalid where it must be."""
    kept = words(reason, "reason", required=required)
    return say(incident, "reason", kept) if kept else None


def unseen(incident: Incident, version: int | None, **yours: str) -> None:
    """Raises Conflict where somebody changed these fields since ``version`` to something else."""
    current = {name: str(getattr(incident, name)) for name in yours}
    differ = clash(yours=yours, current=current, changed_at=incident.changed_at, version=version)
    if differ is not None:
        raise Conflict(yours=differ.yours, theirs=differ.theirs, version=incident.version)


def save(incident: Incident, **changes: object) -> datetime:
    """Writes these columns and gives the record a new version. Returns the time of the act."""
    now = clock.now()
    incident.version += 1
    incident.updated_at = now
    moved = [name for name, value in changes.items() if getattr(incident, name) != value]
    for name, value in changes.items():
        setattr(incident, name, value)
    incident.changed_at = {**incident.changed_at, **dict.fromkeys(moved, incident.version)}
    keeping.keep_change(incident, "version", "updated_at", "changed_at", *changes)
    return now


def tell(incident: Incident, by: Actor, *facts: Fact) -> None:
    """Into the ledger, and to whoever watches the lists. What a person does moves the record; what the desk does by
    itself does not.
    """
    for fact in facts:
        record(fact, subject=incident.subject, by=by, world=World(incident.world), topics=("incidents",))
    if by.ref.startswith(PEOPLE) or any(isinstance(fact, MessageReceived) for fact in facts):
        incident.moved_at = clock.now()
        Incident.objects.filter(pk=incident.pk).update(moved_at=incident.moved_at)
