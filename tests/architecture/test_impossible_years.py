"""Rows with the first or the last moment there is, as older versions took them, break no page, feed or file."""

from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.db.models.expressions import RawSQL

from tests.architecture import scene as scenes
from tests.architecture.test_every_url import TABLES, come_to

BEYOND = ("0044-03-15 00:00+00 BC", "10000-06-01 00:00+00", "infinity")
"""What PostgreSQL takes and Python does not know."""
FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
KEPT = ("accounts.Session", "accounts.SecondFactor", "ledger.")
"""What lets somebody in at all, and what no row may change."""


def write_everywhere(at: object) -> int:
    """Every moment of every row, past every check; how many columns took it."""
    taken = 0
    for model in apps.get_models():
        if not model.__module__.startswith("hikeshi.") or model._meta.label.startswith(KEPT):
            continue
        for field in model._meta.concrete_fields:
            if not isinstance(field, models.DateTimeField) or field.name == "password_changed_at":
                continue
            try:
                with transaction.atomic():
                    rows = model._default_manager.filter(**{f"{field.name}__isnull": False})
                    taken += bool(rows.update(**{field.name: at}))
            except DatabaseError:  # the database itself forbids it
                continue
    return taken


@pytest.mark.parametrize("viewer", ["member", "administrator"])
@pytest.mark.parametrize(("at", "zone"), [(FIRST, "America/Los_Angeles"), (LAST, "Asia/Tokyo")])
@pytest.mark.parametrize("table", TABLES)
def test_no_page_breaks_over_a_moment_that_has_no_year_where_its_reader_is(
    table: str, at: datetime, zone: str, viewer: str
) -> None:
    assert broken(table, at, zone, viewer) == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's rows hold no such moment")
@pytest.mark.parametrize("at", BEYOND)
def test_no_page_breaks_over_a_moment_beyond_all_years(at: str) -> None:
    moment = RawSQL("%s::timestamptz", [at])  # a constant of this file
    assert broken("pages", moment, "Asia/Tokyo", "administrator") == []


def broken(table: str, at: object, zone: str, viewer: str) -> list[str]:
    rows, sign = TABLES[table]
    scene = scenes.built()
    caller = sign(scene, viewer)
    scene.viewers[viewer].time_zone = zone
    scene.viewers[viewer].save(update_fields=["time_zone"])
    assert write_everywhere(at) > 50
    found = []
    for line, row in rows.items():
        if line.startswith("GET "):
            try:
                come_to(line, row, scene, caller)
            except AssertionError as error:
                found.append(f"{error}".splitlines()[0])
    return found
