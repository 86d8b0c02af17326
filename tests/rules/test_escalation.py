"""Who is called after whom: the plan as a row of turns, and what an answer, closed doors and repeats make of it."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hikeshi.calendars import calendar as calendars
from hikeshi.calendars import working
from hikeshi.calendars.hours import Unreadable
from hikeshi.oncall import escalation
from hikeshi.oncall.escalation import (
    Chapter,
    Circumstances,
    Closed,
    DueKind,
    Match,
    Plan,
    State,
    Step,
    Suits,
    Target,
    TargetKind,
)

OFFICE = calendars.standard("Asia/Tokyo")
MONDAY = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)  # 10:00 in Tokyo
NIGHT = datetime(2026, 11, 16, 18, 0, tzinfo=UTC)  # 03:00 on Tuesday
MINUTE = timedelta(minutes=1)


def step(after: int = 0, who: str = "a", **more: object) -> Step:
    return Step(after * MINUTE, Target(TargetKind.PERSON, f"person:{who}"), **more)


def plan(*steps: Step, repeats: int = 0, patience: int = 10, **more: object) -> Plan:
    return Plan((Chapter("p", "P", steps, repeats, patience * MINUTE),), OFFICE, **more)


def who(turn: escalation.Turn) -> str:
    return turn.step.target.value.removeprefix("person:")


def played(what: Plan, now: datetime, reached: bool = True) -> list[tuple[str, float]]:
    """The whole plan with nobody answering: who is called how many minutes after the beginning."""
    _, due = escalation.begin(what, now)
    one, found = due[0], []
    while one.kind is DueKind.STEP:
        turn = escalation.turns(what)[one.position]
        taken = escalation.verdict(what, turn.step, one.at) is escalation.Verdict.CALL
        if taken:
            found.append((who(turn), (one.at - now) / MINUTE))
        one = escalation.after(what, one.position, one.at, reached=taken and reached)
    return [*found, ("nobody left", (one.at - now) / MINUTE)]


def test_repeat_once_is_two_rounds_and_then_nobody_is_left() -> None:
    what = plan(step(0, "a"), step(5, "b"), repeats=1)
    assert played(what, MONDAY) == [("a", 0), ("b", 5), ("a", 15), ("b", 20), ("nobody left", 30)]


def test_without_repeats_each_is_called_once() -> None:
    assert played(plan(step(2, "a")), MONDAY) == [("a", 2), ("nobody left", 12)]


def test_a_step_that_reached_nobody_waits_for_nobody() -> None:
    what = plan(step(0, "a"), step(5, "b"), step(5, "c"))
    assert played(what, MONDAY, reached=False) == [("a", 0), ("b", 0), ("c", 0), ("nobody left", 0)]


def test_a_step_of_office_hours_waits_for_the_morning() -> None:
    what = plan(step(0, "a", hours="09:00-18:00"))
    assert played(what, NIGHT)[0] == ("a", 6 * 60)


def test_a_step_that_is_left_out_when_closed_makes_nobody_wait() -> None:
    what = plan(step(0, "a", hours=escalation.BUSINESS, closed=Closed.SKIP), step(10, "b"))
    assert played(what, NIGHT)[0] == ("b", 0)
    assert played(what, MONDAY)[:2] == [("a", 0), ("b", 10)]


def test_outside_business_hours_begins_when_the_office_closes() -> None:
    what = plan(step(0, "a", hours=escalation.OUTSIDE))
    assert played(what, MONDAY)[0] == ("a", 8 * 60)
    assert played(what, NIGHT)[0] == ("a", 0)


def test_a_calendar_that_is_always_open_holds_nobody_up() -> None:
    always = Plan(
        plan(step(0, "a", hours=escalation.OUTSIDE)).chapters, calendars.read(zone="UTC", week=["00:00-24:00"] * 7)
    )
    assert escalation.begin(always, MONDAY)[1][0].at == MONDAY


def test_a_calendar_without_an_open_day_is_refused_and_one_kept_from_before_leaves_nobody_out() -> None:
    with pytest.raises(Unreadable):
        calendars.read(zone="UTC", week=[""] * 7)
    never = calendars.Calendar("UTC", ((),) * 7)
    for closed in Closed:
        what = Plan(plan(step(0, "a", hours=escalation.BUSINESS, closed=closed), step(5, "b")).chapters, never)
        assert [name for name, _ in played(what, NIGHT)] == ["a", "b", "nobody left"]
        assert played(what, NIGHT)[0] == ("a", 0)


def test_what_is_told_anyway_stands_beside_the_calls_and_moves_none_of_them() -> None:
    what = plan(step(0, "a"), step(0, "boss", anyway=True), step(5, "b"), repeats=1)
    state, due = escalation.begin(what, MONDAY)
    assert state is State.CALLING
    assert [(one.kind, one.at) for one in due] == [(DueKind.STEP, MONDAY), (DueKind.ANYWAY, MONDAY)]
    assert played(what, MONDAY) == [("a", 0), ("b", 5), ("a", 15), ("b", 20), ("nobody left", 30)]


def test_a_plan_that_only_tells_calls_nobody() -> None:
    state, due = escalation.begin(plan(step(3, "boss", anyway=True)), MONDAY)
    assert state is State.TELLING
    assert [(one.kind, one.at) for one in due] == [(DueKind.ANYWAY, MONDAY + 3 * MINUTE)]


def test_the_policy_that_follows_comes_after_the_patience_of_the_first() -> None:
    first = Chapter("p", "P", (step(0, "a"),), 0, 10 * MINUTE)
    second = Chapter("q", "Q", (step(1, "b"), step(2, "boss", anyway=True)), 1, 20 * MINUTE)
    what = Plan((first, second), OFFICE)
    called = [("a", 0), ("b", 11), ("boss", 13), ("b", 34), ("nobody left", 54)]
    assert played(what, MONDAY) == called


def test_handing_on_when_nobody_is_left_begins_again() -> None:
    what = plan(step(0, "a"), step(5, "b"))
    assert escalation.next_now(what, 1, MONDAY).position == 1
    assert escalation.next_now(what, 2, MONDAY).position == 0


def test_an_answer_holds_for_good_unless_it_times_out() -> None:
    assert escalation.timed_out(plan(step()), MONDAY) is None
    due = escalation.timed_out(plan(step(), timeout=30 * MINUTE), MONDAY)
    assert due is not None
    assert due.at == MONDAY + 30 * MINUTE


def test_a_circle_is_found_and_named() -> None:
    assert escalation.circle("a", {"a": "b", "b": "c", "c": "b"}) == ("b", "c", "b")
    assert escalation.circle("a", {"a": "a"}) == ("a", "a")
    assert escalation.circle("a", {"a": "b", "b": "c"}) == ()


def test_the_first_thing_against_a_policy_is_named() -> None:
    case = Circumstances(2, "malware", "child")
    above = frozenset({"child", "root"})

    def ask(now: datetime = MONDAY, **said: object) -> Suits:
        return escalation.suits(Match(**said), case, above=above, calendar=OFFICE, now=now)

    assert ask() is Suits.YES
    assert ask(priorities=(1,)) is Suits.PRIORITY
    assert ask(kinds=("ransomware",)) is Suits.KIND
    assert ask(organisation="other") is Suits.ORGANISATION
    assert ask(organisation="root", priorities=(1, 2), kinds=("malware",)) is Suits.YES
    assert ask(hours=escalation.BUSINESS) is Suits.YES
    assert ask(NIGHT, hours=escalation.BUSINESS) is Suits.HOURS
    assert ask(NIGHT, hours=escalation.OUTSIDE) is Suits.YES


def test_a_plan_survives_being_kept() -> None:
    what = plan(step(5, "a", hours="09:00-18:00"), repeats=2, timeout=60 * MINUTE, why={"ja": "理由", "en": "why"})
    assert msgspec.convert(msgspec.json.decode(msgspec.json.encode(what)), Plan) == what


MINUTES = st.integers(0, 90)
STEPS = st.lists(
    st.builds(
        lambda after, hours, closed, anyway: step(after, hours=hours, closed=closed, anyway=anyway),
        MINUTES,
        st.sampled_from(["", "09:00-18:00", "22:00-06:00", escalation.BUSINESS, escalation.OUTSIDE]),
        st.sampled_from(Closed),
        st.booleans(),
    ),
    min_size=1,
    max_size=6,
)
TIMES = st.integers(0, 2 * 366 * 24 * 60).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + minutes * MINUTE)


@given(
    steps=STEPS, repeats=st.integers(0, 3), patience=MINUTES, now=TIMES, answers=st.lists(st.booleans(), max_size=30)
)
def test_every_turn_is_taken_once_in_order_and_never_before_its_time(
    steps: list[Step], repeats: int, patience: int, now: datetime, answers: list[bool]
) -> None:
    what = plan(*steps, repeats=repeats, patience=patience)
    calling = [one for one in steps if not one.anyway]
    assert len(escalation.turns(what)) == len(calling) * (repeats + 1)
    state, due = escalation.begin(what, now)
    assert sum(one.kind is DueKind.ANYWAY for one in due) == len(steps) - len(calling)
    if not calling:
        assert state is State.TELLING
        return
    one, last, seen = due[0], now, []
    while one.kind is DueKind.STEP:
        turn = escalation.turns(what)[one.position]
        assert one.at >= last
        if turn.step.hours == "09:00-18:00" and turn.step.closed is Closed.WAIT:
            assert 9 <= one.at.astimezone(OFFICE.place).hour < 18
        if turn.step.hours == escalation.BUSINESS and turn.step.closed is Closed.WAIT:
            assert working.is_open(OFFICE, one.at)
        seen.append(one.position)
        last = one.at
        one = escalation.after(what, one.position, one.at, reached=answers.pop() if answers else True)
    assert seen == list(range(len(escalation.turns(what))))
    assert one.at >= last


@given(steps=STEPS, repeats=st.integers(0, 2), now=TIMES, reached=st.booleans())
def test_the_dry_run_foresees_what_happens(steps: list[Step], repeats: int, now: datetime, reached: bool) -> None:
    what = plan(*steps, repeats=repeats)
    if not escalation.turns(what):
        return
    found = escalation.foreseen(what, now, lambda turn, at: reached)
    called = [one for one in found if one.turn is not None and not one.turn.step.anyway and not one.skipped]
    happened = played(what, now, reached)
    assert [now + minutes * MINUTE for _, minutes in happened[:-1]] == [one.at for one in called]
    assert [now + happened[-1][1] * MINUTE] == [one.at for one in found if one.turn is None]
    assert [one.at for one in found] == sorted(one.at for one in found)
