"""An engine of yesterday beside the tables of today takes no more work: it would write them as it remembers them. What
it leaves lying, an engine of the new version takes up. Its beat stops too, so that nobody takes it for alive.
"""

import logging
import threading
import time
from dataclasses import dataclass, field
from typing import Final

from hikeshi.kernel import schema

EVERY: Final = 0.5
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Outdated:
    """Asked before every step of every loop, and looks twice a second."""

    _ahead: tuple[str, ...] = ()
    _due: float = 0.0
    _looking: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self) -> bool:
        with self._looking:
            if time.monotonic() >= self._due:
                self._look()
        return bool(self._ahead)

    def _look(self) -> None:
        found = schema.ahead()
        if found and not self._ahead:
            names = ", ".join(found)
            log.error("the database is of a newer version (%s): this engine rests until it is upgraded too", names)
        self._ahead, self._due = found, time.monotonic() + EVERY
