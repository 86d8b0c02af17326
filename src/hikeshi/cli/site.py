"""``hikeshi site show|hold|release``: whether anything may leave this machine."""

import argparse
import json
from gettext import gettext as _

from hikeshi.accounts import actions as accounts
from hikeshi.accounts import queries
from hikeshi.cli import words
from hikeshi.kernel.acting import system


def show(options: argparse.Namespace) -> int:
    site = queries.site()
    if options.json:
        print(json.dumps({"name": site.name, "live": site.live, "world": site.world}, ensure_ascii=False))
        return 0
    state = _("live: messages may leave") if site.live else _("held: nothing leaves")
    words.say(_("%(name)s (%(world)s) is %(state)s."), name=site.name, world=site.world, state=state)
    return 0


def hold(options: argparse.Namespace) -> int:
    accounts.hold_site(by=system("command-line"))
    words.say(_("The site is held: nothing leaves until “hikeshi site release”."))
    return 0


def release(options: argparse.Namespace) -> int:
    accounts.release_site(by=system("command-line"))
    words.say(_("The site is live: messages may leave."))
    return 0
