"""Duty for the eye: weeks of days, and who has it now, next and after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hikeshi.calendars import wall
from hikeshi.kernel import clock
from hikeshi.oncall.queries import duty
from hikeshi.oncall.rota import Watch, Why

ONE = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Piece:
    """``who`` and ``name`` are empty in a gap, ``instead`` who it would have been. ``from_wall`` and ``to_wall`` are
    ``begin`` and ``end`` on the clock of the rota, which templates must not bring into the reader's zone.
    """

    begin: datetime
    end: datetime
    from_wall: datetime
    to_wall: datetime
    name: str
    why: str
    instead: str = ""
    mine: bool = False
    whole: bool = False
    past: bool = False
    who: str = ""

    @property
    def gap(self) -> bool:
        """Nobody is there who was promised."""
        return not self.name and self.why != Why.CLOSED

    @property
    def closed(self) -> bool:
        return self.why == Why.CLOSED


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    pieces: list[Piece]
    today: bool
    weekend: bool


def piece(watch: Watch, names: Mapping[str, str], *, zone: str = "UTC", mine: str = "") -> Piece:
    place = ZoneInfo(zone)
    return Piece(
        watch.begin,
        watch.end,
        on_wall(watch.begin, place),
        on_wall(watch.end, place),
        names.get(watch.person, watch.person),
        watch.why,
        names.get(watch.instead, ""),
        mine=bool(watch.person) and watch.person == mine,
        who=watch.person,
    )


def on_wall(at: datetime, place: ZoneInfo) -> datetime:
    return at.astimezone(place).replace(tzinfo=None)


def weeks(found: Sequence[Watch], zone: str, names: Mapping[str, str], *, mine: str = "") -> list[list[Day]]:
    """Whole weeks from Monday on that hold these watches; each day with its own pieces of them."""
    if not found:
        return []
    place, merged = ZoneInfo(zone), duty.merged(found)
    day = found[0].begin.astimezone(place).date()
    day -= day.weekday() * ONE
    last = (found[-1].end - timedelta(seconds=1)).astimezone(place).date()
    today, rows = clock.now().astimezone(place).date(), []
    while day <= last:
        week = [day + number * ONE for number in range(7)]
        rows.append(
            [Day(one, _of(one, merged, place, names, mine), one == today, one.weekday() >= SATURDAY) for one in week]
        )
        day += 7 * ONE
    return rows


def _of(day: date, merged: Sequence[Watch], place: ZoneInfo, names: Mapping[str, str], mine: str) -> list[Piece]:
    begin = wall.first(place, datetime.combine(day, time()))
    end = wall.first(place, datetime.combine(day + ONE, time()))
    pieces = []
    for watch in merged:
        if watch.begin < end and watch.end > begin:
            since, until = max(begin, watch.begin), min(end, watch.end)
            pieces.append(
                Piece(
                    since,
                    until,
                    on_wall(since, place),
                    on_wall(until, place),
                    names.get(watch.person, watch.person),
                    watch.why,
                    names.get(watch.instead, ""),
                    mine=bool(watch.person) and watch.person == mine,
                    who=watch.person,
                    whole=(since, until) == (begin, end),
                    past=until <= clock.now(),
                )
            )
    return pieces
