"""The tables of a new site are made at once, and are the tables that years of updates would have left."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.postgres import Postgres
from tests.running import Site

pytestmark = [pytest.mark.server, pytest.mark.timeout(400)]
Shape = frozenset[tuple[object, ...]]
# Django's own table of groups and permissions, which nothing here uses, has a shorter key when made from its model.
COLUMNS = """select 'column', table_name, column_name, data_type, is_nullable, character_maximum_length
             from information_schema.columns where table_schema = 'public' and table_name not like 'auth_%'"""
INDEXES = "select 'index', tablename, indexdef from pg_indexes where schemaname = 'public'"
CONSTRAINTS = """select 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint
                 where connamespace = 'public'::regnamespace"""
TRIGGERS = "select 'trigger', tgrelid::regclass::text, tgname, tgtype from pg_trigger where not tgisinternal"
NOTED = "select 'noted', app, name from django_migrations"


def step_by_step(one: Site) -> None:
    code = "import django; django.setup(); from django.conf import settings; from django.core.management import "
    code += "call_command; [call_command('migrate', database=alias, verbosity=0) for alias in settings.DATABASES]"
    told = {**one.environment, "DJANGO_SETTINGS_MODULE": "hikeshi.config.settings"}
    subprocess.run([sys.executable, "-c", code], env=told, check=True, timeout=200)


def of_sqlite(one: Site) -> Shape:
    found: set[tuple[object, ...]] = set()
    for file in sorted(one.data.glob("*.sqlite3")):
        with sqlite3.connect(file) as rows:
            named = list(rows.execute("select type, tbl_name, name, sql from sqlite_master"))
            found |= {(file.name, *row[:2], row[3]) for row in named if row[0] in ("index", "trigger") and row[3]}
            for _, table, name, sql in (row for row in named if row[0] == "table"):
                columns = rows.execute(f'select name, type, "notnull", pk, dflt_value from pragma_table_info({name!r})')
                found |= {(file.name, table, *column) for column in columns}
                keys = rows.execute(f'select "from", "table", "to" from pragma_foreign_key_list({name!r})')
                found |= {(file.name, table, *key) for key in keys}
                # Columns stand in the order they came; what is demanded of them does not depend on it.
                found.add((file.name, table, sql.count(" CHECK "), sql.count(" UNIQUE "), sql.count("AUTOINCREMENT")))
            found |= {(file.name, *row) for row in rows.execute(NOTED)}
    return frozenset(found)


def of_postgresql(one: Site) -> Shape:
    with psycopg.connect(one.database_url) as rows:
        asked = (COLUMNS, INDEXES, CONSTRAINTS, TRIGGERS, NOTED)
        return frozenset(tuple(row) for question in asked for row in rows.execute(question))


@pytest.fixture
def postgres() -> Iterator[Callable[[str], str]]:
    server = Postgres()
    server.start()

    def database(name: str) -> str:
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return urlsplit(server.url)._replace(path=f"/{name}").geturl()

    yield database
    server.remove(os.getpid())


def test_tables_made_at_once_on_sqlite_are_those_of_every_migration(tmp_path: Path) -> None:
    for name in ("once", "steps"):
        (tmp_path / name / "var").mkdir(parents=True)
    once, steps = Site(tmp_path / "once/var"), Site(tmp_path / "steps/var")
    once.run("prepare")
    step_by_step(steps)
    assert of_sqlite(once) == of_sqlite(steps)


def test_tables_made_at_once_on_postgresql_are_those_of_every_migration(
    tmp_path: Path, postgres: Callable[[str], str]
) -> None:
    once, steps = (Site(tmp_path / name / "var", postgres(name)) for name in ("once", "steps"))
    once.run("prepare")
    step_by_step(steps)
    assert of_postgresql(once) == of_postgresql(steps)
