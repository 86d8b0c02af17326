"""Starts the loops, keeps their beat, stops them between two steps."""

import contextlib
import logging
import signal
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Final

from django.db import DEFAULT_DB_ALIAS, Error, connections

from hikeshi.engine.digest import Digest
from hikeshi.engine.loops import Loop, every
from hikeshi.engine.turns import Turns
from hikeshi.intake import actions as intake
from hikeshi.intake import digesting
from hikeshi.intake.inbox import beats, owners, purging
from hikeshi.ledger import reactions

SETTLE: Final = 5.0
PURGE_EVERY: Final = 60.0
log = logging.getLogger(__name__)


def loops() -> list[Loop]:
    """The loops of this site, not yet started."""
    turn = _turn()
    digest = Digest(owners.me(), digesting.digest, intake.park)
    return [
        Loop("digest", digest.step, turn),
        Loop("react", reactions.step, turn),
        Loop("purge", every(PURGE_EVERY, _purge), turn),
    ]


def run() -> None:
    """Returns after SIGTERM or SIGINT."""
    reactions.begin()
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    running = loops()
    for loop in running:
        loop.start()
    while not stopping.wait(_beat(running)):
        continue
    for loop in running:
        loop.stop()
    for loop in running:
        if not loop.settle(SETTLE):
            log.warning("the %s loop was stopped in the middle of a step; it will be done again", loop.name)


def _beat(running: Sequence[Loop]) -> float:
    """Writes the pulses down; returns the seconds until the next time. Beats come sooner while the engine is young."""
    try:
        beats.beat({loop.name: loop.ended_well for loop in running}, {loop.name: loop.error for loop in running})
    except Error:
        log.warning("the engine's beat could not be written")
        connections.close_all()
    return beats.EVERY.total_seconds()


def _turn() -> Callable[[], AbstractContextManager[None]]:
    if connections[DEFAULT_DB_ALIAS].vendor == "sqlite":
        return Turns().turn
    return contextlib.nullcontext


def _purge(_: datetime) -> bool:
    return purging.purge_keys()
