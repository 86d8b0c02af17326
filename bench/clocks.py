"""One step of the loop that watches service clocks: a million of them open, a hundred due. On SQLite as shipped, or on
PostgreSQL.

    python bench/clocks.py [--open 1000000] [--due 100] [--steps 20] [--facts 200] [--database-url postgresql://…]

Prints what a step costs that finds nothing, and one that finds a hundred: each of those is one transaction that tells
the ledger a hundred facts and plans the next moment of every clock. Then what one fact costs that moves clocks: records
with two clocks each are made to wait and to go on again, and the reaction reckons them anew. Memory is the process's
own at its highest.
"""

import argparse
import json
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--open", type=int, default=1_000_000)
    wanted.add_argument("--due", type=int, default=100)
    wanted.add_argument("--steps", type=int, default=20)
    wanted.add_argument("--facts", type=int, default=200)
    wanted.add_argument("--database-url", default="")
    asked = wanted.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HIKESHI_DATA"] = str(Path(folder) / "var")
        os.environ.update(HIKESHI_DATABASE_URL=asked.database_url, DJANGO_SETTINGS_MODULE="hikeshi.config.settings")
        measure(asked.open, asked.due, asked.steps)
        moved(asked.facts)
        print(f"memory {memory():.0f} MB at the highest")


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
    from django.db import connection

    print(f"clocks {amount:,} on {connection.vendor}, filled in {time.perf_counter() - began:.0f} s")
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
    print(f"memory {before:.0f} MB before the steps")


def moved(facts: int) -> None:
    """What reckoning after one fact costs, told apart from the act that records the fact: the clocks of a record pause
    and go on.
    """
    from hikeshi.accounts import queries as accounts
    from hikeshi.incidents import actions as incidents
    from hikeshi.incidents.codes import Waiting
    from hikeshi.kernel.acting import system
    from hikeshi.kernel.clock import now
    from hikeshi.ledger import reactions
    from hikeshi.service_levels import actions
    from hikeshi.service_levels.codes import Measure

    desk = system("bench")
    reactions.begin()
    for measure in (Measure.ANSWER, Measure.RESOLVE):
        draft = actions.Draft(measure=measure, ja=measure, en=measure, minutes=(240,) * 5, pauses=("supplier",))
        actions.switch_target(by=desk, code=actions.add_target(by=desk, draft=draft).code, on=True)
    place = accounts.root().uuid
    records = [
        incidents.open_incident(by=desk, title=f"Record {number}", kind="malware", impact=1, organisation=place)
        for number in range(10)
    ]
    hear(now)
    took = []
    for number in range(facts):
        record = records[number // 2 % len(records)]
        if number % 2:
            incidents.resume(by=desk, ref=record.ref)
        else:
            incidents.wait(by=desk, ref=record.ref, waiting=Waiting.SUPPLIER, reason="A part")
        began, busy = time.perf_counter(), time.process_time()
        hear(now)
        took.append(((time.perf_counter() - began) * 1000, (time.process_time() - busy) * 1000))
    show("all reactions to one fact that moves two clocks", took)


def fill(amount: int, due: int, steps: int) -> None:
    """All but ``due`` for each step lie in a future that the steps do not reach. By the database itself: a million rows
    through the product would take an hour and show nothing of the step.
    """
    from django.db import connection, transaction

    from hikeshi.kernel import clock

    now = clock.now()
    with transaction.atomic(), connection.cursor() as cursor:
        rows = ROWS[connection.vendor]
        for step in range(steps):
            cursor.execute(rows, row(now + step * timedelta(minutes=1) - timedelta(seconds=30), due))
        rest = amount - due * steps
        for day in range(1, 101):
            cursor.execute(rows, row(now + timedelta(days=day), rest // 100))
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE service_levels_clock")  # as its own housekeeping does after such a change


INTO = """
INSERT INTO service_levels_clock (incident, measure, round, world, target, minutes, hours, state, because, started_at,
  due_at, warn_at, steps, told, next_at)
"""
ROWS = {
    "sqlite": f"""{INTO}
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s)
SELECT lower(hex(randomblob(16))), 'resolve', 1, 'real', 'resolve', 600, '', 'running', 'opened', %s, %s, %s, %s, 0, %s
FROM n
""",
    "postgresql": f"""{INTO}
SELECT gen_random_uuid(), 'resolve', 1, 'real', 'resolve', 600, '', 'running', 'opened', %s, %s, %s, %s, 0, %s
FROM generate_series(1, %s)
""",
}


def row(at: datetime, amount: int) -> list[object]:
    from django.db import connection

    end = at + timedelta(days=200)
    moments = [[75, at.isoformat(), ["tell_owner"]], [100, end.isoformat(), ["tell_lead"]]]
    rest = [at, end, at, json.dumps(moments), at]
    return [*rest, amount] if connection.vendor == "postgresql" else [amount, *rest]


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


def hear(now: Callable[[], datetime]) -> None:
    from hikeshi.ledger import reactions

    while reactions.step(now()):
        continue


def memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
