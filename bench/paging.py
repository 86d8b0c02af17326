"""From a detector's alert to the receiver of the page it causes; ten thousand at once; Alertmanager beside it.

    python -m bench.paging [messages at once]

The real server takes an alert by POST, durably; a rule opens an incident, a policy calls somebody, a message leaves.
All of it is measured, idle, step by step, and while another source sends some 3,000 alerts a second. The receiver is a
process of its own and says when each call arrived. Beside it the last step alone, from the commit of a message on, and
the raw limit of this machine in the same run: one row written durably and one POST, by nothing but the standard
library, and the shortest chain of durable steps there can be (the alert, the record with its call, the claim).
Alertmanager (Debian's prometheus-alertmanager, where it is installed) gets new alerts by POST and hands each to the
same receiver with ``group_wait: 0s``; it keeps them in memory, ours are on disk before.
"""

import atexit
import contextlib
import json
import multiprocessing
import os
import resource
import shutil
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path

sys.path[:0] = [str(place) for place in (Path(__file__).parents[1], Path(__file__).parents[1] / "src")]

from bench import intake, moments

AT_ONCE = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
IDLE = 300
PAGES = 60
APART = 1.2
"""Seconds between two pages to one person: faster ones would be gathered into one message, as the settings say."""
STORM_THINGS = 499
CHAIN = ("alert kept at the door", "judged", "record opened, somebody called, message claimed")
"""What the desk commits, each on disk before the next, from the door to the receiver."""
GAP = 0.05
"""Seconds between two messages of the idle run."""


class Keeping(ThreadingHTTPServer):
    request_queue_size = 512
    daemon_threads = True


def receive(pipe: Connection) -> None:
    """Answers every POST with 200 and tells its parent what it was, and when it came."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            came = time.time()
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()
            pipe.send((came, body))

        def log_message(self, *given: object) -> None:
            return

    server = Keeping(("127.0.0.1", 0), Handler)
    pipe.send(server.server_address[1])
    server.serve_forever()


class Receiver:
    def __init__(self) -> None:
        self.pipe, theirs = multiprocessing.Pipe()
        self.process = multiprocessing.Process(target=receive, args=(theirs,), daemon=True)
        self.process.start()
        self.port = self.pipe.recv()

    def take(self, count: int, *, within: float) -> Iterator[tuple[float, bytes]]:
        """So many calls, or fewer once nothing came for that long."""
        for _ in range(count):
            if not self.pipe.poll(within):
                return
            yield self.pipe.recv()


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="hikeshi-bench-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["HIKESHI_DATA"] = str(folder / "var")
    os.environ["DJANGO_SETTINGS_MODULE"] = "hikeshi.config.settings"
    os.environ["HIKESHI_PUBLIC_URL"] = "https://desk.example"
    os.environ.pop("HIKESHI_DATABASE_URL", None)
    receiver = Receiver()  # before Django: a process forked from a loaded one would carry its connections
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("migrate", verbosity=0, database="inbox")
    owners = _people(max(AT_ONCE, IDLE), receiver.port)
    raw = [_raw(folder, receiver, commits) for commits in (1, len(CHAIN))]
    ours = _idle(owners, receiver)
    doors = _from_the_door(folder / "desk", receiver)
    for what, seconds, limit in (("commit", ours, raw[0]), ("alert", doors, raw[1])):
        print(f"ratio of medians, ours from the {what} to the raw limit: {_ratio(seconds, limit):.1f}")
    theirs = _alertmanager(folder, receiver)
    if theirs:
        for what, seconds in (("from the alert", doors), ("from the commit", ours)):
            print(f"ratio of medians, ours {what} to Alertmanager's: {_ratio(seconds, theirs):.1f}")
    _at_once(owners, receiver)
    print(f"memory of the process that sends: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB")


def _ratio(ours: list[float], others: list[float]) -> float:
    return statistics.median(ours) / statistics.median(others)


def _raw(folder: Path, receiver: Receiver, commits: int) -> list[float]:
    """So many durable commits as the desk makes them (write-ahead log, each on disk), then one POST."""
    rows = sqlite3.connect(folder / f"raw-{commits}", isolation_level=None)
    for said in ("journal_mode = WAL", "synchronous = FULL"):
        rows.execute(f"PRAGMA {said}")
    rows.execute("CREATE TABLE page (id INTEGER PRIMARY KEY, body TEXT)")
    seconds = []
    for number in range(IDLE):
        began = time.time()
        for _ in range(commits):
            rows.execute("INSERT INTO page (body) VALUES (?)", ["x" * 500])
        asked = urllib.request.Request(f"http://127.0.0.1:{receiver.port}/raw", str(number).encode())
        with urllib.request.urlopen(asked):
            pass
        came, _ = next(receiver.take(1, within=30))
        seconds.append(came - began)
        time.sleep(GAP)
    rows.close()
    _say(f"raw limit, durable commits: {commits}, and one POST", seconds[20:])
    return seconds[20:]


def _people(count: int, port: int) -> list[str]:
    """Each with one webhook that leads to the receiver."""
    from django.conf import settings

    from hikeshi.accounts import actions, queries, reaching, sealing
    from hikeshi.accounts.models import Person, StoredWay
    from hikeshi.kernel.acting import system
    from hikeshi.notify import actions as notify

    desk = system("bench")
    actions.bootstrap(by=desk, password="correct horse battery staple")
    notify.set_hosts(by=desk, hosts="127.0.0.1")
    place = queries.root()
    people = Person.objects.bulk_create(
        [Person(username=f"p{n}", name=f"P{n}", organisation=place, password="!") for n in range(count)], batch_size=500
    )
    address = sealing.seal(settings.MASTER_KEY, reaching.PURPOSE, f"http://127.0.0.1:{port}/hook")
    ways = [StoredWay(person=one, kind="webhook", address=address, digest=str(one.uuid.hex)) for one in people]
    StoredWay.objects.bulk_create(ways, batch_size=500)
    return [f"person:{one.uuid}" for one in people]


def _queue(keys: list[tuple[str, str]]) -> None:
    from hikeshi.kernel.acting import system
    from hikeshi.kernel.worlds import World
    from hikeshi.ledger.acts import unit
    from hikeshi.notify import actions
    from hikeshi.notify.messages import Message, Purpose

    with unit():
        for key, owner in keys:
            message = Message(Purpose.CANARY, "canary:bench", World.REAL, owner, key, urgency=1)
            actions.queue(by=system("bench"), message=message)


@contextlib.contextmanager
def _sending() -> Iterator[None]:
    from hikeshi.engine.loops import Loop
    from hikeshi.notify.actions.queueing import SEND
    from hikeshi.notify.sending import Sender

    loop = Loop(SEND, Sender().step, called=True)
    loop.start()
    try:
        yield
    finally:
        loop.stop()
        loop.settle(10)


def _idle(owners: list[str], receiver: Receiver) -> list[float]:
    """One at a time: from before the transaction that queues it, so that durability is paid for."""
    seconds = []
    with _sending():
        time.sleep(0.5)
        for number in range(IDLE):
            began = time.time()
            _queue([(f"idle-{number}", owners[number])])
            came, _ = next(receiver.take(1, within=30))
            if number >= 20:  # the first ones warm up
                seconds.append(came - began)
            time.sleep(GAP)
    _say("ours, durable, idle", seconds)
    return seconds


def _from_the_door(folder: Path, receiver: Receiver) -> list[float]:
    """A new alert by POST, until the page about the incident it opened arrives."""
    desk = intake.Desk(folder)
    try:
        desk.await_ready()
        words = [sys.executable, "-m", "bench.reachable", f"http://127.0.0.1:{receiver.port}/door"]
        subprocess.run(words, env=desk.environment, check=True)
        token = desk.token()
        before = desk.cpu()
        pages = [_paged(desk.port, token, f"Idle {number}", receiver) for number in range(PAGES)]
        idle = [one.took for one in pages][5:]
        _say("ours, from the alert, idle", idle)
        for step, seconds in moments.between(Path(desk.environment["HIKESHI_DATA"]) / "hikeshi.sqlite3", pages):
            _say(f"    of these, {step}", seconds[5:])
        used = {unit: (seconds - before.get(unit, 0.0)) / PAGES for unit, seconds in desk.cpu().items()}
        print("processor time of each page: " + ", ".join(f"{unit} {busy * 1e3:.0f} ms" for unit, busy in used.items()))
        _in_a_storm(desk, token, receiver)
    finally:
        desk.stop()
    return idle


def _in_a_storm(desk: intake.Desk, token: str, receiver: Receiver) -> None:
    """The storm is one source's; what must be heard is another's, as it mostly is."""
    calm = desk.token("alertmanager")
    length = (PAGES / 2 + 2) * APART
    storm = [sys.executable, intake.HERE / "sending.py", desk.port, token, 1, 64, length, STORM_THINGS]
    sending = subprocess.Popen([str(word) for word in storm], stdout=subprocess.PIPE, text=True)
    time.sleep(2 * APART)
    titles = [f"Storm {number}" for number in range(PAGES // 2)]
    seconds = [_paged(desk.port, calm, title, receiver, source="alertmanager").took for title in titles]
    behind = desk.metric("hikeshi_inbox_pending")
    said, _ = sending.communicate()
    rate = json.loads(said)["accepted"] / length
    _say(f"ours, from the alert, beside {rate:,.0f} alerts/s of another source, {behind:,} behind", seconds)


def _body(source: str, title: str) -> dict[str, object]:
    if source == "generic":
        return {"title": title, "severity": "critical", "key": title, "host": title.replace(" ", "-").lower()}
    labels = {"alertname": title.replace(" ", ""), "severity": "critical", "instance": title.replace(" ", "-").lower()}
    alert = {"status": "firing", "labels": labels, "annotations": {"summary": title}, "startsAt": _now()}
    return {"version": "4", "status": "firing", "alerts": [alert]}


def _now() -> str:
    return datetime.now(UTC).isoformat()


def _paged(port: int, token: str, title: str, receiver: Receiver, *, source: str = "generic") -> moments.Page:
    asked = urllib.request.Request(
        f"http://127.0.0.1:{port}/intake/v1/{source}",
        json.dumps(_body(source, title)).encode(),
        {"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
    )
    began = time.time()
    with urllib.request.urlopen(asked):
        answered = time.time()
    for came, body in receiver.take(100, within=60):
        if title in json.loads(body)["title"]:
            time.sleep(max(APART - (time.time() - began), 0))
            return moments.Page(json.loads(body)["id"], began, answered, came)
    raise SystemExit(f"no page about {title} arrived")


def _say(what: str, seconds: list[float]) -> None:
    ordered = sorted(seconds)
    at = [ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000 for share in (0.5, 0.95, 0.99)]
    print(f"{what}: p50 {at[0]:.1f} ms, p95 {at[1]:.1f} ms, p99 {at[2]:.1f} ms ({len(ordered)})")


def _at_once(owners: list[str], receiver: Receiver) -> None:
    from hikeshi.notify.models import Delivery, Leg

    keys = [(f"once-{number}", owners[number]) for number in range(AT_ONCE)]
    began = time.time()
    for start in range(0, len(keys), 500):
        _queue(keys[start : start + 500])
    queued = time.time() - began
    came: Counter[str] = Counter()
    last = began
    with _sending():
        began = time.time()
        for at, body in receiver.take(AT_ONCE, within=30):
            came[json.loads(body)["id"]] += 1
            last = at
        repeats = sum(1 for _ in receiver.take(AT_ONCE, within=2))
        end = time.time() + 30
        while Delivery.objects.exclude(leg=Leg.SENT).exists() and time.time() < end:
            time.sleep(0.1)
    unproved = Delivery.objects.exclude(leg=Leg.SENT).count()
    took = last - began
    print(
        f"{AT_ONCE} at once: queued in {queued:.1f} s, all received {took:.1f} s after the loop began "
        f"({len(came) / took:.0f}/s); lost {AT_ONCE - len(came)}, repeated {repeats + sum(came.values()) - len(came)}, "
        f"without proof {unproved}"
    )


def _alertmanager(folder: Path, receiver: Receiver) -> list[float]:
    program = shutil.which("prometheus-alertmanager")
    if program is None:
        print("Alertmanager is not installed (apt-get install prometheus-alertmanager): nothing to compare with")
        return []
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    rules = {
        "route": {"receiver": "here", "group_by": ["..."], "group_wait": "0s", "group_interval": "1s"},
        "receivers": [
            {
                "name": "here",
                "webhook_configs": [{"url": f"http://127.0.0.1:{receiver.port}/am", "send_resolved": False}],
            }
        ],
    }
    (folder / "alertmanager.yml").write_text(json.dumps(rules))
    running = subprocess.Popen(
        [
            program,
            f"--config.file={folder}/alertmanager.yml",
            f"--storage.path={folder}/am",
            f"--web.listen-address=127.0.0.1:{port}",
            "--cluster.listen-address=",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _await(port)
        seconds = [_one(port, number, receiver) for number in range(IDLE)][20:]
    finally:
        running.terminate()
        running.wait()
    _say("Alertmanager, in memory, idle", seconds)
    return seconds


def _await(port: int) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/-/ready"):
            return
        time.sleep(0.05)
    raise SystemExit("Alertmanager did not become ready")


def _one(port: int, number: int, receiver: Receiver) -> float:
    alert = [{"labels": {"alertname": f"a{number}"}, "startsAt": datetime.now(UTC).isoformat()}]
    began = time.time()
    asked = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v2/alerts", json.dumps(alert).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(asked):
        pass
    came, _ = next(receiver.take(1, within=30))
    time.sleep(GAP)
    return came - began


if __name__ == "__main__":
    main()
