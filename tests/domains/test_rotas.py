"""Rotas: said, seen, covered, swapped; nobody who is missing goes unseen."""

from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest

from hikeshi.accounts import actions as accounts
from hikeshi.accounts import queries as people
from hikeshi.accounts.models import Person
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor, system
from hikeshi.kernel.refusals import Conflict, Invalid, NotAllowed, NotFound
from hikeshi.kernel.worlds import World
from hikeshi.ledger.models import Entry
from hikeshi.ledger.verify import verify
from hikeshi.notify import wording
from hikeshi.notify.messages import Purpose, Queued
from hikeshi.notify.models import Outgoing
from hikeshi.notify.wording import Form, Words
from hikeshi.oncall import actions
from hikeshi.oncall.models import Cover, DutyNotice, Rota, SwapState
from hikeshi.oncall.queries import duty, feeds, noticing, rotas
from hikeshi.oncall.rota import Why
from hikeshi.oncall.terms import Promise, Promised
from hikeshi.oncall.turns import Holidays, Unit
from tests import world
from tests.at_once import at_once
from tests.domains.oncall import SATURDAY, planner, ref, responders, rota, weekly

DAY, WEEK, HOUR = timedelta(days=1), timedelta(days=7), timedelta(hours=1)


def acting(person: Person) -> Actor:
    return people.actor_of(person)


def on_call(row: object, at: object) -> tuple[str, ...]:
    return rotas.on_call_now(rotas.ref_of(row), at)  # type: ignore[arg-type]  # as the test says it


def test_turns_are_taken_week_after_week_and_the_ledger_agrees() -> None:
    mori, abe = responders("mori", "abe")
    row = rota(mori, abe)
    assert on_call(row, SATURDAY) == (ref(mori),)
    assert on_call(row, SATURDAY + WEEK) == (ref(abe),)
    assert on_call(row, SATURDAY + 2 * WEEK - HOUR) == (ref(abe),)
    assert on_call(row, SATURDAY - HOUR) == ()
    assert rotas.on_call_now("rota:nonsense", SATURDAY) == ()
    assert verify(state=True).findings == ()


def test_a_rota_put_out_of_use_calls_nobody_until_it_is_taken_up_again() -> None:
    (mori,) = responders("mori")
    row = rota(mori)
    actions.retire_rota(by=planner(), rota=row.uuid)
    assert on_call(row, SATURDAY) == ()
    assert not duty.board(planner()).standings
    actions.take_up_rota(by=planner(), rota=row.uuid)
    assert on_call(row, SATURDAY) == (ref(mori),)


def test_whoever_left_leaves_a_gap_that_is_on_the_first_page() -> None:
    mori, abe = responders("mori", "abe")
    row = rota(mori, abe)
    accounts.deactivate_person(by=world.admin(), person=mori.uuid)
    assert on_call(row, SATURDAY) == ()
    standing = duty.board(planner()).standings[0]
    assert (standing.now.why, standing.now.instead) == (Why.GONE, ref(mori))
    assert standing.first_gap == standing.now
    assert duty.lacks(planner(), row).gaps[0].why == Why.GONE


def test_an_absence_is_a_gap_in_every_rota_unless_somebody_stands_in() -> None:
    mori, abe, ito = responders("mori", "abe", "ito")
    row, other = rota(mori), rota(mori, abe, name="Second")
    absence = actions.add_absence(by=acting(mori), begins_at=SATURDAY + HOUR, ends_at=SATURDAY + DAY)
    assert on_call(row, SATURDAY + 2 * HOUR) == on_call(other, SATURDAY + 2 * HOUR) == ()
    assert on_call(row, SATURDAY) == on_call(row, SATURDAY + DAY) == (ref(mori),)
    actions.take_back_absence(by=acting(mori), absence=absence.uuid)
    actions.add_absence(by=acting(mori), begins_at=SATURDAY, ends_at=SATURDAY + DAY, substitute=ito.uuid)
    assert on_call(row, SATURDAY + HOUR) == (ref(ito),)
    actions.add_absence(by=acting(ito), begins_at=SATURDAY + 2 * HOUR, ends_at=SATURDAY + 3 * HOUR)
    assert on_call(row, SATURDAY + 2 * HOUR) == ()
    accounts.deactivate_person(by=world.admin(), person=ito.uuid)
    assert on_call(row, SATURDAY + HOUR) == ()
    assert verify(state=True).findings == ()


def test_an_absence_is_said_by_oneself_or_by_who_plans() -> None:
    mori, abe = responders("mori", "abe")
    time = {"begins_at": SATURDAY + HOUR, "ends_at": SATURDAY + DAY}
    clock.freeze(SATURDAY)
    with pytest.raises(NotAllowed):
        actions.add_absence(by=acting(mori), person=abe.uuid, **time)
    with pytest.raises(Invalid, match="not_a_substitute"):
        actions.add_absence(by=acting(mori), substitute=mori.uuid, **time)
    with pytest.raises(Invalid, match="ends_before"):
        actions.add_absence(by=acting(mori), begins_at=SATURDAY + DAY, ends_at=SATURDAY + DAY)
    said = actions.add_absence(by=planner(), person=abe.uuid, **time)
    assert [one.uuid for one in duty.absences(acting(abe))] == [said.uuid]
    assert not duty.absences(acting(mori))
    with pytest.raises(NotFound):
        actions.take_back_absence(by=acting(mori), absence=said.uuid)


def test_somebody_put_in_goes_before_every_layer_and_can_be_taken_back() -> None:
    mori, abe = responders("mori", "abe")
    row = rota(mori, abe)
    said = actions.add_cover(
        by=planner(), rota=row.uuid, person=abe.uuid, begins_at=SATURDAY + HOUR, ends_at=SATURDAY + DAY
    )
    assert on_call(row, SATURDAY + HOUR) == (ref(abe),)
    assert on_call(row, SATURDAY + DAY) == (ref(mori),)
    with pytest.raises(NotAllowed):
        actions.take_back_cover(by=acting(mori), cover=said.uuid)
    actions.take_back_cover(by=planner(), cover=said.uuid)
    assert on_call(row, SATURDAY + HOUR) == (ref(mori),)
    assert verify(state=True).findings == ()


def test_whoever_stands_in_the_rota_puts_themself_in_and_nobody_else_does() -> None:
    mori, abe, ito = responders("mori", "abe", "ito")
    row = rota(mori, abe)
    time = {"rota": row.uuid, "begins_at": SATURDAY, "ends_at": SATURDAY + DAY}
    actions.add_cover(by=acting(abe), **time)
    assert on_call(row, SATURDAY) == (ref(abe),)
    for by, person in ((acting(abe), mori.uuid), (acting(ito), None)):
        with pytest.raises(NotAllowed):
            actions.add_cover(by=by, person=person, **time)


def test_two_turns_change_hands_once_both_have_agreed() -> None:
    mori, abe, ito = responders("mori", "abe", "ito")
    row = rota(mori, abe)
    asked = actions.ask_swap(
        by=acting(mori),
        rota=row.uuid,
        asked=abe.uuid,
        begins_at=SATURDAY + DAY,
        ends_at=SATURDAY + 2 * DAY,
        back_begins_at=SATURDAY + WEEK,
        back_ends_at=SATURDAY + WEEK + DAY,
    )
    assert on_call(row, SATURDAY + DAY) == (ref(mori),)
    assert [len(duty.swaps(by)) for by in (acting(mori), acting(abe), planner(), acting(ito))] == [1, 1, 1, 0]
    with pytest.raises(NotFound):
        actions.accept_swap(by=acting(ito), swap=asked.uuid)
    with pytest.raises(NotAllowed):
        actions.accept_swap(by=acting(mori), swap=asked.uuid)
    actions.accept_swap(by=acting(abe), swap=asked.uuid)
    assert on_call(row, SATURDAY + DAY) == (ref(abe),)
    assert on_call(row, SATURDAY + WEEK) == (ref(mori),)
    assert on_call(row, SATURDAY + WEEK + DAY) == (ref(abe),)
    with pytest.raises(Invalid, match="answered"):
        actions.withdraw_swap(by=acting(mori), swap=asked.uuid)
    assert verify(state=True).findings == ()


def test_an_offer_to_all_goes_to_the_first_who_takes_it() -> None:
    mori, abe, ito = responders("mori", "abe", "ito")
    row = rota(mori, abe, ito)
    asked = actions.ask_swap(by=acting(mori), rota=row.uuid, begins_at=SATURDAY + DAY, ends_at=SATURDAY + 2 * DAY)
    with pytest.raises(Invalid, match="offered_to_all"):
        actions.decline_swap(by=acting(abe), swap=asked.uuid)
    actions.accept_swap(by=acting(ito), swap=asked.uuid)
    with pytest.raises(NotFound):
        actions.accept_swap(by=acting(abe), swap=asked.uuid)
    assert on_call(row, SATURDAY + DAY) == (ref(ito),)
    assert Cover.objects.count() == 1


def test_a_request_nobody_answered_is_over_when_the_turn_begins() -> None:
    mori, abe = responders("mori", "abe")
    row = rota(mori, abe)
    time = {"rota": row.uuid, "begins_at": SATURDAY + DAY, "ends_at": SATURDAY + 2 * DAY}
    asked = actions.ask_swap(by=acting(mori), asked=abe.uuid, **time)
    clock.fast_forward(DAY)
    with pytest.raises(Invalid, match="expired"):
        actions.accept_swap(by=acting(abe), swap=asked.uuid)
    assert duty.state_of(asked) == "expired"
    assert on_call(row, SATURDAY + DAY) == (ref(mori),)
    desk = system("remind")
    assert duty.any_expired(clock.now())
    assert [actions.expire_swaps(by=desk, at=clock.now()) for _ in range(2)] == [1, 0]
    assert not duty.any_expired(clock.now())
    assert told("told") == [ref(mori)]  # who was asked is not asked any more
    words = said(Outgoing.objects.get(to=ref(mori)))
    assert words is not None
    assert "返事がありません" in words.title
    assert verify(state=True).findings == ()
    with pytest.raises(NotAllowed):
        actions.expire_swaps(by=world.admin(), at=clock.now())


def test_a_swap_whose_turns_have_changed_meanwhile_is_refused() -> None:
    mori, abe = responders("mori", "abe")
    row = rota(mori, abe)
    time = {"rota": row.uuid, "begins_at": SATURDAY + DAY, "ends_at": SATURDAY + 2 * DAY}
    asked = actions.ask_swap(by=acting(mori), asked=abe.uuid, **time)
    actions.add_cover(by=planner(), person=abe.uuid, **time)
    with pytest.raises(Invalid, match="plan_changed"):
        actions.accept_swap(by=acting(abe), swap=asked.uuid)
    asked.refresh_from_db()
    assert asked.state == SwapState.ASKED


def told(purpose: str) -> list[str]:
    """Whom, in the order of the queue; what was withdrawn is told to nobody."""
    waiting = Outgoing.objects.filter(purpose=purpose, course="waiting").order_by("id")
    return list(waiting.values_list("to", flat=True))


def said(row: Outgoing) -> Words | None:
    """What they would read now."""
    to = people.recipient(row.to)
    assert to is not None
    queued = Queued(str(row.uuid), Purpose(row.purpose), row.subject, World.REAL, row.to, row.about, 2, clock.now())
    return wording.words(queued, to, Form.FULL)


def test_whoever_is_asked_hears_of_it_and_whoever_asked_hears_how_it_ended() -> None:
    mori, abe, ito = responders("mori", "abe", "ito")
    row = rota(mori, abe, ito)
    asked = actions.ask_swap(by=acting(mori), rota=row.uuid, begins_at=SATURDAY + DAY, ends_at=SATURDAY + 2 * DAY)
    assert set(told("told")) == {ref(abe), ref(ito)}
    words = said(Outgoing.objects.filter(to=ref(abe)).get())
    assert words is not None
    assert "Mori" in words.title
    actions.accept_swap(by=acting(abe), swap=asked.uuid)
    assert told("told") == [ref(mori)]
    assert said(Outgoing.objects.filter(to=ref(abe)).get()) is None
    words = said(Outgoing.objects.get(to=ref(mori)))
    assert words is not None
    assert "Abe" in words.title


OFFICE = ("09:00-18:00",) * 7


def promising(row: Rota, promise: Promise) -> None:
    said = rotas.terms_of(row)
    actions.edit_rota(
        by=planner(), rota=row.uuid, name=said.name, time_zone=said.time_zone, layers=said.layers, promise=promise
    )


def test_nights_are_a_gap_only_where_the_rota_promises_them() -> None:
    """The ledger agrees before a promise and after; going back to an older version takes its promise back too."""
    (mori,) = responders("mori")
    row = rota(mori, week=OFFICE)
    desk, night = system("remind"), SATURDAY + 12 * HOUR
    assert duty.lacks(planner(), row).gaps
    assert actions.remind_of_gaps(by=desk, at=SATURDAY) == 1
    assert verify(state=True).findings == ()
    promising(row, Promise(Promised.HOURS, OFFICE))
    row.refresh_from_db()
    assert not duty.lacks(planner(), row).any
    assert actions.remind_of_gaps(by=desk, at=SATURDAY) == 0
    assert [one.why for one in rotas.watch(rotas.ref_of(row), night, night + HOUR)] == [Why.CLOSED]
    assert on_call(row, night) == ()
    assert said(Outgoing.objects.get(purpose="reminder")) is None
    promising(row, Promise(Promised.OPENING))
    row.refresh_from_db()
    assert not duty.lacks(planner(), row).any
    assert verify(state=True).findings == ()
    assert [one.terms.promise.kind for one in duty.history(row).versions] == ["opening", "hours", "always"]


@pytest.mark.parametrize(
    ("promise", "field", "reason"),
    [
        (Promise(Promised.HOURS), "promise.day_1", "never_open"),
        (Promise(Promised.HOURS, ("", "9-", *[""] * 5)), "promise.day_2", "hours_form"),
        (Promise(Promised.OPENING, calendar=UUID(int=1)), "promise.calendar", "unknown"),
    ],
)
def test_a_promise_that_cannot_be_kept_is_refused_beside_its_field(promise: Promise, field: str, reason: str) -> None:
    row = rota(*responders("mori"))
    with pytest.raises(Invalid) as refused:
        promising(row, promise)
    assert (refused.value.field, refused.value.reason) == (field, reason)


def test_who_plans_is_reminded_once_a_week_of_a_turn_nobody_will_take() -> None:
    mori, abe = responders("mori", "abe")
    row = rota(mori, abe, week=OFFICE)
    promising(row, Promise(Promised.HOURS, OFFICE))
    desk = system("remind")
    assert actions.remind_of_gaps(by=desk, at=SATURDAY) == 0
    absence = actions.add_absence(by=acting(abe), begins_at=SATURDAY + WEEK, ends_at=SATURDAY + 2 * WEEK)
    at = SATURDAY + 2 * DAY
    clock.freeze(at)
    for _ in range(3):
        actions.remind_of_gaps(by=desk, at=at)
    assert told("reminder") == [planner().ref]
    words = said(Outgoing.objects.get(purpose="reminder"))
    assert words is not None
    assert "Abe" in words.text
    assert words.link == f"/oncall/{row.uuid}/"
    actions.take_back_absence(by=acting(abe), absence=absence.uuid)
    assert said(Outgoing.objects.get(purpose="reminder")) is None
    with pytest.raises(NotAllowed):
        actions.remind_of_gaps(by=world.admin(), at=at)


def test_whoever_takes_over_hears_of_it_a_day_before_once_by_day_and_not_if_somebody_else_will() -> None:
    mori, abe, ito = responders("mori", "abe", "ito")
    row = rota(mori, abe)
    desk = system("remind")
    with pytest.raises(NotAllowed):
        actions.tell_of_duty(by=world.admin(), at=SATURDAY)
    assert actions.tell_of_duty(by=desk, at=SATURDAY + 5 * DAY) == 0, "whose duty goes on hears nothing"
    at = SATURDAY + WEEK - 10 * HOUR  # 23:00 in Tokyo
    clock.freeze(at)
    for _ in range(2):
        actions.tell_of_duty(by=desk, at=at)
    message = Outgoing.objects.get(purpose="reminder")
    assert (message.to, message.due_at) == (ref(abe), SATURDAY + WEEK - HOUR), "at eight, before nine"
    words = said(message)
    assert words is not None
    assert "2026/11/28(土) 09:00 JST" in words.title
    assert "2026/12/5(土) 09:00 JST" in words.text
    actions.add_cover(
        by=planner(), rota=row.uuid, person=ito.uuid, begins_at=SATURDAY + WEEK, ends_at=SATURDAY + 8 * DAY
    )
    assert said(message) is None
    actions.tell_of_duty(by=desk, at=at)
    assert told("reminder") == [ref(abe), ref(ito)], "and Abe again a day before his own turn"


def test_everybody_says_how_long_before_their_duty_they_hear_of_it_and_whether_at_all() -> None:
    mori, abe, ito = responders("mori", "abe", "ito")
    row = rota(mori, abe)
    desk, begin = system("remind"), SATURDAY + WEEK
    assert noticing.of_mine(acting(abe)) == (24, 0)
    actions.set_duty_notice(by=acting(abe), hours=3, version=0)
    with pytest.raises(Conflict):
        actions.set_duty_notice(by=acting(abe), hours=48, version=0)
    for by, hours, refused in ((desk, 3, NotAllowed), (acting(ito), 169, Invalid), (acting(ito), -1, Invalid)):
        with pytest.raises(refused):
            actions.set_duty_notice(by=by, hours=hours)
    assert (actions.tell_of_duty(by=desk, at=begin - 10 * HOUR), told("reminder")) == (0, [])
    actions.tell_of_duty(by=desk, at=begin - 3 * HOUR - timedelta(minutes=20))
    due = Outgoing.objects.get(purpose="reminder").due_at
    assert due == begin - HOUR, "three hours before it is six in the morning in Tokyo: told at eight"

    actions.set_duty_notice(by=acting(abe), hours=0)
    assert said(Outgoing.objects.get(purpose="reminder")) is None, "what waits already is not sent"
    actions.set_duty_notice(by=acting(mori), hours=48)
    later = begin + WEEK  # Mori's turn comes again
    actions.tell_of_duty(by=desk, at=later - 50 * HOUR)
    assert told("reminder") == [ref(abe)]
    actions.tell_of_duty(by=desk, at=later - 48 * HOUR - timedelta(minutes=30))
    message = Outgoing.objects.filter(purpose="reminder").last()
    assert (message.to, message.due_at, row.name) == (ref(mori), later - 48 * HOUR, "Night")


@pytest.mark.django_db(transaction=True, databases="__all__")
def test_whoever_says_it_twice_at_the_same_moment_for_the_first_time_is_heard() -> None:
    (mori,) = responders("mori")
    say = partial(actions.set_duty_notice, by=acting(mori))
    found = at_once(*(partial(say, hours=hours) for hours in (1, 2, 3, 4)))
    assert sorted(one.version for one in found if isinstance(one, DutyNotice)) == [1, 2, 3, 4]
    assert DutyNotice.objects.get().version == 4


def test_nobody_is_put_in_or_named_a_substitute_without_hearing_of_it() -> None:
    mori, abe, ito = responders("mori", "abe", "ito")
    row = rota(mori, abe)
    time = {"begins_at": SATURDAY + DAY, "ends_at": SATURDAY + 2 * DAY}
    actions.add_cover(by=acting(mori), rota=row.uuid, **time)
    assert told("told") == [], "who puts themself in knows"
    cover = actions.add_cover(by=planner(), rota=row.uuid, person=ito.uuid, **time)
    absence = actions.add_absence(by=acting(abe), substitute=mori.uuid, **time)
    assert told("told") == [ref(ito), ref(mori)]
    put_in, stands_in = (said(one) for one in Outgoing.objects.filter(purpose="told").order_by("id"))
    assert put_in is not None
    assert stands_in is not None
    assert ("Night" in put_in.title, "Abe" in stands_in.title) == (True, True)
    actions.take_back_cover(by=planner(), cover=cover.uuid)
    actions.take_back_absence(by=acting(abe), absence=absence.uuid)
    assert told("told") == []


def test_nobody_gives_away_what_is_not_theirs() -> None:
    mori, abe = responders("mori", "abe")
    row = rota(mori, abe)
    given = {"begins_at": SATURDAY + DAY, "ends_at": SATURDAY + 2 * DAY}
    back = {"back_begins_at": SATURDAY + 3 * DAY, "back_ends_at": SATURDAY + 4 * DAY}
    with pytest.raises(Invalid, match="not_your_turn"):
        actions.ask_swap(by=acting(abe), rota=row.uuid, **given)
    with pytest.raises(Invalid, match="not_their_turn"):
        actions.ask_swap(by=acting(mori), rota=row.uuid, asked=abe.uuid, **given, **back)
    with pytest.raises(Invalid, match="past"):
        actions.ask_swap(by=acting(mori), rota=row.uuid, begins_at=SATURDAY, ends_at=SATURDAY + HOUR)


def test_whoever_saves_second_must_have_seen_what_the_first_one_saved() -> None:
    mori, abe = responders("mori", "abe")
    row = rota(mori)
    said = {"by": planner(), "rota": row.uuid, "time_zone": "Asia/Tokyo", "version": 1}
    actions.edit_rota(**said, name="Night", layers=[weekly(mori, abe)])
    with pytest.raises(Conflict) as refused:
        actions.edit_rota(**said, name="Night", layers=[weekly(abe)])
    assert "Mori, Abe" in refused.value.theirs["layer_1"]
    assert "Abe" in refused.value.yours["layer_1"]
    history = duty.history(row)
    assert [one.number for one in history.versions] == [2, 1]
    assert rotas.rota(planner(), row.uuid).version == 2


def test_the_same_said_again_is_no_new_version() -> None:
    (mori,) = responders("mori")
    row = rota(mori, week=("9-18", *[""] * 6))
    before = Entry.objects.count()
    layers = [weekly(mori, week=("09:00-18:00", *[""] * 6))]
    actions.edit_rota(by=planner(), rota=row.uuid, name=" Night ", time_zone="Asia/Tokyo", layers=layers)
    assert Entry.objects.count() == before


@pytest.mark.parametrize(
    ("more", "field", "reason"),
    [
        ({"zone": "Asia/Tokio"}, "layers.0.zone", "unknown_zone_near"),
        ({"every": 0}, "layers.0.every", "out_of_range"),
        ({"week": ("", "9-", *[""] * 5)}, "layers.0.day_2", "hours_form"),
        ({"ends": weekly().begins}, "layers.0.ends", "ends_before"),
        ({"begins": weekly().begins.replace(year=1)}, "layers.0.begins", "not_plausible"),
    ],
)
def test_what_cannot_be_said_is_refused_beside_its_field(more: dict[str, object], field: str, reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        rota(*responders("mori"), **more)
    assert (refused.value.field, refused.value.reason) == (field, reason)


def test_people_and_rotas_of_other_organisations_are_not_there() -> None:
    (mori,) = responders("mori")
    row = rota(mori)
    place = world.organisation("Elsewhere")
    stranger = world.actor("stranger", "administrator", at=place)
    assert not rotas.rotas(stranger)
    for act in (actions.retire_rota, actions.take_up_rota):
        with pytest.raises(NotFound):
            act(by=stranger, rota=row.uuid)
    with pytest.raises(Invalid, match="unknown"):
        actions.add_rota(by=stranger, organisation=place.uuid, name="X", time_zone="UTC", layers=[weekly(mori)])
    with pytest.raises(NotAllowed):
        rotas.rotas(world.actor("told", "reporter"))


def test_a_holiday_layer_covers_the_weekly_one_on_holidays_only() -> None:
    mori, abe = responders("mori", "abe")
    row = rota(mori)
    layers = [weekly(mori), weekly(abe, unit=Unit.DAY, holidays=Holidays.ONLY)]
    actions.edit_rota(by=planner(), rota=row.uuid, name="Night", time_zone="Asia/Tokyo", layers=layers)
    monday = SATURDAY + 2 * DAY  # 23 November, Labour Thanksgiving Day
    assert on_call(row, monday) == (ref(abe),)
    assert on_call(row, monday + DAY) == (ref(mori),)


def test_two_rotas_that_want_one_person_at_once_are_told() -> None:
    mori, abe = responders("mori", "abe")
    row = rota(mori)
    rota(abe, mori, name="Second")
    found = duty.lacks(planner(), row)
    assert {found.names[one.person] for one in found.doubles} == {"Mori"}
    assert found.doubles[0].begin == SATURDAY + WEEK


def test_what_each_carries_adds_up_and_the_hours_stand_beside_the_mean() -> None:
    mori, abe = responders("mori", "abe")
    row = rota(mori, abe)
    found, names = duty.shares(planner(), row, SATURDAY, SATURDAY + 3 * WEEK)
    by_name = {names[one.person]: one for one in found}
    assert (by_name["Mori"].hours, by_name["Abe"].hours) == (336, 168)
    assert (by_name["Mori"].deviation, by_name["Abe"].deviation) == (84, -84)
    assert (by_name["Mori"].nights, by_name["Abe"].nights) == (14, 7)
    # Saturday 09:00 to Saturday 09:00: three weekend days in each turn, and Monday 23 November is a holiday.
    assert (by_name["Mori"].weekend_days, by_name["Mori"].holidays) == (6, 1)


def test_many_rotas_cost_as_many_queries_as_one(django_assert_max_num_queries: object) -> None:
    mori, abe = responders("mori", "abe")
    for number in range(6):
        rota(mori, abe, name=f"Rota {number}")
    by = planner()
    with django_assert_max_num_queries(9):  # type: ignore[operator]  # a fixture of pytest-django
        assert len(duty.board(by).standings) == 6


def test_an_address_for_calendars_shows_no_more_than_its_holder_may_see_and_ends_when_revoked() -> None:
    mori, abe = responders("mori", "abe")
    row = rota(mori, abe)
    whole, own = (actions.open_feed(by=acting(mori), rota=one) for one in (row.uuid, None))
    people_of = lambda shown: {watch.person for _, many in shown.watches for watch in many}  # noqa: E731
    assert people_of(feeds.shown(whole)) == {ref(mori), ref(abe)}
    assert people_of(feeds.shown(own)) == {ref(mori)}
    assert whole not in "".join(Entry.objects.values_list("body", flat=True))
    accounts.revoke_role(by=world.admin(), person=mori.uuid, role="responder", organisation=world.site().uuid)
    for secret in (whole, own, "hks_x"):
        with pytest.raises(NotFound):
            feeds.shown(secret)
    accounts.grant_role(by=world.admin(), person=mori.uuid, role="responder", organisation=world.site().uuid)
    mine = acting(Person.objects.get(pk=mori.pk))
    actions.revoke_feed(by=mine, feed=feeds.mine(mine)[0].uuid)
    with pytest.raises(NotFound):
        feeds.shown(own)
    assert feeds.shown(whole)
    assert verify(state=True).findings == ()
