"""Figures that are counts of records. One look at the index serves all of them that a board holds.

Cost: the counters of the period's days, one for each place, kind and class that had any, and of what stands in none a
stretch of the index of openings; for what is open, that of the open records.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from django.db.models import Count, QuerySet

from hikeshi.accounts.models import Organisation, Person
from hikeshi.figures.asking import GRAVE, Asked, opened
from hikeshi.figures.codes import AGES, Age, By, Figure, Tile
from hikeshi.figures.periods import pieces
from hikeshi.figures.queries import rows as records
from hikeshi.figures.queries.tallied import Source
from hikeshi.figures.results import Found, Line, Series
from hikeshi.figures.tallying import every_day, priorities_of
from hikeshi.incidents.models import Incident
from hikeshi.kernel import clock
from hikeshi.lists.conditions import Condition
from hikeshi.lists.fields import Field, Op

NEAR_MISS: Final = "near_miss"
NOBODY: Final = "none"
MOST_LINES: Final = 50
EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Cell:
    """So many records alike; ``place`` is their piece of time or band of age."""

    place: int
    kind: str
    priority: int
    record_class: str
    organisation: int
    owner: int | None
    many: int


def cells(source: Source, asked: Asked) -> list[Cell]:
    """Those opened in these days."""
    parts = pieces(source.days)
    bounds = [asked.moment(one.until) for one in parts[:-1]]
    keys = ("place", "kind", "priority", "record_class", "organisation")
    found = []
    for rows in source.rest:
        counted = rows.annotate(place=records.placed(bounds)).values_list(*keys).annotate(many=Count("pk"))
        found += [Cell(*key, None, many) for *key, many in counted]  # type: ignore[call-arg]  # as many as ``keys``
    places = {day: place for place, piece in enumerate(parts) for day in every_day(piece)}
    for one in source.tallies:
        for priority, many in priorities_of(one.priorities).items():
            found.append(Cell(places[one.day], one.kind, priority, one.record_class, one.organisation, None, many))
    return found


def standing(rows: QuerySet[Incident], asked: Asked) -> list[Cell]:
    """Those open now; the oldest band is the first. One query; that they were opened at all points it to the index in
    which everything stands that is counted by.
    """
    bounds = [asked.moment(since) for since, _until in reversed(_bands(asked)) if since]
    open_now = rows.filter(standing=0, opened_at__gte=EVER).order_by().annotate(place=records.placed(bounds))
    keys = ("place", "kind", "priority", "record_class", "organisation", "owner")
    return [Cell(*key) for key in open_now.values_list(*keys).annotate(many=Count("pk"))]


def _bands(asked: Asked) -> list[tuple[date | None, date | None]]:
    """First and last day of opening, the youngest band first; None: no end."""
    today = clock.now().astimezone(asked.zone).date()
    starts: list[date | None] = [today - timedelta(days=most) for most in AGES.values()]
    untils: list[date | None] = [None, *starts[:]]
    return list(zip([*starts, None], untils, strict=True))


@dataclass(frozen=True, slots=True)
class Counted:
    """``before`` is None where no comparison is asked."""

    asked: Asked
    now: Sequence[Cell]
    before: Sequence[Cell] | None


def counted(tile: Tile, source: Counted) -> Found:
    """OPENED, OPEN and LOAD."""
    still = tile.figure != Figure.OPENED
    make = _DIVISIONS[tile.by]
    lines = make(source, not still)
    previous = None if source.before is None or still else sum(one.many for one in source.before)
    asked, open_now = source.asked, [Condition(Field.STATUS, Op.IS, ("open",))]
    return Found(
        tile,
        (Series("records"),),
        tuple(lines[:MOST_LINES]),
        sum(one.many for one in source.now),
        clock.now(),
        previous,
        asked.filter(*open_now) if still else asked.filter(days=asked.days),
        MOST_LINES if len(lines) > MOST_LINES else 0,
    )


def near_misses(tile: Tile, source: Counted) -> Found:
    """Beside the incidents and accidents of the same time."""
    wanted = ((NEAR_MISS,), GRAVE)
    now = [_places(source.now, held) for held in wanted]
    then = [_places(source.before or (), held) for held in wanted]
    asked, lines = source.asked, []
    for place, piece in enumerate(pieces(asked.days)):
        filters = tuple(asked.filter(Condition(Field.CLASS, Op.IS, held), days=piece) for held in wanted)
        before = tuple(one[place] for one in then) if source.before is not None else ()
        lines.append(Line(piece.since.isoformat(), tuple(one[place] for one in now), filters, before))
    total, compared = (sum(found[0].values()) for found in (now, then))
    series, whole = (Series(NEAR_MISS), Series("grave")), Condition(Field.CLASS, Op.IS, (NEAR_MISS,))
    previous = compared if source.before is not None else None
    listed = asked.filter(whole, days=asked.days)
    return Found(tile, series, tuple(lines), total, clock.now(), previous, listed)


def _places(found: Iterable[Cell], classes: Sequence[str] = ()) -> Counter[int]:
    sums: Counter[int] = Counter()
    for one in found:
        if not classes or one.record_class in classes:
            sums[one.place] += one.many
    return sums


def _by_time(source: Counted, timed: bool) -> list[Line]:
    now, then = (_places(found) for found in (source.now, source.before or ()))
    return [
        Line(
            piece.since.isoformat(),
            (now[place],),
            (source.asked.filter(days=piece),),
            (then[place],) if source.before is not None else (),
        )
        for place, piece in enumerate(pieces(source.asked.days))
    ]


def _by_age(source: Counted, timed: bool) -> list[Line]:
    found, bands = _places(source.now), _bands(source.asked)
    lines = []
    for place, (age, (since, before)) in enumerate(zip(Age, bands, strict=True)):
        status = Condition(Field.STATUS, Op.IS, ("open",))
        listed = source.asked.filter(status, *opened(since, before))
        lines.append(Line(age.value, (found[len(bands) - 1 - place],), (listed,)))
    return lines


def _by_code(field: Field, value: Callable[[Cell], str]) -> Callable[[Counted, bool], list[Line]]:
    def lines(source: Counted, timed: bool) -> list[Line]:
        now, then = _sums(source.now, value), _sums(source.before or (), value)
        codes = sorted({*now, *(then if timed else ())}, key=lambda code: (-now[code], code))
        if field == Field.PRIORITY:
            codes.sort()
        return [_line(source, timed, Condition(field, Op.IS, (code,)), (now[code], then[code])) for code in codes]

    return lines


def _sums(found: Iterable[Cell], value: Callable[[Cell], str]) -> Counter[str]:
    sums: Counter[str] = Counter()
    for one in found:
        sums[value(one)] += one.many
    return sums


def _line(source: Counted, timed: bool, which: Condition, numbers: tuple[int, int], name: str = "") -> Line:
    asked, (now, then) = source.asked, numbers
    if timed:
        before = (then,) if source.before is not None else ()
        return Line(which.values[0], (now,), (asked.filter(which, days=asked.days),), before, name)
    return Line(which.values[0], (now,), (asked.filter(which, Condition(Field.STATUS, Op.IS, ("open",))),), name=name)


def _by_organisation(source: Counted, timed: bool) -> list[Line]:
    """Each with all that lies below it."""
    held = {one.organisation for found in (source.now, source.before or ()) for one in found}
    paths = dict(Organisation.objects.filter(pk__in=held).values_list("pk", "path"))
    above = {int(step) for path in paths.values() for step in path.strip("/").split("/")}
    places = Organisation.objects.filter(pk__in=above).order_by("path").values_list("uuid", "name", "path")
    lines = []
    for uuid, name, path in places:
        inside = {pk for pk, where in paths.items() if where.startswith(path)}
        now, then = (
            sum(one.many for one in found if one.organisation in inside) for found in (source.now, source.before or ())
        )
        lines.append(_line(source, timed, Condition(Field.ORGANISATION, Op.IS, (str(uuid),)), (now, then), name))
    return lines


def _by_owner(source: Counted, timed: bool) -> list[Line]:
    sums = Counter[int | None]()
    for one in source.now:
        sums[one.owner] += one.many
    known = Person.objects.filter(pk__in=[one for one in sums if one]).values_list("pk", "uuid", "name")
    people: dict[int | None, tuple[str, str]] = {None: (NOBODY, "")}
    people.update({pk: (str(uuid), name) for pk, uuid, name in known})
    ordered = sorted(sums, key=lambda one: (one is not None, -sums[one], people[one][1]))
    return [
        _line(
            source,
            timed,
            Condition(Field.OWNER, Op.IS, (people[one][0],)),
            (sums[one], 0),
            people[one][1],
        )
        for one in ordered
    ]


_DIVISIONS: Final[Mapping[By, Callable[[Counted, bool], list[Line]]]] = {
    By.TIME: _by_time,
    By.AGE: _by_age,
    By.KIND: _by_code(Field.KIND, lambda one: one.kind),
    By.PRIORITY: _by_code(Field.PRIORITY, lambda one: str(one.priority)),
    By.CLASS: _by_code(Field.CLASS, lambda one: one.record_class),
    By.ORGANISATION: _by_organisation,
    By.OWNER: _by_owner,
}
