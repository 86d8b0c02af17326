"""How mailboxes look to ``hikeshi verify --state``."""

import hashlib
import json
from collections.abc import Iterator

from hikeshi.ledger import states
from hikeshi.mailboxes.models import Mailbox


def digest(row: Mailbox) -> str:
    """Of everything that decides whose mail becomes what."""
    said = [row.name, row.address, row.source, row.answers, row.trusted, row.senders, row.plain, row.sealed]
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _mailboxes() -> Iterator[tuple[str, states.Columns]]:
    for row in Mailbox.objects.order_by("pk"):
        yield str(row.uuid), {"carries": row.carries, "on": row.on, "content": digest(row)}


states.register("mailboxes.mailbox", _mailboxes)
