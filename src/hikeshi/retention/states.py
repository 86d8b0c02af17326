"""How periods and holds look to ``verify --state``."""

from collections.abc import Iterator

from hikeshi.ledger import states
from hikeshi.retention.models import Hold, Period


def _periods() -> Iterator[tuple[str, states.Columns]]:
    for row in Period.objects.filter(version__gt=0):
        yield row.category, {"days": row.days}


def _holds() -> Iterator[tuple[str, states.Columns]]:
    for row in Hold.objects.order_by("pk").iterator(chunk_size=500):
        yield str(row.uuid), {"subject": row.subject, "lifted": row.lifted_at is not None}


states.register("retention.period", _periods)
states.register("retention.hold", _holds)
