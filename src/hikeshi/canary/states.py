"""How canaries look to ``verify --state``."""

import hashlib
from collections.abc import Iterator

import msgspec

from hikeshi.canary.models import Arrangement, Canary
from hikeshi.ledger import states


def digest(row: Arrangement) -> str:
    """Of when, to whom and for how long; the door's key is replaced as need be and is no part of it."""
    said = [sorted(row.days), f"{row.at:%H:%M}", row.to, row.value, row.minutes]
    return hashlib.sha256(msgspec.json.encode(said)).hexdigest()


def _arrangement() -> Iterator[tuple[str, states.Columns]]:
    for row in Arrangement.objects.filter(version__gt=0):
        yield str(row.pk), {"content": digest(row)}


def _canaries() -> Iterator[tuple[str, states.Columns]]:
    for uuid, state in Canary.objects.order_by("pk").values_list("uuid", "state").iterator():
        yield str(uuid), {"state": state}


states.register("canary.arrangement", _arrangement)
states.register("canary.canary", _canaries)
