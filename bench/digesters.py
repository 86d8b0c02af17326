"""Alerts digested a second by several processes on one inbox, as engines of several machines, and what they wait for.

    .venv/bin/python bench/digesters.py [--digesters 1 2] [--alerts 6000] [--rules 200] [--on postgresql jetstream]

Each digester is a process of its own, ready before the clock begins; the clock ends when the last has found nothing
more. A second is by the clock, and of all digesters' own processor time. What they wait for is what PostgreSQL says of
its sessions, looked at fifty times a second; "running" is none of it.
"""

import argparse
import os
import subprocess
import sys
import time
from collections import Counter

import digest

PLACES = ("postgresql", "jetstream")
LOOK = 0.02
_SESSIONS = (
    "SELECT coalesce(wait_event_type || ': ' || wait_event, 'running') FROM pg_stat_activity"
    " WHERE state <> 'idle' AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--digesters", type=int, nargs="+", default=[1, 2])
    arguments.add_argument("--alerts", type=int, default=6_000)
    arguments.add_argument("--rules", type=int, default=200)
    arguments.add_argument("--on", nargs="+", choices=PLACES, default=list(PLACES))
    arguments.add_argument("--here", choices=PLACES, help=argparse.SUPPRESS)
    arguments.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    asked = arguments.parse_args()
    if asked.one:
        be_one()
    elif asked.here:
        measure(asked.here, asked.digesters, asked.alerts, asked.rules)
    else:
        words = ["--digesters", *map(str, asked.digesters), "--alerts", str(asked.alerts), "--rules", str(asked.rules)]
        for place in asked.on:
            digest.on_servers(place, [sys.executable, __file__, "--here", place, *words])


def measure(place: str, sizes: list[int], alerts: int, rules: int) -> None:
    organisation, numbers, own = digest.ready()
    own.bring_to(rules)
    for load, repeats in digest.LOADS.items():
        for size in sizes:
            digest.digested(organisation, numbers.known(alerts // repeats) if repeats > 1 else [])
            digest.accept(organisation, numbers.things(alerts, repeats))
            elapsed, busy, each, waits = together(size)
            said = f"{place:<11} {size} digesters, {load:<13} {alerts / elapsed:>7,.0f} {alerts / busy:>7,.0f}"
            print(f"{said}  each {each}, load {os.getloadavg()[0]:.1f}")
            for wait, looks in waits.most_common(6):
                print(f"    {looks / waits.total():4.0%} {wait}", flush=True)


def together(size: int) -> tuple[float, float, list[int], Counter[str]]:
    """Seconds by the clock and of processor time, how many alerts each had, and how often each wait was seen."""
    words = [sys.executable, __file__, "--one"]
    ones = [subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(size)]
    for one in ones:
        if one.stdout is None or not one.stdout.readline():
            raise SystemExit("a digester did not start")
    began = time.perf_counter()
    for one in ones:
        if one.stdin is not None:
            one.stdin.write("go\n")
            one.stdin.flush()
    waits: Counter[str] = Counter()
    while any(one.poll() is None for one in ones):
        waits.update(waited_for())
        time.sleep(LOOK)
    elapsed = time.perf_counter() - began
    told = [one.stdout.read().split() for one in ones if one.stdout is not None]
    return elapsed, sum(float(busy) for _, busy in told), [int(alerts) for alerts, _ in told], waits


def waited_for() -> list[str]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_SESSIONS)
        return [wait for (wait,) in cursor.fetchall()]


def be_one() -> None:
    """A digester: ready when it says so, at work when it is told to, done when it finds nothing more."""
    import django

    django.setup()
    from hikeshi.engine.digest import Digest
    from hikeshi.intake import digesting
    from hikeshi.intake.inbox import owners, place
    from hikeshi.intake.queries import ruling
    from hikeshi.kernel import memory
    from hikeshi.kernel.clock import now

    done = []
    loop = Digest(owners.me(), lambda items: done.append(digesting.digest(items).alerts), digest.Parking())
    ruling.book()
    place.inbox().pending()
    memory.settle()
    print("ready", flush=True)
    sys.stdin.readline()
    watch = time.process_time()
    while loop.step(now()):
        pass
    print(sum(done), time.process_time() - watch, flush=True)


if __name__ == "__main__":
    main()
