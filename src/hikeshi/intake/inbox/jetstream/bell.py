"""Wakes digesters on every machine: an empty message, for speed alone. Each also looks by itself every second."""

import contextlib
import os
import select

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

from hikeshi.intake.inbox.jetstream.faults import Unreachable
from hikeshi.intake.inbox.jetstream.wire import Wire


class Bell:
    """A waiter (``ledger.wake.Waker``): a pipe that a message on the wire's loop writes into."""

    def __init__(self, wire: Wire, subject: str) -> None:
        self._wire = wire
        self._ear, self._mouth = os.pipe()
        os.set_blocking(self._ear, False)
        os.set_blocking(self._mouth, False)

        async def subscribe(client: Client) -> Subscription:
            return await client.subscribe(subject, cb=self._heard)

        try:
            self._subscribed = wire.call(subscribe)
        except Unreachable:
            self._shut()
            raise

    async def _heard(self, _: Msg) -> None:
        with contextlib.suppress(OSError):  # full: it has been woken often enough; shut: nobody waits
            os.write(self._mouth, b"!")

    def fileno(self) -> int:
        return self._ear

    def wait(self, seconds: float) -> bool:
        ready, _, _ = select.select([self._ear], [], [], seconds)
        self.drain()
        return bool(ready)

    def drain(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while os.read(self._ear, 4096):
                pass

    def close(self) -> None:
        async def unsubscribe(_: Client) -> None:
            await self._subscribed.unsubscribe()

        with contextlib.suppress(Unreachable):
            self._wire.call(unsubscribe)
        self._shut()

    def _shut(self) -> None:
        os.close(self._ear)
        os.close(self._mouth)
