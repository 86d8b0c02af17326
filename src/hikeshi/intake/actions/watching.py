"""A source that fell silent is told of: perhaps all is calm, perhaps it can no longer reach this desk."""

from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Person, Team
from hikeshi.calendars.calendar import Sort
from hikeshi.intake import rhythm, source_facts
from hikeshi.intake.models import HeardHour, Rhythm, SourceWatch
from hikeshi.intake.permissions import Verb
from hikeshi.intake.queries import ruling, sourcing, watching
from hikeshi.intake.queries.watching import Silence
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotAllowed, NotFound
from hikeshi.kernel.worlds import World
from hikeshi.ledger.acts import action, record
from hikeshi.notify import actions as notify
from hikeshi.notify.messages import Message, Purpose

MOST_DAYS: Final = 365
MOST_TOLD: Final = 20
MOST_LEARNED: Final = 2
"""In one transaction: the busiest source takes some 10 ms."""
KEPT: Final = 5 * 7 * 24
"""Hours."""
DAYS_OFF: Final = frozenset({Sort.HOLIDAY, Sort.CLOSING, Sort.SPECIAL})


@action
def watch_source(*, by: Actor, code: str, quiet_days: int | None, owner: str = "") -> SourceWatch:
    """After so many days without a word the source is silent, 0 for never, None for what its past says; ``owner`` hears
    of it, without one whoever keeps the sources. Raises NotAllowed, NotFound, Invalid.
    """
    sourcing.must_write(by)
    if not sourcing.known(code):
        raise NotFound("source")
    if quiet_days is not None and not 0 <= quiet_days <= MOST_DAYS:
        raise Invalid("quiet_days", "out_of_range", low=0, high=MOST_DAYS)
    if owner and owner not in {ref for ref, _name in ruling.owners(by)}:
        raise Invalid("owner", "unknown")

    row = SourceWatch.objects.select_for_update().filter(code=code).first() or SourceWatch(code=code)
    row.quiet_days, row.owner = quiet_days, owner
    row.save()

    fact = source_facts.SourceWatched(watch=row.uuid, code=code, days=quiet_days, owner=owner)
    record(fact, subject=f"source:{row.uuid}", by=by, topics=("sources",))
    return row


@action
def note_heard(*, by: Actor) -> None:
    """When each source was heard last, once in five minutes. For the desk's own loop. Raises NotAllowed."""
    if not by.unlimited:
        raise NotAllowed(Verb.MANAGE)
    for code, at in watching.unnoted(by):
        hour, place = divmod(at, rhythm.HOUR)
        row, _ = HeardHour.objects.select_for_update().get_or_create(source=code, hour=hour, defaults={"slots": 0})
        row.slots |= 1 << place
        row.save(update_fields=["slots"])


@action
def learn_rhythms(*, by: Actor, at: datetime) -> int:
    """Works out anew when the next word of each source is due, where that is called for; two at a time. How many.
    For the desk's own loop. Raises NotAllowed.
    """
    if not by.unlimited:
        raise NotAllowed(Verb.MANAGE)
    found = watching.unlearned(by, at)[:MOST_LEARNED]
    for code in found:
        _learn(code, at)
    _forget(rhythm.slot(at) // rhythm.HOUR - KEPT)
    return len(found)


def _learn(code: str, at: datetime) -> None:
    heard = watching.heard(code) or [rhythm.slot(at)]  # nothing is known of what came before an upgrade
    until = rhythm.moment(heard[-1] + 1)
    due = rhythm.due(heard, _day_off(until))
    due_at = None if due is None else rhythm.moment(due)
    Rhythm.objects.update_or_create(code=code, defaults={"heard_at": until, "due_at": due_at, "learned_at": at})


def _day_off(after: datetime) -> int | None:
    """Where the first of the site's days off begins within a week; its weekends are no surprise."""
    calendar = accounts.standard_calendar()
    today = after.astimezone(calendar.place).date()
    for days in range(8):
        day = today + timedelta(days=days)
        if calendar.about(day).sort in DAYS_OFF:
            return rhythm.slot(datetime.combine(day, time(), calendar.place))
    return None


def _forget(hour: int) -> None:
    """What lies further back than anybody looks."""
    HeardHour.objects.filter(hour__lt=hour).delete()


@action
def remind_of_silence(*, by: Actor, at: datetime) -> int:
    """Tells the owner of every source that fell silent, once for each silence. How many are silent. For the desk's own
    loop. Raises NotAllowed.
    """
    if not by.unlimited:
        raise NotAllowed(Verb.MANAGE)
    found = watching.silences(by, at)
    for silence in found:
        for person in answering(by, silence.owner):
            _remind(by, silence, person)
    return len(found)


def answering(by: Actor, owner: str) -> list[Person]:
    """The owner of a source or rule, if there is still somebody; else whoever keeps the sources."""
    keepers = accounts.people_who_may(Verb.MANAGE, accounts.root())
    return _owning(by, owner) or list(keepers[:MOST_TOLD])


def _owning(by: Actor, owner: str) -> list[Person]:
    kind, _colon, ref = owner.partition(":")
    if not ref:
        return []
    try:
        people = [accounts.person(by, UUID(ref))] if kind == "person" else _members(accounts.team(by, UUID(ref)))
    except NotFound:
        return []
    return [one for one in people if one.is_active][:MOST_TOLD]


def _members(team: Team) -> list[Person]:
    return list(team.people.all()) if team.retired_at is None else []


def _remind(by: Actor, silence: Silence, person: Person) -> None:
    to = f"person:{person.uuid}"
    message = Message(
        purpose=Purpose.REMINDER,
        subject=f"silence:{silence.code}",
        world=World(accounts.site().world),
        to=to,
        key=f"silence:{silence.code}/{silence.since.isoformat()}/{to}",
        urgency=2,
    )
    notify.queue(by=by, message=message)
