"""Alerts at mixed load while every process is killed in turn, kill -9, at random: what was acknowledged must be stored,
and counted once.

    .venv/bin/python bench/soak.py [--inbox jetstream|postgresql|sqlite] [--minutes 10] [--senders 8] [--seed 1]

PostgreSQL and JetStream: two edges, two engines, PostgreSQL, and three servers of the stream, all on this machine.
SQLite: one desk, its site, engine and supervisor. Each sender repeats a body under its key until it is acknowledged, at
whichever edge answers, as detectors do.

Of the slowest acknowledgements it says how often and by what answers each was refused, how long its tries took, which
deaths fell into its time, and what of it they do not explain: a moment is explained while its try was at a door that
was not ready, from the death of that edge, of PostgreSQL or of a node until `/readyz` there says 200 again, and for
`--patience` seconds behind that, for the try then under way. Exits 1 where more than `--patience` of any is left.
"""

import argparse
import contextlib
import http.client
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.jetstream import Jetstream
from tests.postgres import Postgres

SHOWN = 5
"""So many of the slowest are told."""
PAUSE = (0.5, 3.0)
"""Seconds between two deaths."""


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass
class Unit:
    """A process that is started again a moment after its death."""

    name: str
    environment: dict[str, str]
    words: tuple[str, ...]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            words = [sys.executable, "-m", "hikeshi.cli", *self.words]
            self.process = subprocess.Popen(words, env=self.environment, stdout=log, stderr=log)

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def bring_back(self) -> None:
        self.kill()
        self.start()


@dataclass
class Try:
    door: int
    began: float
    ended: float
    answer: str


@dataclass
class Waited:
    """One body, from its first try until it was acknowledged."""

    key: str
    tries: list[Try] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        return self.tries[-1].ended - self.tries[0].began


@dataclass
class Door:
    """When an edge was not ready, as somebody sees who asks it again and again. Times of the monotonic clock."""

    number: int
    shut: list[tuple[float, float]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        since: float | None = None
        while not self.over.is_set():
            asked = time.monotonic()
            well = ready(self.number)
            if not well and since is None:
                since = asked
            if well and since is not None:
                self.shut.append((since, time.monotonic()))
                since = None
            self.over.wait(0.1)
        if since is not None:
            self.shut.append((since, time.monotonic()))


def unexplained(waited: Waited, doors: dict[int, Door], patience: float) -> float:
    """Seconds of it in which the door that was asked was ready, and had been for ``patience`` seconds."""
    left = 0.0
    for number, one in enumerate(waited.tries):
        end = waited.tries[number + 1].began if number + 1 < len(waited.tries) else one.ended
        shut = [(begin, until_ + patience) for begin, until_ in doors[one.door].shut]
        left += end - one.began - covered(one.began, end, shut)
    return left


def covered(begin: float, end: float, spans: list[tuple[float, float]]) -> float:
    found, at = 0.0, begin
    for first, last in sorted(spans):
        from_, to = max(first, at), min(last, end)
        if to > from_:
            found, at = found + to - from_, to
    return found


@dataclass
class Sender:
    """Numbered bodies of one to five alerts, some of a hundred. Each alert has a key of its own: folding would hide
    that one was counted twice.
    """

    name: str
    doors: list[int]
    token: str
    chance: random.Random
    told: dict[str, int] = field(default_factory=dict)
    answers: Counter[str] = field(default_factory=Counter)
    waited: list[Waited] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        number = 0
        while not self.stopping.is_set():
            number += 1
            size = 1 + number % 5 if number % 20 else 100
            self.send(f"{self.name}-{number}", size)

    def send(self, key: str, size: int) -> None:
        alerts = [{"title": f"{key} {place}", "severity": "low", "key": f"{key}-{place}"} for place in range(size)]
        body, waited = json.dumps(alerts).encode(), Waited(key)
        while not self.stopping.is_set():
            door, began = self.chance.choice(self.doors), time.monotonic()
            answer = self.try_once(door, key, body)
            waited.tries.append(Try(door, began, time.monotonic(), answer))
            if answer == "202":
                self.told[key] = size
                self.waited = sorted([*self.waited, waited], key=lambda one: -one.seconds)[:SHOWN]
                break
            self.stopping.wait(0.05)
        self.answers += Counter(one.answer for one in waited.tries)

    def try_once(self, door: int, key: str, body: bytes) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", door, timeout=30)
        head = {"Content-Type": "application/json", "Idempotency-Key": key, "Authorization": f"Bearer {self.token}"}
        try:
            connection.request("POST", "/intake/v1/generic", body, head)
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException) as error:
            return type(error).__name__
        else:
            return str(answer.status)
        finally:
            connection.close()


@dataclass
class Machines:
    """Everything that runs, and the ways in which each can die."""

    folder: Path
    inbox: str
    units: list[Unit] = field(default_factory=list)
    doors: list[int] = field(default_factory=list)
    postgres: Postgres | None = None
    stream: Jetstream | None = None

    def environment(self, **more: str) -> dict[str, str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("HIKESHI_")}
        own = {"HIKESHI_DATA": str(self.folder / "var"), "HIKESHI_INTAKE_RATE": "1000000"}
        if self.postgres is not None:
            own["HIKESHI_DATABASE_URL"] = self.postgres.url
        if self.stream is not None:
            own["HIKESHI_INBOX"] = self.stream.url
        return clean | own | more

    def start(self) -> None:
        if self.inbox != "sqlite":
            self.postgres = Postgres(durable=True, connections=200)
            self.postgres.start()
        if self.inbox == "jetstream":
            self.stream = Jetstream(3, durable=True)
            self.stream.start()
        self.run("prepare")
        self.doors = [free_port()] if self.inbox == "sqlite" else [free_port(), free_port()]
        for number, door in enumerate(self.doors, 1):
            if self.inbox == "sqlite":
                self.add("desk", door, "serve")
            else:
                self.add(f"edge{number}", door, "serve", "--only", "edge")
                self.add(f"engine{number}", door, "serve", "--only", "engine")
        for unit in self.units:
            unit.start()
        for door in self.doors:
            until(lambda door=door: ready(door), 120, "the desk did not become ready")

    def add(self, name: str, door: int, *words: str) -> None:
        log = self.folder / f"{name}.log"
        # Each as on a machine of its own: what lies beside the database is not shared.
        data = self.folder / name / "var" if self.postgres is not None else self.folder / "var"
        key = str(self.folder / "var.key")
        environment = self.environment(HIKESHI_PORT=str(door), HIKESHI_DATA=str(data), HIKESHI_KEY_FILE=key)
        self.units.append(Unit(name, environment, words, log))

    def run(self, *words: str) -> str:
        return subprocess.check_output([sys.executable, "-m", "hikeshi.cli", *words], env=self.environment(), text=True)

    def deaths(self) -> dict[str, Callable[[], None]]:
        """Each kills one process and brings it back."""
        found: dict[str, Callable[[], None]] = {unit.name: unit.bring_back for unit in self.units}
        if self.inbox == "sqlite":
            found |= {"site": lambda: self.kill_child("site"), "engine": lambda: self.kill_child("engine")}
        if self.postgres is not None:
            found["postgresql"] = self.kill_postgres
        if self.stream is not None:
            found |= {f"nats{node}": lambda node=node: self.kill_node(node) for node in range(3)}
        return found

    def kill_child(self, unit: str) -> None:
        """The supervisor sees it, and starts it again."""
        desk = self.units[0].process
        for child in psutil.Process(desk.pid).children() if desk is not None else []:
            with contextlib.suppress(psutil.NoSuchProcess):
                if unit in child.cmdline():
                    child.kill()

    def kill_postgres(self) -> None:
        assert self.postgres is not None
        self.postgres.stop()
        self.postgres.start()

    def kill_node(self, node: int) -> None:
        assert self.stream is not None
        self.stream.kill(node)
        self.stream.start_node(node)
        self.stream.await_node(node)

    def rest(self) -> None:
        for unit in self.units:
            if unit.process is not None and unit.process.poll() is None:
                unit.process.terminate()
        for unit in self.units:
            with contextlib.suppress(subprocess.TimeoutExpired):
                if unit.process is not None:
                    unit.process.wait(15)
            unit.kill()

    def stop(self) -> None:
        self.rest()
        if self.stream is not None:
            self.stream.remove(os.getpid())
        if self.postgres is not None:
            self.postgres.remove(os.getpid())


def ask(door: int, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", door, timeout=30)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def ready(door: int) -> bool:
    try:
        return ask(door, "/readyz")[0] == 200
    except (OSError, http.client.HTTPException):
        return False


def metric(door: int, name: str) -> int:
    for _ in range(60):
        with contextlib.suppress(OSError, http.client.HTTPException, StopIteration):
            lines = ask(door, "/metrics")[1].splitlines()
            return int(float(next(line.split()[-1] for line in lines if line.startswith(f"{name} "))))
        time.sleep(1)
    raise SystemExit(f"{name} cannot be read")


def until(what: Callable[[], bool], seconds: float, otherwise: str) -> None:
    end = time.monotonic() + seconds
    while not what():
        if time.monotonic() > end:
            raise SystemExit(otherwise)
        time.sleep(0.1)


def stored(machines: Machines) -> Counter[str]:
    """Titles with their counts, read from the database itself."""
    script = (
        "import django, json; django.setup(); from hikeshi.intake.models import Alert;"
        "print(json.dumps(list(Alert.objects.values_list('title', 'count'))))"
    )
    environment = machines.environment(DJANGO_SETTINGS_MODULE="hikeshi.config.settings")
    return Counter(dict(json.loads(subprocess.check_output([sys.executable, "-c", script], env=environment))))


@contextlib.contextmanager
def sending(machines: Machines, many: int, chance: random.Random) -> Iterator[list[Sender]]:
    token = machines.run("token", "create", "--source", "generic").split()[-1]
    senders = [Sender(f"s{number}", machines.doors, token, random.Random(chance.random())) for number in range(many)]
    threads = [threading.Thread(target=one.run) for one in senders]
    for thread in threads:
        thread.start()
    try:
        yield senders
    finally:
        for one in senders:
            one.stopping.set()
        for thread in threads:
            thread.join(60)


def soak(machines: Machines, options: argparse.Namespace) -> int:
    chance = random.Random(options.seed)
    killed: list[tuple[float, str]] = []
    with watching(machines) as doors, sending(machines, options.senders, chance) as senders:
        end = time.monotonic() + options.minutes * 60
        deaths = machines.deaths()
        turn: list[str] = []
        while time.monotonic() < end or not {name for _, name in killed} >= deaths.keys():
            turn = turn or chance.sample(sorted(deaths), len(deaths))  # each once, before any dies again
            name = turn.pop()
            time.sleep(chance.uniform(*PAUSE))
            killed.append((time.monotonic(), name))
            deaths[name]()
        time.sleep(2)
    slow = tell_slowest(senders, doors, killed, options.patience)
    return judge(machines, senders, Counter(name for _, name in killed)) or int(slow > options.patience)


@contextlib.contextmanager
def watching(machines: Machines) -> Iterator[dict[int, Door]]:
    doors = {number: Door(number) for number in machines.doors}
    threads = [threading.Thread(target=one.watch) for one in doors.values()]
    for thread in threads:
        thread.start()
    try:
        yield doors
    finally:
        for one in doors.values():
            one.over.set()
        for thread in threads:
            thread.join(60)


def tell_slowest(
    senders: list[Sender], doors: dict[int, Door], killed: list[tuple[float, str]], patience: float
) -> float:
    """Returns the most that deaths leave unexplained of any that is told."""
    found = sorted((one for sender in senders for one in sender.waited), key=lambda one: -one.seconds)
    rest = {one.key: unexplained(one, doors, patience) for one in found}
    print("the slowest acknowledgements, repeats included:")
    for one in found[:SHOWN]:
        begin, end = one.tries[0].began, one.tries[-1].ended
        took: dict[str, list[float]] = {}
        for each in one.tries:
            took.setdefault(each.answer, []).append(each.ended - each.began)
        answers = ", ".join(f"{len(all_)} of {name} in {sum(all_):.1f} s" for name, all_ in sorted(took.items()))
        longest = max(one.tries, key=lambda each: each.ended - each.began)
        deaths = dict(Counter(name for at, name in killed if begin - patience <= at <= end))
        print(f"  {one.seconds:.1f} s: {answers}; the longest try took {longest.ended - longest.began:.1f} s")
        print(f"    deaths in its time: {deaths}; left unexplained {rest[one.key]:.1f} s")
    for door in doors.values():
        times = [last - first for first, last in door.shut]
        most = max(times, default=0.0)
        print(f"  a door was not ready {len(times)} times, {sum(times):.0f} s in all, {most:.1f} s at most")
    return max(rest.values(), default=0.0)


def judge(machines: Machines, senders: list[Sender], killed: Counter[str]) -> int:
    door = machines.doors[0]
    for each in machines.doors:
        until(lambda each=each: ready(each), 120, "the desk did not become ready again")
    began = time.monotonic()
    until(lambda: metric(door, "hikeshi_inbox_pending") == 0, 600, "the inbox does not run dry")
    print(f"killed: {dict(sorted(killed.items()))}")
    print(f"answers: {dict(sum((one.answers for one in senders), Counter()).most_common())}")
    print(f"the inbox was dry after {time.monotonic() - began:.1f} s")
    counted = metric(door, "hikeshi_intake_accepted_total"), metric(door, "hikeshi_intake_digested_total")
    machines.rest()  # whoever asks the database now is alone with it
    told = {f"{key} {place}" for one in senders for key, size in one.told.items() for place in range(size)}
    there = stored(machines)
    lost, twice = told - there.keys(), [title for title, count in there.items() if count != 1]
    unasked = len(there.keys() - told)
    print(
        f"acknowledged {len(told):,}; stored {len(there):,}, of them {unasked} under way at the end; "
        f"lost {len(lost)}; counted twice {len(twice)}; accepted and digested {counted}"
    )
    exact = not lost and not twice and counted == (len(there), len(there)) and unasked <= len(senders) * 100
    print("exact" if exact else "NOT EXACT")
    return 0 if exact and told else 1


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--inbox", choices=["sqlite", "postgresql", "jetstream"], default="jetstream")
    arguments.add_argument("--minutes", type=float, default=10.0)
    arguments.add_argument("--senders", type=int, default=8)
    arguments.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    arguments.add_argument("--patience", type=float, default=10.0, help="seconds that a try may take behind a death")
    arguments.add_argument("--keep", action="store_true", help="leaves the folder with the logs")
    options = arguments.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="hikeshi-soak-"))
    machines = Machines(folder, options.inbox)
    print(f"{options.inbox}, {options.minutes} minutes, seed {options.seed}, load {os.getloadavg()[0]:.1f}", flush=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        machines.start()
        return soak(machines, options)
    finally:
        machines.stop()
        if options.keep:
            print(f"logs: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
