"""How the rows of chat tools look to ``hikeshi verify --state``."""

import hashlib
import json
from collections.abc import Iterator

from hikeshi.kernel.facts import commit
from hikeshi.ledger import states
from hikeshi.rooms.models import Link, Workspace


def digest(row: Workspace) -> str:
    """Of everything that decides who is believed and what is said where."""
    said = [row.name, row.plain, row.sealed, row.makes_rooms, row.threshold, row.archives]
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _workspaces() -> Iterator[tuple[str, states.Columns]]:
    for row in Workspace.objects.order_by("pk"):
        yield str(row.uuid), {"maker": row.maker, "on": row.on, "content": digest(row)}


def _links() -> Iterator[tuple[str, states.Columns]]:
    for row in Link.objects.select_related("workspace", "person").order_by("pk").iterator():
        columns: states.Columns = {
            "workspace": str(row.workspace.uuid),
            "person": f"person:{row.person.uuid}",
            "account": commit(row.chat_id, row.secret).digest,
            "confirmed": row.confirmed,
        }
        yield str(row.uuid), columns


states.register("rooms.workspace", _workspaces)
states.register("rooms.link", _links)
