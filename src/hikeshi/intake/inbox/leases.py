"""Which engine runs the loops that only one may run at a time: whoever has the lease, until it is over or given up."""

import logging
import threading
import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from hikeshi.intake.inbox import tables
from hikeshi.intake.inbox.models import Lease
from hikeshi.intake.inbox.owners import lives
from hikeshi.kernel.clock import now

LAST: Final = timedelta(seconds=30)
LOOK_EVERY: Final = 5.0
"""Seconds between two looks, whether to go on holding it or to see whether it is free."""
ALONE: Final = "alone"
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Holding:
    """Asked before each step of each such loop; it asks the database now and then. On SQLite there is one engine."""

    owner: str
    loop: str = ALONE
    _holds: bool = False
    _due: float = 0.0
    _looking: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self) -> bool:
        if tables.connection().vendor == "sqlite":
            return True
        with self._looking:
            if time.monotonic() >= self._due:
                held, self._holds = self._holds, False  # whoever cannot ask does not hold
                self._holds = take(self.loop, self.owner)
                self._due = time.monotonic() + LOOK_EVERY
                if self._holds is not held:
                    log.info("this engine %s what only one may do", "does" if self._holds else "leaves to another")
            return self._holds

    def give_up(self) -> None:
        """The next engine need not wait."""
        with self._looking:
            self._due = float("inf")
            if self._holds:
                self._holds = False
                give_up(self.loop, self.owner)


def take(loop: str, owner: str) -> bool:
    """Takes the lease or holds on to it; whether it is the owner's now."""
    rows = Lease.objects.using(tables.alias()).filter(loop=loop)
    found = rows.values_list("owner", "until").first()
    at = now()
    if found is None:
        mine = Lease(loop=loop, owner=owner, until=at + LAST)
        Lease.objects.using(tables.alias()).bulk_create([mine], ignore_conflicts=True)
        return rows.filter(owner=owner).exists()
    holder, until = found
    if holder not in {"", owner} and until > at and lives(holder):
        return False
    # Only from what was read: of two that find it free, one gets it.
    return rows.filter(owner=holder, until=until).update(owner=owner, until=at + LAST) == 1


def give_up(loop: str, owner: str) -> None:
    Lease.objects.using(tables.alias()).filter(loop=loop, owner=owner).update(owner="")
