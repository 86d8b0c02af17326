"""Waiting states: the record stays open, and what counts working time stands still until the wait is over."""

from datetime import UTC, datetime, timedelta
from typing import Final

from hikeshi.incidents import facts
from hikeshi.incidents.actions import saving
from hikeshi.incidents.codes import Status, Waiting, WaitOver
from hikeshi.incidents.models import Incident
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor, system
from hikeshi.kernel.refusals import Invalid
from hikeshi.ledger.acts import action, unit

LONGEST: Final = timedelta(days=366)
"""A wait that is planned to end later than in a year is a typing mistake."""
STEP: Final = 100
BY: Final = system("clocks")


@action
def wait(
    *,
    by: Actor,
    ref: str,
    waiting: Waiting,
    until: datetime | None = None,
    reason: str = "",
    version: int | None = None,
) -> Incident:
    """Says what the desk waits for. A planned time names it; the others may, and then end by themselves as well. A wait
    for a supplier says why, once: where only its end moves, no new reason is asked.
    Raises NotFound, NotAllowed, Invalid, Conflict.
    """
    incident = saving.hold(by, ref)
    end = _plausible(waiting, until)
    saving.unseen(incident, version, waiting=waiting, waiting_until=str(end))
    if incident.status != Status.OPEN:
        raise Invalid("waiting", "only_open_waits")
    begins = incident.waiting != waiting
    why = saving.because(incident, reason, required=begins and waiting is Waiting.SUPPLIER)

    since = incident.waiting_since if incident.waiting else clock.now()
    saving.save(incident, waiting=waiting, waiting_since=since, waiting_until=end)
    saving.tell(incident, by, facts.WaitBegan(incident=incident.uuid, waiting=waiting, until=end, reason=why))
    return incident


def _plausible(waiting: Waiting, until: datetime | None) -> datetime | None:
    if until is None:
        if waiting is Waiting.PLANNED:
            raise Invalid("until", "required")
        return None
    if until.tzinfo is None:
        raise Invalid("until", "not_a_time")
    if until <= clock.now():
        raise Invalid("until", "past")
    if until > clock.now() + LONGEST:
        raise Invalid("until", "not_plausible")
    return until.astimezone(UTC)


@action
def resume(*, by: Actor, ref: str) -> Incident:
    """The wait is over; where the record does not wait, nothing changes. Raises NotFound, NotAllowed."""
    incident = saving.hold(by, ref)
    end_wait(incident, by, WaitOver.SAID)
    return incident


def end_wait(incident: Incident, by: Actor, over: WaitOver) -> None:
    """Part of other verbs: the reporter answered, the time came, the record is resolved."""
    if not incident.waiting:
        return
    was = Waiting(incident.waiting)
    saving.save(incident, waiting="", waiting_since=None, waiting_until=None)
    saving.tell(incident, by, facts.WaitEnded(incident=incident.uuid, waiting=was, over=over))


def end_waits(now: datetime) -> bool:
    """The engine's part: waits whose time has come, up to a step's worth; whether there may be more."""
    due = list(
        Incident.objects.filter(waiting_until__lte=now).order_by("waiting_until").values_list("pk", flat=True)[:STEP]
    )
    if due:
        with unit():
            still = Incident.objects.select_for_update(of=("self",)).filter(pk__in=due, waiting_until__lte=now)
            for incident in still.order_by("pk"):
                end_wait(incident, BY, WaitOver.DUE)
    return len(due) == STEP
