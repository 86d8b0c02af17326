"""How long it takes to work out who is on call: over a year, and at one moment. `python -m bench.rota`

Three layers (weekly; nights by day; holidays only), two covers a month, an absence a month; new moments each time, so
that nothing is remembered but a zone's changes of the clock and the year's holidays.
"""

import statistics
import time
from datetime import UTC, datetime, timedelta

from hikeshi.calendars import calendar as calendars
from hikeshi.calendars import hours
from hikeshi.oncall.rota import Absence, Cover, Rota, on_call, watches
from hikeshi.oncall.turns import Holidays, Layer, Unit

YEAR = timedelta(days=365)
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
PEOPLE = tuple(f"person:{number}" for number in range(8))


def rota() -> Rota:
    begins = datetime.fromisoformat("2025-12-29 09:00")
    nights = (hours.read("22:00-06:00"),) * 7
    layers = (
        Layer("Asia/Tokyo", begins, PEOPLE),
        Layer("Europe/Berlin", begins, PEOPLE[::-1], Unit.DAY, week=nights),
        Layer(
            "Asia/Tokyo", begins, PEOPLE, Unit.DAY, holidays=Holidays.ONLY, calendar=calendars.standard("Asia/Tokyo")
        ),
    )
    starts = [BEGIN + timedelta(days=15 * number) for number in range(24)]
    covers = tuple(Cover(str(at), at, at + timedelta(days=1), PEOPLE[0]) for at in starts)
    absences = tuple(Absence(PEOPLE[1], at, at + timedelta(days=3), PEOPLE[2]) for at in starts[::2])
    return Rota(layers, covers, absences)


def main() -> None:
    plan = rota()
    year, moment = [], []
    for number in range(30):
        since = BEGIN + timedelta(minutes=number)
        begun = time.perf_counter()
        found = watches(plan, since, since + YEAR)
        year.append(time.perf_counter() - begun)
    for number in range(2_000):
        at = BEGIN + timedelta(hours=4 * number)
        begun = time.perf_counter()
        on_call(plan, at)
        moment.append(time.perf_counter() - begun)
    print(f"watches of a year: {len(found)}; first time {year[0] * 1000:.1f} ms")
    print(f"a year, median of {len(year)}: {statistics.median(year) * 1000:.1f} ms (limit 10 ms)")
    print(f"one moment, median of {len(moment)}: {statistics.median(moment) * 1e6:.0f} µs")


if __name__ == "__main__":
    main()
