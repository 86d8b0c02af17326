"""What a site maps itself, taken up by the door: asked for once a second, whatever the number of requests."""

import asyncio
import contextlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from django.db import Error, close_old_connections

from hikeshi.intake.queries.taking_up import take_up
from hikeshi.intake.sources import book

SECONDS: Final = 1.0


@dataclass(slots=True)
class Sources:
    _pool: ThreadPoolExecutor
    _watching: asyncio.Task[None] | None = None
    _looking: asyncio.Future[None] | None = None

    def start(self) -> None:
        """Returns once they are read: a post that comes first must not be told that its source does not exist."""
        book.sources()
        self._pool.submit(_look).result()
        self._watching = asyncio.ensure_future(self._watch())

    def stop(self) -> None:
        if self._watching is not None:
            self._watching.cancel()

    async def look(self) -> None:
        """At once; one question for all who wait for the answer."""
        if self._looking is None or self._looking.done():
            self._looking = asyncio.ensure_future(self._look())
        await asyncio.shield(self._looking)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(SECONDS)
            await self._look()

    async def _look(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._pool, _look)


def _look() -> None:
    # In a thread without requests nobody else lets go of a connection whose server went away.
    close_old_connections()
    with contextlib.suppress(Error):  # what is held stays good; the next look may find the database again
        take_up()
