"""Who is on call, minute by minute, over clocks put forward and back, short months, holidays and absences."""

from calendar import monthrange
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hikeshi.calendars import calendar as calendars
from hikeshi.calendars import hours, ticks, wall
from hikeshi.oncall.rota import ALWAYS, Absence, Cover, Rota, Why, clashes, doubles, gaps, on_call, watches
from hikeshi.oncall.turns import Holidays, Layer, Limits, Unit, hand_over

MINUTE = timedelta(minutes=1)


def shown(text: str) -> datetime:
    """What a clock on the wall shows, wherever it hangs."""
    return datetime.fromisoformat(text)


ZONES = (
    "Asia/Tokyo",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",  # half an hour of summer time
    "Africa/Casablanca",  # twice a year, by the moon
    "Asia/Kathmandu",
)
ODD = ("Pacific/Apia", "America/St_Johns")  # left out a day; changed a minute after midnight
CHANGES = (  # around which something is decided
    shown("2026-03-29 01:00"),
    shown("2026-10-25 01:00"),
    shown("2026-03-08 07:00"),
    shown("2026-11-01 06:00"),
    shown("2026-04-04 15:00"),
    shown("2026-02-28 15:00"),
    shown("2026-05-02 15:00"),
    shown("2026-12-31 15:00"),
)
OFFICE = calendars.standard("Asia/Tokyo")


def night(text: str) -> hours.Spans:
    return hours.read(text)


WEEKS = (
    (),
    (night("22:00-06:00"),) * 7,
    (night("09:00-12:00, 13:00-18:00"),) * 5 + ((), ()),
    (night("00:30-02:30"),) * 7,
    ((),) * 5 + (night("00:00-24:00"),) * 2,
)
PEOPLE = ("person:a", "person:b", "person:c")


@st.composite
def spells(draw: st.DrawFn, near: datetime) -> tuple[datetime, datetime]:
    begin = near.replace(tzinfo=UTC) + draw(st.integers(-1440, 2880)) * MINUTE
    return begin, begin + draw(st.integers(1, 2_000)) * MINUTE


@st.composite
def layers(draw: st.DrawFn, near: datetime) -> Layer:
    begins = near - timedelta(days=draw(st.sampled_from((-1, 0, 1, 2, 7, 31))))
    return Layer(
        zone=draw(st.sampled_from(ZONES)),
        begins=begins.replace(hour=draw(st.integers(0, 23)), minute=draw(st.sampled_from((0, 30)))),
        people=draw(st.sampled_from(((), PEOPLE[:1], PEOPLE[:2], PEOPLE))),
        unit=draw(st.sampled_from(Unit)),
        every=draw(st.integers(1, 3)),
        week=draw(st.sampled_from(WEEKS)),
        holidays=draw(st.sampled_from(Holidays)),
        calendar=OFFICE,
        ends=draw(st.sampled_from((None, near + timedelta(hours=30)))),
    )


def promises() -> st.SearchStrategy[Limits]:
    """What a rota says it covers: always, the hours of a week, or those of a calendar."""
    weekly = st.builds(Limits, st.sampled_from(ZONES), week=st.sampled_from(WEEKS))
    opening = st.builds(Limits, st.sampled_from(ZONES), calendar=st.just(OFFICE), opening=st.just(True))
    return st.one_of(st.just(ALWAYS), weekly, opening)


@st.composite
def plans(draw: st.DrawFn) -> tuple[Rota, datetime]:
    """A rota, and a moment near which much happens in it."""
    near = draw(st.sampled_from(CHANGES))
    who = st.sampled_from(PEOPLE)
    covers = [Cover(str(number), *draw(spells(near)), draw(who)) for number in range(draw(st.integers(0, 2)))]
    away = st.sampled_from(("", *PEOPLE))
    absences = [Absence(draw(who), *draw(spells(near)), draw(away)) for _ in range(draw(st.integers(0, 3)))]
    gone = frozenset(draw(st.sampled_from(((), (), PEOPLE[:1]))))
    held = tuple(draw(st.lists(layers(near), min_size=1, max_size=3)))
    return Rota(held, tuple(covers), tuple(absences), gone, draw(promises())), near.replace(tzinfo=UTC) - timedelta(
        hours=8
    )


class Walker:
    """One layer walked through step by step: a clock on the wall that hands over once, when it first shows the time."""

    def __init__(self, layer: Layer) -> None:
        self.layer, self.number, self.shown = layer, -1, shown("0001-01-01 00:00")
        self.next = layer.begins

    def step(self, at: datetime) -> str:
        layer = self.layer
        here = at.astimezone(ZoneInfo(layer.zone)).replace(tzinfo=None)
        self.shown = max(self.shown, here)
        while self.next <= self.shown:
            self.number += 1
            self.next = self._after(self.number + 1)
        over = layer.ends is not None and self.shown >= layer.ends
        if self.number < 0 or over or not layer.people or not self._holds(here):
            return ""
        return layer.people[self.number % len(layer.people)]

    def _after(self, number: int) -> datetime:
        layer = self.layer
        if layer.unit == Unit.MONTH:
            month, year = layer.begins.month, layer.begins.year
            for _ in range(number * layer.every):
                month, year = (1, year + 1) if month == 12 else (month + 1, year)
            last = monthrange(year, month)[1]
            return layer.begins.replace(year=year, month=month, day=min(last, layer.begins.day))
        step = {"hour": 60, "day": 1440, "week": 10_080}[layer.unit]
        return layer.begins + number * layer.every * step * MINUTE

    def _holds(self, here: datetime) -> bool:
        """The day itself, and the night that began the day before."""
        for back in (0, 1):
            day = (here - timedelta(days=back)).date()
            minute = here.hour * 60 + here.minute + back * 1440
            free = OFFICE.about(day).sort in {calendars.Sort.HOLIDAY, calendars.Sort.CLOSING}
            if (self.layer.holidays == Holidays.SKIPPED and free) or (
                self.layer.holidays == Holidays.ONLY and not free
            ):
                continue
            spans = self.layer.week[day.weekday()] if self.layer.week else (hours.Span(0, 1440),)
            if any(span.start <= minute < span.end for span in spans):
                return True
        return False


def brute(rota: Rota, at: datetime, turn: str) -> str:
    for cover in rota.covers:
        turn = cover.person if cover.begin <= at < cover.end else turn
    if not turn or turn in rota.gone:
        return ""
    away = [one for one in rota.absences if one.person == turn and one.begin <= at < one.end]
    if not away:
        return turn
    standing = away[-1].substitute
    busy = any(one.person == standing and one.begin <= at < one.end for one in rota.absences)
    return "" if busy or standing in rota.gone else standing


def promised(rota: Rota, at: datetime) -> bool:
    """Whether that minute of the wall, or of the night before, stands in what the rota covers."""
    promise = rota.promise
    here = at.astimezone(ZoneInfo(promise.zone))
    for back in (0, 1):
        day = (here.replace(tzinfo=None) - timedelta(days=back)).date()
        minute = here.hour * 60 + here.minute + back * 1440
        spans = promise.week[day.weekday()] if promise.week else (hours.Span(0, 1440),)
        spans = OFFICE.about(day).spans if promise.opening else spans
        if any(span.start <= minute < span.end for span in spans):
            return True
    return False


@settings(max_examples=100, deadline=None)
@given(plans())
def test_whoever_is_on_call_is_who_a_walk_minute_by_minute_comes_to(plan: tuple[Rota, datetime]) -> None:
    rota, since = plan
    until = since + timedelta(hours=40)
    walkers = [Walker(layer) for layer in rota.layers]
    found = list(watches(rota, since, until))
    assert (found[0].begin, found[-1].end) == (since, until)
    assert all(one.end == after.begin for one, after in pairwise(found))
    at = min([since, *(one.begins.replace(tzinfo=UTC) - timedelta(days=1) for one in rota.layers)])
    while at < until:
        turns = [walker.step(at) for walker in walkers]
        if at >= since:
            found = found[1:] if found[0].end <= at else found
            person = brute(rota, at, next(filter(None, reversed(turns)), ""))
            assert (found[0].person, found[0].is_gap) == (person, not person and promised(rota, at)), at
        at += MINUTE if at >= since else min(30 * MINUTE, since - at)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from((*ZONES, "Pacific/Apia", "America/St_Johns")),
    st.integers(0, 20 * 365 * 1440),
    st.integers(1, 2_880),
)
def test_a_clock_in_whole_numbers_says_what_the_clock_in_dates_says(zone: str, minute: int, length: int) -> None:
    """From 2000 on."""
    since = shown("2000-01-01 00:00") + minute * MINUTE
    until = since + length * MINUTE
    clock = ticks.clock(zone, since.replace(tzinfo=UTC), until.replace(tzinfo=UTC))
    assert ticks.moment(clock.first(ticks.shown(since))) == wall.first(ZoneInfo(zone), since)
    found = [
        (ticks.moment(begin), ticks.moment(end)) for begin, end in clock.between(*map(ticks.shown, (since, until)))
    ]
    assert found == list(wall.between(ZoneInfo(zone), since, until))


def test_nights_that_nobody_promised_are_no_gap_and_an_absence_in_promised_hours_is_one() -> None:
    """Office hours from Monday to Friday; a week of one person who is away on its Tuesday from noon to midnight."""
    office = Layer("Asia/Tokyo", shown("2026-11-16 00:00"), PEOPLE, week=(night("09:00-18:00"),) * 5 + ((), ()))
    since = datetime(2026, 11, 15, 15, tzinfo=UTC)
    away = Absence("person:a", since + timedelta(hours=36), since + timedelta(hours=48))
    promise = Limits("Asia/Tokyo", calendar=OFFICE, opening=True)
    found = watches(Rota((office,), absences=(away,), promise=promise), since, since + timedelta(days=7))
    assert [(one.begin, one.end, one.why) for one in gaps(found)] == [
        (away.begin, since + timedelta(hours=42), Why.ABSENT)
    ]
    assert {one.why for one in found if not one.person} == {Why.ABSENT, Why.CLOSED}
    assert len(gaps(watches(Rota((office,), absences=(away,)), since, since + timedelta(days=7)))) > 5


@settings(max_examples=40, deadline=None)
@given(plans())
def test_the_one_asked_for_at_a_moment_is_the_one_of_the_plan(plan: tuple[Rota, datetime]) -> None:
    rota, since = plan
    for watch in watches(rota, since, since + timedelta(days=2))[:20]:
        assert [one.person for one in on_call(rota, watch.begin)] == ([watch.person] if watch.person else [])


def local(zone: str, text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def test_a_day_is_handed_over_at_nine_in_summer_and_in_winter() -> None:
    layer = Layer("Europe/Berlin", shown("2026-03-27 09:00"), PEOPLE, Unit.DAY)
    for zone_day, number in (("2026-03-28", 1), ("2026-03-29", 2), ("2026-10-25", 212), ("2026-10-26", 213)):
        assert hand_over(layer, number) == local("Europe/Berlin", f"{zone_day} 09:00")


def test_a_hand_over_at_a_time_that_is_left_out_is_at_the_change_and_one_that_comes_twice_at_the_first() -> None:
    spring = Layer("Europe/Berlin", shown("2026-03-28 02:30"), PEOPLE, Unit.DAY)
    assert hand_over(spring, 1) == datetime(2026, 3, 29, 1, tzinfo=UTC)
    autumn = Layer("Europe/Berlin", shown("2026-10-24 02:30"), PEOPLE, Unit.DAY)
    assert hand_over(autumn, 1) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    back = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)  # 02:10 for the second time
    assert on_call(Rota((autumn,)), back)[0].person == "person:b"


def test_a_month_handed_over_on_the_31st_comes_back_to_the_31st() -> None:
    layer = Layer("Asia/Tokyo", shown("2026-01-31 09:00"), PEOPLE, Unit.MONTH)
    days = [hand_over(layer, number).astimezone(ZoneInfo("Asia/Tokyo")).date() for number in range(5)]
    assert [(day.month, day.day) for day in days] == [(1, 31), (2, 28), (3, 31), (4, 30), (5, 31)]


def test_a_rota_without_people_says_so_and_one_that_rests_says_that() -> None:
    since = datetime(2026, 11, 21, tzinfo=UTC)
    until = since + timedelta(days=1)
    assert [one.why for one in watches(Rota(()), since, until)] == [Why.EMPTY]
    resting = Layer("Asia/Tokyo", shown("2026-12-01 00:00"), PEOPLE)
    assert [one.why for one in watches(Rota((resting,)), since, until)] == [Why.UNCOVERED]


def test_who_left_the_desk_leaves_a_loud_gap_and_nobody_is_called_in_their_place_unasked() -> None:
    beneath = Layer("Asia/Tokyo", shown("2026-11-01 00:00"), ("person:b",))
    above = Layer("Asia/Tokyo", shown("2026-11-01 00:00"), ("person:a",))
    at = datetime(2026, 11, 21, tzinfo=UTC)
    rota = Rota((beneath, above), gone=frozenset({"person:a"}))
    assert on_call(rota, at) == ()
    gap = gaps(watches(rota, at, at + timedelta(hours=1)))[0]
    assert (gap.why, gap.instead) == (Why.GONE, "person:a")


def test_two_who_are_put_in_for_the_same_time_are_named_and_the_later_word_counts() -> None:
    at = datetime(2026, 11, 21, tzinfo=UTC)
    hour = timedelta(hours=1)
    covers = (Cover("1", at, at + 4 * hour, "person:a"), Cover("2", at + hour, at + 2 * hour, "person:b"))
    met = clashes(covers, at, at + 5 * hour)
    assert [(one.begin, one.end, one.winner.ref) for one in met] == [(at + hour, at + 2 * hour, "2")]
    found = watches(Rota((), covers), at, at + 4 * hour)
    assert [one.person for one in found] == ["person:a", "person:b", "person:a"]


def test_one_person_wanted_in_two_rotas_at_once_is_found() -> None:
    at = datetime(2026, 11, 21, tzinfo=UTC)
    always = Rota((Layer("UTC", shown("2026-01-01 00:00"), ("person:a",)),))
    other = Rota((Layer("UTC", shown("2026-01-01 00:00"), ("person:b", "person:a"), Unit.DAY),))
    found = doubles({name: watches(one, at, at + timedelta(days=4)) for name, one in (("x", always), ("y", other))})
    assert found
    assert all(one.person == "person:a" and set(one.rotas) == {"x", "y"} for one in found)
    assert sum((one.end - one.begin for one in found), timedelta()) == timedelta(days=2)


@pytest.mark.parametrize("unit", Unit)
def test_turns_are_taken_in_order_over_years(unit: Unit) -> None:
    layer = Layer("America/New_York", shown("2026-01-31 02:30"), PEOPLE, unit, every=5)
    last = [hand_over(layer, number) for number in range(400)]
    assert last == sorted(last)
    at = last[399]
    assert on_call(Rota((layer,)), at)[0].person == PEOPLE[399 % 3]
