"""Nobody drowns unseen: who carries how much is known, what is new goes to who can, and somebody hears of too much."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from hikeshi.accounts import actions as accounts
from hikeshi.calendars.holidays import of_year
from hikeshi.engine import run
from hikeshi.incidents import actions as incidents
from hikeshi.incidents.codes import Waiting
from hikeshi.incidents.models import Moment
from hikeshi.incidents.queries import timeline
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor, system
from hikeshi.kernel.refusals import Conflict, Invalid, NotAllowed, NotFound
from hikeshi.ledger.models import Entry
from hikeshi.ledger.verify import verify
from hikeshi.load import actions, queries
from hikeshi.load.codes import Mark, Passed, Shift
from hikeshi.load.models import Unplaced
from hikeshi.notify import wording
from hikeshi.notify.messages import Purpose, Queued
from hikeshi.notify.models import Outgoing
from hikeshi.notify.sending import Sender
from hikeshi.notify.wording import Form
from hikeshi.oncall import actions as oncall
from tests import phone, world
from tests.domains.clocks import engine, office, promised
from tests.domains.incidents import fresh, moments, opened
from tests.domains.load import can, heard, on_shift, rule, skills, team
from tests.domains.oncall import SATURDAY, ref

HOUR = timedelta(hours=1)
MONDAY = SATURDAY + timedelta(days=3, hours=1)  # Tuesday 24 November, 10:00 in Tokyo; Monday is a holiday


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def mori() -> Actor:
    return world.actor("mori", "responder")


def person(name: str, *roles: str):  # a Person
    return world.person(name, *(roles or ("responder",)))


def told(to: str = "") -> list[Outgoing]:
    rows = Outgoing.objects.filter(subject__startswith="assignment:") | Outgoing.objects.filter(
        subject__startswith="load:"
    )
    return [one for one in rows.order_by("id") if not to or one.to == to]


def line(by: Actor, record, fact: str) -> str:
    return next(one.sentence for one in timeline(by, record.ref).items if one.fact == f"load.{fact}")


def test_work_left_is_estimated_version_by_version_and_told(mori: Actor) -> None:
    record = opened(mori)
    task = incidents.add_task(by=mori, ref=record.ref, title="Isolate", owner="mori")
    incidents.estimate(by=mori, ref=record.ref, minutes=90)
    incidents.estimate_task(by=mori, ref=record.ref, task=task.uuid, minutes=30, version=task.version)
    said = [one.sentence for one in timeline(mori, record.ref).items[:2]]
    assert said == ["Work left on a task: 30 min.", "Work left: 90 min."]
    with pytest.raises(Conflict) as clash:
        incidents.estimate_task(by=mori, ref=record.ref, task=task.uuid, minutes=45, version=task.version)
    assert (clash.value.yours, clash.value.theirs) == ({"hours": "0.75"}, {"hours": "0.5"})
    with pytest.raises(Conflict):
        incidents.estimate(by=mori, ref=record.ref, minutes=10, version=record.version)
    incidents.estimate(by=mori, ref=record.ref, minutes=None)
    assert fresh(record).estimate is None
    for wrong in (-1, 120_001):
        with pytest.raises(Invalid):
            incidents.estimate(by=mori, ref=record.ref, minutes=wrong)
    assert verify(state=True).findings == ()


def test_a_persons_load_counts_records_tasks_time_duty_and_nights(mori: Actor) -> None:
    clock.freeze(MONDAY)
    office()
    promised(minutes=60, always_to=5)
    own = person("mori")
    first, second = opened(mori), opened(mori, impact=3, urgency=3, kind="phishing")
    for one in (first, second):
        incidents.assign(by=mori, ref=one.ref, owner="mori")
    incidents.estimate(by=mori, ref=first.ref, minutes=120)
    orphan = incidents.add_task(by=mori, ref=second.ref, title="Ask")
    incidents.estimate_task(by=mori, ref=second.ref, task=orphan.uuid, minutes=60)
    incidents.wait(by=mori, ref=second.ref, waiting=Waiting.REPORTER)
    on_shift(own)
    phone.way(own)
    clock.freeze(MONDAY + 14 * HOUR)  # midnight in Tokyo
    with phone.ringing(ntfy=phone.Phone()):
        phone.queue(own, purpose=Purpose.PAGE, subject="test:1")
        wording.register(Purpose.PAGE, lambda *_: wording.Words("x", "x"), subject="test")
        while Sender(workers=0).step(clock.now()):
            continue
    engine()
    found = queries.figures(mori, [own])[own.pk]
    assert (found.open, found.hidden, found.tasks, found.unestimated) == (2, 0, 1, 1)
    assert sum(found.seen.by_priority) == found.seen.count == 2
    assert found.seen.by_priority[0] == 1
    assert (found.seen.overdue, found.seen.waiting) == (1, 1)
    assert (found.remaining, found.capacity) == (180, 5 * 9 * 60)
    assert found.percent == round(100 * 180 / 2700)
    assert (found.nights, found.duty) == (1, timedelta(days=7))
    assert found.shift_until is not None


def test_what_a_reader_may_not_see_is_a_number_and_nothing_else() -> None:
    chief, keeper = world.actor("chief", "commander"), world.admin()
    person("mori")
    secret = opened(chief, title="Insider")
    incidents.assign(by=chief, ref=secret.ref, owner="mori")
    incidents.restrict(by=chief, ref=secret.ref, reason="Names a colleague")
    open_one = opened(chief, title="Open")
    incidents.assign(by=chief, ref=open_one.ref, owner="mori")
    seen = next(one for one in queries.board(keeper).lines if one.person.username == "mori")
    assert (seen.open, seen.hidden, seen.seen.count) == (2, 1, 1)
    _, rows = queries.person_board(keeper, seen.person.uuid)
    assert [one.ref for one in rows] == [open_one.ref]
    with pytest.raises(NotFound):
        queries.candidates_for(keeper, [secret.ref])
    stranger = world.actor("stranger", "commander", at=world.organisation("Elsewhere"))
    assert not [one for one in queries.board(stranger).lines if one.person.username == "mori"]
    with pytest.raises(NotAllowed):
        queries.board(world.actor("ito", "reporter"))


def test_the_board_costs_the_same_for_many_as_for_few(mori: Actor) -> None:
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            queries.board(mori)
        return len(asked)

    few = [person(f"p{number}") for number in range(2)]
    team(*few)
    opened(mori)
    cost()
    before = cost()
    many = [person(f"q{number}") for number in range(12)]
    team(*many, name="Night")
    on_shift(*many)
    on_shift(*few, name="Other")
    one_rota = cost()
    for one in many:
        record = opened(mori)
        incidents.assign(by=mori, ref=record.ref, owner=one.username)
    assert cost() == one_rota
    assert one_rota <= before + 6  # rotas are read once there are any


def test_three_people_one_night_the_rules_give_each_record_to_who_can_is_there_and_carries_least() -> None:
    clock.freeze(SATURDAY + 14 * HOUR)
    abe, ito, ueda, chief = person("abe"), person("ito"), person("ueda"), world.actor("chief", "commander")
    skills("malware", "mail")
    for one, can_do in ((abe, ("malware",)), (ito, ("malware", "mail")), (ueda, ("mail",))):
        can(one, *can_do)
    crew = team(abe, ito, ueda, lead=abe)
    on_shift(abe, name="A")
    on_shift(ito, name="B")
    rule("Malware", asks=("malware",), team=str(crew.uuid), kinds=("ransomware",))
    rule("Rest", team=str(crew.uuid), shift=Shift.ALIKE)

    first = opened(chief)
    heard()
    second = opened(chief)
    heard()
    owners = [fresh(one).owner for one in (first, second)]
    assert {one.username for one in owners if one} == {"abe", "ito"}  # nobody twice while another has none
    assert "on shift until 28 Nov 2026 (Sat) 09:00 JST, skill malware, open: 0 (least of 2)." in line(
        chief, first, "OwnerChosen"
    )
    third = opened(chief, kind="phishing")
    heard()
    assert fresh(third).owner == ueda  # off shift, and free
    assert "open: 0 (least of 3)." in line(chief, third, "OwnerChosen")

    oncall.add_absence(by=world.admin(), person=abe.uuid, begins_at=clock.now() - HOUR, ends_at=clock.now() + HOUR)
    accounts.deactivate_person(by=world.admin(), person=ito.uuid)
    fourth = opened(chief)
    heard()
    assert fresh(fourth).owner is None
    why = line(chief, fourth, "NobodyFitted")
    assert "Asked: 3. Without the right: 1. Not let in: 0. Away: 1. Without the skill: 1. Off shift: 0." in why
    assert [one.to for one in told() if one.about["what"] == "nobody"] == [ref(abe)]
    assert verify(state=True).findings == ()


def test_what_nobody_could_be_given_goes_to_whoever_comes_on_shift_and_is_forgotten_when_somebody_takes_it() -> None:
    clock.freeze(MONDAY)
    abe, chief, desk = person("abe"), world.actor("chief", "commander"), system("assignment")
    rule(team=str(team(abe).uuid))
    phone.way(abe)
    waits, taken = opened(chief), opened(chief)
    heard()
    assert fresh(waits).owner is None
    incidents.assign(by=chief, ref=taken.ref, owner="chief")
    assert not queries.any_unplaced(clock.now())  # not asked again at once
    clock.fast_forward(timedelta(minutes=5))
    assert not actions.assign_again(by=desk, at=clock.now())
    assert [one.incident for one in Unplaced.objects.all()] == [waits.uuid]
    on_shift(abe)
    clock.fast_forward(timedelta(minutes=5))
    assert queries.any_unplaced(clock.now())
    actions.assign_again(by=desk, at=clock.now())
    assert fresh(waits).owner == abe
    assert fresh(taken).owner == world.person("chief")
    assert not Unplaced.objects.exists()
    assert "on shift until" in line(chief, waits, "OwnerChosen")
    assert Outgoing.objects.filter(to=ref(abe)).count() == 1
    assert verify(state=True).findings == ()


def test_the_rules_leave_what_waits_alone_once_they_are_switched_off() -> None:
    abe, chief = person("abe"), world.actor("chief", "commander")
    rule(team=str(team(abe).uuid))
    record = opened(chief)
    heard()
    on_shift(abe)
    actions.switch_automatic(by=world.admin(), on=False)
    clock.fast_forward(HOUR)
    actions.assign_again(by=system("assignment"), at=clock.now())
    assert fresh(record).owner is None


def test_records_of_somebody_away_or_gone_are_suggested_to_their_lead_and_never_moved() -> None:
    clock.freeze(MONDAY)
    office()
    mori, lead, ito, ueda = (person(name) for name in ("mori", "lead", "ito", "ueda"))
    chief, desk = world.actor("chief", "commander"), system("assignment")
    team(mori, lead, lead=lead)
    record, quiet = opened(chief), opened(chief, impact=3, urgency=3, kind="phishing")
    for one, owner in ((record, "mori"), (quiet, "ueda"), (opened(chief), "ito")):
        incidents.assign(by=chief, ref=one.ref, owner=owner)
    assert actions.suggest_owners(by=desk, at=clock.now()) == 0
    now = clock.now()
    away = {"by": world.admin(), "begins_at": now - HOUR}
    oncall.add_absence(**away, person=mori.uuid, ends_at=now + 9 * HOUR, substitute=ito.uuid)
    oncall.add_absence(**away, person=ueda.uuid, ends_at=now + HOUR)  # back for lunch
    for _ in range(2):
        assert actions.suggest_owners(by=desk, at=clock.now()) == 1
    assert actions.remind_of_load(by=desk, at=clock.now()) == 0  # said already, and better
    row = told()[0]
    assert [(one.to, one.urgency) for one in told()] == [(ref(lead), 1)]
    queued = Queued(str(row.uuid), Purpose.REMINDER, row.subject, world_of(row), row.to, row.about, 1, row.queued_at)
    said = wording.words(queued, recipient(lead), Form.FULL)
    assert said is not None
    assert "Away, and records wait" in said.title
    assert "Closest to take them over: Ito (open records: 1)." in said.text
    assert fresh(record).owner == mori
    found = queries.wanted(chief, fresh(record))
    assert found is not None
    assert found.instead is not None
    assert found.instead.person == ito
    assert queries.wanted(chief, fresh(quiet)) is None

    clock.freeze(MONDAY + 12 * HOUR)  # the offices are closed, and mori is back
    assert wording.words(queued, recipient(lead), Form.FULL) is None
    accounts.deactivate_person(by=world.admin(), person=ueda.uuid)
    assert actions.suggest_owners(by=desk, at=clock.now()) == 0  # nothing of theirs is grave
    assert fresh(quiet).owner == ueda
    found = queries.wanted(chief, fresh(quiet))
    assert found is not None
    assert found.owner is not None
    assert found.owner.marks == (Mark.GONE,)


def test_what_the_desk_hands_out_is_acknowledged_by_nobody_and_whoever_gets_it_is_told() -> None:
    mori, chief = person("mori"), world.actor("chief", "commander")
    rule(team=str(team(mori).uuid), shift=Shift.ALIKE)
    phone.way(mori)
    record = opened(chief)
    heard()
    assert fresh(record).owner == mori
    assert not Moment.objects.filter(incident=record, kind="acknowledged").exists()
    by_rule = Entry.objects.filter(fact="incidents.Assigned").get()
    assert by_rule.actor == "system:assignment"
    called = Outgoing.objects.filter(to=ref(mori))
    assert called.count() == 1  # paged where a call goes on, else told: never both
    incidents.assign(by=chief, ref=record.ref, owner="")
    incidents.assign(by=world.actor("mori"), ref=record.ref, owner="mori")
    assert "acknowledged" in moments(record)


def test_nothing_happens_by_itself_until_the_site_says_so_and_a_record_with_an_owner_is_left_alone() -> None:
    mori, chief = person("mori"), world.actor("chief", "commander")
    made = rule(team=str(team(mori).uuid), shift=Shift.ALIKE, automatic=False)
    record = opened(chief)
    heard()
    assert fresh(record).owner is None
    found = queries.proposal(fresh(record))
    assert found is not None
    assert found.person == mori
    assert queries.try_rule(chief, made.code, record.ref).choice.best is not None
    actions.switch_automatic(by=world.admin(), on=True)
    incidents.assign(by=chief, ref=record.ref, owner="chief")
    actions.assign_automatically(by=system("t"), incident=record.uuid)
    assert fresh(record).owner == world.person("chief")
    with pytest.raises(NotAllowed):
        actions.assign_automatically(by=world.admin(), incident=record.uuid)


def test_a_restricted_record_is_proposed_to_its_people_alone_and_turns_go_round() -> None:
    chief = world.actor("chief", "commander")
    abe, ito = person("abe"), person("ito")
    made = rule(team=str(team(abe, ito).uuid), shift=Shift.ALIKE)
    gone = []
    for _ in range(4):
        record = opened(chief)
        heard()
        gone.append(fresh(record).owner)
        incidents.assign(by=chief, ref=record.ref, owner="chief")  # both are free again
        clock.fast_forward(HOUR)
    assert gone == [abe, ito, abe, ito] or gone == [ito, abe, ito, abe]
    secret = opened(chief)
    incidents.restrict(by=chief, ref=secret.ref, reason="Insider")
    tried = queries.try_rule(chief, made.code, secret.ref)
    assert tried.choice.count(Passed.NOT_LET_IN) == 2
    incidents.add_person(by=chief, ref=secret.ref, person="ito", role="scribe")
    assert queries.try_rule(chief, made.code, secret.ref).person == ito


def test_several_records_go_to_another_whole_or_not_at_all(mori: Actor) -> None:
    person("ito")
    refs = [opened(mori).ref for _ in range(3)]
    actions.hand_over(by=mori, refs=refs, owner="ito", note="I am off until Monday.")
    _, rows = queries.person_board(mori, person("ito").uuid)
    assert sorted(one.ref for one in rows) == sorted(refs)
    assert timeline(mori, refs[0], only="people").items[1].detail == "I am off until Monday."
    before = Entry.objects.count()
    for wrong in ({"refs": [*refs, "INC-2020-0001"]}, {"owner": "nobody-here"}, {"refs": []}, {"owner": ""}):
        with pytest.raises((NotFound, Invalid)):
            actions.hand_over(by=mori, **{"refs": refs, "owner": "mori", "note": "x", **wrong})
    assert Entry.objects.count() == before


def test_too_much_marks_a_queue_and_its_lead_hears_of_it_once_a_day_in_working_hours() -> None:
    clock.freeze(MONDAY)
    office()
    mori, lead, boss = person("mori"), person("lead"), world.person("boss", "manager")
    chief, desk = world.actor("chief", "commander"), system("remind")
    actions.set_limits(by=world.admin(), most_open=1, percent=100, idle_hours=9)
    crew = team(mori, lead, lead=lead)
    for _ in range(2):
        incidents.assign(by=chief, ref=opened(chief).ref, owner="mori")
    assert queries.figures(chief, [mori])[mori.pk].marks == (Mark.TOO_MANY,)
    clock.fast_forward(timedelta(days=2))
    assert queries.figures(chief, [mori])[mori.pk].marks == (Mark.TOO_MANY, Mark.UNTOUCHED)
    for _ in range(2):
        assert actions.remind_of_load(by=desk, at=clock.now()) == 1
    assert [one.to for one in told()] == [ref(lead)]
    clock.fast_forward(12 * HOUR)
    assert actions.remind_of_load(by=desk, at=clock.now()) == 0  # at night nobody is told
    clock.fast_forward(12 * HOUR)
    accounts.change_team(by=world.admin(), team=crew.uuid, name="CSIRT", people=[mori.uuid])
    actions.remind_of_load(by=desk, at=clock.now())
    assert ref(boss) in [one.to for one in told()[1:]]
    row = told()[0]
    queued = Queued(str(row.uuid), Purpose.REMINDER, row.subject, world_of(row), row.to, row.about, 3, row.queued_at)
    said = wording.words(queued, recipient(lead), Form.FULL)
    assert said is not None
    assert "Too many records, Something lies untouched" in said.title
    actions.set_limits(by=world.admin())
    assert wording.words(queued, recipient(lead), Form.FULL) is None  # no longer so


def world_of(row: Outgoing):
    from hikeshi.kernel.worlds import World

    return World(row.world)


def recipient(one):
    from hikeshi.accounts import queries as people

    return people.recipient(ref(one))


def test_who_says_what_people_can() -> None:
    mori, lead = person("mori"), person("lead")
    team(mori, lead, lead=lead)
    code = skills("malware")["malware"]
    actions.set_profile(by=world.actor("lead"), person=mori.uuid, weekly=1200, skills=[code])
    assert queries.figures(world.admin(), [mori])[mori.pk].skills == (code,)
    for other in ("mori", "ueda"):
        person(other)
        with pytest.raises(NotAllowed):
            actions.set_profile(by=world.actor(other), person=mori.uuid, weekly=60)
    with pytest.raises(Conflict):
        actions.set_profile(by=world.admin(), person=mori.uuid, weekly=60, version=0)
    for wrong in ({"weekly": 20_000}, {"skills": ["unknown"]}):
        with pytest.raises(Invalid):
            actions.set_profile(by=world.admin(), person=mori.uuid, **wrong)
    crew = team(mori, name="Other")
    rule("Asks", asks=("malware",), team=str(crew.uuid))
    with pytest.raises(Invalid, match="skill_in_use"):
        actions.set_skills(by=world.admin(), skills=["mail"])


def test_a_desk_that_nothing_happens_at_asks_no_calendar_for_its_holidays() -> None:
    """They are nine megabytes, once asked for."""
    world.admin()
    of_year.cache_clear()
    by = system("remind")
    assert (run._remind(MONDAY), actions.suggest_owners(by=by, at=MONDAY)) == (False, 0)
    assert of_year.cache_info().misses == 0
