"""What the stream holds: how much of which source, and bodies in their order.

Bodies are read from whichever replica answers. A replica that is behind knows a whole beginning of the stream, never
one with gaps, and each body names the one before it: what is not such an unbroken run is not believed.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

from hikeshi.intake.inbox.items import InboxItem
from hikeshi.intake.inbox.jetstream import shape
from hikeshi.intake.inbox.jetstream.faults import ApiError
from hikeshi.intake.inbox.jetstream.wire import ask

WAIT: Final = 3.0
"""Seconds until the next of a run must have come."""
ABSENT: Final = 10037
_encode: Final = msgspec.msgpack.Encoder().encode
_decode: Final = msgspec.msgpack.Decoder(InboxItem).decode


def written(item: InboxItem) -> bytes:
    return _encode(item)


@dataclass(frozen=True, slots=True)
class State:
    """``counts``: per source, how many bodies there are of each number of alerts."""

    created: datetime
    messages: int
    first_at: datetime
    counts: Mapping[str, Mapping[int, int]]

    @property
    def alerts(self) -> int:
        return sum(alerts * bodies for each in self.counts.values() for alerts, bodies in each.items())


@dataclass(frozen=True, slots=True)
class Kept:
    """A body of the stream. ``counted``: its alerts as its subject has them, 0 for one that may be there twice."""

    number: int
    counted: int
    item: InboxItem


class Stored(msgspec.Struct):
    """A message as a stream's leader gives it."""

    subject: str
    seq: int
    data: str = ""


class _Counts(msgspec.Struct):
    messages: int
    first_ts: datetime
    subjects: dict[str, int] = {}


class _Info(msgspec.Struct):
    created: datetime
    state: _Counts
    total: int = 0


async def state(client: Client, name: str, *, subjects: bool = True) -> State:
    """Asked of the stream's leader: nothing acknowledged is missing."""
    body: dict[str, object] = {"subjects_filter": f"{name}.inbox.>"} if subjects else {}
    info = msgspec.convert(await ask(client, f"STREAM.INFO.{shape.bodies(name)}", body), _Info)
    found = dict(info.state.subjects)
    while subjects and len(found) < info.total:
        more = msgspec.convert(
            await ask(client, f"STREAM.INFO.{shape.bodies(name)}", {**body, "offset": len(found)}), _Info
        )
        if not more.state.subjects:
            break
        found |= more.state.subjects
    counts: dict[str, dict[int, int]] = {}
    for subject, bodies in found.items():
        _, _, source, alerts = subject.split(".")
        counts.setdefault(source, {})[int(alerts)] = bodies
    return State(info.created, info.state.messages, info.state.first_ts, counts)


async def bodies(client: Client, name: str, source: str, *, first: int, most: int, size: int) -> Sequence[Kept]:
    """Up to that many of a source from this number on, and no more than ``size`` bytes beyond the first."""
    asked = {"batch": most, "seq": first, "next_by_subj": shape.of_source(name, source)}
    asked |= {"max_bytes": size} if size else {}
    heard = await client.subscribe(client.new_inbox())
    try:
        await client.publish(
            f"$JS.API.DIRECT.GET.{shape.bodies(name)}", json.dumps(asked).encode(), reply=heard.subject
        )
        return await _unbroken(heard, most)
    finally:
        await heard.unsubscribe()


async def _unbroken(heard: Subscription, most: int) -> Sequence[Kept]:
    found: list[Kept] = []
    while len(found) < most:
        message = await heard.next_msg(WAIT)
        headers = message.headers or {}
        if "Status" in headers:
            if headers["Status"] in {"204", "404"}:  # the end of the batch; nothing there
                break
            raise ApiError(int(headers["Status"]), headers.get("Description", ""))
        before = int(headers["Nats-Last-Sequence"])
        if found and before != found[-1].number:
            break
        found.append(_kept(message, headers))
    return found


def _kept(message: Msg, headers: Mapping[str, str]) -> Kept:
    counted = int(headers["Nats-Subject"].rpartition(".")[2])
    return Kept(int(headers["Nats-Sequence"]), counted, _decode(message.data))


async def of_leader(client: Client, name: str, source: str, first: int, last: int) -> Sequence[Kept]:
    """The same one by one from the leader, who knows what there is. Slow; for where replicas are not enough."""
    found: list[Kept] = []
    while first <= last:
        wanted = {"seq": first, "next_by_subj": shape.of_source(name, source)}
        try:
            answer = await ask(client, f"STREAM.MSG.GET.{shape.bodies(name)}", wanted)
        except ApiError as error:
            if error.number == ABSENT:
                break
            raise
        stored = msgspec.convert(answer["message"], Stored)
        if stored.seq > last:
            break
        counted = int(stored.subject.rpartition(".")[2])
        found.append(Kept(stored.seq, counted, _decode(base64.b64decode(stored.data))))
        first = stored.seq + 1
    return found


async def drop(client: Client, name: str, source: str, upto: int) -> None:
    """Deletes all bodies of a source up to this number. Harmless to repeat."""
    asked = {"filter": shape.of_source(name, source), "seq": upto + 1}
    await ask(client, f"STREAM.PURGE.{shape.bodies(name)}", asked)
