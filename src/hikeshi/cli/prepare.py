"""``hikeshi prepare``: the database as this version wants it, and what a site cannot be without. Harmless to repeat."""

import argparse
from gettext import gettext as _

from django.conf import settings
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor

from hikeshi.accounts import actions as accounts
from hikeshi.cli import founding, words
from hikeshi.config import environment
from hikeshi.kernel import learning
from hikeshi.kernel.acting import system
from hikeshi.kernel.worlds import World
from hikeshi.ledger import reactions, triggers


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
    learning.learn(connections[DEFAULT_DB_ALIAS])
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
