"""How many alerts a second the machine door takes, durably, while the engine digests them with every shipped rule on.

    .venv/bin/python bench/intake.py [--seconds 10] [--on sqlite postgresql jetstream]

Through the real server from a load generator in a process of its own, on the same cores. In the same run: the limit, a
callable that does nothing but group commit, and Debian's prometheus-alertmanager where it is installed, which keeps
what it takes in memory. At 3,000 a second: how soon each is acknowledged, and judged, both on disk. At the end what was
acknowledged is compared with what was counted.
Processor time is told by process: it says more than the clock where others use the machine too.
"""

import argparse
import json
import os
import platform
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import servers

HERE = Path(__file__).resolve().parent
THINGS = 5_000
PACE = 3_000
"""Single alerts a second at which the delays are looked at; a machine that takes fewer only falls behind."""
ACKNOWLEDGED, JUDGED = 0.05, 0.5
"""Seconds within which 99 of 100 are to be acknowledged, and judged, at that pace."""
LOOK = 0.003
RUNS = {"singles": (1, 64), "batches of 100": (100, 16)}
TARGETS = {"singles": 3_000, "batches of 100": 10_000}
MEMORY = 300


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def fire(port: int, token: str, batch: int, connections: int, seconds: float, *rate: int) -> dict[str, object]:
    words = [HERE / "sending.py", port, token, batch, connections, seconds, THINGS, *rate]
    answer = json.loads(subprocess.check_output([sys.executable, *map(str, words)]))
    answer["rate"] = answer["accepted"] / seconds
    answer["requests"] = sum(answer["statuses"].values()) / seconds
    return answer


def seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


class Desk:
    """A whole desk in a folder of its own. ``environment``: of a place where it is to work, else on SQLite."""

    def __init__(self, folder: Path, environment: Mapping[str, str] | None = None) -> None:
        self.port = free_port()
        if environment is None:
            environment = {name: value for name, value in os.environ.items() if not name.startswith("HIKESHI_")}
        self.environment = {
            **environment,
            "HIKESHI_DATA": str(folder / "var"),
            "HIKESHI_PORT": str(self.port),
            "HIKESHI_INTAKE_RATE": "1000000",
        }
        self.process = subprocess.Popen([sys.executable, "-m", "hikeshi.cli", "serve"], env=self.environment)

    def get(self, path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
            return answer.read().decode()

    def await_ready(self) -> None:
        for _ in range(1200):
            try:
                self.get("/readyz")
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise SystemExit("the desk did not become ready")

    def token(self, source: str = "generic") -> str:
        words = [sys.executable, "-m", "hikeshi.cli", "token", "create", "--source", source]
        return subprocess.check_output(words, env=self.environment, text=True).split()[-1]

    def metric(self, name: str) -> int:
        lines = self.get("/metrics").splitlines()
        return int(float(next(line.split()[-1] for line in lines if line.startswith(f"{name} "))))

    def drained(self) -> float:
        began = time.monotonic()
        while self.metric("hikeshi_inbox_pending"):
            time.sleep(0.1)
        return time.monotonic() - began

    def cpu(self) -> dict[str, float]:
        """Seconds of processor time so far, by unit."""
        children = psutil.Process(self.process.pid).children()
        return {child.cmdline()[3]: seconds(child) for child in children if "hikeshi.cli.units" in child.cmdline()}

    def memory(self) -> int:
        top = psutil.Process(self.process.pid)
        return sum(each.memory_info().rss for each in [top, *top.children(recursive=True)]) >> 20

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)


class Watch:
    """Looks all the time how many alerts are judged and on disk."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        if "HIKESHI_DATABASE_URL" in environment:
            self._rows = psycopg.connect(environment["HIKESHI_DATABASE_URL"], autocommit=True)
        else:
            self._rows = sqlite3.connect(f"file:{environment['HIKESHI_DATA']}/hikeshi.sqlite3?mode=ro", uri=True)
        self._over = False
        self.seen: list[tuple[float, int]] = []

    def count(self) -> int:
        return int(self._rows.execute("SELECT COALESCE(SUM(digested), 0) FROM intake_heard").fetchone()[0])

    def delays(self, due: list[float], before: int) -> list[float]:
        """Seconds from when each was to be sent until so many were judged; who overtook others counts as they do."""
        found, seen = [], iter(self.seen)
        at, count = next(seen)
        for place, moment in enumerate(due, before + 1):
            while count < place:
                at, count = next(seen)
            found.append(at - moment)
        return sorted(found)

    def during(self, act: Callable[[], dict[str, object]], until: int) -> dict[str, object]:
        """Watches while ``act`` runs in a thread of its own, and until ``until`` more are judged."""
        goal = self.count() + until
        with ThreadPoolExecutor(1) as pool:
            acting = pool.submit(act)
            while not self.seen or self.seen[-1][1] < goal:
                count = self.count()
                self.seen.append((time.time(), count))
                if acting.done():
                    acting.result()
                time.sleep(LOOK)
            return acting.result()


def paced(desk: Desk, token: str, what: str, length: float) -> tuple[int, bool]:
    """How many were accepted at ``PACE``, and whether both delays kept within their bounds."""
    watch = Watch(desk.environment)
    before = watch.count()
    run = watch.during(lambda: fire(desk.port, token, 1, 64, length, PACE), int(PACE * length))
    delays = watch.delays(run["due"], before)
    p50, p99 = (delays[int(len(delays) * share)] for share in (0.5, 0.99))
    print(
        f"{PACE:,} singles a second, {what}: acknowledged after p50 {run['p50'] * 1000:.1f} ms, "
        f"p99 {run['p99'] * 1000:.1f} ms (goal {ACKNOWLEDGED * 1000:.0f}); judged and on disk after "
        f"p50 {p50 * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms (goal {JUDGED * 1000:.0f}); "
        f"longest {delays[-1] * 1000:.0f} ms; answers {run['statuses']}"
    )
    return run["accepted"], run["p99"] < ACKNOWLEDGED and p99 < JUDGED


def limit(folder: Path, length: float) -> dict[str, float]:
    found = {}
    for name, (batch, connections) in RUNS.items():
        port = free_port()
        file = folder / f"bare-{batch}.sqlite3"
        bare = subprocess.Popen([sys.executable, str(HERE / "bare_door.py"), str(port), str(file)])
        time.sleep(2)
        watched = psutil.Process(bare.pid)
        before = seconds(watched)
        run = fire(port, "none", batch, connections, length)
        found[name] = run["requests"] * batch
        count = sum(run["statuses"].values())
        print(
            f"bare, {name}: {found[name]:,.0f}/s; processor time of each request: door "
            f"{(seconds(watched) - before) / count * 1e6:,.0f} us, sender {run['cpu'] / count * 1e6:,.0f} us"
        )
        bare.kill()
        bare.wait()
    return found


@contextmanager
def running_alertmanager(folder: Path) -> Iterator[tuple[int, psutil.Process] | None]:
    """Its port and its process; None where it is not installed."""
    program = shutil.which("prometheus-alertmanager")
    if program is None:
        print("prometheus-alertmanager is not installed: nothing to compare with")
        yield None
        return
    config, port = folder / "alertmanager.yml", free_port()
    config.write_text("route: {receiver: nobody}\nreceivers: [{name: nobody}]\n", encoding="utf-8")
    words = [f"--config.file={config}", f"--storage.path={folder / 'am'}", f"--web.listen-address=127.0.0.1:{port}"]
    with (folder / "alertmanager.log").open("wb") as log:
        process = subprocess.Popen([program, *words, "--cluster.listen-address="], stdout=log, stderr=log)
    try:
        time.sleep(2)
        yield port, psutil.Process(process.pid)
    finally:
        process.kill()
        process.wait()


def alertmanager(folder: Path, length: float) -> dict[str, float]:
    """Alerts a second that it takes; empty where there is none."""
    found: dict[str, float] = {}
    with running_alertmanager(folder) as there:
        if there is None:
            return found
        port, watched = there
        for name, (batch, connections) in RUNS.items():
            before = seconds(watched)
            run = fire(port, "alertmanager", batch, connections, length)
            found[name] = run["rate"]
            print(
                f"Alertmanager, {name}: {run['rate']:,.0f} alerts/s, in memory; after p50 {run['p50'] * 1000:.1f} ms, "
                f"p99 {run['p99'] * 1000:.1f} ms; answers {run['statuses']}; processor time of each request "
                f"{(seconds(watched) - before) / sum(run['statuses'].values()) * 1e6:,.0f} us; "
                f"memory {watched.memory_info().rss >> 20} MiB"
            )
    return found


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=float, default=10.0)
    arguments.add_argument("--on", nargs="+", choices=servers.PLACES, default=servers.PLACES)
    options = arguments.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="hikeshi-bench-"))
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"load before the run: {os.getloadavg()[0]:.2f} (others on the machine make every figure worse)")
    failed = 0
    try:
        bare = limit(folder, options.seconds / 2)
        other = alertmanager(folder, options.seconds / 2)
        for place in options.on:
            print(f"== {place}", flush=True)
            with servers.standing(place) as environment:
                failed += measure(Desk(folder / place, environment), bare, other, options.seconds)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if failed else 0


def measure(desk: Desk, bare: dict[str, float], other: dict[str, float], length: float) -> int:
    """How many targets were missed."""
    failed = 0
    try:
        desk.await_ready()
        token = desk.token()
        time.sleep(3)
        idle = desk.memory()
        print(f"idle memory of the process tree: {idle} MiB (at most {MEMORY})")
        failed += idle > MEMORY
        acknowledged, _ = paced(desk, token, f"the first {THINGS:,} all new", length)
        again, soon = paced(desk, token, "things that are known", length)
        acknowledged += again
        failed += not soon
        for name in RUNS:
            accepted, enough = flooded(desk, token, name, bare, other, length)
            acknowledged += accepted
            failed += not enough
        counted = desk.metric("hikeshi_intake_accepted_total"), desk.metric("hikeshi_intake_digested_total")
        exact = counted == (acknowledged, acknowledged)
        failed += not exact
        print(f"acknowledged {acknowledged:,}, accepted and digested {counted}: {'exact' if exact else 'NOT EXACT'}")
    finally:
        desk.stop()
    return failed


def flooded(
    desk: Desk, token: str, name: str, bare: dict[str, float], other: dict[str, float], length: float
) -> tuple[int, bool]:
    """As many as it takes: how many that were, and whether they were enough."""
    before, began = desk.metric("hikeshi_intake_digested_total"), desk.cpu()
    run = fire(desk.port, token, *RUNS[name], length)
    ended = desk.cpu()
    meanwhile = desk.metric("hikeshi_intake_digested_total") - before
    waited = desk.drained()
    digested = desk.metric("hikeshi_intake_digested_total") - before
    engine, count = desk.cpu()["engine"] - began["engine"], sum(run["statuses"].values())
    over_all = digested / (length + waited)
    print(
        f"{name}: {run['rate']:,.0f} alerts/s acknowledged (at least {TARGETS[name]:,}), "
        f"{run['rate'] / bare[name]:.0%} of the bare limit {bare[name]:,.0f}; "
        f"acknowledged after p50 {run['p50'] * 1000:.1f} ms, p99 {run['p99'] * 1000:.1f} ms; "
        f"answers {run['statuses']}; digested meanwhile {meanwhile / length:,.0f}/s, "
        f"over all {over_all:,.0f}/s; memory {desk.memory()} MiB"
    )
    if name in other:
        print(
            f"    beside Alertmanager's {other[name]:,.0f}/s: durably acknowledged "
            f"{run['rate'] / other[name]:.0%}, digested, judged and durable {over_all / other[name]:.0%}"
        )
    door, took = (ended[unit] - began[unit] for unit in ("site", "engine"))
    print(
        f"    processor time of each request: door {door / count * 1e6:,.0f} us, sender "
        f"{run['cpu'] / count * 1e6:,.0f} us; of each alert: engine {engine / digested * 1e6:,.0f} us; "
        f"meanwhile door {door / length:.0%} and engine {took / length:.0%} of one core"
    )
    return run["accepted"], run["rate"] >= TARGETS[name]


if __name__ == "__main__":
    sys.exit(main())
