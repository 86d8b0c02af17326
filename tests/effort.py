"""How much a database does for a piece of work, in figures that no busy machine changes."""

import json
from collections.abc import Callable, Iterator

from django.db import connection
from django.test.utils import CaptureQueriesContext

STEPS = 20


def effort(work: Callable[[], object], *, known: bool = True) -> int:
    """SQLite: steps of its machine. PostgreSQL: rows that the parts of its plans met, with what it knows of its
    tables as fresh as its own upkeep makes it, or (``known=False``) as it was left. Each is compared with itself.
    """
    work()
    return _steps(work) if connection.vendor == "sqlite" else _met(work, known)


def upkeep() -> None:
    """The database learns how much its tables hold, and of what."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _steps(work: Callable[[], object]) -> int:
    count = 0

    def again() -> int:
        nonlocal count
        count += STEPS
        return 0

    connection.connection.set_progress_handler(again, STEPS)
    try:
        work()
    finally:
        connection.connection.set_progress_handler(None, 0)
    return count


def _met(work: Callable[[], object], known: bool) -> int:
    with CaptureQueriesContext(connection) as asked:
        work()
    if known:
        upkeep()
    count = 0
    with connection.cursor() as cursor:
        for one in asked.captured_queries:
            if not one["sql"].startswith(("SELECT", "(SELECT", "WITH")):
                continue
            cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + one["sql"].replace("%", "%%"), [])
            (said,) = cursor.fetchone()
            plan = json.loads(said) if isinstance(said, str) else said
            count += sum(_rows(plan[0]["Plan"]))
    return count


def _rows(plan: dict[str, object]) -> Iterator[int]:
    loops = int(plan["Actual Loops"])
    yield loops * (int(plan["Actual Rows"]) + int(plan.get("Rows Removed by Filter", 0)))
    for one in plan.get("Plans", []):
        yield from _rows(one)
