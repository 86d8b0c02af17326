"""``hikeshi prepare``: the database as this version wants it, and what a site cannot be without. Harmless to repeat."""

import argparse
from collections.abc import Mapping
from gettext import gettext as _
from typing import Final

from django.conf import settings
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.migrations.executor import MigrationExecutor

from hikeshi.accounts import actions as accounts
from hikeshi.cli import founding, words
from hikeshi.config import environment
from hikeshi.kernel.acting import system
from hikeshi.kernel.worlds import World
from hikeshi.ledger import reactions, triggers

SMALL: Final = 10_000
"""Rows of a table that needs no looking at."""
GROWN: Final = 4


def prepare(options: argparse.Namespace) -> int:
    prepared = bring_up(World(options.world))
    if prepared.password:
        words.say(
            _("The first user is %(username)s. The password, shown this once: %(password)s"),
            username=prepared.username,
            password=prepared.password,
        )
    return 0


def bring_up(world: World = World.REAL, organisation: str = "Hikeshi", password: str = "") -> accounts.Prepared:
    migrate()
    learn(connections[DEFAULT_DB_ALIAS])
    triggers.install(connections[DEFAULT_DB_ALIAS])
    site = settings.ENVIRONMENT
    prepared = accounts.bootstrap(
        by=system("command-line"),
        password=environment.text("HIKESHI_ADMIN_PASSWORD", password),
        organisation=organisation,
        language=site.language,
        time_zone=site.time_zone,
        world=world,
    )
    reactions.begin()
    return prepared


def learn(connection: BaseDatabaseWrapper) -> None:
    """What SQLite goes by when it chooses an index: nothing of its own makes it look, and of a table that an upgrade
    made anew it forgets. Looked at is what is large, and was never looked at or has grown to ``GROWN`` times as much:
    a second or so for a million rows. Small ones are left out: what is known of them would be believed when they have
    grown. Elsewhere the database sees to it.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        known = _known(cursor)
        for table in connection.introspection.django_table_names(only_existing=True):
            name = connection.ops.quote_name(table)
            cursor.execute(f"SELECT MAX(rowid) FROM {name}")  # noqa: S608  # a table of ours; as many as ever were
            if (cursor.fetchone()[0] or 0) <= max(SMALL, GROWN * known.get(table, 0)):
                continue
            cursor.execute(f"SELECT 1 FROM {name} LIMIT 1 OFFSET {SMALL}")  # noqa: S608  # the same
            if cursor.fetchone() is not None:
                cursor.execute(f"ANALYZE {name}")


def _known(cursor: CursorWrapper) -> Mapping[str, int]:
    """How many rows each table had when it was looked at."""
    cursor.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'")
    if cursor.fetchone() is None:
        return {}
    # An index may hold some rows alone. The number before the first blank is that of its rows.
    cursor.execute("SELECT tbl, MAX(CAST(stat AS INTEGER)) FROM sqlite_stat1 GROUP BY tbl")
    return dict(cursor.fetchall())


def is_behind() -> bool:
    """Whether an older version made this database and this one has not brought it up to date."""
    return any(not founding.is_empty(alias) and _missing(alias) for alias in settings.DATABASES)


def _missing(alias: str) -> bool:
    executor = MigrationExecutor(connections[alias])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def migrate() -> None:
    """Asks first whether there is anything to do: a restart must not wait for what was done long ago."""
    for alias in settings.DATABASES:
        if founding.is_empty(alias):
            founding.build(alias)
            emit_post_migrate_signal(verbosity=0, interactive=False, db=alias)
            continue
        if _missing(alias):
            call_command("migrate", database=alias, interactive=False, verbosity=0)
