"""How many alerts a second the machine door takes, durably, while the engine digests them with every shipped rule on.

    .venv/bin/python bench/intake.py [--seconds 10] [--database-url postgresql://…]

Through the real server, from a load generator in a process of its own, on the same cores. In the same run: the limit, a
callable that does nothing but group commit, and Debian's prometheus-alertmanager where it is installed, which keeps
what it takes in memory. At the end what was acknowledged is compared with what was counted.
Processor time is told by process: it says more than the clock where others use the machine too.
"""

import argparse
import json
import os
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

HERE = Path(__file__).resolve().parent
THINGS = 5_000
RUNS = {"singles": (1, 64), "batches of 100": (100, 16)}
TARGETS = {"singles": 3_000, "batches of 100": 10_000}
MEMORY = 300


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def fire(port: int, token: str, batch: int, connections: int, seconds: float) -> dict[str, object]:
    words = [HERE / "sending.py", port, token, batch, connections, seconds, THINGS]
    answer = json.loads(subprocess.check_output([sys.executable, *map(str, words)]))
    answer["rate"] = answer["accepted"] / seconds
    answer["requests"] = sum(answer["statuses"].values()) / seconds
    return answer


def seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


class Desk:
    def __init__(self, folder: Path, database_url: str) -> None:
        self.port = free_port()
        clean = {name: value for name, value in os.environ.items() if not name.startswith("HIKESHI_")}
        self.environment = clean | {
            "HIKESHI_DATA": str(folder / "var"),
            "HIKESHI_PORT": str(self.port),
            "HIKESHI_DATABASE_URL": database_url,
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
    arguments.add_argument("--database-url", default="")
    options = arguments.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="hikeshi-bench-"))
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"load before the run: {os.getloadavg()[0]:.2f} (others on the machine make every figure worse)")
    try:
        return measure(folder, options)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure(folder: Path, options: argparse.Namespace) -> int:
    bare = limit(folder, options.seconds / 2)
    other = alertmanager(folder, options.seconds / 2)
    desk = Desk(folder, options.database_url)
    failed = 0
    try:
        desk.await_ready()
        token = desk.token()
        time.sleep(3)
        idle = desk.memory()
        print(f"idle memory of the process tree: {idle} MiB (at most {MEMORY})")
        failed += idle > MEMORY
        acknowledged = 0
        for name, (batch, connections) in RUNS.items():
            before = desk.metric("hikeshi_intake_digested_total")
            began = desk.cpu()
            run = fire(desk.port, token, batch, connections, options.seconds)
            ended = desk.cpu()
            meanwhile = desk.metric("hikeshi_intake_digested_total") - before
            acknowledged += run["accepted"]
            waited = desk.drained()
            digested = desk.metric("hikeshi_intake_digested_total") - before
            engine = desk.cpu()["engine"] - began["engine"]
            count = sum(run["statuses"].values())
            failed += run["rate"] < TARGETS[name]
            print(
                f"{name}: {run['rate']:,.0f} alerts/s acknowledged (at least {TARGETS[name]:,}), "
                f"{run['rate'] / bare[name]:.0%} of the bare limit {bare[name]:,.0f}; "
                f"acknowledged after p50 {run['p50'] * 1000:.1f} ms, p99 {run['p99'] * 1000:.1f} ms; "
                f"answers {run['statuses']}; digested meanwhile {meanwhile / options.seconds:,.0f}/s, "
                f"over all {digested / (options.seconds + waited):,.0f}/s; memory {desk.memory()} MiB"
            )
            if name in other:
                over_all = digested / (options.seconds + waited)
                print(
                    f"    beside Alertmanager's {other[name]:,.0f}/s: durably acknowledged "
                    f"{run['rate'] / other[name]:.0%}, digested, judged and durable {over_all / other[name]:.0%}"
                )
            print(
                f"    processor time of each request: door {(ended['site'] - began['site']) / count * 1e6:,.0f} us, "
                f"sender {run['cpu'] / count * 1e6:,.0f} us; of each alert: engine {engine / digested * 1e6:,.0f} us; "
                f"meanwhile door {(ended['site'] - began['site']) / options.seconds:.0%} and engine "
                f"{(ended['engine'] - began['engine']) / options.seconds:.0%} of one core"
            )
        counted = desk.metric("hikeshi_intake_accepted_total"), desk.metric("hikeshi_intake_digested_total")
        exact = counted == (acknowledged, acknowledged)
        failed += not exact
        print(f"acknowledged {acknowledged:,}, accepted and digested {counted}: {'exact' if exact else 'NOT EXACT'}")
    finally:
        desk.stop()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
