"""Whom a rule gives a record to, and how much somebody can do: exact, explained, the same every time."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hikeshi.calendars.calendar import standard
from hikeshi.calendars.working import business_time_between
from hikeshi.load import book, capacity
from hikeshi.load.choosing import NEVER, Candidate, Needs, choose
from hikeshi.load.codes import Passed, Shift

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)  # Tuesday, 10:00 in Tokyo
SKILLS = ("malware", "mail", "cloud")
HOUR = timedelta(hours=1)

people = st.builds(
    Candidate,
    person=st.text("abcdef", min_size=1, max_size=2),
    may=st.booleans(),
    let_in=st.booleans(),
    away=st.booleans(),
    skills=st.frozensets(st.sampled_from(SKILLS)),
    shift_until=st.none() | st.just(NOW + HOUR),
    open=st.integers(0, 3),
    remaining=st.integers(0, 2),
    given_at=st.none() | st.integers(1, 3).map(lambda days: NOW - timedelta(days=days)),
)
crowds = st.lists(people, max_size=8, unique_by=lambda one: one.person)
needs = st.builds(Needs, st.frozensets(st.sampled_from(SKILLS), max_size=2), st.sampled_from(Shift))


def fitting(asked: Needs, one: Candidate) -> bool:
    """Said a second time, and differently."""
    there = one.may and one.let_in and not one.away
    return there and asked.skills <= one.skills and (asked.shift != "required" or one.shift_until is not None)


@given(needs, crowds, st.randoms())
def test_only_who_may_is_there_and_can_is_chosen_nobody_carries_less_and_the_order_of_asking_does_not_matter(
    asked: Needs, crowd: list[Candidate], chance: object
) -> None:
    choice = choose(asked, crowd)
    able = [one for one in crowd if fitting(asked, one)]
    assert set(choice.fitting) == set(able)
    assert {one.person for one, _ in choice.passed} == {one.person for one in crowd} - {one.person for one in able}
    if choice.best is not None:
        rivals = able
        if asked.shift is Shift.PREFERRED and any(one.shift_until for one in able):
            rivals = [one for one in able if one.shift_until]
        assert choice.best.open == min(one.open for one in rivals)
        same = [one for one in rivals if (one.open, one.remaining) == (choice.best.open, choice.best.remaining)]
        assert (choice.best.given_at or NEVER) == min(one.given_at or NEVER for one in same)
        assert choice.turn == (len(same) > 1)
    shuffled = list(crowd)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # a random.Random
    assert choose(asked, shuffled).fitting == choice.fitting


def test_each_is_passed_over_for_the_first_reason_that_holds() -> None:
    asked = Needs(frozenset({"malware"}))
    crowd = [
        Candidate("a", may=False, away=True),
        Candidate("b", let_in=False),
        Candidate("c", away=True),
        Candidate("d", shift_until=NOW),
        Candidate("e", skills=frozenset({"malware"})),
    ]
    choice = choose(asked, crowd)
    assert choice.best is None
    assert [why for _, why in choice.passed] == list(Passed)
    assert choice.count(Passed.AWAY) == 1


@given(needs, crowds)
def test_where_nobody_fits_whoever_comes_closest_is_named_and_never_somebody_who_may_not(
    asked: Needs, crowd: list[Candidate]
) -> None:
    choice = choose(asked, crowd)
    may = [one for one in crowd if one.may and one.let_in]
    assert (choice.closest is None) == (bool(choice.fitting) or not may)
    if choice.closest is not None:
        one, against = choice.closest
        assert one in may
        assert against
        assert not one.away or all(each.away for each in may)
        assert Passed.NO_SKILL not in against or all(each.away or not asked.skills <= each.skills for each in may)


def test_the_first_rule_that_fits_counts_and_an_organisation_means_what_is_below_it() -> None:
    wide = book.Rule("wide", "Everything", team="t", to_priority=3)
    narrow = book.Rule("narrow", "Malware", team="t", kinds=("malware",), organisations=("top",))
    found = book.Book(rules=(narrow, wide))
    case = book.Circumstances(2, "incident", "malware", frozenset({"top", "below"}))
    assert book.choose_rule(found, case) == narrow
    assert book.choose_rule(found, book.Circumstances(2, "incident", "malware", frozenset({"other"}))) == wide
    assert book.choose_rule(found, book.Circumstances(4, "incident", "phishing", frozenset({"top"}))) is None
    off = book.Rule("narrow", "Malware", team="t", on=False)
    assert book.choose_rule(found.with_rule(off), case) == wide
    assert book.decode(book.encode(found)) == found


def test_capacity_is_the_open_time_of_seven_days_less_absences_counted_once() -> None:
    """From Tuesday 10:00: eight hours, then four days of nine and none at the weekend, and one on Tuesday."""
    office = standard("Asia/Tokyo")
    assert capacity.capacity(office, None, [], NOW) == (8 + 3 * 9 + 9 + 1) * 60
    wednesday = NOW + timedelta(hours=14)
    away = [(wednesday, wednesday + timedelta(days=1)), (wednesday + 12 * HOUR, wednesday + timedelta(days=1))]
    assert capacity.capacity(office, None, away, NOW) == (45 - 9) * 60
    assert capacity.capacity(office, 1_000, away, NOW) == 800
    assert capacity.capacity(office, None, [(NOW - HOUR, NOW + timedelta(days=30))], NOW) == 0


@given(st.integers(1, 60), st.integers(0, 400))
def test_since_when_something_lies_untouched_is_exactly_so_much_working_time_ago(worked: int, minutes: int) -> None:
    office, now = standard("Asia/Tokyo"), NOW + timedelta(minutes=17 * minutes)
    since = capacity.before(office, now, worked * HOUR)
    assert since is not None
    assert business_time_between(office, since, now) == worked * HOUR


def test_a_call_wakes_somebody_by_the_clock_where_they_are() -> None:
    assert capacity.wakes(datetime(2026, 11, 24, 13, 0, tzinfo=UTC), "Asia/Tokyo")  # 22:00
    assert capacity.wakes(datetime(2026, 11, 24, 20, 59, tzinfo=UTC), "Asia/Tokyo")  # 05:59
    assert not capacity.wakes(datetime(2026, 11, 24, 21, 0, tzinfo=UTC), "Asia/Tokyo")
    assert not capacity.wakes(datetime(2026, 11, 24, 13, 0, tzinfo=UTC), "Europe/Berlin")
    assert (capacity.percent(120, 60), capacity.percent(0, 0), capacity.percent(1, 0)) == (200, 0, None)
