"""No clock is forgotten: it starts, stands still, tells, and can be worked out again from the ledger."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from hikeshi.accounts import actions as accounts
from hikeshi.accounts import queries as people_of
from hikeshi.accounts.models import Person
from hikeshi.accounts.ways import Recipient
from hikeshi.incidents import actions as incidents
from hikeshi.incidents.codes import RecordClass, Waiting
from hikeshi.incidents.models import Incident
from hikeshi.incidents.queries import incidents as listed
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor, system
from hikeshi.kernel.paging import paginate
from hikeshi.kernel.refusals import Conflict, Invalid, NotAllowed
from hikeshi.kernel.worlds import World
from hikeshi.ledger import triggers
from hikeshi.ledger.models import Entry
from hikeshi.ledger.verify import verify
from hikeshi.notify import composing, wording
from hikeshi.notify.messages import Purpose, Queued
from hikeshi.notify.models import Outgoing
from hikeshi.notify.wording import Form, Words
from hikeshi.service_levels import actions, queries, telling
from hikeshi.service_levels.codes import Act, Measure, State, Stuck
from hikeshi.service_levels.models import BookVersion, Clock, Hours, Renewal, Track
from hikeshi.service_levels.queries.clocks import DEADLINE
from tests import world
from tests.domains.clocks import clock_of, engine, later, office, on, promised, step
from tests.domains.incidents import fresh, opened

HOUR = timedelta(hours=1)
TUESDAY = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)  # 10:00 in Tokyo


@pytest.fixture
def mori() -> Actor:
    return world.actor("mori", "responder")


def told(fact: str = "ClockRanOut") -> int:
    return Entry.objects.filter(fact=f"service_levels.{fact}").count()


def due(record: Incident, measure: Measure = Measure.RESOLVE) -> str:
    at = clock_of(record, measure).due_at
    return at.astimezone(UTC).strftime("%m-%d %H:%M") if at else ""


def findings() -> list[str]:
    return [f"{one.reason} {one.where.split(':')[0]} {one.detail}".strip() for one in verify(state=True).findings]


def test_nothing_is_measured_until_the_site_says_yes(mori: Actor) -> None:
    opened(mori)
    engine()
    assert not Track.objects.exists()
    assert not Entry.objects.filter(fact__startswith="service_levels.").exists()


def test_golden_week_costs_nobody_their_time_and_a_wait_across_it_stops_the_clock_as_long_as_the_office_works(
    mori: Actor,
) -> None:
    """Opened on Wednesday 28 April 2027 at 10:00 with 24 working hours. Thursday, and 3 to 5 May, are holidays."""
    on(datetime(2027, 4, 28, 1, 0, tzinfo=UTC))
    office()
    promised(minutes=24 * 60)
    waiting, going = opened(mori), opened(mori)
    assert due(waiting) == due(going) == "05-06 07:00"  # Thursday 6 May 16:00: 8 h + 9 h on Friday + 7 h
    on(datetime(2027, 4, 28, 6, 0, tzinfo=UTC))  # 15:00, five hours used
    incidents.wait(by=mori, ref=waiting.ref, waiting=Waiting.SUPPLIER, reason="The vendor looks at it")
    assert (clock_of(waiting).state, clock_of(waiting).left, due(waiting)) == (State.PAUSED, 19 * 3600, "")
    on(datetime(2027, 5, 6, 3, 0, tzinfo=UTC))  # the first day back, noon
    incidents.resume(by=mori, ref=waiting.ref)
    assert due(waiting) == "05-10 04:00"  # 6 h on Thursday, 9 on Friday, 4 on Monday: 13:00
    assert told() == 0
    on(datetime(2027, 5, 6, 7, 0, tzinfo=UTC))
    assert told() == 1  # the one nobody stopped
    on(datetime(2027, 5, 10, 4, 0, tzinfo=UTC))
    assert told() == 2
    assert verify(state=True).holds


def test_shares_are_told_once_each_and_after_an_outage_in_one_breath(mori: Actor) -> None:
    promised(minutes=100, always_to=5, steps=(step(50), step(75), step(100), step(150)))
    record = opened(mori)
    engine()
    for minutes, passed, out in ((49, 0, 0), (1, 1, 0), (10, 1, 0), (15, 2, 0), (100, 2, 1), (500, 2, 1)):
        later(timedelta(minutes=minutes))
        assert (told("ClockPassed"), told()) == (passed, out)
    last = Entry.objects.filter(fact="service_levels.ClockRanOut").latest("number")
    assert (last.subject, '"percent":150' in last.body) == (record.subject, True)


def test_standing_still_does_not_repeat_what_was_told_and_a_new_time_is_told_anew(mori: Actor) -> None:
    promised(minutes=100, always_to=5)
    record = opened(mori, impact=3, urgency=3)
    engine()
    later(timedelta(minutes=60))
    incidents.wait(by=mori, ref=record.ref, waiting=Waiting.REPORTER)
    later(timedelta(minutes=600))
    incidents.resume(by=mori, ref=record.ref)
    engine()
    assert (told("ClockPassed"), told()) == (1, 0)
    later(timedelta(minutes=40))
    assert told() == 1


def test_a_clock_that_ran_out_may_raise_the_priority_with_its_reason_on_record(mori: Actor) -> None:
    promised(minutes=60, always_to=5, steps=(step(100, Act.RAISE),))
    record = opened(mori, impact=3, urgency=3)
    was = record.priority
    engine()
    later(HOUR)
    assert (fresh(record).priority, fresh(record).priority_reason) == (was - 1, "by_hand")
    later(10 * HOUR)
    assert fresh(record).priority == was - 1  # once for a clock, not for ever


def test_what_is_closed_is_told_of_no_more(mori: Actor) -> None:
    promised(minutes=60, always_to=5, steps=(step(100, Act.RAISE),))
    record = opened(mori, kind="phishing")
    incidents.close(
        by=mori, ref=record.ref, resolution="x", record_class=RecordClass.EVENT, override_reason="It was a test"
    )
    later(5 * HOUR)
    assert (told(), clock_of(record).state) == (0, State.MET)


def test_priority_calendar_owner_and_reopening_are_survived_with_their_reasons(mori: Actor) -> None:
    world.clock.freeze(TUESDAY)
    office()
    promised(minutes=240, always_to=1)
    record = opened(mori, impact=3, urgency=3)
    assert due(record) == "11-24 05:00"
    later(HOUR)
    office(name="Short", hours=["9-12"] * 5 + ["", ""])
    incidents.assign(by=mori, ref=record.ref, owner="mori")
    assert due(record) == "11-25 02:00"  # the office now closes at noon: two hours on Tuesday, two on Wednesday
    incidents.set_priority(by=mori, ref=record.ref, priority=1, reason="It spreads")
    assert due(record) == "11-24 05:00"
    incidents.close(
        by=mori, ref=record.ref, resolution="x", record_class=RecordClass.EVENT, override_reason="It was a test"
    )
    later(10 * HOUR)
    incidents.reopen(by=mori, ref=record.ref, reason="It is back")
    assert due(record) == "11-24 15:00"
    _, (explained,) = queries.explained(mori, record.ref)
    assert [one.because for one in explained.changes] == ["opened", "owner", "priority", "resolved", "reopened"]
    assert verify(state=True).holds


def test_whichever_reaction_comes_first_or_late_the_clocks_come_to_the_same(mori: Actor) -> None:
    """Heard at once or all together at the end: what is shown is what the ledger gives."""
    promised(minutes=300, always_to=5)
    promised(Measure.OWN, minutes=30, always_to=5)
    pairs = []
    for catching_up in (engine, lambda: None):
        world.clock.freeze(TUESDAY)
        record = opened(mori, impact=3, urgency=3)
        for act in (
            lambda ref: incidents.wait(by=mori, ref=ref, waiting=Waiting.REPORTER),
            lambda ref: incidents.set_priority(by=mori, ref=ref, priority=2, reason="x"),
            lambda ref: incidents.resume(by=mori, ref=ref),
            lambda ref: incidents.assign(by=mori, ref=ref, owner="mori"),
        ):
            catching_up()
            world.clock.fast_forward(7 * timedelta(minutes=1))
            act(record.ref)
        engine()
        columns = ("measure", "round", "state", "minutes", "due_at", "left", "stopped_at", "because")
        pairs.append(list(Clock.objects.filter(incident=record.uuid).order_by("measure").values_list(*columns)))
    assert pairs[0] == pairs[1]
    assert verify(state=True).holds


def _behind_the_back(sql: str, *values: object) -> None:
    with triggers.lifted(connection), connection.cursor() as cursor:
        cursor.execute(sql, values)


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("UPDATE service_levels_clock SET due_at = started_at", "row_changed service_levels.clock due_at"),
        ("UPDATE service_levels_clock SET state = 'met'", "row_changed service_levels.clock state"),
        ("DELETE FROM service_levels_clock", "row_missing service_levels.clock"),
        ("UPDATE service_levels_track SET upto = 9999", "row_changed service_levels.track upto"),
        (
            "UPDATE service_levels_bookversion SET content = replace(content, '240', '999')",
            "row_changed service_levels.book content",
        ),
        (
            "UPDATE service_levels_hours SET content = replace(content, '09:00', '01:00')",
            "row_changed service_levels.hours content",
        ),
    ],
)
def test_a_clock_set_behind_the_desks_back_is_found(mori: Actor, sql: str, found: str) -> None:
    office()
    promised()
    clock_of(opened(mori))
    assert not findings()
    _behind_the_back(sql)
    assert found in findings()


def test_a_clock_that_was_shown_wrong_is_found_although_its_row_agrees_with_what_was_told(
    mori: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row and ledger may agree and both be wrong: that is why clocks are worked out again."""
    from hikeshi.service_levels.actions import reckoning

    def wrong(*given: Any) -> Any:
        from dataclasses import replace

        clocks = real(*given)
        return tuple(replace(one, due_at=one.due_at + HOUR) for one in clocks if one.due_at)

    real = reckoning.reckoned
    promised()
    monkeypatch.setattr(reckoning, "reckoned", wrong)
    clock_of(opened(mori))
    monkeypatch.undo()
    assert findings() == ["row_changed service_levels.reckoned due_at"]


def test_open_records_take_new_targets_only_once_somebody_says_so(mori: Actor) -> None:
    world.clock.freeze(TUESDAY)
    target = promised(minutes=60, always_to=5)
    record = opened(mori)
    assert due(record) == "11-24 02:00"
    draft = actions.Draft(Measure.RESOLVE, "x", "x", minutes=(120,) * 5, always_to=5)
    actions.change_target(by=world.admin(), code=target.code, draft=draft)
    later(timedelta(minutes=1))
    assert due(record) == "11-24 02:00"
    actions.renew_clocks(by=world.admin())
    engine()
    assert due(record) == "11-24 03:00"
    assert Renewal.objects.get().renewed == 1
    assert verify(state=True).holds


def test_two_people_who_change_a_target_at_once_do_not_overwrite_each_other() -> None:
    target = promised()
    said = {"by": world.admin(), "code": target.code}
    actions.change_target(**said, draft=actions.Draft(Measure.RESOLVE, "a", "a", minutes=(1,) * 5))
    with pytest.raises(Conflict) as clash:
        actions.change_target(
            **said, draft=actions.Draft(Measure.RESOLVE, "b", "b", minutes=(1,) * 5), version=target.version
        )
    assert clash.value.theirs["en"] == "a"


@pytest.mark.parametrize(
    ("more", "field", "reason"),
    [
        ({"minutes": (None,) * 5}, "minutes_1", "no_time"),
        ({"minutes": (0,) * 5}, "minutes_1", "out_of_range"),
        ({"en": " "}, "en", "required"),
        ({"kinds": ("no such",)}, "kinds", "not_a_choice"),
        ({"hours": "0199c0de-0000-7000-8000-000000000000"}, "hours", "calendar_gone"),
        ({"steps": (step(0),)}, "steps", "out_of_range"),
        ({"steps": (step(50), step(50))}, "steps", "percent_twice"),
    ],
)
def test_a_target_that_cannot_be_meant_is_refused_at_its_field(more: dict[str, Any], field: str, reason: str) -> None:
    given = {"measure": Measure.OWN, "ja": "x", "en": "x", "minutes": (1,) * 5, **more}
    with pytest.raises(Invalid) as refused:
        actions.add_target(by=world.admin(), draft=actions.Draft(**given))
    assert (refused.value.field, refused.value.reason) == (field, reason)


def test_a_calendar_without_an_open_day_is_refused_before_anybody_waits_for_it(mori: Actor) -> None:
    """By its closing days it never opens: no target may be switched on by it, and a clock that took it says so."""
    world.site()
    keeper = world.admin()
    shut = {"name": "Shut", "time_zone": "Asia/Tokyo", "hours": ["9-18"] * 7, "closings": "01-01..12-31"}
    with pytest.raises(Invalid) as refused:
        accounts.add_calendar(by=keeper, **shut)
    assert (refused.value.field, refused.value.reason) == ("closings", "never_open")


def test_stuck_records_are_found_for_their_reason_and_only_where_the_reader_sees_them(mori: Actor) -> None:
    none = (None,) * 5
    limits = {"no_move": (120,) * 5, "no_owner": (60,) * 5, "waiting": (600,) * 5}
    actions.set_stuck_limits(by=world.admin(), **limits)
    alone, owned, waiting = (opened(mori) for _ in range(3))
    incidents.assign(by=mori, ref=owned.ref, owner="mori")
    incidents.assign(by=mori, ref=waiting.ref, owner="mori")
    incidents.wait(by=mori, ref=waiting.ref, waiting=Waiting.REPORTER)

    def found(reason: str) -> set[str]:
        return set(queries.stuck(listed(mori, status="open"), reason).values_list("ref", flat=True))

    assert not found("any")
    world.clock.fast_forward(timedelta(minutes=61))
    assert (found(Stuck.NO_OWNER), found(Stuck.NO_MOVE)) == ({alone.ref}, set())
    world.clock.fast_forward(timedelta(minutes=60))
    assert found(Stuck.NO_MOVE) == {alone.ref, owned.ref}
    world.clock.fast_forward(timedelta(minutes=600))
    assert found(Stuck.WAITING) == {waiting.ref}
    assert queries.stuck_count(mori) == (3, True)
    assert queries.stuck_count(world.actor("stranger", "commander", at=world.organisation("Elsewhere"))) == (0, True)
    incidents.assign(by=mori, ref=owned.ref, owner="")
    assert found(Stuck.NO_OWNER) == {alone.ref}  # since a moment ago, not since it was opened
    actions.set_stuck_limits(by=world.admin(), no_move=none, no_owner=none, waiting=none)
    assert not found("any")


def test_the_list_puts_what_runs_out_first_first_and_what_has_no_clock_last(mori: Actor) -> None:
    promised(minutes=60, always_to=5, kinds=("phishing",))
    promised(minutes=30, always_to=5, kinds=("malware",))
    plain, slow, fast = (opened(mori, kind=kind) for kind in ("ransomware", "phishing", "malware"))
    engine()
    rows = queries.by_deadline(listed(mori))
    order, cursor = [], None
    for _ in range(3):
        page = paginate(rows, order=DEADLINE, cursor=cursor, limit=1)
        order += [one.ref for one in page.items]
        cursor = page.next
    assert order == [fast.ref, slow.ref, plain.ref]
    shown = queries.chips([plain, slow, fast])
    assert {pk: chip.tone for pk, chip in shown.items()} == {slow.pk: "plain", fast.pk: "plain"}
    world.clock.fast_forward(timedelta(minutes=29))
    assert queries.chips([fast])[fast.pk].tone == "warn"
    world.clock.fast_forward(timedelta(minutes=2))
    assert queries.chips([fast])[fast.pk].tone == "burn"


def test_the_clocks_of_a_deleted_record_go_with_it(mori: Actor) -> None:
    promised()
    record = opened(mori)
    clock_of(record)
    actions.forget_clocks(by=system("test"), incident=record.uuid)
    assert not Clock.objects.exists()
    assert not findings()


def test_what_the_books_say_is_only_for_those_who_configure_the_whole_site() -> None:
    target = promised()
    for by in (world.actor("mori", "commander"), world.actor("far", "administrator", at=world.organisation("Far"))):
        with pytest.raises(NotAllowed):
            actions.switch_target(by=by, code=target.code, on=False)
    assert BookVersion.objects.count() == 2
    assert Hours.objects.count() == 0


def queued() -> list[str]:
    rows = Outgoing.objects.filter(purpose="clock").order_by("pk")
    names = {f"person:{one.uuid}": one.username for one in Person.objects.all()}
    return [names[one.to] for one in rows]


def written(by_name: str) -> Words | None:
    """What the message to this person would say if it were sent now."""
    person = Person.objects.get(username=by_name)
    row = Outgoing.objects.filter(purpose="clock", to=f"person:{person.uuid}").latest("pk")
    message = Queued("x", Purpose.CLOCK, row.subject, World.REAL, row.to, row.about, row.urgency, row.queued_at)
    to = Recipient(row.to, person.name, "en", "Asia/Tokyo", "", active=True, deputy="")
    return wording.words(message, to, Form.FULL)


def test_whoever_is_to_be_told_is_told_once_and_where_nobody_owns_it_those_who_lead(mori: Actor) -> None:
    world.person("chief", "commander")
    world.site()
    promised(minutes=100, always_to=5, steps=(step(50, Act.TELL_OWNER), step(100, Act.TELL_OWNER, Act.TELL_LEAD)))
    owned, _ = opened(mori), opened(mori)
    incidents.assign(by=mori, ref=owned.ref, owner="mori")
    engine()
    later(timedelta(minutes=50))
    leads = ["admin", "chief"]  # both may command
    assert sorted(queued()) == sorted(["mori", *leads])
    engine()
    assert len(queued()) == 3
    later(timedelta(minutes=50))
    assert sorted(queued()) == sorted(["mori", *leads, "mori", *leads, *leads])
    said = written("mori")
    assert said is not None
    assert owned.ref in said.title
    assert said.link == f"/incidents/{owned.ref}/"


def test_a_message_of_a_clock_is_no_longer_wanted_once_it_stands_still_or_its_reader_sees_nothing(mori: Actor) -> None:
    world.person("chief", "commander")
    promised(minutes=100, always_to=5, steps=(step(50, Act.TELL_OWNER, Act.TELL_LEAD),))
    record = opened(mori)
    incidents.assign(by=mori, ref=record.ref, owner="mori")
    engine()
    later(timedelta(minutes=50))
    assert written("mori") is not None
    assert written("chief") is not None
    incidents.restrict(by=world.admin(), ref=record.ref, reason="It names a colleague")
    shown = written("mori")
    assert written("chief") is None
    assert shown is not None
    assert record.title not in shown.text
    incidents.wait(by=mori, ref=record.ref, waiting=Waiting.REPORTER)
    engine()
    assert written("mori") is None


def test_a_clock_that_ran_out_calls_for_help_as_well_where_it_is_owned_and_everybody_again_where_not(
    mori: Actor,
) -> None:
    world.person("chief", "commander")
    promised(minutes=100, always_to=5, steps=(step(100, Act.ESCALATE),))
    owned, alone = opened(mori), opened(mori)
    incidents.assign(by=mori, ref=owned.ref, owner="mori")
    engine()
    later(timedelta(minutes=100))
    assert Entry.objects.filter(fact="oncall.HelpAsked", subject__contains=_run_of(owned)).count() == 1
    assert Entry.objects.filter(fact="oncall.CalledAgain", subject__contains=_run_of(alone)).count() == 1


def _run_of(record: Incident) -> str:
    """However the ledger names what a call is about."""
    known = Entry.objects.filter(fact="oncall.RunBegan", body__contains=str(record.uuid)).first()
    found = known or Entry.objects.filter(fact="oncall.RunBegan", subject=record.subject).first()
    assert found is not None
    return found.subject


def _told_to(row: Outgoing) -> Recipient:
    found = people_of.recipient(row.to)
    assert found is not None
    return found


def test_whoever_must_move_a_stuck_record_is_told_once_a_working_day_and_the_desk_itself_moves_nothing() -> None:
    office()
    world.clock.freeze(TUESDAY)
    hours = {"no_move": (60,) * 5, "no_owner": (60,) * 5, "waiting": (60,) * 5}
    actions.set_stuck_limits(by=world.admin(), **hours)
    boss, lead, ito = (world.person(one, "responder") for one in ("boss", "lead", "ito"))
    accounts.grant_role(by=world.admin(), person=boss.uuid, role="commander", organisation=world.site().uuid)
    both = [lead.uuid, ito.uuid]
    accounts.add_team(by=world.admin(), organisation=world.site().uuid, name="A", people=both, lead=lead.uuid)
    nobodys = opened(by=world.actor("boss"))
    owned = opened(by=world.actor("boss"))
    incidents.assign(by=world.actor("boss"), ref=owned.ref, owner="ito")

    def told(hours: float) -> list[tuple[str, str]]:
        world.clock.fast_forward(timedelta(hours=hours))
        before = set(Outgoing.objects.values_list("pk", flat=True))
        assert not actions.tell_of_stuck(clock.now())
        names = {f"person:{one.uuid}": one.username for one in Person.objects.all()}
        rows = Outgoing.objects.filter(purpose="reminder").exclude(pk__in=before)
        return sorted((one.subject, names[one.to]) for one in rows)

    assert told(0.5) == []
    incidents.set_priority(by=system("rules"), ref=owned.ref, priority=1, reason="By the desk itself")
    assert told(1) == sorted([(nobodys.subject, "admin"), (nobodys.subject, "boss"), (owned.subject, "ito")])
    assert told(1) == []
    accounts.deactivate_person(by=world.admin(), person=ito.uuid)
    assert told(24) == sorted([(nobodys.subject, "admin"), (nobodys.subject, "boss"), (owned.subject, "lead")])
    incidents.note(by=world.actor("boss"), ref=nobodys.ref, text="On it")
    row = Outgoing.objects.filter(subject=owned.subject, purpose="reminder").latest("pk")
    words = telling.write_stuck(composing.queued(row), _told_to(row), Form.FULL)
    assert words is not None
    assert owned.ref in words.title
    incidents.close(
        by=world.actor("boss"), ref=owned.ref, resolution="x", record_class="event", override_reason="A test of ours"
    )
    assert telling.write_stuck(composing.queued(row), _told_to(row), Form.FULL) is None
    assert told(24 * 3) == []  # a Saturday


def test_a_calendar_that_was_removed_under_a_running_clock_says_so_in_the_room(mori: Actor) -> None:
    office()
    said = {"name": "Night", "time_zone": "Asia/Tokyo", "hours": ["0-24"] * 7}
    calendar = accounts.add_calendar(by=world.admin(), **said)
    promised(minutes=60, hours=str(calendar.uuid))
    record = opened(mori)
    engine()
    assert [one.calendar_gone for one in queries.clocks_of(fresh(record))] == [False]
    accounts.remove_calendar(by=world.admin(), calendar=calendar.uuid)
    assert [one.calendar_gone for one in queries.clocks_of(fresh(record))] == [True]
