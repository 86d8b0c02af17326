"""How much of what detectors send becomes work."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from hikeshi.accounts.models import Organisation
from hikeshi.figures.asking import Asked
from hikeshi.figures.codes import Stage, Tile
from hikeshi.figures.periods import Days
from hikeshi.figures.results import Found, Line, Number, Series
from hikeshi.intake import queries as intake
from hikeshi.intake.models import Alert
from hikeshi.intake.verdicts import Verdict
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.worlds import World

MOST: Final = 20_000
"""Alerts looked at; of more, the newest."""


def noise(tile: Tile, by: Actor, asked: Asked) -> Found:
    now = _stages(by, asked, asked.days)
    then = _stages(by, asked, asked.days.before) if asked.compare else {}
    lines = [Line(stage.value, (now[stage],), before=(then[stage],) if asked.compare else ()) for stage in Stage]
    many = now[Stage.ALERTS] or 0
    previous = then[Stage.ALERTS] if asked.compare else None
    limit = MOST if many >= MOST else 0
    return Found(tile, (Series("count"),), tuple(lines), many, clock.now(), previous, limit=limit)


def _stages(by: Actor, asked: Asked, days: Days) -> dict[Stage, Number]:
    """Alerts made in these days: their public references are in the order of making, so an index finds them."""
    rows = _made(intake.visible(by), asked.moment(days.since), asked.moment(days.until)).exclude(world=World.DRILL)
    if asked.organisation is not None:
        path = Organisation.objects.filter(uuid=asked.organisation).values_list("path", flat=True).first() or "-"
        rows = rows.filter(organisation__path__startswith=path)
    some = Alert.objects.filter(pk__in=rows.order_by("-uuid").values("pk")[:MOST])
    needed = Q(verdict=Verdict.KEEP) | ~Q(case="")
    sums = some.aggregate(
        received=Sum("count"),
        alerts=Count("pk"),
        attention=Count("pk", filter=needed),
        records=Count("case", filter=~Q(case=""), distinct=True),
    )
    return {stage: sums[stage.value] or 0 for stage in Stage}


def _made(rows: QuerySet[Alert], since: datetime, until: datetime) -> QuerySet[Alert]:
    return rows.filter(uuid__gte=_first(since), uuid__lt=_first(until))


def _first(at: datetime) -> UUID:
    """The smallest UUIDv7 of that millisecond."""
    return UUID(int=max(int(at.timestamp() * 1000), 0) << 80)
