"""A new record is given to somebody by the rules, and the timeline says why; or says why to nobody."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Membership, Person
from hikeshi.incidents import actions as incidents
from hikeshi.incidents.models import Incident
from hikeshi.incidents.permissions import Verb as Incidents
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import NotAllowed
from hikeshi.kernel.worlds import World
from hikeshi.ledger.acts import action, record
from hikeshi.load import facts
from hikeshi.load.codes import Passed
from hikeshi.load.models import Turn, Unplaced
from hikeshi.load.permissions import Verb
from hikeshi.load.queries.assigning import Proposal, proposal
from hikeshi.load.queries.settings import in_force
from hikeshi.notify import actions as notify
from hikeshi.notify.messages import Message, Purpose
from hikeshi.oncall.queries import runs

AGAIN: Final = timedelta(minutes=5)
"""How soon somebody whose shift begins is given what waited for them."""
STEP: Final = 20
MOST_TOLD = 50
GIVEN = "given"
NOBODY = "nobody"


@action
def assign_automatically(*, by: Actor, incident: UUID) -> None:
    """Where the site wants it, a rule is meant for the record and nobody owns it yet. It acknowledges nothing: whoever
    is given it may be asleep, and is called as the escalation says. For the desk's own loop. Raises NotAllowed.
    """
    if not by.unlimited:
        raise NotAllowed(Verb.CONFIGURE)
    row, found = _meant(incident) if in_force().book.automatic else (None, None)
    if row is None or found is None:
        return

    if found.person is not None:
        _give(by, row, found, found.person)
        return
    Unplaced.objects.get_or_create(incident=row.uuid, defaults={"next_at": clock.now() + AGAIN})
    record(_nobody(row, found), subject=row.subject, by=by, world=World(row.world), topics=("incidents",))
    _tell_leads(by, row, found)


@action
def assign_again(*, by: Actor, at: datetime) -> bool:
    """Records that nobody could be given, now that somebody may be there: a few, and whether there may be more. What
    was taken, closed or is meant by no rule any more is forgotten. For the desk's own loop. Raises NotAllowed.
    """
    if not by.unlimited:
        raise NotAllowed(Verb.CONFIGURE)
    if not in_force().book.automatic:
        return False
    due = list(Unplaced.objects.select_for_update().filter(next_at__lte=at).order_by("next_at", "id")[:STEP])
    for one in due:
        row, found = _meant(one.incident)
        if row is None or found is None:
            one.delete()
        elif found.person is None:
            one.next_at = at + AGAIN
            one.save(update_fields=["next_at"])
        else:
            one.delete()
            _give(by, row, found, found.person)
    return len(due) == STEP


def _meant(incident: UUID) -> tuple[Incident | None, Proposal | None]:
    """The record, held, where it is open and nobody owns it; and whom the rules mean."""
    open_now = Incident.objects.select_for_update(of=("self",)).select_related("organisation")
    row = open_now.filter(uuid=incident, standing=0, owner=None).first()
    return row, proposal(row) if row is not None else None


def _give(by: Actor, row: Incident, found: Proposal, person: Person) -> None:
    record(_chosen(row, found), subject=row.subject, by=by, world=World(row.world), topics=("incidents",))
    incidents.assign(by=by, ref=row.ref, owner=str(person.uuid))
    Turn.objects.update_or_create(rule=found.rule.code, person=person, defaults={"at": clock.now()})
    tell_owner(by, row, person)


def _chosen(row: Incident, found: Proposal) -> facts.OwnerChosen:
    best = found.choice.fitting[0]
    return facts.OwnerChosen(
        incident=row.uuid,
        rule=found.rule.name,
        person=best.person,
        open=best.open,
        among=len(found.choice.fitting),
        until=best.shift_until,
        skills=found.skills,
        turn=found.choice.turn,
    )


def _nobody(row: Incident, found: Proposal) -> facts.NobodyFitted:
    counted = {why.value: found.choice.count(why) for why in Passed}
    return facts.NobodyFitted(incident=row.uuid, rule=found.rule.name, asked=len(found.people), **counted)


def tell_owner(by: Actor, row: Incident, person: Person, *, once: str = "") -> None:
    """Where a call goes on, handing the record over has called them already. ``once`` tells this time from others."""
    if runs.live(row.subject) is None:
        _queue(by, row, f"person:{person.uuid}", GIVEN, urgency=1 if row.priority <= 2 else 2, once=once)


def _tell_leads(by: Actor, row: Incident, found: Proposal) -> None:
    """Whoever leads the team that was asked; else those who lead where the record belongs."""
    team = Membership.objects.filter(lead=True, person__is_active=True).select_related("person")
    leads = [one.person for one in team.filter(team__uuid=found.rule.team)] if found.rule.team else []
    commanders = accounts.people_who_may(Incidents.COMMAND, row.organisation)[:MOST_TOLD]
    for person in leads or commanders:
        _queue(by, row, f"person:{person.uuid}", NOBODY, urgency=1)


def _queue(by: Actor, row: Incident, to: str, what: str, *, urgency: int, once: str = "") -> None:
    """What it says is found when it is sent, and only for who sees the record then."""
    message = Message(
        purpose=Purpose.TOLD,
        subject=f"assignment:{row.uuid}",
        world=World(row.world),
        to=to,
        key=f"assignment:{row.uuid}/{what}/{to}{once}",
        about={"what": what},
        urgency=urgency,
    )
    notify.queue(by=by, message=message)
