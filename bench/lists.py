"""What it takes to take a whole list away: `python bench/lists.py [--incidents N] [--on postgresql] [--keep FOLDER]`.

A throw-away site (or HIKESHI_DATABASE_URL, which must be empty) filled as bench.pages fills it, or the one that
bench/pages.py left in a folder; its incidents leave as CSV, Excel and JSON through the whole of Django, read piece by
piece as a browser reads them. The limit beside them, in the same run: the same rows fetched at once by one bare
statement. Prints seconds of the wall and of the processor, rows a second of the latter, the ratio, bytes, and by how
much the memory of the process has grown at its most. Exits 1 where it grew by more than 48 MB.
"""

import argparse
import resource
import sys
import time
from pathlib import Path

sys.path[:0] = [str(place) for place in (Path(__file__).parents[1], Path(__file__).parents[1] / "src")]

from bench import pages, throwaway

LIMIT = 48.0  # MB


def grown() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def bare() -> float:
    from django.db import connection

    began = time.process_time()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.ref, i.title, i.kind, i.status, i.phase, i.priority, i.opened_at, p.name "
            "FROM incidents_incident i LEFT JOIN accounts_person p ON p.id = i.owner_id ORDER BY i.id DESC"
        )
        while cursor.fetchmany(500):
            pass
    return time.process_time() - began


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--incidents", type=int, default=100_000)
    asked.add_argument("--on", choices=throwaway.ON, default="")
    asked.add_argument("--keep", type=Path, metavar="FOLDER")
    wanted = asked.parse_args()
    throwaway.prepare(wanted.keep, wanted.on)
    from django.conf import settings
    from django.db import connection

    from hikeshi.incidents.models import Incident

    settings.ALLOWED_HOSTS = ["*"]
    if not Incident.objects.exists():
        pages.fill(wanted.incidents)
    count = Incident.objects.count()
    client, limit = pages.browser(), bare()
    client.get("/incidents/export.xlsx?status=closed&kind=physical&q=nothing").getvalue()  # what is loaded only once
    print(f"{connection.vendor}, {count:,} incidents; bare: {limit:.2f} s")
    print(f"{'form':6} {'s':>8} {'CPU s':>8} {'rows/s':>10} {'x bare':>8} {'MB':>8} {'grew by MB':>12}")
    failed = False
    for form in ("csv", "json", "xlsx"):
        before, begun, began, size = grown(), time.perf_counter(), time.process_time(), 0
        for piece in client.get(f"/incidents/export.{form}?status=all").streaming_content:
            size += len(piece)
        wall, took, more = time.perf_counter() - begun, time.process_time() - began, grown() - before
        failed |= more > LIMIT
        figures = f"{wall:8.2f} {took:8.2f} {count / took:10,.0f} {took / limit:8.1f} {size / 1e6:8.1f} {more:12.1f}"
        print(f"{form:6} {figures}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
