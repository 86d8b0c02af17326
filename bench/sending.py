"""The load generator: plain sockets, kept open, one request under way on each; runs in a process of its own."""

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count


@dataclass(slots=True)
class Tally:
    statuses: dict[int, int] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    accepted: int = 0


def bodies(batch: int, things: int) -> Iterator[bytes]:
    """Alerts of ``things`` real things, over and over, each with its own time and words."""
    for number in count():
        alerts = [alert(number * batch + place, things) for place in range(batch)]
        yield json.dumps(alerts if batch > 1 else alerts[0]).encode()


def alert(number: int, things: int) -> dict[str, object]:
    thing = number % things
    return {
        "title": f"Repeated sign-in failures on host-{thing}",
        "description": "Forty failed sign-ins from one address within a minute. " * 4,
        # One thing in five hundred is grave enough to open an incident by rule: a busy day, not a doomsday.
        "severity": "high" if thing % 500 == 0 else ("informational", "low", "medium")[thing % 3],
        "time": "2026-11-21T10:00:00Z",
        "key": f"bench-{thing}",
        "host": f"host-{thing}.example",
        "user": f"user{thing % 500}",
        "addresses": [f"10.{thing % 200}.{thing // 200 % 200}.7", "203.0.113.9"],
    }


class Sender(asyncio.Protocol):
    def __init__(self, requests: Iterator[bytes], tally: Tally, until: float) -> None:
        self._requests, self._tally, self._until = requests, tally, until
        self._buffer = b""
        self._sent = 0.0
        self.finished = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._send()

    def _send(self) -> None:
        self._sent = time.perf_counter()
        if self._sent >= self._until:
            self._transport.close()
        else:
            self._transport.write(next(self._requests))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, end, rest = self._buffer.partition(b"\r\n\r\n")
        if not end:
            return
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        if len(rest) < length:
            return
        status = int(head[9:12])
        self._tally.seconds.append(time.perf_counter() - self._sent)
        self._tally.statuses[status] = self._tally.statuses.get(status, 0) + 1
        if status == 202:
            self._tally.accepted += json.loads(rest)["accepted"]
        self._buffer = b""
        self._send()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.finished.done():
            self.finished.set_result(None)


def requests(token: str, batch: int, things: int) -> Iterator[bytes]:
    """Made beforehand: the machine's two cores are for the desk."""
    head = "POST /intake/v1/generic HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
    head += f"Authorization: Bearer {token}\r\nContent-Length: "
    made = [
        f"{head}{len(body)}\r\n\r\n".encode() + body
        for body, _ in zip(bodies(batch, things), range(max(50, 5000 // batch)), strict=False)
    ]
    return (made[place % len(made)] for place in count())


async def send(port: int, token: str, *, batch: int, connections: int, seconds: float, things: int) -> Tally:
    tally, loop = Tally(), asyncio.get_running_loop()
    stream = requests(token, batch, things)
    until = time.perf_counter() + seconds
    senders = []
    for _ in range(connections):
        _, sender = await loop.create_connection(lambda: Sender(stream, tally, until), "127.0.0.1", port)
        senders.append(sender.finished)
    await asyncio.gather(*senders)
    return tally


def main() -> None:
    port, token, batch, connections, seconds, things = sys.argv[1:]
    tally = asyncio.run(
        send(
            int(port),
            token,
            batch=int(batch),
            connections=int(connections),
            seconds=float(seconds),
            things=int(things),
        )
    )
    ordered = sorted(tally.seconds)
    print(
        json.dumps(
            {
                "statuses": tally.statuses,
                "accepted": tally.accepted,
                "p50": ordered[len(ordered) // 2],
                "p99": ordered[int(len(ordered) * 0.99)],
                "max": ordered[-1],
            }
        )
    )


if __name__ == "__main__":
    main()
