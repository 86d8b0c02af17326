"""New rows and changed columns of a few rows, by statements that are worked out once: inside actions, on the way from
an alert to a telephone, where each row that Django works out anew costs half a millisecond of somebody's sleep.

The values are Django's own, field by field. Nothing here checks a row, nor tells anybody of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias, cast

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Model

from hikeshi.kernel import straight

Stored: TypeAlias = int | str | None
_NONE: Final = type(None)
_AS_THEY_ARE: Final[dict[type, frozenset[type]]] = {
    **dict.fromkeys((models.CharField, models.TextField), frozenset({str, _NONE})),
    **dict.fromkeys((models.IntegerField, models.BigIntegerField, models.SmallIntegerField), frozenset({int, _NONE})),
    **dict.fromkeys((models.PositiveIntegerField, models.PositiveSmallIntegerField), frozenset({int, _NONE})),
    **dict.fromkeys((models.ForeignKey, models.OneToOneField), frozenset({int, _NONE})),
    **dict.fromkeys((models.BooleanField,), frozenset({bool, _NONE})),
}
"""Values that a column of this kind keeps as they are. Everything else is made by Django."""
FEW: Final = 8
"""More rows at once are Django's: it works its statement out once for all of them."""


@dataclass(frozen=True, slots=True)
class _Columns:
    table: str
    fields: tuple["Field[object, object]", ...]

    def of(self, row: Model, *, new: bool) -> list[Stored]:
        here = straight.main()
        stored = [_stored(one, one.pre_save(row, new), here) for one in self.fields]
        return cast("list[Stored]", stored)  # as the driver takes them


def _stored(field: "Field[object, object]", value: object, here: BaseDatabaseWrapper) -> object:
    """What Django makes of it, without asking Django where that is the value itself, as it mostly is on SQLite."""
    if here.vendor == "sqlite" and type(value) in _AS_THEY_ARE.get(type(field), ()):
        return value
    return field.get_db_prep_save(value, here)


def keep_new(rows: Sequence[Model], *, once: bool = False) -> None:
    """Rows of one model, none of them kept before; they have their keys afterwards. ``once``: those whose like is there
    already are passed over, and none of them learns its key.
    """
    if not rows:
        return
    model = type(rows[0])
    if len(rows) > FEW:
        model._default_manager.bulk_create(rows, ignore_conflicts=once, batch_size=500)
        return
    columns = _columns_of(model)
    values = [value for row in rows for value in columns.of(row, new=True)]
    here = straight.main()
    found = straight.run(here, _insertion(model, len(rows), once), values)
    keys = [] if once else [key for (key,) in found.fetchall()]
    for row, key in zip(rows, keys, strict=False):
        row.pk = key
        row._state.adding, row._state.db = False, here.alias


def keep_change(row: Model, *names: str) -> None:
    """These columns of a row that is there. Raises ObjectDoesNotExist where it is gone."""
    model = type(row)
    columns = _some_of(model, names)
    here = straight.main()
    key = model._meta.pk.get_db_prep_save(row.pk, here)
    if straight.run(here, _change(model, names), [*columns.of(row, new=False), key]).rowcount != 1:
        raise ObjectDoesNotExist(f"{columns.table} has no row {row.pk}")


@lru_cache(maxsize=256)
def _columns_of(model: type[Model]) -> _Columns:
    """All but a key that the database gives."""
    meta = model._meta
    return _Columns(meta.db_table, tuple(one for one in meta.local_concrete_fields if one is not meta.auto_field))


@lru_cache(maxsize=256)
def _some_of(model: type[Model], names: tuple[str, ...]) -> _Columns:
    fields = {name: one for one in model._meta.local_concrete_fields for name in (one.name, one.attname)}
    return _Columns(model._meta.db_table, tuple(fields[name] for name in names))


@lru_cache(maxsize=256)
def _insertion(model: type[Model], count: int, once: bool) -> str:
    columns = _columns_of(model)
    names = ", ".join(_quoted(str(one.column)) for one in columns.fields)
    marks = ", ".join([f"({', '.join(['%s'] * len(columns.fields))})"] * count)
    end = "ON CONFLICT DO NOTHING" if once else f"RETURNING {_quoted(str(model._meta.pk.column))}"
    return f"INSERT INTO {_quoted(columns.table)} ({names}) VALUES {marks} {end}"  # noqa: S608  # our own names


@lru_cache(maxsize=256)
def _change(model: type[Model], names: tuple[str, ...]) -> str:
    columns = _some_of(model, names)
    said = ", ".join(f"{_quoted(str(one.column))} = %s" for one in columns.fields)
    return f"UPDATE {_quoted(columns.table)} SET {said} WHERE {_quoted(str(model._meta.pk.column))} = %s"  # noqa: S608  # same


def _quoted(name: str) -> str:
    """As both databases quote names."""
    return f'"{name}"'
