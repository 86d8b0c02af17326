"""Many messages at once, each sent again under its id until the servers say that it is kept."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import msgspec
from nats.aio.client import Client
from nats.aio.msg import Msg

TRY: Final = 2.0
"""Seconds until a message without an answer is sent again: longer than a server takes, shorter than an election."""
PAUSE: Final = 0.1
FULL: Final = 10077
_TAKEN: Final = "per subject"


class Said(StrEnum):
    KEPT = "kept"
    TWICE = "twice"  # kept before under the same id
    TAKEN = "taken"  # somebody was first on this subject
    FULL = "full"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Message:
    subject: str
    once: str
    payload: bytes


class _Error(msgspec.Struct):
    err_code: int = 0
    description: str = ""


class _Ack(msgspec.Struct):
    seq: int = 0
    duplicate: bool = False
    error: _Error | None = None


_decode: Final = msgspec.json.Decoder(_Ack).decode


@dataclass(slots=True)
class Sender:
    """Lives on the wire's loop, for one connection."""

    client: Client
    _prefix: str = ""
    _number: int = 0
    _open: dict[str, asyncio.Future[Said]] = field(default_factory=dict)

    async def start(self) -> None:
        self._prefix = self.client.new_inbox()
        await self.client.subscribe(f"{self._prefix}.*", cb=self._heard)

    async def send(self, messages: Sequence[Message], seconds: float) -> list[Said]:
        """What became of each; UNKNOWN where nobody answered in that time, and it may be kept or not."""
        until = asyncio.get_running_loop().time() + seconds
        said = [Said.UNKNOWN] * len(messages)
        left = list(range(len(messages)))
        while left:
            remaining = until - asyncio.get_running_loop().time()
            if remaining <= 0:
                break
            for place, answer in zip(
                left, await self._round([messages[place] for place in left], remaining), strict=True
            ):
                said[place] = answer
            left = [place for place in left if said[place] is Said.UNKNOWN]
            if left:
                await asyncio.sleep(PAUSE)
        return said

    async def _round(self, messages: Sequence[Message], remaining: float) -> list[Said]:
        if not self.client.is_connected:
            return [Said.UNKNOWN] * len(messages)
        futures: dict[str, asyncio.Future[Said]] = {}
        for message in messages:
            self._number += 1
            token = str(self._number)
            futures[token] = self._open[token] = asyncio.get_running_loop().create_future()
            await self.client.publish(
                message.subject, message.payload, f"{self._prefix}.{token}", {"Nats-Msg-Id": message.once}
            )
        await asyncio.wait(futures.values(), timeout=min(TRY, remaining))
        for token in futures:
            self._open.pop(token, None)
        return [future.result() if future.done() else Said.UNKNOWN for future in futures.values()]

    async def _heard(self, message: Msg) -> None:
        waiting = self._open.pop(message.subject.rpartition(".")[2], None)
        if waiting is not None and not waiting.done():
            waiting.set_result(_read(message.data))


def _read(data: bytes) -> Said:
    if not data:  # nobody leads the stream at the moment
        return Said.UNKNOWN
    ack = _decode(data)
    if ack.error is not None:
        if ack.error.err_code != FULL:
            return Said.UNKNOWN
        return Said.TAKEN if _TAKEN in ack.error.description else Said.FULL
    return Said.TWICE if ack.duplicate else Said.KEPT
