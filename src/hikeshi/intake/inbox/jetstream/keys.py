"""Idempotency-Keys in a stream of their own: one message for each key, and whoever sends it first has the key."""

import asyncio
import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec
from nats.aio.client import Client

from hikeshi.intake.inbox.appending import Post
from hikeshi.intake.inbox.jetstream import shape
from hikeshi.intake.inbox.jetstream.faults import ApiError
from hikeshi.intake.inbox.jetstream.reading import ABSENT, Stored
from hikeshi.intake.inbox.jetstream.sending import Message, Said, Sender
from hikeshi.intake.inbox.jetstream.wire import ask


class Remembered(msgspec.Struct, frozen=True):
    """Who came first with a key."""

    body_digest: bytes
    receipt: UUID
    alerts: int
    at: datetime


_encode: Final = msgspec.msgpack.Encoder().encode
_decode: Final = msgspec.msgpack.Decoder(Remembered).decode


@dataclass(frozen=True, slots=True)
class Keys:
    sender: Sender
    name: str

    async def remember(self, posts: Mapping[int, Post], seconds: float) -> dict[int, Remembered]:
        """By place, who has each post's key now; those that cannot be told are missing."""
        own = {place: _own(post) for place, post in posts.items()}
        messages = [
            Message(shape.key_subject(self.name, post.key), post.item.receipt.hex, _encode(own[place]))
            for place, post in posts.items()
        ]
        said = dict(zip(posts, await self.sender.send(messages, seconds), strict=True))
        found = {place: own[place] for place, answer in said.items() if answer in {Said.KEPT, Said.TWICE}}
        taken = [place for place, answer in said.items() if answer is Said.TAKEN]
        read = await self._read([posts[place].key for place in taken])
        return found | {place: one for place, one in zip(taken, read, strict=True) if one is not None}

    async def _read(self, keys: Sequence[bytes]) -> Sequence[Remembered | None]:
        return await asyncio.gather(*[self._read_one(self.sender.client, key) for key in keys])

    async def _read_one(self, client: Client, key: bytes) -> Remembered | None:
        """Asked of the leader, which knows every claim there is."""
        wanted = {"last_by_subj": shape.key_subject(self.name, key)}
        try:
            found = await ask(client, f"STREAM.MSG.GET.{shape.keys(self.name)}", wanted)
        except ApiError as error:
            if error.number == ABSENT:  # its day ended between the two questions
                return None
            raise
        return _decode(base64.b64decode(msgspec.convert(found["message"], Stored).data))


def _own(post: Post) -> Remembered:
    return Remembered(post.body_digest, post.item.receipt, post.item.alerts, post.item.received_at)
