"""Service clocks: against a second way of counting that knows nothing of the first, minute by minute."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hikeshi.calendars import calendar as calendars
from hikeshi.calendars.calendar import Calendar
from hikeshi.calendars.working import is_open
from hikeshi.service_levels import stopwatch
from hikeshi.service_levels.book import NONE, Book, Books, Step, Target, shipped
from hikeshi.service_levels.codes import Because, Measure, State
from hikeshi.service_levels.events import Event, Noted, What
from hikeshi.service_levels.reckoning import Clock, Material, replay

MINUTE = timedelta(minutes=1)
HOUR = 60 * MINUTE
START = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)  # Tuesday 10:00 in Tokyo
SHORT = calendars.read(zone="Asia/Tokyo", week=["09:00-12:00, 13:00-18:00"] * 5 + ["", ""])
LONG = calendars.read(zone="Asia/Tokyo", week=["08:00-18:00"] * 7)
CLOSED = calendars.read(zone="Asia/Tokyo", week=["09:00-18:00"] * 7, closings="01-01..12-31")
PAUSES = ("reporter", "supplier", "planned")


def target(measure: Measure = Measure.RESOLVE, minutes: int = 240, **more: object) -> Target:
    """Of that many minutes for priority 3, half of them for 1; as much as anybody could want for 5."""
    times = (minutes // 2, minutes, minutes, minutes, minutes * 10)
    given_ = {"pauses": PAUSES, "on": True, "minutes": times, **more}
    return Target(code=str(measure), measure=measure, ja="x", en="x", **given_)


def material(*targets: Target, hours: Calendar | None = SHORT, **more: object) -> Material:
    noted = Noted(1, hours={"": "h"} if hours is not None else {"": ""}, **more)
    return Material(Books([(0, Book(targets))]), [noted], {"h": hours} if hours is not None else {})


def opened(at: datetime = START, priority: int = 3, **more: object) -> Event:
    return Event(1, at, What.OPENED, code="incident", kind="malware", priority=priority, **more)


def story(*steps: tuple[int, What, str, int]) -> list[Event]:
    """Each: hours after the opening, what, its code, a priority."""
    return [
        opened(),
        *(
            Event(number, START + hours * HOUR, what, code=code, priority=priority)
            for number, (hours, what, code, priority) in enumerate(steps, start=2)
        ),
    ]


def only(clocks: tuple[Clock, ...], measure: Measure = Measure.RESOLVE) -> Clock:
    return next(one for one in reversed(clocks) if one.measure is measure)


def tokyo(clock: Clock) -> str:
    assert clock.due_at is not None
    return clock.due_at.astimezone(SHORT.place).strftime("%m-%d %H:%M")


def test_four_hours_begun_at_four_in_the_afternoon_end_next_morning_at_ten() -> None:
    """GLPI's own example, 08-18."""
    at = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
    assert tokyo(only(replay([opened(at)], material(target(), hours=LONG)))) == "11-25 10:00"


def test_lunch_is_no_working_time() -> None:
    assert tokyo(only(replay([opened()], material(target(minutes=180))))) == "11-24 14:00"


def test_waiting_three_hours_moves_the_end_by_three_working_hours_and_over_a_weekend_by_none() -> None:
    waited = story((0, What.WAITED, "supplier", 0), (3, What.RESUMED, "", 0))
    assert tokyo(only(replay(waited, material(target(minutes=60), hours=LONG)))) == "11-24 14:00"
    friday = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)  # 18:00
    monday = datetime(2026, 11, 30, 0, 0, tzinfo=UTC)  # 09:00
    weekend = [opened(), Event(2, friday, What.WAITED, code="reporter"), Event(3, monday, What.RESUMED)]
    plain = only(replay([opened()], material(target(minutes=3000))))
    assert only(replay(weekend, material(target(minutes=3000)))).due_at == plain.due_at


def test_a_wait_that_the_target_does_not_know_stops_nothing() -> None:
    waited = story((0, What.WAITED, "supplier", 0), (3, What.RESUMED, "", 0))
    assert tokyo(only(replay(waited, material(target(minutes=60, pauses=("reporter",)), hours=LONG)))) == "11-24 11:00"


def test_while_it_stands_still_the_reader_sees_what_is_left_and_no_end() -> None:
    now = only(replay(story((1, What.WAITED, "planned", 0)), material(target(minutes=240), hours=LONG)))
    assert (now.state, now.due_at, now.left) == (State.PAUSED, None, 3 * 3600)


def test_a_priority_that_rises_in_the_middle_of_a_wait_keeps_the_wait() -> None:
    """GLPI #15605: the pause was lost."""
    risen = story((1, What.WAITED, "supplier", 0), (2, What.PRIORITY, "", 1), (4, What.RESUMED, "", 0))
    now = only(replay(risen, material(target(minutes=240), hours=LONG)))
    assert (tokyo(now), now.terms.minutes) == ("11-24 15:00", 120)
    assert [one.because for one in now.changes] == [
        Because.OPENED,
        Because.WAITING,
        Because.PRIORITY,
        Because.RESUMED,
    ]


def test_a_calendar_edited_later_moves_nothing_until_terms_are_taken_anew() -> None:
    noted = [Noted(1, hours={"": "short"}), Noted(3, hours={"": "long"})]
    both = Material(Books([(0, Book((target(minutes=600),)))]), noted, {"short": SHORT, "long": LONG})
    first = [opened(), Event(2, START + HOUR, What.WAITED, code="x")]
    assert tokyo(only(replay(first, both))) == "11-25 12:00"
    assert tokyo(only(replay([*first, Event(3, START + 2 * HOUR, What.RENEWED)], both))) == "11-25 10:00"


def test_a_new_book_counts_for_what_is_opened_after_it_and_for_others_once_somebody_says_so() -> None:
    books = Books([(0, Book((target(minutes=60),))), (2, Book((target(minutes=120),)))])
    held = Material(books, [Noted(1, hours={"": "h"})], {"h": LONG})
    assert tokyo(only(replay([opened()], held))) == "11-24 11:00"
    assert tokyo(only(replay([opened(), Event(3, START + HOUR, What.RENEWED)], held))) == "11-24 12:00"


def test_reopened_it_goes_on_where_it_stopped() -> None:
    again = story((1, What.RESOLVED, "", 0), (5, What.REOPENED, "", 0))
    before, after = (only(replay(again[:end], material(target(minutes=240), hours=LONG))) for end in (2, 3))
    assert (before.state, before.stopped_at) == (State.MET, START + HOUR)
    assert (after.state, after.stopped_at, tokyo(after), after.because) == (
        State.RUNNING,
        None,
        "11-24 18:00",
        Because.REOPENED,
    )


def test_somebody_must_own_it_again_when_it_was_taken_from_them() -> None:
    taken = story((1, What.HELD, "person:a", 0), (2, What.LEFT, "", 0))
    rounds = [one for one in replay(taken, material(target(Measure.OWN), hours=LONG)) if one.measure is Measure.OWN]
    assert [(one.round, one.state) for one in rounds] == [(1, State.MET), (2, State.RUNNING)]


def test_the_oldest_unanswered_message_is_what_counts_and_an_answer_ends_it() -> None:
    """RT's response clock; Zammad #1322 and #3140."""
    asked = story(
        (1, What.ASKED, "", 0),
        (2, What.ASKED, "", 0),
        (3, What.ANSWERED, "", 0),
        (4, What.ASKED, "", 0),
    )
    clocks = [
        one for one in replay(asked, material(target(Measure.ANSWER), hours=LONG)) if one.measure is Measure.ANSWER
    ]
    assert [(one.started_at - START, one.state) for one in clocks] == [(HOUR, State.MET), (4 * HOUR, State.RUNNING)]


def test_a_team_answers_for_the_time_it_had_it_and_not_for_the_others() -> None:
    teams = {"person:a": "north", "person:b": "north", "person:c": "south"}
    handed = story((1, What.HELD, "person:a", 0), (2, What.HELD, "person:b", 0), (5, What.HELD, "person:c", 0))
    held = [
        one
        for one in replay(handed, material(target(Measure.HOLD, 180), hours=LONG, teams=teams))
        if one.measure is Measure.HOLD
    ]
    assert [(one.started_at - START, one.state) for one in held] == [(HOUR, State.MISSED), (5 * HOUR, State.RUNNING)]


def test_when_it_really_was_contained_counts_and_a_correction_corrects_the_clock() -> None:
    late = [opened(), Event(2, START + 5 * HOUR, What.TIME, code="contained", moment=START + 5 * HOUR)]
    assert only(replay(late, material(target(Measure.CONTAIN), hours=LONG)), Measure.CONTAIN).state is State.MISSED
    late.append(Event(3, START + 6 * HOUR, What.TIME, code="contained", moment=START + 2 * HOUR))
    now = only(replay(late, material(target(Measure.CONTAIN), hours=LONG)), Measure.CONTAIN)
    assert (now.state, now.stopped_at) == (State.MET, START + 2 * HOUR)


def test_a_clock_no_target_asks_for_any_more_is_dropped_and_taken_up_from_its_own_start() -> None:
    grave = target(classes=("incident",))
    lighter = [opened(), Event(2, START + HOUR, What.CLASS, code="event")]
    assert only(replay(lighter, material(grave, hours=LONG))).state is State.DROPPED
    graver = [*lighter, Event(3, START + 2 * HOUR, What.CLASS, code="incident")]
    now = only(replay(graver, material(grave, hours=LONG)))
    assert (now.state, tokyo(now)) == (State.RUNNING, "11-24 14:00")


def test_a_clock_whose_calendar_never_opens_says_so() -> None:
    now = only(replay([opened()], material(target(), hours=CLOSED)))
    assert (now.state, now.due_at) == (State.NEVER, None)


def test_the_first_target_that_fits_counts_and_grave_priorities_count_around_the_clock() -> None:
    narrow = target(minutes=60, organisations=("branch",), always_to=3)
    known = {"places": ("root", "branch")}
    night = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)  # 22:00
    assert tokyo(only(replay([opened(night)], material(narrow, target(), **known)))) == "11-24 23:00"
    assert tokyo(only(replay([opened(night)], material(narrow, target(), places=("root",))))) == "11-25 14:00"


def test_what_is_done_at_the_very_last_moment_is_done_in_time() -> None:
    for minutes, state in ((0, State.MET), (1, State.MISSED)):
        ends = START + 4 * HOUR + minutes * MINUTE
        done = [opened(), Event(2, ends, What.RESOLVED)]
        assert only(replay(done, material(target(minutes=240), hours=LONG))).state is state


def test_a_wait_for_somebody_else_ends_the_one_before_it() -> None:
    turned = story((0, What.WAITED, "supplier", 0), (1, What.WAITED, "nobody the target knows", 0))
    now = only(replay(turned, material(target(minutes=120), hours=LONG)))
    assert (now.state, tokyo(now)) == (State.RUNNING, "11-24 13:00")
    both = story((0, What.WAITED, "supplier", 0), (1, What.WAITED, "reporter", 0), (2, What.RESUMED, "", 0))
    now = only(replay(both, material(target(minutes=120), hours=LONG)))
    assert (now.state, tokyo(now)) == (State.RUNNING, "11-24 14:00")


def test_a_wait_that_was_over_before_a_clock_began_gives_and_takes_nothing() -> None:
    asked = story((0, What.WAITED, "supplier", 0), (1, What.RESUMED, "", 0), (3, What.ASKED, "", 0))
    now = only(replay(asked, material(target(Measure.ANSWER, 120), hours=LONG)), Measure.ANSWER)
    assert tokyo(now) == "11-24 15:00"


def test_the_calendar_a_target_names_counts_and_the_organisations_own_where_it_names_none() -> None:
    night = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)  # 17:00 in Tokyo
    late = calendars.read(zone="Asia/Tokyo", week=["00:00-24:00"] * 7)
    noted = [Noted(1, hours={"": "own", "named": "late"})]
    for choice, end in (("named", "11-24 21:00"), ("", "11-25 12:00"), ("lost", "11-25 12:00")):
        held = Material(Books([(0, Book((target(hours=choice),)))]), noted, {"own": SHORT, "late": late})
        assert tokyo(only(replay([opened(night)], held))) == end


def test_it_is_shown_as_running_out_from_three_quarters_of_its_time() -> None:
    now = only(replay([opened()], material(target(steps=(Step(50), Step(100))), hours=LONG)))
    assert now.warn_at == START + 3 * HOUR
    assert now.moments == ((50, START + 2 * HOUR), (100, START + 4 * HOUR))


def test_what_was_resolved_before_anybody_owned_it_is_measured_again_once_reopened() -> None:
    again = story((1, What.RESOLVED, "", 0), (3, What.REOPENED, "", 0), (4, What.HELD, "person:a", 0))
    shown = [only(replay(again[:end], material(target(Measure.OWN), hours=LONG)), Measure.OWN) for end in (2, 3, 4)]
    assert [(one.round, one.state) for one in shown] == [(1, State.DROPPED), (1, State.RUNNING), (1, State.MET)]


def test_the_samples_are_switched_off_and_cover_every_measure() -> None:
    book = shipped()
    assert not book.is_on
    assert {one.measure for one in book.targets} == set(Measure)
    assert all(one.sample for one in book.targets)
    assert book.stuck.no_owner[0] != NONE[0]


# The second way of counting.


def oracle(hours: Calendar | None, start: datetime, still: list[tuple[datetime, datetime]], minutes: int) -> datetime:
    """Walks minute by minute, asking each whether it counts."""
    now, left = start, minutes
    while left:
        counts = (hours is None or is_open(hours, now)) and not any(a <= now < b for a, b in still)
        now += MINUTE
        left -= counts
    return now


WAITS = st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 2000)), max_size=4)


@settings(deadline=None, max_examples=60)
@given(
    waits=WAITS, minutes=st.integers(1, 1500), hours=st.sampled_from([SHORT, LONG, None]), begin=st.integers(0, 8000)
)
def test_the_end_is_where_counting_every_minute_finds_it(
    waits: list[tuple[int, int]], minutes: int, hours: Calendar | None, begin: int
) -> None:
    start = START + begin * MINUTE
    still = [(start + a * MINUTE, start + (a + b) * MINUTE) for a, b in waits]
    stretches = stopwatch.running(start, None, still)
    end = stopwatch.used_up_at(hours, stretches, minutes * MINUTE)
    assert end == oracle(hours, start, still, minutes)
    assert stopwatch.used(hours, stretches, end) == minutes * MINUTE


STEPS = st.sampled_from(
    [
        (What.PRIORITY, "", 1),
        (What.PRIORITY, "", 3),
        (What.WAITED, "supplier", 0),
        (What.RESUMED, "", 0),
        (What.RESOLVED, "", 0),
        (What.REOPENED, "", 0),
        (What.HELD, "person:a", 0),
        (What.HELD, "person:b", 0),
        (What.LEFT, "", 0),
        (What.ASKED, "", 0),
        (What.ANSWERED, "", 0),
    ]
)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(STEPS, st.integers(1, 600)), max_size=12))
def test_what_was_shown_at_any_time_is_what_comes_out_when_it_is_worked_out_again(
    steps: list[tuple[tuple[What, str, int], int]],
) -> None:
    """A later entry never changes what an earlier one had shown: the history of the whole is that of its beginnings."""
    targets = [target(measure, steps=(Step(50), Step(100))) for measure in Measure]
    known = material(*targets, teams={"person:a": "north", "person:b": "south"})
    events, at = [opened()], START
    shown: list[tuple[int, Clock]] = [(1, one) for one in replay(events, known)]
    for number, ((what, code, priority), minutes) in enumerate(steps, start=2):
        at += minutes * MINUTE
        events.append(Event(number, at, what, code=code, priority=priority))
        shown += [(number, one) for one in replay(events, known)]
    last = {(one.measure, one.round): one for one in replay(events, known)}
    for number, clock in shown:
        then = [one for one in last[clock.measure, clock.round].changes if one.number <= number][-1]
        assert (then.state, then.due_at, then.left) == (clock.state, clock.due_at, clock.left)
    for clock in last.values():
        if clock.state is State.RUNNING:
            assert [at for _, at in clock.moments] == sorted(at for _, at in clock.moments)
            assert clock.moments[-1] == (100, clock.due_at)


@pytest.mark.parametrize("start", [0, 61, 59 * 24 * 60])
def test_standing_still_counts_once_however_often_it_is_said(start: int) -> None:
    begin = START + start * MINUTE
    twice = [(begin, begin + HOUR), (begin + MINUTE, begin + HOUR), (begin, None)]
    assert stopwatch.merged(twice) == [(begin, None)]
    assert stopwatch.running(begin, None, twice) == []
