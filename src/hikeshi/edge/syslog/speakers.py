"""For whom a sender of syslog speaks: the source its network is named for, at the topmost organisation."""

import asyncio
import hashlib
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from django.db import Error, close_old_connections

from hikeshi.accounts import queries as accounts
from hikeshi.edge.keys import Sender
from hikeshi.edge.syslog.ports import Ports, Way
from hikeshi.intake.sources import book
from hikeshi.kernel.refusals import NotFound
from hikeshi.kernel.worlds import World

SECONDS: Final = 5.0
_Place = tuple[int, World]


@dataclass(slots=True)
class Speakers:
    """The site is asked every few seconds, whatever the number of lines; while it cannot be, its last word holds."""

    _pool: ThreadPoolExecutor
    _ports: Ports
    _place: _Place | None = None
    _until: float = 0.0
    _asking: asyncio.Future[_Place | None] | None = None

    def names(self, way: Way, address: str) -> bool:
        return bool(self._ports.source(way, address))

    async def sender(self, way: Way, address: str) -> Sender | None:
        """None where nobody is known by this address, its source is gone, or the site was never read."""
        source = self._ports.source(way, address)
        if not source or source not in book.sources():
            return None
        place = self._place if time.monotonic() < self._until else await self._fresh()
        if place is None:
            return None
        organisation, world = place
        digest = hashlib.sha256(f"syslog\0{address}".encode()).digest()
        return Sender(digest, source, organisation, world)

    async def _fresh(self) -> _Place | None:
        """One question for all lines that wait for the answer: a datagram that does not wait for it is lost."""
        if self._asking is None:
            self._asking = asyncio.ensure_future(self._asked())
        return await asyncio.shield(self._asking)

    async def _asked(self) -> _Place | None:
        try:
            self._place = await asyncio.get_running_loop().run_in_executor(self._pool, _ask) or self._place
            self._until = time.monotonic() + SECONDS
        finally:
            self._asking = None
        return self._place


def _ask() -> _Place | None:
    # In a thread without requests nobody else lets go of a connection whose server went away.
    close_old_connections()
    try:
        return accounts.root().pk, World(accounts.site().world)
    except (Error, NotFound):
        return None
