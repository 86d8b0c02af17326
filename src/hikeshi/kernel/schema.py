"""Whether a newer version of the desk has remade the tables since this process began: several machines may share one
database, and they are not all upgraded at the same moment.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from django.apps import apps
from django.db.migrations.recorder import MigrationRecorder


def ahead() -> tuple[str, ...]:
    """Packages of the desk whose tables are newer than this program. One small query. A package nobody here has heard
    of is none of them: nobody here touches its tables. Our steps are never renamed or taken away, so that one without
    a file is one still to come.
    """
    known = _known()
    done = MigrationRecorder.Migration.objects.filter(app__in=known).values_list("app", "name")
    return tuple(sorted({package for package, step in done if step not in known[package]}))


@cache
def _known() -> Mapping[str, frozenset[str]]:
    """By their files: to load them all would cost a process more than it needs to know."""
    ours = [one for one in apps.get_app_configs() if one.name.startswith("hikeshi.")]
    found = {one.label: Path(one.path).glob("migrations/[0-9]*.py") for one in ours}
    return {label: frozenset(file.stem for file in files) for label, files in found.items()}
