"""Tries at the portal: written down before they are weighed, so that a crowd of them cannot slip through."""

from datetime import datetime, timedelta
from typing import Final

from hikeshi.accounts.refusals import Wait
from hikeshi.incidents.models import PortalTry
from hikeshi.incidents.permissions import Verb
from hikeshi.incidents.queries.reports import place_of, wait_left
from hikeshi.incidents.reporting import Knock
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import NotAllowed
from hikeshi.ledger.acts import action, unit

KEPT: Final = timedelta(days=1)
STEP: Final = 500


@action
def knock(*, by: Actor, what: Knock, place: str) -> int:
    """The try, counted from now on; ``place`` is a network or a person. Committed before ``weigh_knock`` counts.
    For the portal itself. Raises NotAllowed.
    """
    _must_be_the_desk(by)
    return PortalTry.objects.create(what=what, place=place_of(place), at=clock.now()).pk


@action
def weigh_knock(*, by: Actor, knocked: int) -> None:
    """Raises Wait where this try comes too soon, NotAllowed."""
    _must_be_the_desk(by)
    tried = PortalTry.objects.get(pk=knocked)
    left = wait_left(tried)
    if left:
        raise Wait(left)


@action
def drop_knock(*, by: Actor, knocked: int) -> None:
    """As if it had not been made: it was turned away unweighed, or needs not be counted. Raises NotAllowed."""
    _must_be_the_desk(by)
    PortalTry.objects.filter(pk=knocked).delete()


def _must_be_the_desk(by: Actor) -> None:
    if not by.unlimited:
        raise NotAllowed(Verb.OPEN)


def forget_knocks(now: datetime) -> bool:
    """Takes away up to a step's worth of old tries; whether there may be more."""
    due = list(PortalTry.objects.filter(at__lt=now - KEPT).order_by("at").values_list("pk", flat=True)[:STEP])
    if due:
        with unit():
            PortalTry.objects.filter(pk__in=due).delete()
    return len(due) == STEP
