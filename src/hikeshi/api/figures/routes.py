"""Figures for programs: the same numbers as on the dashboards, counted for whoever asks."""

from datetime import date
from typing import Annotated
from uuid import UUID

from django.utils import timezone
from ninja import Query, Router

from hikeshi.api.callers import Request
from hikeshi.api.figures import schemas
from hikeshi.api.shapes import whole
from hikeshi.figures import asking, definitions, periods, queries
from hikeshi.figures.codes import DIVIDED, NOW, Figure, Tile, tile
from hikeshi.figures.results import Found
from hikeshi.incidents.permissions import Verb
from hikeshi.kernel import clock
from hikeshi.kernel.refusals import NotFound
from hikeshi.phrases.figures import HOW

router = Router(tags=["figures"], by_alias=True)
Day = Annotated[date | None, Query(None, description="As 2026-11-21.")]
Word = Annotated[str, Query("", max_length=64)]


@router.get("/figures", response=schemas.Figures, summary="Figures there are for you, and how each is counted")
def list_figures(request: Request) -> schemas.Figures:
    figures = dict.fromkeys(one.figure for one in queries.known(request.auth))
    rows = [schemas.Known(code=one, by=list(DIVIDED[one]), now=one in NOW, how=str(HOW[one.value])) for one in figures]
    return whole(schemas.Figures, rows)


@router.get("/figures/{code}", response=schemas.Figure, summary="One figure, of a period and of the one before")
def show_figure(
    request: Request,
    code: str,
    *,
    since: Day = None,
    until: Annotated[date | None, Query(None, description="The first day that is not meant.")] = None,
    by: Word = "",
    compare: bool = True,
    organisation: UUID | None = None,
    kind: Word = "",
    grave: Annotated[bool, Query(False, description="Incidents and accidents alone.")] = False,
    definition_set: Annotated[str, Query(definitions.OWN, alias="definitions", max_length=64)] = definitions.OWN,
) -> schemas.Figure:
    """Without days: the last thirty, today included."""
    request.auth.must(Verb.VIEW)
    if code not in set(Figure):
        raise NotFound("figure")
    wanted = tile(code, by)
    days = _days(since, until)
    zone = timezone.get_current_timezone()
    asked = asking.Asked(days, zone, compare, organisation, kind, grave, definition_set)
    return _shown(asked, wanted, queries.figure(request.auth, wanted, asked))


def _days(since: date | None, until: date | None) -> periods.Days:
    usual = periods.stretch(periods.Stretch.MONTH, timezone.localdate(clock.now()))
    end = until or usual.until
    return periods.days(since or end - usual.length, end)


def _shown(asked: asking.Asked, wanted: Tile, found: Found) -> schemas.Figure:
    timed = wanted.figure == Figure.TIMES
    ways = definitions.chosen(asked.definitions).means if timed else {}
    return schemas.Figure(
        code=wanted.figure,
        by=wanted.by,
        since=asked.days.since,
        until=asked.days.until,
        time_zone=str(asked.zone),
        how=str(HOW[wanted.figure.value]),
        series=[schemas.Series(code=one.code, unit=one.unit) for one in found.series],
        lines=[schemas.Line.model_validate(one) for one in found.lines],
        total=found.total,
        total_before=found.total_before,
        filter=found.filter,
        limit=found.limit,
        definitions=asked.definitions if timed else None,
        ways=[schemas.FigureWay(code=mean, start=list(way.start), end=list(way.end)) for mean, way in ways.items()],
        at=found.at,
    )
