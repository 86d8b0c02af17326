"""Part of other verbs: something to do at a chat tool, once for each key. Sent after commit, by the engine."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from hikeshi.kernel import clock
from hikeshi.rooms.models import Errand, ErrandKind, ErrandState, Room, Workspace

TOLD: Final = (ErrandKind.INVITE, ErrandKind.TOPIC, ErrandKind.SAY)


def queue(
    workspace: Workspace,
    kind: ErrandKind,
    *,
    key: str,
    room: Room | None = None,
    about: Mapping[str, str] | None = None,
    due_at: datetime | None = None,
) -> Errand:
    made, _ = Errand.objects.get_or_create(
        key=key,
        defaults={
            "workspace": workspace,
            "kind": kind,
            "room": room,
            "about": dict(about or {}),
            "due_at": due_at or clock.now(),
        },
    )
    return made


def make_and_tell(workspace: Workspace, room: Room, *, since: str) -> None:
    """The room, its people, its topic, and how the record stands."""
    for kind in (ErrandKind.MAKE, *TOLD):
        queue(workspace, kind, key=f"{kind.value}:{room.uuid}:{since}", room=room)


def tell(workspace: Workspace, room: Room, *, since: str, kinds: tuple[ErrandKind, ...] = TOLD) -> None:
    """What waits already is worded when it is sent: it will say this too."""
    waiting = set(room.errands.filter(state=ErrandState.WAITING).values_list("kind", flat=True))
    for kind in kinds:
        if kind not in waiting:
            queue(workspace, kind, key=f"{kind.value}:{room.uuid}:{since}", room=room)


def hurry(workspace: Workspace, room: Room | None = None) -> None:
    """Rooms that could not be made are tried at once: what hindered them may be mended."""
    rows = Errand.objects.filter(workspace=workspace, kind=ErrandKind.MAKE, state=ErrandState.WAITING)
    (rows if room is None else rows.filter(room=room)).update(due_at=clock.now())
