"""Errands, taken one at a time and settled: claimed by one conditional UPDATE, at least once, with their proof."""

import secrets
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q

from hikeshi.kernel import clock
from hikeshi.kernel.acting import system
from hikeshi.ledger.acts import unit
from hikeshi.notify.handing import Fault
from hikeshi.rooms.actions import marking, standing
from hikeshi.rooms.actions.standing import MOST_TRIES
from hikeshi.rooms.makers import SPOKEN_TO
from hikeshi.rooms.models import Errand, ErrandKind, ErrandState, Workspace
from hikeshi.rooms.results import Outcome

LEASE: Final = timedelta(minutes=3)
LONGEST: Final = timedelta(minutes=30)
LATER: Final = timedelta(hours=1)
"""How long a room that could not be made waits for the next try; about so long, or all would come back at once."""
BY: Final = system("chat")
UNDONE: Final = (ErrandState.WAITING, ErrandState.GOING)
LAST: Final = frozenset({"record_closed", "unknown_outcome"})
"""After which a room is not tried again by itself."""


def take(now: datetime) -> Errand | None:
    """The next one due, not before what comes before it in the same room. It is ours for three minutes."""
    _recover(now)
    earlier = Errand.objects.filter(room=OuterRef("room"), pk__lt=OuterRef("pk"), state__in=UNDONE)
    earlier = earlier.exclude(kind=ErrandKind.LOOK)  # it waits for hours, and nothing waits for it
    resting = Q(workspace__rest_until__isnull=True) | Q(workspace__rest_until__lte=now)
    rows = Errand.objects.filter(resting, ~Exists(earlier), state=ErrandState.WAITING, due_at__lte=now)
    rows = rows.filter(Q(workspace__on=True) | Q(kind=ErrandKind.CHECK))
    found = rows.select_related("workspace", "room").order_by("due_at", "pk").first()
    if found is None:
        return None
    ours = Errand.objects.filter(pk=found.pk, state=ErrandState.WAITING)
    return found if ours.update(state=ErrandState.GOING, lease_until=now + LEASE) else None


def _recover(now: datetime) -> None:
    """What an engine took and never came back with is done again. Where a room cannot be found by its name, making it
    again might make a second one: then people are asked to look.
    """
    lost = Errand.objects.filter(state=ErrandState.GOING, lease_until__lt=now)
    for errand in lost.filter(kind=ErrandKind.MAKE, workspace__maker__in=SPOKEN_TO).select_related("workspace", "room"):
        settle(errand, Outcome(Fault("unknown_outcome", unsure=True)))
    lost.update(state=ErrandState.WAITING)


def settle(errand: Errand, outcome: Outcome) -> None:
    fault = outcome.fault
    if errand.kind == ErrandKind.MAKE and fault is not None and fault.unsure and errand.workspace.maker in SPOKEN_TO:
        fault = Fault("unknown_outcome")
    with unit():
        now = clock.now()
        errand.tries += 1
        errand.error = fault.code if fault is not None else ""
        errand.provider_id = outcome.provider_id[:200]
        wait = _wait(errand, fault) if fault is not None else None
        if wait is not None:
            errand.state, errand.due_at = ErrandState.WAITING, now + wait
        else:
            errand.state = ErrandState.DONE if fault is None else ErrandState.FAILED
            errand.ended_at = now
        if outcome.written is not None:
            errand.error = marking.take_up(errand, outcome.written)
        if errand.kind == ErrandKind.LOOK and wait is None:
            marking.look_on(errand, outcome.looked)
        if wait is None:
            errand.about = {}
        errand.save()
        _note(errand.workspace, fault, now)
        if errand.room is not None:
            standing.settle_room(errand, errand.room, outcome, fault, again=wait is not None)


def _wait(errand: Errand, fault: Fault) -> timedelta | None:
    """Until the next try; None where there is none. A room is wanted for as long as its record is open: what hinders
    it may be mended any day.
    """
    draw = 0.5 + secrets.randbelow(1000) / 1000
    if fault.passing and errand.tries < MOST_TRIES:
        own = min(timedelta(seconds=5.0 * 2**errand.tries), LONGEST) * draw
        return max(timedelta(seconds=fault.retry_after), own) if fault.retry_after else own
    if errand.kind == ErrandKind.MAKE and fault.code not in LAST:
        return LATER * draw
    return None


def _note(place: Workspace, fault: Fault | None, now: datetime) -> None:
    """How the workspace is, for its page; one that asks to wait is left alone until then."""
    changes: dict[str, object] = {"worked_at": now, "trouble": "", "rest_until": None}
    if fault is not None:
        rest = now + timedelta(seconds=fault.retry_after) if fault.retry_after else None
        changes = {"trouble": fault.code, "rest_until": rest}
    Workspace.objects.filter(pk=place.pk).update(**changes)
