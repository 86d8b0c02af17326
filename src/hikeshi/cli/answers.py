"""``hikeshi answers rebuild``: what lists are narrowed by, compared with what reporters answered, and mended."""

import argparse
from gettext import gettext as _

from hikeshi.cli import words
from hikeshi.incidents import actions


def rebuild(options: argparse.Namespace) -> int:
    """A short step at a time, beside a running desk too."""
    place = looked = wrong = 0
    while (step := actions.mend_answers(place)).looked:
        place, looked, wrong = step.place, looked + step.looked, wrong + step.wrong
    words.say(_("Reports compared: %(looked)s; made anew: %(wrong)s."), looked=looked, wrong=wrong)
    return 0
