"""Errands, taken one at a time and settled: claimed by one conditional UPDATE, at least once, with their proof."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q

from hikeshi.incidents import actions as incidents
from hikeshi.kernel import clock
from hikeshi.kernel.acting import system
from hikeshi.kernel.refusals import Refusal
from hikeshi.ledger.acts import record, unit
from hikeshi.notify.handing import Fault
from hikeshi.phrases import labels
from hikeshi.rooms import facts
from hikeshi.rooms.models import Errand, ErrandKind, ErrandState, Room, RoomState, Workspace

LEASE: Final = timedelta(minutes=3)
MOST_TRIES: Final = 8
LONGEST: Final = timedelta(minutes=30)
BY: Final = system("chat")
UNDONE: Final = (ErrandState.WAITING, ErrandState.GOING)


@dataclass(frozen=True, slots=True)
class Outcome:
    """``fault`` is None where it was done."""

    fault: Fault | None = None
    provider_id: str = ""
    place: str = ""
    url: str = ""


def take(now: datetime) -> Errand | None:
    """The next one due, not before what comes before it in the same room. It is ours for three minutes."""
    Errand.objects.filter(state=ErrandState.GOING, lease_until__lt=now).update(state=ErrandState.WAITING)
    earlier = Errand.objects.filter(room=OuterRef("room"), pk__lt=OuterRef("pk"), state__in=UNDONE)
    resting = Q(workspace__rest_until__isnull=True) | Q(workspace__rest_until__lte=now)
    rows = Errand.objects.filter(resting, ~Exists(earlier), state=ErrandState.WAITING, due_at__lte=now)
    rows = rows.filter(Q(workspace__on=True) | Q(kind=ErrandKind.CHECK))
    found = rows.select_related("workspace", "room").order_by("due_at", "pk").first()
    if found is None:
        return None
    ours = Errand.objects.filter(pk=found.pk, state=ErrandState.WAITING)
    return found if ours.update(state=ErrandState.GOING, lease_until=now + LEASE) else None


def settle(errand: Errand, outcome: Outcome) -> None:
    with unit():
        now, fault, place = clock.now(), outcome.fault, errand.workspace
        errand.tries += 1
        again = fault is not None and fault.passing and errand.tries < MOST_TRIES
        errand.error = fault.code if fault is not None else ""
        errand.provider_id = outcome.provider_id[:200]
        if again and fault is not None:
            wait = timedelta(seconds=fault.retry_after or min(5.0 * 2**errand.tries, LONGEST.total_seconds()))
            errand.state, errand.due_at = ErrandState.WAITING, now + wait
        else:
            errand.state = ErrandState.DONE if fault is None else ErrandState.FAILED
            errand.ended_at, errand.about = now, {}
        errand.save()
        _note(place, fault, now)
        if errand.room is not None and not again:
            _room(errand, errand.room, outcome)


def _note(place: Workspace, fault: Fault | None, now: datetime) -> None:
    """How the workspace is, for its page; one that asks to wait is left alone until then."""
    changes: dict[str, object] = {"worked_at": now, "trouble": "", "rest_until": None}
    if fault is not None:
        rest = now + timedelta(seconds=fault.retry_after) if fault.retry_after else None
        changes = {"trouble": fault.code, "rest_until": rest}
    Workspace.objects.filter(pk=place.pk).update(**changes)


def _room(errand: Errand, room: Room, outcome: Outcome) -> None:
    maker, fault = errand.workspace.maker, outcome.fault
    if errand.kind == ErrandKind.MAKE and fault is None:
        room.state, room.place, room.url = RoomState.OPEN, outcome.place, outcome.url
        record(facts.RoomMade(room=room.uuid, maker=maker), subject=room.subject, by=BY)
        _show(room, maker)
    elif errand.kind == ErrandKind.MAKE and fault is not None:
        room.state, room.trouble = RoomState.FAILED, fault.code
        Errand.objects.filter(room=room, state=ErrandState.WAITING).update(
            state=ErrandState.DROPPED, ended_at=clock.now()
        )
        record(facts.RoomFailed(room=room.uuid, maker=maker, why=fault.code), subject=room.subject, by=BY)
    elif errand.kind == ErrandKind.CLOSE and fault is None:
        room.state = RoomState.CLOSED
        record(facts.RoomClosed(room=room.uuid, maker=maker), subject=room.subject, by=BY)
    elif fault is not None:
        room.trouble = fault.code
    room.save()


def _show(room: Room, maker: str) -> None:
    """Among the links of the record. One that was closed meanwhile stays without."""
    if not room.url:
        return
    try:
        incidents.add_link(by=BY, ref=room.ref, url=room.url, title=labels.label("chat_tool", maker))
    except Refusal:
        return
