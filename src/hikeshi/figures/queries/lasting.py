"""Figures of times, clocks and answers. Each reads the newest ``rows.MOST`` records of the period at most."""

from collections.abc import Mapping
from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Case, Count, DateTimeField, F, FloatField, Func, Max, Q, QuerySet, When
from django.db.models.sql.compiler import SQLCompiler

from hikeshi.figures import definitions
from hikeshi.figures.asking import Asked
from hikeshi.figures.codes import SCORES, Tile, Unit
from hikeshi.figures.definitions import Mean, Summed
from hikeshi.figures.periods import Days
from hikeshi.figures.queries import rows as records
from hikeshi.figures.results import Found, Line, Number, Series
from hikeshi.incidents.models import Incident, Moment, Rating
from hikeshi.kernel import clock
from hikeshi.service_levels.codes import Measure, State
from hikeshi.service_levels.models import Clock

TIMES: Final = (
    Series("counted"),
    Series("median", Unit.SECONDS),
    Series("p90", Unit.SECONDS),
    Series("mean", Unit.SECONDS),
)
KEPT: Final = (Series("percent", Unit.PERCENT), Series("met"), Series("missed"))


class Seconds(Func):
    """A moment as seconds: worked out by the database, since reading each as a date costs ten times as much."""

    output_field = FloatField()

    template = "CAST(EXTRACT(EPOCH FROM %(expressions)s) AS double precision)"

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **more: str
    ) -> tuple[str, tuple[str | int, ...]]:
        sql, values = self.as_sql(compiler, connection, template="((julianday(%(expressions)s) - 2440587.5) * 86400.0)")
        return sql, tuple(values)


def times(tile: Tile, rows: QuerySet[Incident], asked: Asked) -> Found:
    """A query for each period."""
    meaning = definitions.chosen(asked.definitions)
    now, many = _means(meaning, rows, asked, asked.days)
    then, _ = _means(meaning, rows, asked, asked.days.before) if asked.compare else ({}, 0)
    lines = [
        Line(one.value, _numbers(now[one]), before=_numbers(then[one]) if asked.compare else ())
        for one in Mean
        if one in meaning.means
    ]
    limit = records.MOST if many >= records.MOST else 0
    return Found(tile, TIMES, tuple(lines), many, clock.now(), limit=limit)


def _numbers(found: Summed) -> tuple[Number, ...]:
    return (found.count, found.median, found.p90, found.mean)


def _means(
    meaning: definitions.Definitions, rows: QuerySet[Incident], asked: Asked, days: Days
) -> tuple[Mapping[Mean, Summed], int]:
    """Each mean, and how many records have any of its times."""
    kinds = meaning.moments
    held = Moment.objects.filter(
        incident__in=records.newest(rows, asked, days).values("pk"), superseded_at__isnull=True, kind__in=kinds
    )
    columns = {
        f"at_{kind}": Max(Seconds(Case(When(kind=kind, then=F("at")), output_field=DateTimeField()))) for kind in kinds
    }
    read = held.order_by().values("incident").annotate(**columns).values_list(*columns)
    moments = [dict(zip(kinds, found, strict=True)) for found in read]
    lengths = {
        one: [long for known in moments if (long := definitions.length(way, known)) is not None]
        for one, way in meaning.means.items()
    }
    return {one: definitions.summed(found) for one, found in lengths.items()}, len(moments)


def kept(tile: Tile, rows: QuerySet[Incident], asked: Asked) -> Found:
    """Clocks that stopped in time, and those that did not; one that still runs past its time did not."""
    now = _kept(rows, asked, asked.days)
    then = _kept(rows, asked, asked.days.before) if asked.compare else {}
    lines = []
    for measure in Measure:
        if measure.value in now or measure.value in then:
            before = _share(then.get(measure.value, (0, 0))) if asked.compare else ()
            lines.append(Line(measure.value, _share(now.get(measure.value, (0, 0))), before=before))
    return Found(tile, KEPT, tuple(lines), sum(map(sum, now.values())), clock.now())


def _kept(rows: QuerySet[Incident], asked: Asked, days: Days) -> Mapping[str, tuple[int, int]]:
    late = Q(state=State.RUNNING, due_at__lte=clock.now())
    over = Clock.objects.filter(incident__in=records.newest(rows, asked, days).values("uuid"))
    found = over.filter(Q(state__in=[State.MET, State.MISSED]) | late).order_by().values_list("measure")
    counts = found.annotate(met=Count("pk", filter=Q(state=State.MET)), every=Count("pk"))
    return {measure: (met, every - met) for measure, met, every in counts}


def _share(found: tuple[int, int]) -> tuple[Number, ...]:
    met, missed = found
    return (met * 100 // (met + missed) if met + missed else None, met, missed)


def satisfaction(tile: Tile, rows: QuerySet[Incident], asked: Asked) -> Found:
    """What reporters said at the end, from 5 to 1."""
    now = _scores(rows, asked, asked.days)
    then = _scores(rows, asked, asked.days.before) if asked.compare else {}
    lines = [
        Line(str(score), (now.get(score, 0),), before=(then.get(score, 0),) if asked.compare else ())
        for score in SCORES
    ]
    previous = sum(then.values()) if asked.compare else None
    return Found(tile, (Series("answers"),), tuple(lines), sum(now.values()), clock.now(), previous)


def _scores(rows: QuerySet[Incident], asked: Asked, days: Days) -> Mapping[int, int]:
    said = Rating.objects.filter(incident__in=records.newest(rows, asked, days).values("pk"))
    return dict(said.order_by().values_list("score").annotate(many=Count("pk")))
