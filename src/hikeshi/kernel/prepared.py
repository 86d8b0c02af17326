"""Questions that are always the same but for a value or two: their statement is worked out once.

Most of what a page spends on its database is Django building the same SQL anew, and working out again what the columns
that come back become. A prepared question keeps both as Django's compiler made them, and takes up the values of each
asking; the rows are Django's own, and so is what hangs on them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Generic, TypeAlias, TypeVar, cast
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, QuerySet, prefetch_related_objects
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    RelatedPopulator,
    ValuesListIterable,
    get_related_populators,
)
from django.db.models.sql.compiler import SQLCompiler

from hikeshi.kernel import straight

Value = int | str | datetime | UUID
Row = TypeVar("Row")

# Values no row has: where they come out of the compiler, those of an asking go in.
_STAND_INS: Final[dict[type, Callable[[int], Value]]] = {
    int: lambda place: 0x3FFF_FFFF_FFFF_0000 + place,
    str: lambda place: f"\ue000{place}\ue000",
    datetime: lambda place: datetime(9998, 12, 31, tzinfo=UTC) + timedelta(microseconds=place),
    UUID: lambda place: UUID(int=(0xE0F0 << 112) + place),
}
_MOST_PARAMS: Final = 30_000  # SQLite takes 32,766 in one statement

_KINDS: Final[tuple[type, ...]] = (ModelIterable, ValuesListIterable, FlatValuesListIterable)


@dataclass(frozen=True, slots=True)
class _Made(Generic[Row]):
    """How rows are made of what comes back, as the query set would: of models with what was selected beside them, of
    tuples or of single values. ``converters``: by place, what turns a stored value into the one people mean.
    """

    compiler: SQLCompiler
    kind: type
    converters: tuple[tuple[int, list[Callable[..., object]], object], ...]
    columns: int
    names: tuple[str, ...] = ()
    begin: int = 0
    end: int = 0
    beside: tuple[RelatedPopulator, ...] = ()

    def of(self, rows: QuerySet[Model, Row], alias: str, found: Sequence[Sequence[object]]) -> list[Row]:
        if self.converters:
            found = [self._converted(one) for one in found]
        if self.kind is FlatValuesListIterable:
            made: list[object] = [one[0] for one in found]
        elif self.kind is ValuesListIterable:
            made = [tuple(one[: self.columns]) for one in found]
        else:
            made = [self._model(alias, rows.model, one) for one in found]
        return cast("list[Row]", made)

    def _converted(self, stored: Sequence[object]) -> list[object]:
        row = list(stored)
        for place, converters, expression in self.converters:
            for converter in converters:
                row[place] = converter(row[place], expression, self.compiler.connection)
        return row

    def _model(self, alias: str, model: type[Model], row: Sequence[object]) -> Model:
        one = model.from_db(alias, self.names, row[self.begin : self.end])
        for populator in self.beside:
            populator.populate(row, one)
        for name, place in self.compiler.annotation_col_map.items():
            setattr(one, name, row[place])
        return one


@dataclass(frozen=True, slots=True)
class _Statement(Generic[Row]):
    """``params``: what goes into ``sql`` in order; a stand-in among them means the value of that name in ``names``."""

    rows: QuerySet[Model, Row]
    made: _Made[Row]
    alias: str
    vendor: str
    sql: str
    params: tuple[object, ...]
    names: dict[object, str]

    def params_of(self, values: Mapping[str, Value]) -> tuple[object, ...]:
        here = connections[self.alias]
        stored = {name: _stored(one, here) for name, one in values.items()}
        return tuple([stored[self.names[one]] if one in self.names else one for one in self.params])

    def asked(self, values: dict[str, Value]) -> list[Row]:
        here = connections[self.alias]
        found = self.made.of(self.rows, self.alias, straight.run(here, self.sql, self.params_of(values)).fetchall())
        if lookups := cast("Sequence[str]", vars(self.rows)["_prefetch_related_lookups"]):
            prefetch_related_objects(cast("list[Model]", found), *lookups)
        return found


def _made(rows: QuerySet[Model, Row], compiler: SQLCompiler) -> _Made[Row]:
    """Worked out once, from a compiler that has its statement. Raises TypeError for rows of another kind."""
    kind: type = rows._iterable_class
    select = compiler.select
    if kind not in _KINDS or vars(rows)["_known_related_objects"]:
        raise TypeError(f"rows of this kind are not prepared: {kind.__name__}")
    expressions = [one[0] for one in select[: compiler.col_count]]
    converters = tuple((place, *both) for place, both in compiler.get_converters(expressions).items())
    if kind is not ModelIterable:
        return _Made(compiler, kind, converters, len(expressions))
    klass = compiler.klass_info
    begin, end = klass["select_fields"][0], klass["select_fields"][-1] + 1
    names = tuple(one[0].target.attname for one in select[begin:end])
    beside = tuple(get_related_populators(klass, select, rows.db))  # type: ignore[call-arg]  # typed as a later Django's
    return _Made(compiler, kind, converters, len(expressions), names, begin, end, beside)


def _stored(value: Value, connection: BaseDatabaseWrapper) -> object:
    """As Django hands it to the driver: times and UUIDs have their own form in each database."""
    if isinstance(value, UUID):
        return value if connection.features.has_native_uuid_field else value.hex
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


Known: TypeAlias = dict[tuple[object, ...], list[object]]
_known: ContextVar[Known | None] = ContextVar("prepared_known", default=None)


@contextmanager
def asked_once(known: Known | None = None) -> Iterator[None]:
    """Within it a settled question is asked once: for an act that changes nothing of what these are about, and is over
    in a moment. Inside another it is the other's; ``known``: what was asked before it, of the same act.
    """
    if _known.get() is not None:
        yield
        return
    token = _known.set({} if known is None else known)
    try:
        yield
    finally:
        _known.reset(token)


def known_by_now() -> Known:
    """What was asked once so far, for what belongs to the act and comes after it."""
    return _known.get() or {}


class Prepared(Generic[Row]):
    """``build`` makes the question once, from stand-ins it hands on without looking at them; ``kinds`` says what an
    asking gives. What Django turns into another value on the way (a list, a JSON) cannot be left open.
    """

    def __init__(self, build: Callable[..., QuerySet[Model, Row]], **kinds: type[Value]) -> None:
        self._build = build
        self._kinds = kinds
        self._statement: _Statement[Row] | None = None

    def __call__(self, **values: Value) -> list[Row]:
        """The rows, in one query and those it prefetches. Raises TypeError for values it was not prepared for."""
        if {name: type(one) for name, one in values.items()} != self._kinds:
            raise TypeError(f"prepared for {self._kinds}, asked with {values.keys()}")
        statement = self._statement
        if statement is None or statement.vendor != connections[statement.alias].vendor:
            statement = self._statement = _worked_out(self._build, self._kinds)
        return statement.asked(values)


def _worked_out(build: Callable[..., QuerySet[Model, Row]], kinds: Mapping[str, type[Value]]) -> _Statement[Row]:
    stand_ins = {name: _STAND_INS[kind](place) for place, (name, kind) in enumerate(kinds.items())}
    rows = build(**stand_ins)
    compiler = rows.query.get_compiler(using=rows.db)
    sql, params = compiler.as_sql()
    names: dict[object, str] = {_stored(one, connections[rows.db]): name for name, one in stand_ins.items()}
    if not names.keys() <= set(params):
        raise TypeError("a value does not come out of the compiler as it went in")
    made = _made(rows, compiler)
    return _Statement(rows, made, rows.db, connections[rows.db].vendor, sql, tuple(params), names)


def asked_of_each(build: Callable[..., QuerySet[Model, int]], each: Sequence[Mapping[str, Value]]) -> list[list[int]]:
    """What ``build`` finds, whole numbers in its order, with each of these sets of values, in one query; its statement
    is worked out for the first of them. It may be cut off, which a union of Django's own may not on every database.
    Where it names thousands itself, it is more than one query: a database takes only so many values.
    """
    found: list[list[int]] = [[] for _ in each]
    if not each:
        return found
    try:
        statement = _worked_out(build, {name: type(one) for name, one in each[0].items()})
    except EmptyResultSet:
        return found
    at_once = max(1, _MOST_PARAMS // (len(statement.params) + 1))
    for first in range(0, len(each), at_once):
        for number, key in _asked_together(statement, each[first : first + at_once]):
            found[first + number].append(key)
    return found


def _asked_together(statement: _Statement[int], each: Sequence[Mapping[str, Value]]) -> Iterator[tuple[int, int]]:
    here = connections[statement.alias]
    part = f"SELECT %s AS number, one.* FROM ({statement.sql}) one"  # noqa: S608  # Django's own statement
    params = [one for number, values in enumerate(each) for one in (number, *statement.params_of(values))]
    yield from straight.run(here, " UNION ALL ".join([part] * len(each)), params).fetchall()


class Settled(Prepared[Row]):
    """About what people set up, which no act of the desk's own changes: such an act asks it once (``asked_once``)."""

    def __call__(self, **values: Value) -> list[Row]:
        known = _known.get()
        if known is None:
            return super().__call__(**values)
        key = (self, *values.values())
        if key not in known:
            known[key] = cast("list[object]", super().__call__(**values))
        return cast("list[Row]", list(known[key]))
