"""Ten thousand calls for help at once: from all of them begun until the first call of each is queued, exactly once.

    python -m bench.escalation [--runs 10000] [--engines 2]

The real step of the engine's loop, over policies of five steps, on whatever database the settings name. ``--engines``
threads take steps beside each other, as several machines would on PostgreSQL; SQLite has one writer at a time. Begun as
the product begins them, by the action; that is not part of the time.
"""

import argparse
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from uuid import UUID

STEPS = 5


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--runs", type=int, default=10_000)
    wanted.add_argument("--engines", type=int, default=1)
    asked = wanted.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HIKESHI_DATA"] = str(Path(folder) / "var")
        os.environ["DJANGO_SETTINGS_MODULE"] = "hikeshi.config.settings"
        measure(asked.runs, asked.engines)


def measure(amount: int, engines: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    Path(os.environ["HIKESHI_DATA"]).mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0)
    begin(amount)
    wall, cpu = time.perf_counter(), time.process_time()
    threads = [threading.Thread(target=drain) for _ in range(engines)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    check(amount)
    print(f"first calls queued and claimed once: {amount:,}, engines {engines}")
    print(f"wall {wall:.1f} s, {amount / wall:,.0f} a second; processor time {cpu:.1f} s, {amount / cpu:,.0f} a second")


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
    began = time.perf_counter()
    for first in range(0, amount, 50):
        with unit():
            for number in range(first, min(first + 50, amount)):
                case = Circumstances(1 + number % 5, "malware", place, ref=f"INC-{number}")
                actions.begin(by=by, subject=f"thing:{UUID(int=number)}", world=World.REAL, circumstances=case)
    print(f"begun: {amount:,} in {time.perf_counter() - began:.1f} s")


def drain() -> None:
    from django.db import connection

    from hikeshi.engine import escalate
    from hikeshi.kernel import clock

    while escalate.step(clock.now()):
        pass
    connection.close()


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
