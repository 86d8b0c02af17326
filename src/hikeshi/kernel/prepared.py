"""Questions that are always the same but for a value or two: their statement is worked out once.

Most of what a page spends on its database is Django building the same SQL anew. A prepared question keeps what Django's
compiler made of it and takes up the values of each asking; Django still makes the rows, and those that hang on them.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Generic, TypeVar
from uuid import UUID

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler

Value = int | str | datetime | UUID
Row = TypeVar("Row")

# Values no row has: where they come out of the compiler, those of an asking go in.
_STAND_INS: Final[dict[type, Callable[[int], Value]]] = {
    int: lambda place: 0x3FFF_FFFF_FFFF_0000 + place,
    str: lambda place: f"\ue000{place}\ue000",
    datetime: lambda place: datetime(9998, 12, 31, tzinfo=UTC) + timedelta(microseconds=place),
    UUID: lambda place: UUID(int=(0xE0F0 << 112) + place),
}

# How a query set makes rows of what comes back: of models, tuples or single values, with what is fetched after them.
_SHAPE: Final = ("_iterable_class", "_fields", "_prefetch_related_lookups")


@dataclass(frozen=True, slots=True)
class _Statement(Generic[Row]):
    """``params``: what goes into ``sql`` in order; a stand-in among them means the value of that name in ``names``."""

    rows: QuerySet[Model, Row]
    compiler: SQLCompiler
    vendor: str
    sql: str
    params: tuple[object, ...]
    names: dict[object, str]

    def asked(self, values: dict[str, Value]) -> list[Row]:
        """A query set of this one's kind, whose compiler has its statement already."""
        compiler = copy.copy(self.compiler)
        compiler.connection = connections[self.rows.db]
        stored = {name: _stored(one, compiler.connection) for name, one in values.items()}
        params = tuple(stored[self.names[one]] if one in self.names else one for one in self.params)
        query = copy.copy(self.rows.query)
        vars(compiler)["as_sql"] = lambda *_, **__: (self.sql, params)
        vars(query)["get_compiler"] = lambda *_, **__: compiler
        rows = type(self.rows)(model=self.rows.model, query=query)
        for name in _SHAPE:
            setattr(rows, name, getattr(self.rows, name))
        return list(rows)


def _stored(value: Value, connection: BaseDatabaseWrapper) -> object:
    """As Django hands it to the driver: times and UUIDs have their own form in each database."""
    if isinstance(value, UUID):
        return value if connection.features.has_native_uuid_field else value.hex
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


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
        if statement is None or statement.vendor != connections[statement.rows.db].vendor:
            statement = self._statement = self._worked_out()
        return statement.asked(values)

    def _worked_out(self) -> _Statement[Row]:
        stand_ins = {name: _STAND_INS[kind](place) for place, (name, kind) in enumerate(self._kinds.items())}
        rows = self._build(**stand_ins)
        compiler = rows.query.get_compiler(using=rows.db)
        sql, params = compiler.as_sql()
        names: dict[object, str] = {_stored(one, connections[rows.db]): name for name, one in stand_ins.items()}
        if not names.keys() <= set(params):
            raise TypeError("a value does not come out of the compiler as it went in")
        return _Statement(rows, compiler, connections[rows.db].vendor, sql, tuple(params), names)
