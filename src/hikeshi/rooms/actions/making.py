"""Rooms of records: wanted by reactions or by somebody at the record, made and spoken in by the engine."""

from uuid import UUID

from hikeshi.incidents import queries as incidents
from hikeshi.incidents import refs
from hikeshi.incidents.codes import Status
from hikeshi.incidents.permissions import Verb as Incidents
from hikeshi.incidents.queries import Incident
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.ids import uuid7
from hikeshi.kernel.refusals import Invalid, NotAllowed, NotFound
from hikeshi.kernel.worlds import World
from hikeshi.ledger.acts import action, record
from hikeshi.rooms import facts, queries
from hikeshi.rooms.actions.queueing import hurry, make_and_tell, queue, tell
from hikeshi.rooms.actions.standing import drop
from hikeshi.rooms.actions.workspaces import held
from hikeshi.rooms.makers import OVERHEARD, Maker
from hikeshi.rooms.models import Errand, ErrandKind, ErrandState, Room, RoomState, Workspace
from hikeshi.rooms.permissions import Verb

LIVE = (RoomState.MAKING, RoomState.OPEN, RoomState.FAILED)
ALWAYS = (ErrandKind.TOPIC, ErrandKind.SAY)


@action
def follow(*, by: Actor, subject: str, entry: int, people: bool = False, reopened: bool = False) -> None:
    """The record was opened or has changed: it gets its rooms where the site wants them, its people are asked in, what
    changed is said; at its end the rooms are closed, and opened again with it. Heard twice it is done once. For the
    desk. Raises NotAllowed.
    """
    if not by.unlimited:
        raise NotAllowed(Verb.CONFIGURE)
    found = incidents.visible(by).filter(uuid=subject.removeprefix("incident:")).first()
    if found is None or found.world != World.REAL:
        return
    known = {room.workspace_id: room for room in Room.objects.filter(subject=subject)}
    for place in Workspace.objects.filter(on=True):
        room = known.get(place.pk)
        if room is None:
            if place.makes_rooms and found.priority <= place.threshold and found.status == Status.OPEN:
                _begin(place, found)
        elif room.state == RoomState.CLOSED:
            if reopened and found.status != Status.CLOSED:
                _reopen(place, room, since=str(entry))
        else:
            _tell(place, room, found, entry, people=people)


def _begin(place: Workspace, found: Incident) -> Room | None:
    """None where the tool has no room that others do not read, and others must not."""
    if found.restricted and Maker(place.maker) in OVERHEARD:
        return None
    room = Room.objects.create(workspace=place, subject=found.subject, ref=found.ref)
    make_and_tell(place, room, since="0")
    return room


def _tell(place: Workspace, room: Room, found: Incident, entry: int, *, people: bool) -> None:
    if room.state == RoomState.FAILED and (people or found.status == Status.CLOSED):
        hurry(place, room)
    tell(place, room, since=f"{entry}", kinds=(*((ErrandKind.INVITE,) if people else ()), *ALWAYS))
    if found.status == Status.CLOSED and place.archives:
        queue(place, ErrandKind.CLOSE, key=f"close:{room.uuid}:{entry}", room=room)


def _reopen(place: Workspace, room: Room, *, since: str) -> None:
    if room.place:
        queue(place, ErrandKind.REOPEN, key=f"reopen:{room.uuid}:{since}", room=room)
        tell(place, room, since=since)
    else:
        room.state = RoomState.MAKING
        room.save(update_fields=["state"])
        make_and_tell(place, room, since=since)


@action
def follow_people(*, by: Actor, entry: int, person: UUID, everywhere: bool = False) -> None:
    """Somebody was tied, untied, or has left: the rooms of their records ask them in or take them out; ``everywhere``
    the others too, where people may have asked them in. For the desk. Raises NotAllowed.
    """
    if not by.unlimited:
        raise NotAllowed(Verb.CONFIGURE)
    rooms = Room.objects.filter(state__in=LIVE, workspace__on=True).select_related("workspace")
    records = incidents.visible(by).filter(ref__in=[room.ref for room in rooms])
    theirs = set(records.filter(owner__uuid=person).values_list("ref", flat=True))
    theirs |= set(records.filter(participants__person__uuid=person).values_list("ref", flat=True))
    for room in rooms:
        if everywhere or room.ref in theirs:
            tell(room.workspace, room, since=f"{entry}", kinds=(ErrandKind.INVITE,))
            if room.state == RoomState.FAILED:
                hurry(room.workspace, room)


@action
def make_room(*, by: Actor, ref: str, workspace: UUID) -> Room:
    """At once, for a record that has none there: it was opened before the tool was connected, or making it failed. One
    that was closed is opened again. Raises NotFound, NotAllowed, Invalid.
    """
    found = record_of(by, ref)
    place = held(workspace)
    if not place.on or not queries.has_what_rooms_need(place):
        raise Invalid("workspace", "makes_no_rooms")
    if found.status == Status.CLOSED or found.world != World.REAL:
        raise Invalid("workspace", "no_room_for_it")

    room = Room.objects.filter(workspace=place, subject=found.subject).first()
    if room is not None and room.state == RoomState.OPEN:
        return room
    room = _begin(place, found) if room is None else _again(place, room)
    if room is None:
        raise Invalid("workspace", "others_read_it")

    fact = facts.RoomAsked(room=room.uuid, maker=place.maker)
    record(fact, subject=found.subject, by=by)
    return room


def _again(place: Workspace, room: Room) -> Room:
    waits = Errand.objects.filter(room=room, kind=ErrandKind.MAKE, state__in=(ErrandState.WAITING, ErrandState.GOING))
    if room.state == RoomState.CLOSED:
        _reopen(place, room, since=str(uuid7()))
    elif waits.exists():
        hurry(place, room)
    else:
        drop(room)
        room.state, room.trouble = RoomState.MAKING, ""
        room.save(update_fields=["state", "trouble"])
        make_and_tell(place, room, since=str(uuid7()))
    return room


@action
def close_room(*, by: Actor, ref: str, workspace: UUID) -> Room:
    """Before the record is closed: nothing more is said there. Raises NotFound, NotAllowed."""
    found = record_of(by, ref)
    place = held(workspace)
    room = Room.objects.filter(workspace=place, subject=found.subject).first()
    if room is None:
        raise NotFound("room")
    if room.state == RoomState.CLOSED:
        return room

    drop(room)
    if room.place:
        queue(place, ErrandKind.CLOSE, key=f"close:{room.uuid}:{uuid7()}", room=room)
    else:
        room.state = RoomState.CLOSED
        room.save(update_fields=["state"])

    record(facts.RoomDismissed(room=room.uuid, maker=place.maker), subject=found.subject, by=by)
    return room


def record_of(by: Actor, ref: str) -> Incident:
    """One that the actor may work on. Raises NotFound, NotAllowed."""
    found = incidents.visible(by).filter(ref=refs.tidy(ref)).first()
    if found is None:
        raise NotFound("incident")
    by.must(Incidents.WORK, found.organisation_id)
    return found
