"""What is done when so much of a clock's time is used up."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from hikeshi.accounts import queries as accounts
from hikeshi.incidents import actions as incidents
from hikeshi.incidents import queries as records
from hikeshi.incidents.permissions import Verb as Incidents
from hikeshi.incidents.queries import Incident
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import NotAllowed
from hikeshi.kernel.worlds import World
from hikeshi.ledger.acts import action
from hikeshi.notify import actions as notify
from hikeshi.notify.messages import Message, Purpose
from hikeshi.oncall.queries import runs
from hikeshi.phrases import clocks as words
from hikeshi.service_levels.codes import GOING, Act, Measure
from hikeshi.service_levels.models import Clock
from hikeshi.service_levels.permissions import Verb
from hikeshi.service_levels.queries.targets import DESK

HIGHEST: Final = 1
END: Final = 100
"""Percent."""
MOST_TOLD: Final = 50
"""A team or a circle of commanders larger than this is a mailing list."""


@action
def act_on_passing(
    *, by: Actor, incident: UUID, measure: Measure, round_: int, percent: int, acts: Sequence[Act]
) -> None:
    """For the desk's own loop. A clock that was stopped meanwhile asks for nothing any more. Raises NotAllowed."""
    if not by.unlimited:
        raise NotAllowed(Verb.CONFIGURE)
    open_now = records.visible(by).select_related("owner", "organisation")
    row = open_now.filter(uuid=incident, standing=0).first()
    going = Clock.objects.filter(incident=incident, measure=measure, round=round_, state__in=GOING)
    if row is None or not going.exists():
        return

    for person in _told(row, acts):
        _queue(by, row, person, f"{measure}/{round_}/{percent}", percent)
    if Act.ESCALATE in acts:
        _escalate(by, row)
    if Act.RAISE in acts and row.priority > HIGHEST:
        why = words.raised(accounts.site().language, measure, percent)
        incidents.set_priority(by=by, ref=row.ref, priority=row.priority - 1, reason=why)


def _told(row: Incident, acts: Sequence[Act]) -> list[str]:
    """Whom to tell, each once. Where nobody owns it there is no team either: then those who lead hear of it."""
    owner = [f"person:{row.owner.uuid}"] if row.owner is not None else []
    team = _team(row) if Act.TELL_TEAM in acts else []
    nobody = not owner and any(act in acts for act in (Act.TELL_OWNER, Act.TELL_TEAM))
    leads = _leads(row) if Act.TELL_LEAD in acts or nobody else []
    found = [*(owner if Act.TELL_OWNER in acts else []), *team, *leads]
    return list(dict.fromkeys(found))


def _team(row: Incident) -> list[str]:
    if row.owner is None:
        return []
    first = accounts.teams(DESK).filter(people=row.owner).order_by("name", "id").first()
    people = first.people.filter(is_active=True)[:MOST_TOLD] if first is not None else [row.owner]
    return [f"person:{one.uuid}" for one in people]


def _leads(row: Incident) -> list[str]:
    found = accounts.people_who_may(Incidents.COMMAND, row.organisation)[:MOST_TOLD]
    return [f"person:{one.uuid}" for one in found]


def _escalate(by: Actor, row: Incident) -> None:
    """Where nobody is called yet, the policy begins; where somebody owns it, whoever is next is called as well; where
    nobody does, everybody again.
    """
    if runs.live(row.subject) is None:
        incidents.call_for_help(by=by, incident=row.uuid)
    elif row.owner is not None:
        incidents.ask_for_help(by=by, ref=row.ref)
    else:
        incidents.call_again(by=by, ref=row.ref)


def _queue(by: Actor, row: Incident, person: str, clock: str, percent: int) -> None:
    """What it says is found when it is sent, and only for who sees the record then."""
    message = Message(
        purpose=Purpose.CLOCK,
        subject=row.subject,
        world=World(row.world),
        to=person,
        key=f"clock:{row.uuid}/{clock}/{person}",
        about={"clock": clock},
        urgency=1 if percent >= END else 2,
    )
    notify.queue(by=by, message=message)
