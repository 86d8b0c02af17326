"""Ten thousand calls for help at once: from all of them begun until the first call of each is queued, exactly once.

    python -m bench.escalation [--runs 10000] [--engines 2] [--database-url postgresql://…]

The real step of the engine's loop, over policies of five steps, on SQLite or on the database named. ``--engines``
threads take steps beside each other, as several machines would on PostgreSQL; SQLite has one writer at a time. Begun as
the product begins them, by the action; that is not part of the time, and is said of the first and the last thousand, so
that what grows with the number shows. In the end some are answered, each of which has to call off its own and no other.
"""

import argparse
import os
import resource
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from uuid import UUID

STEPS = 5
SLICE = 1000
ANSWERED = 200


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--runs", type=int, default=10_000)
    wanted.add_argument("--engines", type=int, default=1)
    wanted.add_argument("--database-url", default="")
    asked = wanted.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="hikeshi-bench-", dir=os.environ.get("BENCH_FOLDER")))
    os.environ.update(HIKESHI_DATA=str(folder / "var"), HIKESHI_DATABASE_URL=asked.database_url)
    os.environ["DJANGO_SETTINGS_MODULE"] = "hikeshi.config.settings"
    try:
        measure(asked.runs, asked.engines)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure(amount: int, engines: int) -> None:
    import django

    django.setup()
    from django.db import connection

    from hikeshi.cli.prepare import bring_up

    bring_up()
    begin(amount)
    held = memory()
    wall, cpu = time.perf_counter(), time.process_time()
    threads = [threading.Thread(target=drain) for _ in range(engines)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    check(amount)
    print(f"{connection.vendor}: first calls queued and claimed once: {amount:,}, engines {engines}")
    print(f"wall {wall:.1f} s, {amount / wall:,.0f} a second; processor time {cpu:.1f} s, {amount / cpu:,.0f} a second")
    print(f"memory at most: begun {held} MiB, all called {memory()} MiB")
    print(f"answered: {answer(min(amount, ANSWERED)) * 1000:.1f} ms of the processor each")


def memory() -> int:
    """MiB, the most there ever was."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def begin(amount: int) -> None:
    from hikeshi.accounts import actions as accounts
    from hikeshi.accounts import queries
    from hikeshi.accounts.models import Person
    from hikeshi.kernel.acting import system
    from hikeshi.kernel.worlds import World
    from hikeshi.ledger.acts import unit
    from hikeshi.oncall import actions
    from hikeshi.oncall.drafts import StepDraft
    from hikeshi.oncall.escalation import Circumstances, TargetKind

    by = system("bench")
    accounts.bootstrap(by=by, password="correct horse battery staple")
    owner = f"person:{Person.objects.get().uuid}"
    accounts.add_way(by=by, owner=owner, kind="mail", address="bench@example.jp")
    steps = tuple(StepDraft(after=5 * number, kind=TargetKind.PERSON, value=owner) for number in range(STEPS))
    actions.add_policy(by=by, written=actions.PolicyDraft(name="Bench", steps=steps, repeats=2))
    place = str(queries.root().uuid)
    spent: list[float] = []
    for first in range(0, amount, 50):
        began = time.process_time()
        with unit():
            for number in range(first, min(first + 50, amount)):
                case = Circumstances(1 + number % 5, "malware", place, ref=f"INC-{number}")
                actions.begin(by=by, subject=f"thing:{UUID(int=number)}", world=World.REAL, circumstances=case)
        spent.append(time.process_time() - began)
    each = SLICE // 50
    first_each, last_each = (sum(part) / len(part) * 1000 / 50 for part in (spent[:each], spent[-each:]))
    print(f"begun: {amount:,}; processor time each {first_each:.1f} ms at first, {last_each:.1f} ms at last")


def drain() -> None:
    from django.db import connection

    from hikeshi.engine import escalate
    from hikeshi.kernel import clock

    spent: list[float] = []
    more = True
    while more:
        began = time.thread_time()
        more = escalate.step(clock.now())
        spent.append(time.thread_time() - began)
    connection.close()
    full = spent[:-1] or spent
    print(f"steps of {escalate.STEP}: {len(spent)}; the first {full[0]:.2f} s, the last full one {full[-1]:.2f} s")


def answer(amount: int) -> float:
    """Seconds of the processor for each."""
    from hikeshi.kernel.acting import system
    from hikeshi.notify.models import Outgoing
    from hikeshi.oncall import actions
    from hikeshi.oncall.models.runs import Run

    withdrawn = Outgoing.objects.filter(course="withdrawn")
    began = time.process_time()
    for number in range(amount):
        actions.acknowledge(by=system("bench"), subject=f"thing:{UUID(int=number)}")
    spent = time.process_time() - began
    assert withdrawn.count() == Run.objects.filter(state="answered").count() == amount
    return spent / amount


def check(amount: int) -> None:
    """Raises AssertionError where one is missing or was called twice."""
    from hikeshi.notify.models import Outgoing
    from hikeshi.oncall.models.runs import Call, Due, Run

    calls = Counter(Call.objects.values_list("run", flat=True))
    assert len(calls) == amount, len(calls)
    assert set(calls.values()) == {1}, calls.most_common(3)
    assert Outgoing.objects.count() == Call.objects.exclude(message="").values("message").distinct().count() == amount
    assert Due.objects.filter(taken_at__isnull=False).count() == amount
    assert Due.objects.filter(taken_at__isnull=True).count() == amount
    assert set(Run.objects.values_list("position", "called", "reached")) == {(1, 1, 1)}


if __name__ == "__main__":
    sys.exit(main())
