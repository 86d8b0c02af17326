"""Part of other verbs: something to do at a chat tool, once for each key. Sent after commit, by the engine."""

from collections.abc import Mapping

from hikeshi.kernel import clock
from hikeshi.rooms.models import Errand, ErrandKind, Room, Workspace


def queue(
    workspace: Workspace,
    kind: ErrandKind,
    *,
    key: str,
    room: Room | None = None,
    about: Mapping[str, str] | None = None,
) -> Errand:
    made, _ = Errand.objects.get_or_create(
        key=key,
        defaults={
            "workspace": workspace,
            "kind": kind,
            "room": room,
            "about": dict(about or {}),
            "due_at": clock.now(),
        },
    )
    return made
