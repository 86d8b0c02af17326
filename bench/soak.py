"""Alerts at mixed load while every process is killed in turn, kill -9, at random: what was acknowledged must be stored,
and counted once.

    .venv/bin/python bench/soak.py [--inbox jetstream|postgresql|sqlite] [--minutes 10] [--senders 8] [--seed 1]

PostgreSQL and JetStream: two edges, two engines, PostgreSQL, and three servers of the stream, all on this machine.
SQLite: one desk, its site, engine and supervisor. Each sender repeats a body under its key until it is acknowledged, at
whichever edge answers, as detectors do.
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
    slowest: float = 0.0
    meanwhile: Counter[str] = field(default_factory=Counter)
    stopping: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        number = 0
        while not self.stopping.is_set():
            number += 1
            size = 1 + number % 5 if number % 20 else 100
            self.send(f"{self.name}-{number}", size)

    def send(self, key: str, size: int) -> None:
        alerts = [{"title": f"{key} {place}", "severity": "low", "key": f"{key}-{place}"} for place in range(size)]
        body, began = json.dumps(alerts).encode(), time.monotonic()
        answers: Counter[str] = Counter()
        while not self.stopping.is_set():
            answer = self.try_once(key, body)
            answers[answer] += 1
            if answer == "202":
                self.told[key] = size
                if time.monotonic() - began > self.slowest:
                    self.slowest, self.meanwhile = time.monotonic() - began, answers
                break
            self.stopping.wait(0.05)
        self.answers += answers

    def try_once(self, key: str, body: bytes) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self.chance.choice(self.doors), timeout=30)
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
    killed: Counter[str] = Counter()
    with sending(machines, options.senders, chance) as senders:
        end = time.monotonic() + options.minutes * 60
        deaths = machines.deaths()
        turn: list[str] = []
        while time.monotonic() < end or not killed.keys() >= deaths.keys():
            turn = turn or chance.sample(sorted(deaths), len(deaths))  # each once, before any dies again
            name = turn.pop()
            time.sleep(chance.uniform(*PAUSE))
            deaths[name]()
            killed[name] += 1
        time.sleep(2)
    return judge(machines, senders, killed)


def judge(machines: Machines, senders: list[Sender], killed: Counter[str]) -> int:
    door = machines.doors[0]
    for each in machines.doors:
        until(lambda each=each: ready(each), 120, "the desk did not become ready again")
    began = time.monotonic()
    until(lambda: metric(door, "hikeshi_inbox_pending") == 0, 600, "the inbox does not run dry")
    print(f"killed: {dict(sorted(killed.items()))}")
    print(f"answers: {dict(sum((one.answers for one in senders), Counter()).most_common())}")
    slow = max(senders, key=lambda one: one.slowest)
    print(f"slowest acknowledgement, repeats included: {slow.slowest:.1f} s; its answers: {dict(slow.meanwhile)}")
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
