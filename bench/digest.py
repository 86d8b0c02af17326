"""Alerts digested a second by one process, out of the inbox and judged by every rule in force; beside it the same rows
put in bare, and what Debian's prometheus-alertmanager takes into its memory in batches of 100.

    .venv/bin/python bench/digest.py [--short] [--alerts 10000] [--rules 20 200 2000] [--on sqlite postgresql jetstream]
                                     [--stages]

For each inbox and number of rules: alerts of Suricata one by one, every one a new thing, and nine of ten a repeat of
one that is there, which says the same at another time; and the alerts that Alertmanager is sent, in batches of 100 of
5,000 things that are told over and over, each time later. ``--short`` has 3,000 alerts and 200 rules, and takes less
than three minutes. The shipped rules are in force, and as many files of a site's own as make up the number, in the
forms of `bench/judging.py`.
SQLite and PostgreSQL keep the inbox in tables; "jetstream" has it on three servers of a stream beside PostgreSQL.
Everything is on disk before it counts. Ratios are to the same run: to the raw limit, batched upserts of the same rows,
and to Alertmanager; elapsed, and of processor time, which says more than the clock where others use the machine too.
``--stages`` tells instead where the time goes: microseconds of this process's own time per alert, by stage.
"""

import argparse
import gc
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import intake
import sending
import servers
import throwaway
import yaml

BATCH = 1_000
JSON = "application/json"
OURS = {
    "version": 1, "rank": 500, "verdict": "open", "kind": "other", "impact": 3, "effect": 3, "urgency": 3,
    "owner": "csirt", "reason": {"en": "bench", "ja": "計測"}, "title": {"ja": "計測"},
}  # fmt: skip
LOADS = {"all new": 1, "90 % repeats": 10}
BATCHED, THINGS = "batches", 5_000
LINE = "{:<12} {:>6} {:<13} {:>10} {:>10} {:>9} {:>9} {:>9} {:>9} {:>7}"
SHORT, SECONDS = 3_000, 4.0


@dataclass(frozen=True, slots=True)
class Rate:
    """Per second on the wall, and per second of this process's own time: what it would be on an idle machine."""

    elapsed: float
    busy: float


class Watch:
    def __init__(self) -> None:
        gc.collect()
        self.wall, self.cpu = time.perf_counter(), time.process_time()

    def rate(self, count: int) -> Rate:
        return Rate(count / (time.perf_counter() - self.wall), count / (time.process_time() - self.cpu))


def suricata(number: int, told: int) -> dict[str, object]:
    """About 600 bytes, as EVE writes them; ``number`` decides which thing it is, ``told`` when it is seen."""
    return {
        "timestamp": f"2026-11-21T09:{told // 60_000 % 60:02}:{told // 1_000 % 60:02}.{told % 1_000:03}000+0900",
        "flow_id": 928532049924531 + number,
        "in_iface": "eth0",
        "event_type": "alert",
        "src_ip": f"203.{number // 62_500_000 % 250}.{number // 250 % 250}.{number % 250}",
        "src_port": 1024 + number % 60_000,
        "dest_ip": f"10.{number // 62_500 % 250}.8.150",
        "dest_port": 22,
        "proto": "TCP",
        "app_proto": "ssh",
        "alert": {
            "action": "allowed",
            "gid": 1,
            "signature_id": 2001219,
            "rev": 20,
            "signature": "ET POLICY SSH session in progress on an expected port",
            "category": "Misc activity",
            "severity": 3,
            "metadata": {"signature_severity": ["Informational"], "updated_at": ["2019_07_26"]},
        },
        "flow": {"pkts_toserver": 1, "pkts_toclient": 0, "bytes_toserver": 74, "bytes_toclient": 0},
    }


@dataclass(frozen=True, slots=True)
class Body:
    """As the door takes it."""

    source: str
    body: bytes
    alerts: int = 1


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--alerts", type=int, default=10_000)
    arguments.add_argument("--rules", type=int, nargs="+", default=[20, 200, 2_000])
    arguments.add_argument("--on", nargs="+", choices=servers.PLACES, default=list(servers.PLACES))
    arguments.add_argument("--short", action="store_true")
    arguments.add_argument("--stages", action="store_true")
    arguments.add_argument("--here", choices=servers.PLACES, help=argparse.SUPPRESS)
    arguments.add_argument("--beside", type=float, nargs=2, default=[0.0, 0.0], help=argparse.SUPPRESS)
    asked = arguments.parse_args()
    if asked.short:
        asked.alerts, asked.rules = SHORT, [200]
    if asked.here:
        if asked.stages:
            tell_stages(asked.here, asked.alerts, max(asked.rules))
        else:
            measure_here(asked.here, asked.alerts, sorted(asked.rules), Rate(*asked.beside))
        return
    if asked.stages:
        asked.beside = (0.0, 0.0)
        for place in asked.on:
            elsewhere(place, asked)
        return
    print(f"{asked.alerts:,} alerts each, load {os.getloadavg()[0]:.1f}; a second, elapsed and of one core's own time")
    of = ("elapsed", "own time", "of bare", "own time", "of AM", "own time", "MiB")
    print(LINE.format("inbox", "rules", "load", *of), flush=True)
    asked.beside = alertmanager()
    for place in asked.on:
        elsewhere(place, asked)


def alertmanager() -> tuple[float, float]:
    """Alerts a second that it takes, elapsed and of its processor time; nothing where it is not installed."""
    with tempfile.TemporaryDirectory() as folder, intake.running_alertmanager(Path(folder)) as there:
        if there is None:
            return 0.0, 0.0
        port, process = there
        began = intake.seconds(process)
        run = intake.fire(port, "alertmanager", *intake.RUNS["batches of 100"], SECONDS)
        busy = run["accepted"] / (intake.seconds(process) - began)
        said = (f"{run['rate']:,.0f}", f"{busy:,.0f}", "", "", "1.00", "1.00", process.memory_info().rss >> 20)
        print(LINE.format("Alertmanager", "", "batches", *said), flush=True)
        return run["rate"], busy


def elsewhere(place: str, asked: argparse.Namespace) -> None:
    words = [sys.executable, __file__, "--here", place, "--alerts", str(asked.alerts)]
    words += ["--beside", *map(str, asked.beside), "--rules", *map(str, asked.rules)]
    on_servers(place, words + (["--stages"] if asked.stages else []))


def on_servers(place: str, words: list[str]) -> None:
    """Which database it is, is settled when a process starts: each place has one of its own."""
    with servers.standing(place) as environment:
        subprocess.run(words, env=environment, check=True)


def ready() -> tuple[int, "Numbers", "Rules"]:
    """A site of its own, as an engine holds it that has been at work for a while: its organisation, alerts, rules."""
    throwaway.prepare()
    from hikeshi.accounts import actions, queries
    from hikeshi.kernel import memory
    from hikeshi.kernel.acting import system

    actions.bootstrap(by=system("bench"), password="correct horse battery staple")
    organisation, numbers = queries.root().pk, Numbers()
    rules = Rules()
    digested(organisation, singles(numbers.things(BATCH, 1)))
    memory.settle()  # as the engine does, once all is loaded
    return organisation, numbers, rules


def tell_stages(place: str, alerts: int, size: int) -> None:
    organisation, numbers, rules = ready()
    from stages import Stages

    there, stages = rules.bring_to(size), Stages()
    columns = []
    for load in loads(numbers, alerts):
        digested(organisation, load.before)
        with stages.watched():
            digested(organisation, load.bodies)
        columns.append(stages.table(BATCH))
    names = ", ".join([*LOADS, BATCHED])
    print(f"{place}, {there} rules, load {os.getloadavg()[0]:.1f}: microseconds an alert, own time; {names}")
    for label in columns[0]:
        print(f"{label:<36}" + "".join(f"{column[label]:>8.1f}" for column in columns))
    print(f"{'together':<36}" + "".join(f"{sum(column.values()):>8.1f}" for column in columns), flush=True)


def measure_here(place: str, alerts: int, sizes: list[int], beside: Rate) -> None:
    organisation, numbers, rules = ready()
    found = []
    for size in sizes:
        there = rules.bring_to(size)
        for load in loads(numbers, alerts):
            digested(organisation, load.before)
            rate = digested(organisation, load.bodies)
            found.append((there, load.name, rate, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10))
    bare = put_bare(alerts)
    for there, load, rate, most in [*found, (0, "bare upserts", bare, "")]:
        said = (f"{rate.elapsed:,.0f}", f"{rate.busy:,.0f}", *ratio(rate, bare), *ratio(rate, beside))
        print(LINE.format(place, there or "", load, *said, most), flush=True)


@dataclass(frozen=True, slots=True)
class Load:
    name: str
    before: Sequence[Body]  # what is there already when the time begins
    bodies: Sequence[Body]


def loads(numbers: "Numbers", alerts: int) -> Iterator[Load]:
    for name, repeats in LOADS.items():
        before = numbers.known(alerts // repeats) if repeats > 1 else []
        yield Load(name, singles(before), singles(numbers.things(alerts, repeats)))
    yield Load(BATCHED, batches(THINGS), batches(alerts))


def singles(numbers: Sequence[int]) -> list[Body]:
    return [Body("suricata", json.dumps(suricata(number, next(_told))).encode()) for number in numbers]


def batches(alerts: int) -> list[Body]:
    """What `sending` sends Alertmanager, in the words of the desk's own form."""
    size, _ = intake.RUNS["batches of 100"]
    bodies = []
    for first in range(0, alerts, size):
        at = next(_told)
        told = {"time": f"2026-11-21T10:{at // 60 % 60:02}:{at % 60:02}Z"}
        bodies.append([{**sending.alert(first + place, THINGS), **told} for place in range(size)])
    return [Body("generic", json.dumps(one).encode(), size) for one in bodies]


def ratio(rate: Rate, other: Rate) -> tuple[str, str]:
    if not other.elapsed:
        return "", ""
    return f"{rate.elapsed / other.elapsed:.2f}", f"{rate.busy / other.busy:.2f}"


class Numbers:
    """Which thing each alert is: never one of an earlier measurement, unless it shall be a repeat."""

    def __init__(self) -> None:
        self.next = self.first = 0

    def known(self, many: int) -> list[int]:
        """Things that are repeated afterwards."""
        self.first, self.next = self.next, self.next + many
        return list(range(self.first, self.next))

    def things(self, alerts: int, repeats: int) -> list[int]:
        """Each a new one; or as many new ones as make a tenth, and what `known` gave for the others."""
        new = alerts // repeats
        old = [self.first + number % new for number in range(alerts - new)] if repeats > 1 else []
        begin, self.next = self.next, self.next + new
        every = [range(begin, begin + new), old]
        return [every[0][n // repeats] if n % repeats == 0 else old[n - n // repeats - 1] for n in range(alerts)]


class Rules:
    """A site's own rules as files beside the shipped ones."""

    def __init__(self) -> None:
        from django.conf import settings
        from judging import forms

        self.folder = Path(settings.DATA_ROOT) / "rules"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.more: Iterator[tuple[str, dict[str, object]]] = forms()

    def bring_to(self, size: int) -> int:
        """Returns how many are in force: with fewer asked for than are shipped, those alone."""
        from hikeshi.intake.queries import ruling

        for word, data in islice(self.more, max(0, size - len(ruling.book().rules))):
            text = yaml.safe_dump({**data, "hikeshi": {**OURS, "code": word}}, allow_unicode=True)
            (self.folder / f"{word}.yml").write_text(text, encoding="utf-8")
        book = ruling.book()
        if book.problems:
            raise SystemExit(f"a rule of the bench cannot be read: {book.problems[0]}")
        return len(book.rules)


def digested(organisation: int, bodies: Sequence[Body]) -> Rate:
    """The engine's own step until the inbox is dry; what is accepted before is not part of the time."""
    from hikeshi.engine.digest import Digest
    from hikeshi.intake import digesting
    from hikeshi.intake.inbox import owners, place
    from hikeshi.kernel.clock import now

    accept(organisation, bodies)
    parked = Parking()
    loop, watch = Digest(owners.me(), digesting.digest, parked), Watch()
    while loop.step(now()):
        pass
    rate = watch.rate(max(1, sum(one.alerts for one in bodies)))
    pending = place.inbox().totals().pending
    if parked.many or pending:
        raise SystemExit(f"{parked.many} parked, {pending} left in the inbox")
    return rate


def accept(organisation: int, bodies: Sequence[Body]) -> None:
    """Puts them into the inbox, as the door does."""
    from hikeshi.intake.inbox import place
    from hikeshi.intake.inbox.appending import Accepted, Post
    from hikeshi.intake.inbox.items import InboxItem
    from hikeshi.kernel.clock import now
    from hikeshi.kernel.ids import uuid7
    from hikeshi.kernel.worlds import World

    inbox = place.inbox()
    for at in range(0, len(bodies), BATCH):
        posts = [
            Post(InboxItem(uuid7(), each.source, organisation, each.body, JSON, now(), World.REAL, each.alerts))
            for each in bodies[at : at + BATCH]
        ]
        if not all(isinstance(one, Accepted) for one in inbox.append(posts)):
            raise SystemExit("the inbox did not take it")


_told = count()


class Parking:
    many = 0

    def __call__(self, item: object, error: str) -> None:
        self.many += 1
        print(error, file=sys.stderr)


def put_bare(many: int) -> Rate:
    """The same rows and bodies again, by nothing but the statements the digest uses, in batches of the same size."""
    from django.db import connection, transaction

    from hikeshi.intake.actions import rows
    from hikeshi.intake.models import Alert
    from hikeshi.kernel.ids import uuid7

    names = rows._ONCE + rows._CHANGING
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(names)} FROM intake_alert LIMIT {many}")
        taken = [[written(value) for value in row] for row in cursor.fetchall()]
        cursor.execute("SELECT received_at, content_type, body FROM intake_rawbody LIMIT %s", [len(taken)])
        bodies = cursor.fetchall()
        cursor.execute("SELECT normal FROM intake_normalform LIMIT %s", [len(taken)])
        normals = [written(value) for (value,) in cursor.fetchall()]
    for row in taken:
        row[0] = uuid7() if connection.vendor == "postgresql" else uuid7().hex
        row[names.index("fingerprint")] = str(row[names.index("fingerprint")])[::-1]
    watch, first = Watch(), 0
    for at in range(0, len(taken), BATCH):
        part = taken[at : at + BATCH]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(rows._INSERT, part)
            first = first or Alert.objects.order_by("-id").values_list("id", flat=True)[len(part) - 1]
            kept = [(first + at + n, 0, *body) for n, body in enumerate(bodies[at : at + BATCH])]
            cursor.executemany(rows._BODY, kept)
            cursor.executemany(rows._NORMAL, [(first + at + n, one) for n, one in enumerate(normals[at : at + BATCH])])
    return watch.rate(len(taken))


def written(value: object) -> object:
    """As it goes into the database; PostgreSQL gives JSON back as what it says."""
    return json.dumps(value) if isinstance(value, dict | list) else value


if __name__ == "__main__":
    main()
