"""Nobody's queue grows unseen: whoever leads them hears of it once a day, and of records whose owner is not there."""

from collections.abc import Iterable
from datetime import datetime

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Membership, Person
from hikeshi.calendars.calendar import Calendar
from hikeshi.calendars.working import is_open
from hikeshi.incidents.models import Incident
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import NotAllowed
from hikeshi.kernel.worlds import World
from hikeshi.ledger.acts import action
from hikeshi.load.permissions import Verb
from hikeshi.load.queries.figures import Figures, figures
from hikeshi.load.queries.standing_in import absent_owners
from hikeshi.notify import actions as notify
from hikeshi.notify.messages import Message, Purpose

MOST_TOLD = 20
STEP = 500


@action
def remind_of_load(*, by: Actor, at: datetime) -> int:
    """Tells of everybody whose queue is too much, while the site's offices are open: who leads a team of theirs, else
    who manages load where they belong. Once a day. How many queues. For the desk's own loop. Raises NotAllowed.
    """
    if not by.unlimited:
        raise NotAllowed(Verb.CONFIGURE)
    owning = Incident.objects.filter(standing=0, owner__isnull=False).order_by().values("owner")
    people = list(Person.objects.filter(pk__in=owning).select_related("organisation").order_by("pk"))
    if not people:
        return 0
    calendar = accounts.calendar_of(accounts.root())
    if not is_open(calendar, at):
        return 0
    seen = [one for step in _steps(people) for one in figures(by, step).values()]
    marked = [one for one in seen if one.marks and not one.absent]
    _tell(by, marked, _day(calendar, at), urgency=3)
    return len(marked)


@action
def suggest_owners(*, by: Actor, at: datetime) -> int:
    """Tells of everybody who has left or is away for hours while their records wait: to whom they might go, whoever
    leads them decides. Once a day; at night only of records of priority 1 and 2. How many people. For the desk's own
    loop. Raises NotAllowed.
    """
    if not by.unlimited:
        raise NotAllowed(Verb.CONFIGURE)
    found = [one for step in _steps(absent_owners(at)) for one in figures(by, step).values() if one.absent]
    if not found:
        return 0
    calendar = accounts.calendar_of(accounts.root())
    by_day = is_open(calendar, at)
    now = [one for one in found if by_day or one.grave]
    _tell(by, now, f"{_day(calendar, at)}/instead", urgency=2)
    return len(now)


def _day(calendar: Calendar, at: datetime) -> str:
    return at.astimezone(calendar.place).date().isoformat()


def _tell(by: Actor, marked: Iterable[Figures], once: str, *, urgency: int) -> None:
    for one in marked:
        for lead in _leads(one.person):
            _remind(by, one, lead, once, 1 if one.absent and one.grave else urgency)


def _steps(people: list[Person]) -> Iterable[list[Person]]:
    return (people[place : place + STEP] for place in range(0, len(people), STEP))


def _leads(person: Person) -> list[Person]:
    teams = Membership.objects.filter(person=person, team__retired_at=None).values("team")
    rows = Membership.objects.filter(team__in=teams, lead=True, person__is_active=True).exclude(person=person)
    leads = {row.person_id: row.person for row in rows.select_related("person").order_by("pk")}
    if leads:
        return list(leads.values())
    managing = accounts.people_who_may(Verb.MANAGE, person.organisation).exclude(pk=person.pk)
    return list(managing[:MOST_TOLD])


def _remind(by: Actor, one: Figures, lead: Person, once: str, urgency: int) -> None:
    to = f"person:{lead.uuid}"
    message = Message(
        purpose=Purpose.REMINDER,
        subject=f"load:{one.person.uuid}",
        world=World(accounts.site().world),
        to=to,
        key=f"load:{one.person.uuid}/{once}/{to}",
        urgency=urgency,
    )
    notify.queue(by=by, message=message)
