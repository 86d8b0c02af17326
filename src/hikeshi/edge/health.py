"""``/healthz``: this process answers. ``/readyz``: the whole desk can take an alert, keep it and work on it."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import msgspec
from django.db import Error, close_old_connections, connection

from hikeshi.edge.committing import Committer
from hikeshi.edge.wire import Answer
from hikeshi.intake.inbox import beats, place
from hikeshi.kernel import schema
from hikeshi.ledger import tail, triggers

HEALTH: Final = "/healthz"
READY: Final = "/readyz"
ALIKE: Final = {"/-/healthy": HEALTH, "/-/ready": READY}
"""How Alertmanager calls them: probes that stood before it find the desk as they found it."""
SECONDS: Final = 1.0
"""How long one look holds: whoever asks more often costs nothing more."""
STATUS_OF = {True: 200, False: 503}


@dataclass(slots=True)
class Health:
    _pool: ThreadPoolExecutor
    _committer: Committer
    _last: Answer | None = None
    _until: float = 0.0

    def alive(self) -> Answer:
        return Answer(200, b'{"status":"ok"}')

    async def ready(self) -> Answer:
        if self._last is None or time.monotonic() >= self._until:
            found = await asyncio.get_running_loop().run_in_executor(self._pool, _look)
            found["storage"] = found["storage"] and self._committer.well
            ready = all(found.values())
            words = {name: "ok" if well else "failing" for name, well in found.items()}
            body = msgspec.json.encode({"status": "ok" if ready else "failing", "checks": words})
            again = () if ready else ((b"retry-after", b"2"),)
            self._last = Answer(STATUS_OF[ready], body, headers=again)
            self._until = time.monotonic() + SECONDS
        return self._last


def _look() -> dict[str, bool]:
    close_old_connections()
    return checks()


def checks() -> dict[str, bool]:
    """What must hold, each by its name."""
    return {
        "database": _holds(lambda: tail.head() >= 0),
        "version": _holds(lambda: not schema.ahead()),
        "storage": _holds(lambda: place.inbox().totals().accepted >= 0),
        "ledger_guarded": _holds(lambda: not triggers.missing(connection)),
        "engine": _holds(_engine_beats),
    }


def _engine_beats() -> bool:
    pulses = beats.pulses()
    return bool(pulses) and not any(pulse.late for pulse in pulses)


def _holds(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Error:
        return False
