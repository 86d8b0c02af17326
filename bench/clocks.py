"""One step of the loop that watches service clocks: a million of them open, a hundred due. On SQLite, as shipped.

    python bench/clocks.py [--open 1000000] [--due 100] [--steps 20]

Prints what a step costs that finds nothing, and one that finds a hundred: each of those is one transaction that tells
the ledger a hundred facts and plans the next moment of every clock. Memory is the process's own at its highest.
"""

import argparse
import json
import os
import resource
import statistics
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--open", type=int, default=1_000_000)
    wanted.add_argument("--due", type=int, default=100)
    wanted.add_argument("--steps", type=int, default=20)
    asked = wanted.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HIKESHI_DATA"] = str(Path(folder) / "var")
        os.environ["DJANGO_SETTINGS_MODULE"] = "hikeshi.config.settings"
        measure(asked.open, asked.due, asked.steps)


def measure(amount: int, due: int, steps: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from hikeshi.accounts import actions as accounts
    from hikeshi.kernel.acting import system

    Path(os.environ["HIKESHI_DATA"]).mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0)
    accounts.bootstrap(by=system("bench"), password="correct horse battery staple")
    began = time.perf_counter()
    fill(amount, due, steps)
    print(f"clocks {amount:,}, filled in {time.perf_counter() - began:.0f} s")
    before = memory()
    nothing, found = [], []
    from hikeshi.kernel import clock

    for number in range(steps):
        nothing.append(one_step(clock.now() - timedelta(days=400), 0))
        found.append(one_step(clock.now() + number * timedelta(minutes=1), due))
    told = entries()
    assert told == due * steps, (told, due * steps)
    show("a step that finds nothing", nothing)
    show(f"a step that finds {due}", found)
    print(f"memory {before:.0f} MB before, {memory():.0f} MB at the highest")


def fill(amount: int, due: int, steps: int) -> None:
    """All but ``due`` for each step lie in a future that the steps do not reach. By the database itself: a million rows
    through the product would take an hour and show nothing of the step.
    """
    from django.db import connection, transaction

    from hikeshi.kernel import clock

    now = clock.now()
    with transaction.atomic(), connection.cursor() as cursor:
        for step in range(steps):
            cursor.execute(ROWS, row(now + step * timedelta(minutes=1) - timedelta(seconds=30), due))
        rest = amount - due * steps
        for day in range(1, 101):
            cursor.execute(ROWS, row(now + timedelta(days=day), rest // 100))


ROWS = """
INSERT INTO service_levels_clock (incident, measure, round, world, target, minutes, hours, state, because, started_at,
  due_at, warn_at, steps, told, next_at)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s)
SELECT lower(hex(randomblob(16))), 'resolve', 1, 'real', 'resolve', 600, '', 'running', 'opened', %s, %s, %s, %s, 0, %s
FROM n
"""


def row(at: datetime, amount: int) -> list[object]:
    end = at + timedelta(days=200)
    moments = [[75, at.isoformat(), ["tell_owner"]], [100, end.isoformat(), ["tell_lead"]]]
    return [amount, at, end, at, json.dumps(moments), at]


def one_step(now: datetime, expected: int) -> tuple[float, float]:
    from hikeshi.service_levels import actions

    before = entries()
    began, busy = time.perf_counter(), time.process_time()
    actions.watch_clocks(now)
    took, busy = time.perf_counter() - began, time.process_time() - busy
    assert entries() - before == expected, (entries() - before, expected)
    return took * 1000, busy * 1000


def entries() -> int:
    from hikeshi.ledger.models import Entry

    return Entry.objects.filter(fact__startswith="service_levels.").count()


def show(what: str, took: list[tuple[float, float]]) -> None:
    wall, busy = ([one[place] for one in took] for place in (0, 1))
    middle, own = statistics.median(wall), statistics.median(busy)
    print(
        f"{what}: median {middle:.1f} ms ({own:.1f} ms of processor), fastest {min(wall):.1f}, slowest {max(wall):.1f}"
    )


def memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
