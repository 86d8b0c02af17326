"""A site of a bench's own: in a folder that goes with the process, or on HIKESHI_DATABASE_URL, which must be empty."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path


def prepare() -> None:
    """Django stands and every table is made. Nothing of ours may be imported before."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hikeshi.config.settings")
    folder = tempfile.mkdtemp(prefix="hikeshi-bench-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["HIKESHI_DATA"] = str(Path(folder) / "var")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    for alias in settings.DATABASES:
        call_command("migrate", database=alias, verbosity=0)
