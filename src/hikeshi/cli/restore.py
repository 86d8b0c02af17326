"""``hikeshi restore``: a backup put in place, on either database, and held until a person releases it."""

import argparse
import json
from gettext import gettext as _
from pathlib import Path

from django.conf import settings
from django.db import connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from hikeshi.accounts import actions as accounts
from hikeshi.cli import aside, founding, occupied, rows, words
from hikeshi.cli.archive import BadArchive, Manifest, Reader, member_of
from hikeshi.cli.prepare import bring_up
from hikeshi.kernel.acting import system
from hikeshi.ledger import heads
from hikeshi.ledger.verify import Report, verify


def restore(options: argparse.Namespace) -> int:
    """Everything that can be found out is found out before anything is moved."""
    try:
        archive = Reader(options.file)
        if objection := _objection(archive.manifest, force=options.force):
            return words.complain(objection)
        archive.check(settings.MASTER_KEY)
    except (OSError, BadArchive) as error:
        return words.complain(
            _("%(file)s is not a whole backup: %(reason)s.") % {"file": options.file, "reason": error}
        )
    moved = [] if aside.empty() else aside.move()
    _fill(archive)
    bring_up()
    accounts.hold_site(by=system("command-line"))
    report = verify(against=heads.read(archive.manifest.head, settings.MASTER_KEY), state=True)
    if options.json:
        done = {"entries": report.entries, "holds": report.holds, "aside": moved}
        print(json.dumps(done))
    else:
        _tell_restored(report, moved)
    return 0 if report.holds else 1


def _tell_restored(report: Report, moved: list[str]) -> None:
    for place in moved:
        words.say(_("What was here before stands in %(place)s."), place=place)
    if report.holds:
        words.say(_("The backup is in place and its ledger holds. Entries: %(count)s."), count=report.entries)
    else:
        words.say(_("The backup is in place, but its ledger does not hold: see “hikeshi verify --state”."))
    words.say(_("The site is held: nothing leaves until “hikeshi site release”."))


def _objection(manifest: Manifest, *, force: bool) -> str:
    """Why this backup cannot be put in place here; empty if it can."""
    if manifest.public_key != heads.public_key(settings.MASTER_KEY):
        return _("The backup belongs to another key. Put the key of its site at %(path)s first.") % {
            "path": settings.ENVIRONMENT.key_file
        }
    known = MigrationLoader(None).disk_migrations
    if any(migration not in known for migration in manifest.migrations):
        return _("The backup is of a newer version: %(version)s.") % {"version": manifest.version}
    if occupied.by_a_desk(settings.ENVIRONMENT.data):
        return _("A desk is at work with the data in %(path)s. Stop it first.") % {"path": settings.ENVIRONMENT.data}
    if not force and not aside.empty():
        return _("There is a desk here already. With --force it is moved aside and replaced.")
    return ""


def _fill(archive: Reader) -> None:
    """First the tables as they were when the backup was made; ``bring_up`` then takes them to this version."""
    for alias in settings.DATABASES:
        connection = connections[alias]
        executor = MigrationExecutor(connection)
        targets = _last(archive.manifest.migrations, executor.loader)
        if founding.is_empty(alias) and set(targets) == set(executor.loader.graph.leaf_nodes()):
            founding.build(alias)
        else:
            executor.migrate(targets)
        state = executor.loader.project_state(targets).apps
        chosen = rows.tables(state, alias)
        with transaction.atomic(using=alias):
            for model in chosen:
                rows.load(model, alias, archive.lines(member_of(model._meta.db_table)))
            rows.settle_sequences(chosen, alias)
    for name in archive.manifest.members:
        if name.startswith("files/"):
            archive.extract(name, _inside(name.removeprefix("files/")))


def _last(applied: list[tuple[str, str]], loader: MigrationLoader) -> list[tuple[str, str]]:
    """Of every app, the applied migrations that no other applied one of that app builds on."""
    graph = loader.graph
    reached = {migration for migration in applied if migration in graph.nodes}
    return sorted(migration for migration in reached if not _built_on(migration, reached, loader))


def _built_on(migration: tuple[str, str], reached: set[tuple[str, str]], loader: MigrationLoader) -> bool:
    children = loader.graph.node_map[migration].children
    return any(child.key in reached and child.key[0] == migration[0] for child in children)


def _inside(relative: str) -> Path:
    """Raises BadArchive for a name that would leave the data folder."""
    target = (settings.DATA_ROOT / relative).resolve()
    if not target.is_relative_to(settings.DATA_ROOT):
        raise BadArchive(relative)
    return target
