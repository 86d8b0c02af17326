"""``hikeshi backup``: the whole site but its key in one file, of one moment, while the desk works."""

import argparse
import json
from contextlib import ExitStack, suppress
from gettext import gettext as _
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.recorder import MigrationRecorder

import hikeshi
from hikeshi.cli import rows, words
from hikeshi.cli.archive import FORMAT, Manifest, Writer, member_of
from hikeshi.kernel import clock
from hikeshi.ledger import heads
from hikeshi.ledger.snapshots import as_of_one_moment

FILES = ("rules", "vault")
"""Folders below the data folder that hold what the site wrote itself, and the files of its incidents, sealed."""
PASSING = ("vault/incoming", "vault/doubted")


def backup(options: argparse.Namespace) -> int:
    target: Path = options.file
    if target.exists():
        return words.complain(_("%(file)s exists already and is left as it is.") % {"file": target})
    writer = Writer(target)
    try:
        with ExitStack() as moments:
            # The inbox first: what is digested between the two moments is then in both, and its receipt makes the
            # second digest skip it. The other way round it would be in neither.
            for alias in sorted(settings.DATABASES, key=lambda name: name == DEFAULT_DB_ALIAS):
                moments.enter_context(as_of_one_moment(connections[alias]))
            manifest = _write(writer)
        writer.close(manifest, settings.MASTER_KEY)
    except BaseException:
        writer.abandon()
        raise
    entries = heads.read(manifest.head, settings.MASTER_KEY).number
    if options.json:
        print(json.dumps({"file": str(target), "entries": entries}, ensure_ascii=False))
    else:
        words.say(_("Everything but the key stands in %(file)s. Entries: %(count)s."), file=target, count=entries)
        words.say(
            _("Without the key it opens nothing: keep a copy of %(path)s elsewhere."),
            path=settings.ENVIRONMENT.key_file,
        )
    return 0


def _write(writer: Writer) -> Manifest:
    for alias in settings.DATABASES:
        for model in rows.tables(apps, alias):
            writer.add(member_of(model._meta.db_table), rows.dump(model, alias))
    for folder in FILES:
        for path in sorted((settings.DATA_ROOT / folder).rglob("*")):
            _keep(writer, path)
    return _manifest(writer)


def _keep(writer: Writer, path: Path) -> None:
    """Rows first, then files: what is attached between the two has no row here, and restoring sweeps it away."""
    name = path.relative_to(settings.DATA_ROOT).as_posix()
    if name.startswith(PASSING) or not path.is_file():
        return
    with suppress(FileNotFoundError):  # removed from its record this very moment
        writer.add_file(f"files/{name}", path)


def _manifest(writer: Writer) -> Manifest:
    return Manifest(
        format=FORMAT,
        version=hikeshi.__version__,
        made_at=clock.now(),
        database=connections[DEFAULT_DB_ALIAS].vendor,
        public_key=heads.public_key(settings.MASTER_KEY),
        head=heads.sign(settings.MASTER_KEY),
        migrations=sorted(MigrationRecorder(connections[DEFAULT_DB_ALIAS]).applied_migrations()),
        members=writer.members,
    )
