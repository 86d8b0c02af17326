"""What the records of a period have cost, by what for and in which money. Cost: that of the costs written down."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from django.db.models import QuerySet

from hikeshi.figures.asking import Asked
from hikeshi.figures.codes import Tile
from hikeshi.figures.periods import Days
from hikeshi.figures.queries import rows as records
from hikeshi.figures.results import Found, Line, Series
from hikeshi.incidents.models import Cost, Incident
from hikeshi.incidents.queries import spent_by
from hikeshi.kernel import clock

SERIES: Final = (Series("paid"), Series("guessed"))
Sums = Mapping[str, tuple[int, int]]


def cost(tile: Tile, rows: QuerySet[Incident], asked: Asked) -> Found:
    """Whole units of money. ``total`` counts the costs. Two queries for each period."""
    now, many = _sums(rows, asked, asked.days)
    then, before = _sums(rows, asked, asked.days.before) if asked.compare else ({}, None)
    nothing = (0, 0)
    lines = [
        Line(key, now.get(key, nothing), before=then.get(key, nothing) if asked.compare else ())
        for key in sorted({*now, *then})
    ]
    return Found(tile, SERIES, tuple(lines), many, clock.now(), before)


def _sums(rows: QuerySet[Incident], asked: Asked, days: Days) -> tuple[Sums, int]:
    meant = Cost.objects.filter(incident__in=records.opened(rows, asked, days).values("pk"))
    found = {
        f"{kind}:{sums.currency}": (_whole(sums.actual), _whole(sums.estimated))
        for kind, sums in spent_by(meant, "kind")
    }
    return found, meant.filter(superseded_at=None).count()


def _whole(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))
