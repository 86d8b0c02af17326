"""What an errand came to becomes how its room stands. Part of the engine's own units."""

from typing import Final

from hikeshi.incidents import actions as incidents
from hikeshi.kernel import clock
from hikeshi.kernel.acting import system
from hikeshi.kernel.refusals import Refusal
from hikeshi.ledger.acts import record
from hikeshi.notify.handing import Fault
from hikeshi.phrases import labels
from hikeshi.rooms import facts
from hikeshi.rooms.actions.queueing import make_and_tell
from hikeshi.rooms.models import Errand, ErrandKind, ErrandState, Room, RoomState
from hikeshi.rooms.results import Outcome

BY: Final = system("chat")
ASIDE: Final = frozenset({ErrandKind.FETCH, ErrandKind.LOOK})
"""These are about a message in the room, and say nothing of the room."""
MOST_TRIES: Final = 8
"""In a row, soon after each other; what goes on after that is said to have failed."""


def settle_room(errand: Errand, room: Room, outcome: Outcome, fault: Fault | None, *, again: bool) -> None:
    if fault is not None:
        _failed(errand, room, fault, again=again)
    elif outcome.replaced:
        _another(errand, room)
    else:
        _done(errand, room, outcome)
    room.asked = room.asked if outcome.asked is None else list(outcome.asked)
    room.topic = room.topic if outcome.topic is None else outcome.topic
    room.save()


def _done(errand: Errand, room: Room, outcome: Outcome) -> None:
    maker = errand.workspace.maker
    if errand.kind == ErrandKind.MAKE:
        room.state, room.place, room.url = RoomState.OPEN, outcome.place, outcome.url
        record(facts.RoomMade(room=room.uuid, maker=maker), subject=room.subject, by=BY)
        _show(room, maker)
    elif errand.kind == ErrandKind.CLOSE:
        room.state, room.asked = RoomState.CLOSED, []
        record(facts.RoomClosed(room=room.uuid, maker=maker), subject=room.subject, by=BY)
    elif errand.kind == ErrandKind.REOPEN:
        room.state = RoomState.OPEN
        record(facts.RoomReopened(room=room.uuid, maker=maker), subject=room.subject, by=BY)
    if errand.kind not in ASIDE:
        room.trouble = ""


def _failed(errand: Errand, room: Room, fault: Fault, *, again: bool) -> None:
    """Told once, though it is tried again."""
    if errand.kind in ASIDE:
        return
    if errand.kind != ErrandKind.MAKE:
        room.trouble = room.trouble if again else fault.code
        return
    given_up = not again or not fault.passing or errand.tries >= MOST_TRIES
    if given_up and fault.code == "record_closed":
        room.state = RoomState.CLOSED
    elif given_up and room.state == RoomState.MAKING:
        room.state = RoomState.FAILED
        why = facts.RoomFailed(room=room.uuid, maker=errand.workspace.maker, why=fault.code)
        record(why, subject=room.subject, by=BY)
    room.trouble = fault.code
    if not again:
        drop(room)


def drop(room: Room) -> None:
    waiting = Errand.objects.filter(room=room, state=ErrandState.WAITING)
    waiting.update(state=ErrandState.DROPPED, ended_at=clock.now())


def _another(errand: Errand, room: Room) -> None:
    """What still waits would be said into the old room."""
    drop(room)
    room.state, room.place, room.url, room.topic, room.asked = RoomState.MAKING, "", "", "", []
    make_and_tell(errand.workspace, room, since=f"r{errand.pk}")


def _show(room: Room, maker: str) -> None:
    """Among the links of the record. One that was closed meanwhile stays without."""
    if not room.url:
        return
    try:
        incidents.add_link(by=BY, ref=room.ref, url=room.url, title=labels.label("chat_tool", maker))
    except Refusal:
        return
