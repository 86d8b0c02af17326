"""How many acts a second the ledger takes, and how many entries a second ``verify`` recomputes.

    .venv/bin/python bench/ledger.py [--acts 3000] [--entries 200000] [--database-url postgresql://…]

Acts are notes on one incident, one transaction each, on disk before the next: the slowest honest case. The limit in the
same run is a bare INSERT with the same durability. Entries are then added in bulk by the ledger itself and verified.
"""

import argparse
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import django

PER_UNIT = 1000


def rate(count: int, work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return count / (time.perf_counter() - began)


def main() -> int:
    options = argparse.ArgumentParser(description="Acts and verified entries per second.")
    options.add_argument("--acts", type=int, default=3000)
    options.add_argument("--entries", type=int, default=200_000)
    options.add_argument("--database-url", default="")
    given = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="hikeshi-bench-", dir=os.environ.get("BENCH_FOLDER")))
    os.environ.update(HIKESHI_DATA=str(folder / "var"), HIKESHI_DATABASE_URL=given.database_url)
    os.environ["DJANGO_SETTINGS_MODULE"] = "hikeshi.config.settings"
    django.setup()
    try:
        measure(given.acts, given.entries)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def measure(acts: int, entries: int) -> None:
    from django.db import connection

    from hikeshi.cli.prepare import bring_up

    bring_up()
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"{connection.vendor}, in {tempfile.gettempdir()}")
    limit, done = rate(acts, lambda: bare(acts)), rate(acts, lambda: notes(acts))
    print(f"bare durable inserts/s         {limit:10,.0f}")
    print(f"acts/s (a note, one commit)    {done:10,.0f}   {done / limit:6.1%} of bare")
    print(f"entries appended/s, 1,000 each {rate(entries, lambda: bulk(entries)):10,.0f}")
    print(f"entries verified/s             {verified(state=False):10,.0f}")
    print(f"the same with --state          {verified(state=True):10,.0f}")


def bare(count: int) -> None:
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare (id INTEGER PRIMARY KEY, body TEXT)")
    for number in range(count):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO bare VALUES (%s, %s)", [number, "x" * 300])


def notes(count: int) -> None:
    from hikeshi.incidents import actions
    from hikeshi.kernel.acting import system

    desk = system("bench")
    incident = actions.open_incident(by=desk, title="Bench", kind="malware", impact=2)
    for number in range(count):
        actions.note(by=desk, ref=incident.ref, text=f"Note {number}")


def bulk(count: int) -> None:
    from hikeshi.kernel.acting import system
    from hikeshi.ledger import acts
    from hikeshi.ledger.facts import ReactionParked

    for first in range(0, count, PER_UNIT):
        with acts.unit():
            for number in range(first, first + PER_UNIT):
                fact = ReactionParked(reaction="bench", entry=number)
                acts.record(fact, subject=f"incident:{number}", by=system("bench"))


def verified(*, state: bool) -> float:
    """Entries a second; the bench ends where the ledger does not hold."""
    from hikeshi.ledger.verify import verify

    began = time.perf_counter()
    report = verify(state=state)
    if not report.holds:
        sys.exit(f"the ledger does not hold: {report.findings}")
    return report.entries / (time.perf_counter() - began)


if __name__ == "__main__":
    sys.exit(main())
