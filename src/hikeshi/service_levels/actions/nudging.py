"""The engine's part: somebody is told of each record that is stuck, once on each working day of its organisation."""

from datetime import date, datetime, timedelta
from typing import Final

from hikeshi.accounts import queries as accounts
from hikeshi.calendars.calendar import Calendar
from hikeshi.calendars.working import NeverOpen, next_open
from hikeshi.incidents import queries as incidents
from hikeshi.incidents.permissions import Verb as Incidents
from hikeshi.incidents.queries import Incident
from hikeshi.kernel.acting import system
from hikeshi.kernel.worlds import World
from hikeshi.ledger.acts import unit
from hikeshi.notify import actions as notify
from hikeshi.notify.messages import Message, Purpose
from hikeshi.service_levels.models import Nudge
from hikeshi.service_levels.queries.stuck import ANY, stuck

BY: Final = system("stuck")
STEP: Final = 100
MOST_TOLD: Final = 50
LOOK_BACK: Final = timedelta(days=2)
"""Wherever on earth an organisation is, today began within these."""
URGENT: Final = 2
"""Priorities to which a reminder answers as urgently as to a clock that runs out."""


def tell_of_stuck(now: datetime) -> bool:
    """One step; whether there may be more. Whom it has come to today is written down with the message."""
    calendars: dict[int, Calendar] = {}
    done = set(Nudge.objects.filter(day__gte=(now - LOOK_BACK).date()).values_list("incident", "day"))
    told = 0
    for row in _stuck():
        calendar = calendars.get(row.organisation_id)
        if calendar is None:
            calendar = calendars[row.organisation_id] = accounts.calendar_of(row.organisation)
        day = now.astimezone(calendar.place).date()
        if (row.uuid, day) not in done and _is_open(calendar, now):
            _tell(row, day)
            told += 1
        if told >= STEP:
            return True
    return False


def _stuck() -> list[Incident]:
    rows = stuck(incidents.visible(BY), ANY).select_related("owner", "organisation").order_by("priority", "pk")
    return list(rows)


def _is_open(calendar: Calendar, now: datetime) -> bool:
    try:
        return next_open(calendar, now) <= now
    except NeverOpen:
        return False


def _tell(row: Incident, day: date) -> None:
    with unit():
        Nudge.objects.update_or_create(incident=row.uuid, defaults={"day": day})
        for person in told_of(row):
            message = Message(
                purpose=Purpose.REMINDER,
                subject=row.subject,
                world=World(row.world),
                to=person,
                key=f"stuck:{row.uuid}:{day}:{person}",
                urgency=2 if row.priority <= URGENT else 3,
            )
            notify.queue(by=BY, message=message)


def told_of(row: Incident) -> list[str]:
    """The owner; where there is none, or they are gone, whoever leads their team; else those who command there."""
    if row.owner is not None and row.owner.is_active:
        return [f"person:{row.owner.uuid}"]
    found = _leads(row)
    if not found:
        found = [f"person:{one.uuid}" for one in accounts.people_who_may(Incidents.COMMAND, row.organisation)]
    return found[:MOST_TOLD]


def _leads(row: Incident) -> list[str]:
    if row.owner is None:
        return []
    teams = accounts.teams(BY).filter(people=row.owner).order_by("name", "id")
    leads = [one.person for team in teams[:1] for one in team.memberships.all() if one.lead and one.person.is_active]
    return [f"person:{one.uuid}" for one in leads]
