"""A site of a bench's own: in a folder that goes with the process, or on HIKESHI_DATABASE_URL, which must be empty."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

ON: Final = ("sqlite", "postgresql")


def prepare(kept: Path | None = None, on: str = "") -> None:
    """Django stands and every table is made. Nothing of ours may be imported before.

    ``kept``: a folder that stays when the process has gone, and may hold the site of an earlier run. ``on``: one of ON;
    "postgresql" is a server of its own, with what a new one is given and with fsync, and goes with the process.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hikeshi.config.settings")
    folder = kept or Path(tempfile.mkdtemp(prefix="hikeshi-bench-"))
    if kept is None:
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["HIKESHI_DATA"] = str(folder / "var")
    if on == "postgresql":
        os.environ["HIKESHI_DATABASE_URL"] = _server(kept)
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    for alias in settings.DATABASES:
        call_command("migrate", database=alias, verbosity=0)


def _server(kept: Path | None) -> str:
    """Its address."""
    from tests.postgres import Postgres

    made = Postgres(durable=True, memory="128MB", kept=kept / "postgresql" if kept else None)
    made.start()
    return made.url
