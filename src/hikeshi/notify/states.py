"""How the rows of messages out look to ``verify --state``."""

import hashlib
import json
from collections.abc import Iterator

from hikeshi.ledger import states
from hikeshi.notify.models import Bounds, Channel


def digest(row: Channel) -> str:
    """Of everything that decides where messages go."""
    text = json.dumps([row.plain, row.sealed, row.per_minute], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _channels() -> Iterator[tuple[str, states.Columns]]:
    for row in Channel.objects.order_by("kind"):
        yield row.kind, {"on": row.on, "content": digest(row)}


def _bounds() -> Iterator[tuple[str, states.Columns]]:
    for row in Bounds.objects.filter(pk=1):
        yield "1", {"hosts": list(row.hosts.split()), "window": row.window}


states.register("notify.channel", _channels)
states.register("notify.bounds", _bounds)
