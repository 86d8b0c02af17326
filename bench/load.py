"""What the page of load costs: `python bench/load.py [--people 300] [--open 10000] [--times 20]`.

A throw-away site in a temporary folder: people in teams of ten, open records spread over them, two tasks for every
tenth, one rota for each team. Prints p50 and p95 of the page through the whole of Django, the processor's p50, and the
number of queries; then what it takes to choose an owner for one record. Exits 1 above the limit.
"""

import argparse
import random
import statistics
import sys
import time
from datetime import timedelta
from pathlib import Path

sys.path[:0] = [str(place) for place in (Path(__file__).parents[1], Path(__file__).parents[1] / "src")]

from bench.throwaway import prepare

LIMIT = 1_000.0  # ms of processor time, p50


def fill(people: int, records: int) -> None:
    from hikeshi.incidents.models import Incident, Task
    from hikeshi.kernel.clock import now
    from hikeshi.service_levels.models import Track
    from tests import world
    from tests.domains.load import on_shift, rule, team

    rng, root = random.Random(20261122), world.site()
    staff = [world.person(f"person{number}", "responder") for number in range(people)]
    for place in range(0, people, 10):
        crew = staff[place : place + 10]
        made = team(*crew, name=f"Team {place}", lead=crew[0])
        on_shift(*crew, name=f"Rota {place}")
    rule("All", team=str(made.uuid), automatic=False)
    rows = [
        Incident(
            ref=f"INC-2025-{number:06}",
            title=f"Record {number}",
            kind="malware",
            course="security",
            impact=2,
            effect=2,
            urgency=2,
            urgency_asked=2,
            priority=rng.choices([1, 2, 3, 4, 5], weights=[1, 4, 20, 45, 30])[0],
            phase="analyse",
            owner=rng.choice([None, *staff]),
            organisation=root,
            restricted=rng.random() < 0.01,
            estimate=rng.choice([None, 30, 60]),
            opened_by="system:bench",
            opened_at=now() - timedelta(minutes=number),
            updated_at=now() - timedelta(minutes=number),
        )
        for number in range(records)
    ]
    made_rows = Incident.objects.bulk_create(rows, batch_size=500)
    Task.objects.bulk_create(Task(incident=one, title="x", estimate=15) for one in made_rows[::10] for _ in range(2))
    tracks = [Track(incident=one.uuid, first_due=now() + timedelta(hours=rng.randint(-9, 90))) for one in made_rows]
    Track.objects.bulk_create(tracks, batch_size=500)


def measure(times: int) -> float:
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from hikeshi.incidents.models import Incident
    from hikeshi.load import queries
    from tests import world

    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    client.force_login(world.person("chief", "commander"), backend=settings.AUTHENTICATION_BACKENDS[0])
    client.get("/load/")
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/load/").status_code == 200
        asks = len(asked)
    wall, processor = [], []
    for _ in range(times):
        began, used = time.perf_counter(), time.process_time()
        client.get("/load/")
        wall.append(1000 * (time.perf_counter() - began))
        processor.append(1000 * (time.process_time() - used))
    p95 = sorted(wall)[int(0.95 * (len(wall) - 1))]
    spent = statistics.median(processor)
    middle = statistics.median(wall)
    print(f"/load/: p50 {middle:.0f} ms, p95 {p95:.0f} ms, processor {spent:.0f} ms, queries {asks}")
    record, used = Incident.objects.order_by("pk").first(), time.process_time()
    assert record is not None
    for _ in range(times):
        assert queries.proposal(record) is not None
    print(f"choosing an owner: processor {1000 * (time.process_time() - used) / times:.1f} ms")
    return spent


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--people", type=int, default=300)
    wanted.add_argument("--open", type=int, default=10_000)
    wanted.add_argument("--times", type=int, default=20)
    asked = wanted.parse_args()
    prepare()
    fill(asked.people, asked.open)
    print(f"people {asked.people}, open records {asked.open:,}")
    if measure(asked.times) > LIMIT:
        sys.exit(1)


if __name__ == "__main__":
    main()
