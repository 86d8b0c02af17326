"""The load generator: plain sockets, kept open, one request under way on each; runs in a process of its own.

It shares the machine with what it measures, so it is as cheap as it can be: requests are made beforehand, one poll
serves all sockets, and of an answer only what is needed to count is read.
"""

import json
import resource
import select
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, cycle, islice

ALERTMANAGER = "alertmanager"
"""In the token's place: the other server is one."""
LONGEST = 65_536
BUFFER = 4 << 20
STALLED = 30.0
"""Seconds without a single answer, after which the server counts as dead."""


@dataclass(slots=True)
class Tally:
    statuses: dict[int, int] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    accepted: int = 0
    cpu: float = 0.0
    batch: int = 1
    due: list[float] = field(default_factory=list)  # seconds since 1970 at which each request of a pace was to leave

    def hear(self, answer: bytes, seconds: float) -> None:
        status = int(answer[9:12])
        self.statuses[status] = self.statuses.get(status, 0) + 1
        self.seconds.append(seconds)
        if status == 202:
            self.accepted += json.loads(answer[answer.index(b"\r\n\r\n") :])["accepted"]
        elif status == 200:  # Alertmanager says no number
            self.accepted += self.batch


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


def for_alertmanager(batch: int, things: int) -> Iterator[bytes]:
    """The same alerts as Alertmanager takes them: what tells them apart is a label, the rest are annotations."""
    for number in count():
        alerts = [alert(number * batch + place, things) for place in range(batch)]
        yield json.dumps([_labelled(one) for one in alerts]).encode()


def _labelled(one: dict[str, object]) -> dict[str, object]:
    labels = {"alertname": "SignInFailures", **{name: one[name] for name in ("severity", "key", "host", "user")}}
    told = {"summary": one["title"], "description": one["description"], "addresses": " ".join(one["addresses"])}
    return {"labels": labels, "annotations": told, "startsAt": one["time"]}


def requests(token: str, batch: int, things: int) -> Iterator[bytes]:
    """Made beforehand: the machine's two cores are for the desk."""
    alertmanager = token == ALERTMANAGER
    path, made = ("/api/v2/alerts", for_alertmanager) if alertmanager else ("/intake/v1/generic", bodies)
    head = f"POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
    head += f"Authorization: Bearer {token}\r\nContent-Length: "
    made = islice(made(batch, things), max(50, 5000 // batch))
    return cycle([f"{head}{len(body)}\r\n\r\n".encode() + body for body in made])


class Line:
    """One connection, with a request under way."""

    __slots__ = ("_answer", "_began", "socket")

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER)  # a whole request: sending never waits
        self._answer = b""
        self._began = 0.0

    def send(self, request: bytes, due: float = 0.0) -> None:
        """``due``: when it was to leave. A request that had to wait for a free connection waited for its answer."""
        self._began = due or time.perf_counter()
        self.socket.sendall(request)

    def hear(self, tally: Tally) -> bool:
        """Whether the answer is whole. Raises ConnectionError where the server hung up."""
        data = self.socket.recv(LONGEST)
        if not data:
            raise ConnectionError("the server hung up in the middle of a run")
        self._answer = answer = self._answer + data if self._answer else data
        end = answer.find(b"\r\n\r\n")
        if end < 0 or len(answer) < end + 4 + _length(answer):
            return False
        tally.hear(answer, time.perf_counter() - self._began)
        self._answer = b""
        return True


def _length(answer: bytes) -> int:
    at = answer.find(b"content-length: ")  # as this server writes it
    at = (at if at >= 0 else answer.index(b"Content-Length: ")) + 16
    return int(answer[at : answer.index(b"\r", at)])


def send(port: int, token: str, *, batch: int, connections: int, seconds: float, things: int) -> Tally:
    tally, stream = Tally(batch=batch), requests(token, batch, things)
    lines = {line.socket.fileno(): line for line in [Line(port) for _ in range(connections)]}
    poll = select.epoll()
    for number in lines:
        poll.register(number, select.EPOLLIN)
    before, until = _cpu(), time.perf_counter() + seconds
    for line in lines.values():
        line.send(next(stream))
    _go_on(lines, poll, stream, tally, until)
    tally.cpu = _cpu() - before
    for line in lines.values():
        line.socket.close()
    return tally


def _go_on(lines: dict[int, Line], poll: select.epoll, stream: Iterator[bytes], tally: Tally, until: float) -> None:
    """Until the time is up, and then until every request is answered."""
    under_way = len(lines)
    while under_way:
        ready = poll.poll(STALLED)
        if not ready:
            raise TimeoutError("the server answers no more")
        more = time.perf_counter() < until
        for line in [lines[number] for number, _ in ready]:
            if line.hear(tally):
                under_way -= not more
                if more:
                    line.send(next(stream))


def pace(port: int, token: str, *, rate: int, connections: int, seconds: float, things: int) -> Tally:
    """So many single alerts a second, whether the answers come or not."""
    tally, stream = Tally(), requests(token, 1, things)
    free = [Line(port) for _ in range(connections)]
    lines = {line.socket.fileno(): line for line in free}
    poll = select.epoll()
    for number in lines:
        poll.register(number, select.EPOLLIN)
    before, began, left = _cpu(), time.perf_counter(), int(rate * seconds)
    offset = time.time() - began
    dues = [began + number / rate for number in range(left)]
    sent = 0
    while len(tally.seconds) < left:
        while free and sent < left and dues[sent] <= time.perf_counter():
            free.pop().send(next(stream), dues[sent])
            sent += 1
        wait = max(dues[sent] - time.perf_counter(), 0.0) if free and sent < left else STALLED
        ready = poll.poll(wait)
        if not ready and wait == STALLED:
            raise TimeoutError("the server answers no more")
        free += [lines[number] for number, _ in ready if lines[number].hear(tally)]
    tally.cpu, tally.due = _cpu() - before, [due + offset for due in dues]
    return tally


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    port, token, batch, connections, seconds, things, *rate = sys.argv[1:]
    said = {"connections": int(connections), "seconds": float(seconds), "things": int(things)}
    if rate:
        tally = pace(int(port), token, rate=int(rate[0]), **said)
    else:
        tally = send(int(port), token, batch=int(batch), **said)
    ordered = sorted(tally.seconds)
    print(
        json.dumps(
            {
                "statuses": tally.statuses,
                "accepted": tally.accepted,
                "cpu": tally.cpu,
                "p50": ordered[len(ordered) // 2],
                "p99": ordered[int(len(ordered) * 0.99)],
                "max": ordered[-1],
                "due": tally.due,
            }
        )
    )


if __name__ == "__main__":
    main()
