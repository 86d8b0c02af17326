"""One process of a site: ``python -m hikeshi.cli.units <unit> <lifeline>``.

The lifeline is the reading end of the supervisor's pipe. A unit loads, waits for one byte (the database is ready), and
serves. The pipe ends when the supervisor does, however it ends; then the unit ends too, for nobody would restart or
stop it any more.
"""

import importlib
import os
import signal
import sys
import threading
import time
from typing import Final, Never

import django
from django.conf import settings
from django.db import DatabaseError

from hikeshi.cli import words
from hikeshi.cli.loading import loading
from hikeshi.config.environment import BadEnvironment

UNITS: Final = {
    "site": ("hikeshi.config.serving", "site"),
    "edge": ("hikeshi.config.serving", "edge"),
    "web": ("hikeshi.config.serving", "web"),
    "engine": ("hikeshi.engine.run", "run"),
}
LAST_SECONDS: Final = 5.0
BEHIND: Final = 10
"""How far the engine stands back for the site on one machine: what is on disk can be digested a moment later, but a
detector and a person are waiting now."""
MISCONFIGURED: Final = 78  # EX_CONFIG of sysexits.h: starting again would change nothing


def run(unit: str, lifeline: int | None = None) -> int:
    """Serves until SIGTERM; the exit status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hikeshi.config.settings")
    try:
        if unit == "engine" and lifeline is not None:
            os.nice(BEHIND)
        with loading():
            django.setup()
            module, function = UNITS[unit]
            serve = getattr(importlib.import_module(module), function)
        if lifeline is not None and not _told_to_go(lifeline):
            return 0
        _look_at_stream()
        serve()
    except BadEnvironment as error:
        words.complain(str(error))
        return MISCONFIGURED
    except OSError as error:
        return words.complain(f"hikeshi {unit}: {error}")
    return 0


def _look_at_stream() -> None:
    """Says at once what keeps this unit from the inbox's servers. It begins all the same: they may come later."""
    if settings.INBOX is None:
        return
    try:
        importlib.import_module("hikeshi.intake.inbox.place").inbox().totals()
    except DatabaseError as error:
        words.complain(str(error))


def _told_to_go(lifeline: int) -> bool:
    if not os.read(lifeline, 1):
        return False
    threading.Thread(target=_end_with, args=(lifeline,), name="lifeline", daemon=True).start()
    return True


def _end_with(lifeline: int) -> None:
    while os.read(lifeline, 1):
        continue
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(LAST_SECONDS)
    os._exit(1)


def end(status: int) -> Never:
    """Ends the process without tearing the interpreter down: granian's own threads may still hold objects of it, and
    would turn a good end into an abort.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    words.speak()
    end(run(sys.argv[1], int(sys.argv[2])))
