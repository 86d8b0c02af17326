"""Rooms of records: wanted by reactions, made and spoken in by the engine. Plain parts of the desk's own units."""

from hikeshi.incidents import queries as incidents
from hikeshi.incidents.codes import Status
from hikeshi.incidents.queries import Incident
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import NotAllowed
from hikeshi.kernel.worlds import World
from hikeshi.ledger.acts import action
from hikeshi.rooms.actions.queueing import queue
from hikeshi.rooms.makers import OVERHEARD, Maker
from hikeshi.rooms.models import ErrandKind, ErrandState, Room, RoomState, Workspace
from hikeshi.rooms.permissions import Verb

LIVE = (RoomState.MAKING, RoomState.OPEN)


@action
def follow(*, by: Actor, subject: str, entry: int, people: bool = False) -> None:
    """The record was opened or has changed: it gets its rooms where the site wants them, its people are asked in, what
    changed is said, and at its end the rooms are closed. Heard twice it is done once. For the desk. Raises NotAllowed.
    """
    if not by.unlimited:
        raise NotAllowed(Verb.CONFIGURE)
    record = incidents.visible(by).filter(uuid=subject.removeprefix("incident:")).first()
    if record is None or record.world != World.REAL:
        return
    known = {room.workspace_id: room for room in Room.objects.filter(subject=subject)}
    for place in Workspace.objects.filter(on=True):
        room = known.get(place.pk)
        if room is None:
            _open(place, record)
        elif room.state in LIVE:
            _tell(place, room, record, entry, people=people)


def _open(place: Workspace, record: Incident) -> None:
    hidden = record.restricted and Maker(place.maker) in OVERHEARD
    if not place.makes_rooms or record.priority > place.threshold or record.status != Status.OPEN or hidden:
        return
    room = Room.objects.create(workspace=place, subject=record.subject, ref=record.ref)
    queue(place, ErrandKind.MAKE, key=f"make:{room.uuid}", room=room)
    queue(place, ErrandKind.INVITE, key=f"invite:{room.uuid}:0", room=room)
    queue(place, ErrandKind.SAY, key=f"say:{room.uuid}:0", room=room)


def _tell(place: Workspace, room: Room, record: Incident, entry: int, *, people: bool) -> None:
    waiting = set(room.errands.filter(state=ErrandState.WAITING).values_list("kind", flat=True))
    for kind in (*((ErrandKind.INVITE,) if people else ()), ErrandKind.SAY):
        if kind not in waiting:  # what waits is worded when it is sent: it will say this too
            queue(place, kind, key=f"{kind.value}:{room.uuid}:{entry}", room=room)
    if record.status == Status.CLOSED and place.archives:
        queue(place, ErrandKind.CLOSE, key=f"close:{room.uuid}:{entry}", room=room)
