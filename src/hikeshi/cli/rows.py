"""Rows out of a database and into another, whichever of the two kinds it is.

They travel through Django's fields, not as the database writes them, so a SQLite site's backup also starts a PostgreSQL
site. They go in by plain INSERT, every column as it was: actions would record them as done today.
"""

import base64
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import TypeAlias

import msgspec
from django.apps.registry import Apps
from django.core.management.color import no_style
from django.db import connections, models, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.state import StateApps

BATCH = 500
# A cookie that was valid when the backup was made must not open the restored desk. The words of the search are made
# anew from what is restored.
LEFT_OUT = frozenset({"accounts_session", "django_session", "search_document", "search_progress"})
Field: TypeAlias = "models.Field[object, object]"
Value: TypeAlias = str | int | float | bytes | datetime | None


def tables(apps: Apps | StateApps, alias: str) -> list[type[models.Model]]:
    """Every table of this database that a backup holds, in a settled order."""
    kept = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
        and not model._meta.proxy
        and model._meta.db_table not in LEFT_OUT
        and router.allow_migrate_model(alias, model)
    ]
    return sorted(kept, key=lambda model: model._meta.db_table)


def _fields(model: type[models.Model]) -> list[Field]:
    return [field for field in model._meta.concrete_fields if not getattr(field, "generated", False)]


def dump(model: type[models.Model], alias: str) -> Iterator[bytes]:
    """Lines of NDJSON: the columns, then the rows by primary key."""
    encode = msgspec.json.Encoder().encode
    fields = _fields(model)
    yield encode([field.column for field in fields]) + b"\n"
    rows = model._base_manager.using(alias).order_by("pk").values_list(*[field.attname for field in fields])
    for row in rows.iterator(chunk_size=2000):
        yield encode(row) + b"\n"


def load(model: type[models.Model], alias: str, lines: Iterable[bytes]) -> int:
    """Puts the rows in place of whatever the migrations put there; answers how many. Inside a transaction."""
    connection = connections[alias]
    rest = iter(lines)
    named = {field.column: field for field in _fields(model)}
    header = msgspec.json.decode(next(rest), type=list[str])
    convert = [_converter(named[column], connection) for column in header]
    decode = msgspec.json.Decoder(list).decode
    quote = connection.ops.quote_name
    table, columns = quote(model._meta.db_table), ", ".join(quote(column) for column in header)
    insert = f"INSERT INTO {table} ({columns}) VALUES ({', '.join(['%s'] * len(header))})"  # noqa: S608  # quoted names
    count = 0
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")  # noqa: S608  # a quoted name
        while batch := [
            tuple(into(value) for into, value in zip(convert, decode(line), strict=True))
            for line in islice(rest, BATCH)
        ]:
            cursor.executemany(insert, batch)
            count += len(batch)
    return count


def _converter(field: Field, connection: BaseDatabaseWrapper) -> Callable[[Value], Value]:
    """From JSON to what this database's driver takes."""
    if isinstance(field, models.BinaryField):
        return lambda value: None if value is None else base64.b64decode(str(value))
    if isinstance(field, models.DateTimeField):
        adapt = connection.ops.adapt_datetimefield_value
        return lambda value: None if value is None else adapt(datetime.fromisoformat(str(value)))
    return lambda value: field.get_db_prep_save(field.to_python(value), connection=connection)


def settle_sequences(chosen: list[type[models.Model]], alias: str) -> None:
    """The next row made gets a number of its own."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), chosen):
            cursor.execute(statement)
