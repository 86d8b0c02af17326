"""``hikeshi rules check``: before a file is put in place, or after."""

import argparse
from gettext import gettext as _
from pathlib import Path

from django.conf import settings

from hikeshi.cli import words
from hikeshi.intake import actions, rulebook
from hikeshi.intake.bad_rule import BadRule


def check(options: argparse.Namespace) -> int:
    """1 where one of them cannot be used."""
    files = options.file or sorted((Path(settings.DATA_ROOT) / "rules").glob("*.yml"))
    bad = [problem for problem in map(_problem, files) if problem is not None]
    for problem in bad:
        words.complain(f"{problem.file}:{problem.line}: {words.refused(actions.refused(problem))}")
    if not bad:
        words.say(_("Rule files in order: %(count)s"), count=len(files))
    return 1 if bad else 0


def _problem(file: Path) -> BadRule | None:
    try:
        rulebook.read(file)
    except BadRule as problem:
        return problem
    return None
