"""``hikeshi canary``: tries the whole chain of the running desk, and says how long every stage took."""

import argparse
import json
import time
from gettext import gettext as _
from typing import Final

from hikeshi.accounts import queries as accounts
from hikeshi.canary import actions, queries
from hikeshi.canary.queries import Canary
from hikeshi.canary.stages import State, To
from hikeshi.cli import words
from hikeshi.kernel.acting import system
from hikeshi.phrases import labels

BY: Final = system("command-line")
LOOK_EVERY: Final = 0.5


def canary(options: argparse.Namespace) -> int:
    """0 only where somebody answered."""
    to, value = "", ""
    if options.user:
        to, value = To.PERSON, f"person:{accounts.person_by_username(BY, options.user).uuid}"
    row = actions.ask(by=BY, to=to, value=value, minutes=options.minutes)
    words.say(_("%(ref)s is on its way. It is a test: answer it on the device it reaches."), ref=row.ref)
    while row.state == State.UNDER_WAY:
        time.sleep(LOOK_EVERY)
        row = queries.canary(BY, row.uuid)
    _say(row, as_json=options.json)
    return 0 if row.state == State.ANSWERED else 1


def _say(row: Canary, *, as_json: bool) -> None:
    took = {stage.value: round((at - row.asked_at).total_seconds(), 3) for stage, at in row.times.items() if at}
    if as_json:
        print(json.dumps({"ref": row.ref, "state": row.state, "stage": row.stage, "why": row.why, "seconds": took}))
        return
    for stage, seconds in took.items():
        print(f"{seconds:10.3f} s  {labels.label('canary_stage', stage)}")
    words.say(labels.label("canary_state", row.state))
    if row.state == State.FAILED:
        words.complain(f"{labels.label('canary_stage', row.stage)}: {labels.label('canary_why', row.why)}")
