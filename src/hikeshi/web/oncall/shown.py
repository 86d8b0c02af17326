"""What the pages of duty show."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import override

from hikeshi.accounts.queries import ways_of
from hikeshi.accounts.ways import Way
from hikeshi.calendars import wall
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import NotFound
from hikeshi.oncall import fairness, ical
from hikeshi.oncall.permissions import Verb
from hikeshi.oncall.queries import duty, feeds, rotas
from hikeshi.oncall.queries.duty import Board, Lacks
from hikeshi.oncall.queries.rotas import Rota
from hikeshi.oncall.terms import Promise
from hikeshi.web.oncall import pictures
from hikeshi.web.oncall.forms import Period

WEEKS: Final = 4
MOST_GAPS: Final = 12
ONE: Final = timedelta(days=1)
SPAN: Final = timedelta(days=90)


class RotaPage:
    """One rota: who has it, four weeks of it, what is missing, who may do what."""

    def __init__(self, by: Actor, uuid: UUID, asked: QueryDict) -> None:
        self.by, self.row = by, rotas.rota(by, uuid)
        self.place = ZoneInfo(self.row.time_zone)
        self.now = clock.now()
        self.today = self.now.astimezone(self.place).date()
        self.first = _monday(_day(asked.get("from", "")) or self.today)

    @cached_property
    def ways(self) -> Mapping[str, Sequence[Way]]:
        """How whoever is called now and next is reached: one query."""
        return ways_of(one.who for one in self.now_and_next if one.who)

    @cached_property
    def now_and_next(self) -> list[pictures.Piece]:
        found = duty.watches(self.by, self.row.uuid, self.now, self.now + duty.AHEAD)
        shown = duty.merged(found)[: duty.NOW]
        names = duty.names_in(shown)
        return [self._piece(one, names) for one in shown]

    def _piece(self, watch: duty.Watch, names: Mapping[str, str]) -> pictures.Piece:
        return pictures.piece(watch, names, zone=self.row.time_zone, mine=self.by.ref)

    @cached_property
    def weeks(self) -> list[list[pictures.Day]]:
        since, until = (
            wall.first(self.place, datetime.combine(day, time())) for day in (self.first, self.first + WEEKS * 7 * ONE)
        )
        found = duty.watches(self.by, self.row.uuid, since, until)
        return pictures.weeks(found, self.row.time_zone, duty.names_in(found), mine=self.by.ref)

    @cached_property
    def promise(self) -> Promise:
        return rotas.terms_of(self.row).promise

    @cached_property
    def promised_by(self) -> str:
        """The calendar whose hours are covered, where one is named."""
        return rotas.calendar_name(self.promise.calendar)

    @property
    def promised_hours(self) -> list[tuple[object, str]]:
        return [(WEEKDAYS_ABBR[day], text) for day, text in enumerate(self.promise.week) if text]

    @cached_property
    def lacks(self) -> Lacks:
        return duty.lacks(self.by, self.row)

    @cached_property
    def gaps(self) -> list[pictures.Piece]:
        return [self._piece(one, self.lacks.names) for one in self.lacks.gaps[:MOST_GAPS]]

    @property
    def more_gaps(self) -> int:
        return max(len(self.lacks.gaps) - MOST_GAPS, 0)

    @cached_property
    def clashes(self) -> list[tuple[pictures.Piece, str, str]]:
        return [
            (self._spell(one.begin, one.end), names[one.loser.person], names[one.winner.person])
            for names in [self.lacks.names]
            for one in self.lacks.clashes[:MOST_GAPS]
        ]

    @cached_property
    def doubles(self) -> list[tuple[pictures.Piece, str, str, int]]:
        """The first time, who, by which other rota, and how often in all."""
        mine, found = str(self.row.uuid), defaultdict[tuple[str, str], list[duty.Double]](list)
        for one in self.lacks.doubles:
            found[one.person, next(name for name in one.rotas if name != mine)].append(one)
        return [
            (
                self._spell(many[0].begin, many[0].end),
                self.lacks.names.get(who, "?"),
                self.lacks.titles[other],
                len(many),
            )
            for (who, other), many in found.items()
        ]

    def _spell(self, begin: datetime, end: datetime) -> pictures.Piece:
        shown = pictures.on_wall(begin, self.place), pictures.on_wall(end, self.place)
        return pictures.Piece(begin, end, shown[0], shown[1], "", "")

    @property
    def earlier(self) -> date:
        return self.first - WEEKS * 7 * ONE

    @property
    def later(self) -> date:
        return self.first + WEEKS * 7 * ONE

    @cached_property
    def may_manage(self) -> bool:
        return self.by.may(Verb.MANAGE, self.row.organisation_id)

    @cached_property
    def in_rota(self) -> bool:
        return duty.in_rota(self.by, self.row)

    @cached_property
    def covers(self) -> list[duty.Cover]:
        return duty.covers(self.row)

    @cached_property
    def swaps(self) -> list["SwapLine"]:
        return swap_lines(self.by, self.row)

    @cached_property
    def history(self) -> duty.RotaHistory:
        return duty.history(self.row)


def _monday(day: date) -> date:
    return day - day.weekday() * ONE


def _day(typed: str) -> date | None:
    try:
        found = date.fromisoformat(typed)
    except ValueError:
        return None
    return found if 1970 < found.year < 2150 else None


@dataclass(frozen=True, slots=True)
class SwapLine:
    row: duty.Swap
    state: str
    may_answer: bool
    may_decline: bool
    may_withdraw: bool


def swap_lines(by: Actor, rota: Rota | None = None) -> list[SwapLine]:
    now, found = clock.now(), []
    for one in duty.swaps(by, rota):
        waiting = one.state == "asked" and one.expires_at > now
        state = duty.state_of(one)
        answer = duty.may_take(by, one)
        own = one.asker_id == by.person_id or by.may(Verb.MANAGE, one.rota.organisation_id)
        found.append(SwapLine(one, state, answer, answer and one.asked_id is not None, waiting and own))
    return found


class BoardPage:
    def __init__(self, by: Actor) -> None:
        self.by = by
        self.board: Board = duty.board(by)

    @cached_property
    def lines(self) -> list[tuple[Rota, list[pictures.Piece], pictures.Piece | None]]:
        """Each rota, its present and next watch, its first gap of the next two weeks."""
        names = self.board.names
        found = []
        for one in self.board.standings:
            pieces = [pictures.piece(watch, names, mine=self.by.ref) for watch in one.following]
            gap = pictures.piece(one.first_gap, names) if one.first_gap and not one.now.is_gap else None
            found.append((one.row, pieces, gap))
        return found

    @cached_property
    def ways(self) -> Mapping[str, Sequence[Way]]:
        """How whoever is called now and next is reached: one query."""
        return ways_of(one.who for _, pieces, _ in self.lines for one in pieces[:2] if one.who)

    @property
    def may_manage(self) -> bool:
        return self.by.may(Verb.MANAGE)

    @cached_property
    def absences(self) -> list[duty.Absence]:
        return duty.absences(self.by)

    @cached_property
    def swaps(self) -> list[SwapLine]:
        return [one for one in swap_lines(self.by) if one.state == "asked"]

    @cached_property
    def retired(self) -> list[Rota]:
        return list(rotas.rotas(self.by, Verb.MANAGE, retired=True)) if self.may_manage else []


class Shares:
    """What each person carries over a period: the last 90 days unless asked otherwise."""

    def __init__(self, by: Actor, uuid: UUID, asked: QueryDict) -> None:
        self.row = rotas.rota(by, uuid)
        place = ZoneInfo(self.row.time_zone)
        today = clock.now().astimezone(place).date()
        self.form = Period(asked if "since" in asked else None, initial={"since": today - SPAN, "until": today})
        said = self.form.cleaned_data if self.form.is_bound and self.form.is_valid() else {}
        self.until = said.get("until") or today
        self.since = said.get("since") or self.until - SPAN
        if not timedelta() < self.until - self.since <= duty.LONGEST or not 1970 < self.since.year < 2150:
            self.since = self.until - SPAN
        moments = [wall.first(place, datetime.combine(day, time())) for day in (self.since, self.until)]
        found, names = duty.shares(by, self.row, *moments)
        self.lines: list[tuple[str, fairness.Share]] = [(names.get(one.person, "?"), one) for one in found]
        self.mean = round(sum(one.hours for one in found) / len(found), 1) if found else 0.0


def calendar_file(secret: str) -> bytes | None:
    """None where the address shows nothing (any more)."""
    try:
        shown = feeds.shown(secret)
    except NotFound:
        return None
    with override(shown.language):
        title = _("Duty: %(name)s") % {"name": shown.title}
        written = [
            ical.Written(
                f"{row.uuid}-{watch.source.replace(':', '-')}-{watch.begin:%Y%m%dT%H%M%S}",
                row.name if shown.own else f"{row.name}: {shown.names.get(watch.person, '?')}",
                watch,
            )
            for row, many in shown.watches
            for watch in many
        ]
        return ical.write(title, written, clock.now())
