"""Figures of times, clocks and answers. Each reads the counters of the period, and beside them the newest
``rows.MOST`` records at most.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
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
from hikeshi.figures.queries.tallied import Both, Source
from hikeshi.figures.results import Found, Line, Number, Series
from hikeshi.figures.tallying import kept_of, times_of
from hikeshi.incidents.codes import Status
from hikeshi.incidents.models import STANDING, Incident, Moment, Rating
from hikeshi.kernel import clock
from hikeshi.service_levels.codes import Measure, State
from hikeshi.service_levels.models import Clock

TIMES: Final = (
    Series("counted"),
    Series("median", Unit.SECONDS),
    Series("p90", Unit.SECONDS),
    Series("mean", Unit.SECONDS),
)
STOPPED: Final = (State.MET, State.MISSED)
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


def times(tile: Tile, both: Both, asked: Asked) -> Found:
    """Three queries for each period at most."""
    meaning = definitions.chosen(asked.definitions)
    found, many, limit = _means(meaning, both[0], asked)
    then = _means(meaning, both[1], asked)[0] if both[1] is not None else {}
    lines = [
        Line(one.value, _numbers(found[one]), before=_numbers(then[one]) if then else ())
        for one in Mean
        if one in meaning.means
    ]
    return Found(tile, TIMES, tuple(lines), many, clock.now(), limit=limit)


def _numbers(found: Summed) -> tuple[Number, ...]:
    return (found.count, found.median, found.p90, found.mean)


def _means(meaning: definitions.Definitions, source: Source, asked: Asked) -> tuple[Mapping[Mean, Summed], int, int]:
    """Each mean, how many records have any of its times, and how many were looked at where that was not all."""
    lengths: dict[Mean, list[float]] = {mean: [] for mean in meaning.means}
    many = limit = 0
    for rows in source.rest:
        read = moments_of(records.newest(rows).values("pk"), meaning.moments)
        many += len(read)
        limit = records.MOST if len(read) >= records.MOST else limit
        for mean, way in meaning.means.items():
            lengths[mean] += [long for _pk, known in read if (long := definitions.length(way, known)) is not None]
    for one in source.tallies:
        held = times_of(one.times)
        many += held.known.get(asked.definitions, 0)
        for mean, way in meaning.means.items():
            lengths[mean] += held.lengths.get(way.code, ())
    return {mean: definitions.summed(found) for mean, found in lengths.items()}, many, limit


def moments_of(meant: QuerySet[Incident, object], kinds: Sequence[str]) -> list[tuple[int, Mapping[str, float | None]]]:
    """The times of these kinds in seconds, of each record that has any. One query."""
    held = Moment.objects.filter(incident__in=meant, superseded_at__isnull=True, kind__in=kinds)
    columns = {
        f"at_{kind}": Max(Seconds(Case(When(kind=kind, then=F("at")), output_field=DateTimeField()))) for kind in kinds
    }
    read = held.order_by().values("incident").annotate(**columns).values_list("incident", *columns)
    return [(pk, dict(zip(kinds, found, strict=True))) for pk, *found in read]


def kept(tile: Tile, both: Both, rows: QuerySet[Incident], asked: Asked) -> Found:
    """Clocks that stopped in time, and those that did not; one that still runs past its time did not."""
    now, then = (_kept(source, rows, asked) if source is not None else {} for source in both)
    lines = []
    for measure in Measure:
        if measure.value in now or measure.value in then:
            before = _share(then.get(measure.value, (0, 0))) if asked.compare else ()
            lines.append(Line(measure.value, _share(now.get(measure.value, (0, 0))), before=before))
    return Found(tile, KEPT, tuple(lines), sum(map(sum, now.values())), clock.now())


def _kept(source: Source, rows: QuerySet[Incident], asked: Asked) -> Mapping[str, tuple[int, int]]:
    """By measure: met, and not. A clock runs for records that are not closed only, so few are asked for that."""
    met, missed = Counter[str](), Counter[str]()
    for some in source.rest:
        stopped = Clock.objects.filter(incident__in=records.newest(some).values("uuid"), state__in=STOPPED).order_by()
        counts = stopped.values_list("measure").annotate(
            met=Count("pk", filter=Q(state=State.MET)), missed=Count("pk", filter=Q(state=State.MISSED))
        )
        for measure, good, bad in counts:
            met[measure] += good
            missed[measure] += bad
    for one in source.tallies:
        for measure, (good, bad) in kept_of(one.kept).items():
            met[measure] += good
            missed[measure] += bad
    going = records.opened(rows, asked, source.days).filter(standing__lt=STANDING[Status.CLOSED], merged_into=None)
    late = Clock.objects.filter(incident__in=going.values("uuid"), state=State.RUNNING, due_at__lte=clock.now())
    missed.update(dict(late.order_by().values_list("measure").annotate(many=Count("pk"))))
    return {one: (met[one], missed[one]) for one in {*met, *missed} if met[one] + missed[one]}


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
    said = Rating.objects.filter(incident__in=records.newest(records.opened(rows, asked, days)).values("pk"))
    return dict(said.order_by().values_list("score").annotate(many=Count("pk")))
