"""``hikeshi search rebuild``: the index of the search, made anew."""

import argparse
from gettext import gettext as _

from django.conf import settings

from hikeshi.cli import occupied, words
from hikeshi.finding import actions, queries
from hikeshi.kernel import clock


def rebuild(options: argparse.Namespace) -> int:
    """Where a desk works with these data its engine builds; else this command does."""
    actions.begin_anew()
    if occupied.by_a_desk(settings.DATA_ROOT):
        words.say(_("The index is empty; the running desk builds it anew."))
        return 0
    while not queries.standing().whole:
        actions.follow(clock.now())
    words.say(_("The index is built: %(documents)s documents."), documents=queries.standing().documents)
    return 0
