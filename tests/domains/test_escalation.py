"""Somebody is called until somebody answers: whoever is due, in time, once, and never nobody in silence."""

import json
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest

from hikeshi.accounts import actions as accounts
from hikeshi.accounts import queries as people
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotAllowed
from hikeshi.kernel.worlds import World
from hikeshi.ledger import keeping
from hikeshi.ledger.models import Entry
from hikeshi.notify.messages import Purpose, Queued
from hikeshi.notify.models import Outgoing
from hikeshi.notify.wording import Form
from hikeshi.oncall import actions, describing, paging
from hikeshi.oncall.actions import calling as seam
from hikeshi.oncall.actions import taking
from hikeshi.oncall.escalation import Closed, State, TargetKind
from hikeshi.oncall.models.runs import Call, Due, How, Run
from hikeshi.oncall.queries import runs, trying
from hikeshi.oncall.queries.targets import Book
from hikeshi.oncall.refusals import AnsweredAlready
from tests import world
from tests.at_once import at_once
from tests.domains import calling
from tests.domains.calling import DESK, SUBJECT, begun, called, fresh, policy, reachable, ref, step, works

MONDAY = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 16, 18, 0, tzinfo=UTC)  # 03:00 on Tuesday in Tokyo


def who(username: str) -> Actor:
    return people.actor_of(world.person(username))


def facts() -> list[str]:
    rows = Entry.objects.filter(subject=SUBJECT).order_by("number").values_list("fact", flat=True)
    return [name.removeprefix("oncall.") for name in rows]


def test_the_next_is_called_until_somebody_answers() -> None:
    policy(step(reachable("abe")), step(reachable("ito"), 5), step(reachable("ueda"), 5))
    begun()
    works()
    assert called() == ["abe"]
    works(4)
    assert called() == ["abe"]
    works(1)
    assert called() == ["abe", "ito"]
    actions.acknowledge(by=who("ito"), subject=SUBJECT)
    works(60 * 24)
    assert called() == ["abe", "ito"]
    assert called(open_only=True) == []


def test_repeat_once_is_two_rounds_and_then_it_is_said_aloud() -> None:
    reachable("admin2", "administrator")
    policy(step(reachable("abe")), step(reachable("ito"), 5), repeats=1, patience=10)
    run = begun()
    works()
    for minutes in (5, 10, 5):
        works(minutes)
    assert called() == ["abe", "ito", "abe", "ito"]
    works(9)
    assert fresh(run).trouble == ""
    works(1)
    assert (fresh(run).state, fresh(run).trouble) == (State.RAN_OUT, "unanswered")
    assert called()[4:] == ["admin2"]
    works(60 * 24 * 30)
    assert len(called()) == 5


def test_an_edit_comes_too_late_for_a_call_under_way() -> None:
    abe, ito, ueda = reachable("abe"), reachable("ito"), reachable("ueda")
    kept = policy(step(abe), step(ito, 5))
    begun()
    works()
    draft = actions.PolicyDraft(name="Night", steps=(step(ueda),))
    actions.edit_policy(by=DESK, policy=kept.uuid, written=draft, version=1)
    works(5)
    assert called() == ["abe", "ito"]


def test_the_first_answer_counts_and_the_second_is_told_whose_it_was() -> None:
    policy(step(reachable("abe")), step(reachable("ito")))
    run = begun()
    works()
    actions.acknowledge(by=who("abe"), subject=SUBJECT)
    with pytest.raises(AnsweredAlready) as told:
        actions.acknowledge(by=who("ito"), subject=SUBJECT)
    assert told.value.name == "Abe"
    actions.acknowledge(by=who("abe"), subject=SUBJECT)
    assert fresh(run).answered_by == ref(world.person("abe"))
    assert facts().count("Acknowledged") == 1


def test_whoever_was_not_called_and_may_not_answer_is_refused() -> None:
    policy(step(reachable("abe")))
    begun()
    works()
    for actor in (who("nobody"), world.actor("far", "administrator", at=world.organisation("Elsewhere"))):
        for verb in (actions.acknowledge, actions.hand_over, actions.ask_help, actions.call_again):
            with pytest.raises(NotAllowed):
                verb(by=actor, subject=SUBJECT)
    actions.acknowledge(by=world.actor("chief", "commander"), subject=SUBJECT)


@pytest.mark.parametrize("lost", ["no_way", "gone", "empty_team", "empty_role", "empty_rota"])
def test_a_step_that_reaches_nobody_is_loud_and_the_next_one_comes_at_once(lost: str) -> None:
    ito = reachable("ito")
    policy(_lost(lost), step(ito, 30))
    if lost == "gone":
        accounts.deactivate_person(by=DESK, person=world.person("away").uuid)
    begun()
    works()
    assert called() == ["ito"]
    assert facts() == ["RunBegan", "NobodyReached", "StepTaken"]
    assert Call.objects.exclude(trouble="").get().trouble == lost


def _lost(why: str) -> calling.StepDraft:
    match why:
        case "no_way":
            return step(world.person("away"))
        case "gone":
            return step(reachable("away"))
        case "empty_team":
            team = accounts.add_team(by=DESK, organisation=world.site().uuid, name="Empty")
            return step(kind=TargetKind.TEAM, value=str(team.uuid))
        case "empty_role":
            return step(kind=TargetKind.ROLE, value="auditor")
        case _:
            return step(kind=TargetKind.ROTA, value=str(calling.empty_rota()))


def test_a_call_that_reaches_nobody_at_all_is_the_loudest_at_once() -> None:
    reachable("keeper", "administrator")
    policy(step(world.person("abe")), step(world.person("ito"), 30), repeats=2)
    run = begun()
    works()
    assert (fresh(run).state, fresh(run).trouble) == (State.RAN_OUT, "no_way")
    assert called() == ["keeper"]
    assert [one.pk for one in runs.in_trouble()] == [run.pk]


def test_a_deputy_stands_in_for_whoever_cannot_be_reached() -> None:
    abe, ito = world.person("abe"), reachable("ito")
    calling.stands_in(ito, abe)
    policy(step(abe))
    begun()
    works()
    assert called() == ["ito"]
    assert Call.objects.get().instead_of == ref(abe)


def away(username: str, substitute: str = "", hours: int = 24) -> None:
    instead = world.person(substitute).uuid if substitute else None
    until = clock.now() + timedelta(hours=hours)
    absent = world.person(username).uuid
    actions.add_absence(by=DESK, person=absent, begins_at=clock.now(), ends_at=until, substitute=instead)


def test_whoever_is_away_sleeps_while_somebody_stands_in_or_others_of_the_target_come() -> None:
    """Named outright, through a team, or through a role: an absence counts as it does in a rota."""
    abe, _, ueda = reachable("abe", "commander"), reachable("ito"), reachable("ueda", "commander")
    away("abe", "ito", hours=1)
    team = accounts.add_team(by=DESK, organisation=world.site().uuid, name="Night", people=[abe.uuid, ueda.uuid])
    crew, role = step(kind=TargetKind.TEAM, value=str(team.uuid)), step(kind=TargetKind.ROLE, value="commander")
    policy(step(abe), replace(crew, after=60), replace(role, after=5), step(abe, 24 * 60))
    begun()
    works()
    assert called() == ["ito"]
    assert Call.objects.get().instead_of == ref(abe)
    away("abe")  # said anew, and now nobody stands in
    works(60)
    works(5)
    assert called() == ["ito", "ueda", "ueda"]
    assert [(one.owner, one.trouble) for one in Call.objects.exclude(trouble="")] == [(ref(abe), "away")] * 2
    works(24 * 60)
    assert called()[-1] == "abe"


def test_a_call_on_holiday_is_better_than_none() -> None:
    away_too = reachable("away_too")
    abe = reachable("abe")
    away("away_too")
    away("abe", "away_too")  # who should stand in is away as well
    policy(step(abe), step(away_too, 30))
    run = begun()
    works()
    assert (called(), fresh(run).trouble, fresh(run).state) == (["abe"], "", State.CALLING)
    tried = trying.dry_run(DESK, calling.case(), clock.now())
    assert [(one.name, one.away, one.trouble) for line in tried.lines for one in line.people] == [
        ("Abe", True, ""),
        ("Away_Too", True, ""),
    ]


def test_a_step_of_the_day_waits_for_the_morning_whatever_happens_meanwhile() -> None:
    world.clock.freeze(NIGHT)
    policy(step(reachable("abe"), hours="09:00-18:00"))
    begun()
    works(5 * 60)
    assert called() == []
    works(60)
    assert called() == ["abe"]


def test_a_step_left_out_at_night_lets_the_next_come_at_once() -> None:
    world.clock.freeze(NIGHT)
    policy(step(reachable("abe"), hours="business", closed=Closed.SKIP), step(reachable("ito"), 20))
    begun()
    works()
    assert called() == ["ito"]


def test_a_desk_that_is_held_calls_nobody_and_goes_on_once_released() -> None:
    policy(step(reachable("abe")), step(reachable("ito"), 5))
    begun()
    accounts.hold_site(by=DESK)
    works(120)
    assert called() == []
    accounts.release_site(by=DESK)
    works()
    assert called() == ["abe"]
    works(5)
    assert called() == ["abe", "ito"]


class Killed(BaseException):
    """The process ends here."""


SEAMS: list[tuple[object, str, int]] = [
    (seam.notify, "queue_all", 1),
    (seam, "record", 1),
    (taking, "tell", 1),
    (seam.Post, "plan", 1),
    (seam.Post, "send", 1),
    (keeping, "keep_new", 1),  # its message
    (keeping, "keep_new", 2),  # the call
    (keeping, "keep_new", 3),  # what comes next
    (taking, "_keep", 1),
]


@pytest.mark.parametrize("cut", range(len(SEAMS)))
def test_killed_at_any_point_of_a_step_everybody_is_called_once_and_nobody_is_left_out(
    cut: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    reachable("abe", "responder"), reachable("ito", "responder")
    policy(step(kind=TargetKind.ROLE, value="responder"), step(reachable("ueda"), 5))
    begun()
    holder, name, at = SEAMS[cut]
    real: Callable[..., object] = getattr(holder, name)
    count = 0

    def dies(*args: object, **more: object) -> object:
        nonlocal count
        count += 1
        if count == at:
            raise Killed
        return real(*args, **more)

    with monkeypatch.context() as patched:
        patched.setattr(holder, name, dies)
        with pytest.raises(Killed):
            works()
    assert called() == []
    works()
    assert sorted(called()) == ["abe", "ito"]
    works(5)
    assert sorted(called()) == ["abe", "ito", "ueda"]
    assert facts() == ["RunBegan", "StepTaken", "StepTaken"]


def test_one_that_fails_is_tried_again_and_silences_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    policy(step(reachable("abe")))
    bad, good = begun(1), begun(2, f"thing:{uuid4()}")
    real = taking.plan_of

    def fails(run: Run) -> object:
        if run.pk == bad.pk:
            raise ValueError("a plan nobody can read")
        return real(run)

    with monkeypatch.context() as patched:
        patched.setattr(taking, "plan_of", fails)
        works()
        assert (fresh(good).called, fresh(bad).called) == (1, 0)
    works(1)
    assert fresh(bad).called == 1


def test_many_that_are_due_at_once_cost_the_queries_of_a_few(
    django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    """And none is lost or called twice, whatever is due of one run at the same moment."""
    policy(step(reachable("abe")), step(reachable("ueda"), anyway=True), step(reachable("ito"), 5))
    for number in range(30):
        begun(1 + number % 3, f"thing:{uuid4()}")
    with django_assert_max_num_queries(60):
        works()
    assert Counter(called()) == {"abe": 30, "ueda": 30}
    assert {(run.called, run.position) for run in Run.objects.all()} == {(2, 1)}
    works(5)
    assert Counter(called()) == {"abe": 30, "ueda": 30, "ito": 30}


@pytest.mark.django_db(transaction=True, databases="__all__")
def test_two_who_answer_at_the_same_moment_are_one_answer_and_one_who_hears_whose_it_was() -> None:
    policy(step(reachable("abe", "commander")), step(reachable("ito", "commander")))
    begun()
    works()
    actors = [who("abe"), who("ito")]
    found = at_once(*(partial(actions.acknowledge, by=by, subject=SUBJECT) for by in actors))
    late = [one for one in found if isinstance(one, AnsweredAlready)]
    assert len(found) == 2
    assert [one.person for one in late] == [fresh(Run.objects.get()).answered_by]
    assert facts().count("Acknowledged") == 1


@pytest.mark.django_db(transaction=True, databases="__all__")
def test_two_engines_that_take_the_same_call_everybody_once() -> None:
    policy(step(reachable("abe")), step(reachable("ito"), 5))
    for number in range(12):
        begun(1 + number % 3, f"thing:{uuid4()}")
    dues = runs.due(clock.now(), 500)
    take = partial(actions.take_due, by=DESK, dues=dues)
    at_once(partial(take, book=Book(clock.now())), partial(take, book=Book(clock.now())))
    assert called() == ["abe"] * 12
    assert {(run.called, run.position) for run in Run.objects.all()} == {(1, 1)}
    assert Due.objects.filter(taken_at__isnull=True).count() == 12


@pytest.mark.parametrize("how", How)
def test_a_call_that_was_answered_before_it_was_sent_has_no_words_any_more(
    how: How, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the queue and the sending somebody answered, and what waits has not been withdrawn yet."""
    abe = reachable("abe", "commander")
    policy(step(abe))
    run = begun()
    to = people.recipient(ref(abe))
    assert to is not None
    known = describing.Described("Files", "Office", "/incidents/x", over=False)
    monkeypatch.setitem(describing._describers, "thing", lambda subject, owner: known)
    topic = f"told:{run.uuid}" if how is How.ANYWAY else f"run:{run.uuid}"
    about = {"how": how.value, "step": "1", "round": "1"}
    message = Queued(str(uuid4()), Purpose.PAGE, topic, World.REAL, ref(abe), about, 1, clock.now())
    assert paging.write(message, to, Form.FULL) is not None
    Run.objects.update(state=State.ANSWERED, answered_by=DESK.ref, answered_at=clock.now())
    wanted = paging.write(message, to, Form.FULL) is not None
    assert wanted == (how in {How.ANYWAY, How.HELP})
    Run.objects.update(state=State.STOPPED)
    assert paging.write(message, to, Form.FULL) is None


def test_after_an_outage_the_most_severe_and_newest_come_first_five_hundred_at_once() -> None:
    policy(step(reachable("abe")))
    for number in range(6):
        begun(1 + number % 2, f"thing:{uuid4()}")
    due = runs.due(clock.now(), 500)
    rows = {one.pk: one.run for one in Due.objects.select_related("run")}
    order = [(rows[pk].priority, -rows[pk].pk) for pk in due]
    assert order == sorted(order)
    assert len(runs.due(clock.now(), 4)) == 4


def test_what_was_taken_long_after_its_time_does_not_come_in_a_burst() -> None:
    policy(step(reachable("abe")), step(reachable("ito"), 5), step(reachable("ueda"), 5))
    begun()
    works(120)
    assert called() == ["abe"]
    works(5)
    assert called() == ["abe", "ito"]


def test_an_answer_holds_for_months_unless_it_is_said_to_time_out() -> None:
    policy(step(reachable("abe")), step(reachable("ito"), 5))
    begun()
    works()
    actions.acknowledge(by=who("abe"), subject=SUBJECT)
    works(60 * 24 * 120)
    assert called() == ["abe"]


def test_an_answer_that_timed_out_calls_everybody_again() -> None:
    policy(step(reachable("abe")), step(reachable("ito"), 5), timeout=30)
    run = begun()
    works()
    actions.acknowledge(by=who("abe"), subject=SUBJECT)
    works(29)
    assert called() == ["abe"]
    works(1)
    assert called() == ["abe", "abe"]
    assert (fresh(run).state, fresh(run).answered_by) == (State.CALLING, "")
    works(5)
    assert called() == ["abe", "abe", "ito"]


def test_what_is_told_in_any_case_is_told_though_somebody_has_answered() -> None:
    boss = reachable("boss", "manager")
    policy(step(reachable("abe")), step(kind=TargetKind.EXECUTIVES, after=15, anyway=True))
    begun()
    works()
    actions.acknowledge(by=who("abe"), subject=SUBJECT)
    works(15)
    assert called(open_only=True) == [boss.username]
    assert "ExecutivesAsked" in facts()


def test_handed_over_to_somebody_they_have_as_long_as_anybody_and_then_it_goes_on() -> None:
    policy(step(reachable("abe")), step(reachable("ito"), 5))
    run = begun()
    reachable("ueda")
    works()
    actions.acknowledge(by=who("abe"), subject=SUBJECT)
    actions.hand_over(by=who("abe"), subject=SUBJECT, to=ref(world.person("ueda")))
    assert (called(), fresh(run).state) == (["abe", "ueda"], State.CALLING)
    works(4)
    assert called() == ["abe", "ueda"]
    works(1)
    assert called() == ["abe", "ueda", "ito"]


def test_handed_over_to_nobody_in_particular_the_next_is_called_at_once_and_after_the_last_the_first() -> None:
    policy(step(reachable("abe")), step(reachable("ito"), 5))
    begun()
    works()
    actions.hand_over(by=who("abe"), subject=SUBJECT)
    works()
    assert called() == ["abe", "ito"]
    actions.hand_over(by=who("ito"), subject=SUBJECT)
    works()
    assert called() == ["abe", "ito", "abe"]


def test_help_calls_the_next_as_well_and_whoever_has_it_keeps_it() -> None:
    policy(step(reachable("abe")), step(reachable("ito"), 5))
    run = begun()
    works()
    actions.acknowledge(by=who("abe"), subject=SUBJECT)
    actions.ask_help(by=who("abe"), subject=SUBJECT)
    assert called(open_only=True) == ["ito"]
    assert (fresh(run).state, fresh(run).answered_by) == (State.ANSWERED, ref(world.person("abe")))


def test_somebody_asked_for_help_in_vain_is_named_though_others_were_reached() -> None:
    """No step failed: people were asked by name, one of them has no way, the message to another came back."""
    policy(step(reachable("abe")), step(reachable("ito"), 5))
    run = begun()
    works()
    actions.acknowledge(by=who("abe"), subject=SUBJECT)
    reached, lost, unknown = reachable("ueda"), reachable("ono"), world.person("mori", "responder")
    for person in (reached, lost, unknown):
        actions.ask_help(by=who("abe"), subject=SUBJECT, to=ref(person))
    message = Call.objects.get(owner=ref(lost)).message
    actions.take_failure(by=DESK, message=UUID(message))
    vain = [json.loads(entry.body) for entry in Entry.objects.filter(fact="oncall.AskedInVain").order_by("number")]
    assert [(one["who"], one["trouble"]) for one in vain] == [(ref(unknown), "no_way"), (ref(lost), "failed")]
    assert "NobodyReached" not in facts()
    assert (fresh(run).state, fresh(run).trouble) == (State.ANSWERED, "")


def test_what_is_over_calls_nobody_and_takes_back_what_had_not_gone_out() -> None:
    policy(step(reachable("abe")), step(reachable("ito"), 5))
    run = begun()
    works()
    actions.stop(by=DESK, subject=SUBJECT)
    works(600)
    assert called() == ["abe"]
    assert called(open_only=True) == []
    assert fresh(run).state == State.STOPPED
    assert not Due.objects.filter(taken_at=None).exists()


def test_a_message_that_failed_for_everybody_brings_the_next_step_forward() -> None:
    policy(step(reachable("abe")), step(reachable("ito"), 30))
    run = begun()
    works()
    actions.take_failure(by=DESK, message=Outgoing.objects.get().uuid)
    assert fresh(run).trouble == "failed"
    works()
    assert called() == ["abe", "ito"]
    assert fresh(run).trouble == ""


def test_somebody_who_goes_while_the_plan_runs_is_passed_over_aloud_and_the_next_is_called_at_once() -> None:
    away = reachable("away")
    policy(step(reachable("abe")), step(away, 10), step(reachable("ito"), 30))
    begun()
    works()
    accounts.deactivate_person(by=DESK, person=away.uuid)
    works(10)
    assert called() == ["abe", "ito"]
    assert Call.objects.exclude(trouble="").get().trouble == "gone"
    assert facts().count("NobodyReached") == 1


def test_graver_than_before_another_plan_begins_and_whoever_has_it_keeps_it() -> None:
    boss = reachable("boss", "manager")
    policy(step(reachable("abe")), priorities=(3,), name="Day")
    policy(step(reachable("ito")), step(kind=TargetKind.EXECUTIVES, anyway=True), priorities=(1,), name="Everybody")
    first = begun(3)
    works()
    actions.acknowledge(by=who("abe"), subject=SUBJECT)
    second = begun(1)
    works()
    assert fresh(first).state == State.STOPPED
    assert (fresh(second).state, fresh(second).answered_by) == (State.ANSWERED, ref(world.person("abe")))
    assert called(open_only=True) == [boss.username]
    assert begun(1).pk == second.pk
    assert begun(4).pk == second.pk


def test_nobody_is_called_about_a_demonstration() -> None:
    policy(step(reachable("abe")))
    assert actions.begin(by=DESK, subject=SUBJECT, world=World.DEMO, circumstances=calling.case()) is None
    assert not Run.objects.exists()


def test_a_circle_of_policies_is_refused_by_its_names() -> None:
    abe = reachable("abe")
    first = policy(step(abe), name="First")
    second = policy(step(abe), name="Second", follow=first.uuid)
    draft = actions.PolicyDraft(name="First", steps=(step(abe),), follow=second.uuid)
    with pytest.raises(Invalid) as refused:
        actions.edit_policy(by=DESK, policy=first.uuid, written=draft)
    assert refused.value.field == "follow"
    assert refused.value.params["circle"] == "First → Second → First"


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("steps", {"steps": ()}),
        ("steps.0.value", {"steps": (step(kind=TargetKind.TEAM, value=str(uuid4())),)}),
        ("steps.0.hours", {"steps": (step(kind=TargetKind.EXECUTIVES, hours="25-99"),)}),
        ("steps.0.value", {"steps": (step(kind=TargetKind.RAISE, value="9"),)}),
        ("priorities", {"priorities": (7,)}),
        ("repeats", {"repeats": 99}),
        ("timeout", {"timeout": 1}),
        ("hours", {"hours": "noon"}),
        ("why_en", {"why_ja": "夜間"}),
        ("follow", {"follow": uuid4()}),
    ],
)
def test_what_cannot_be_used_is_refused_beside_its_field(field: str, wrong: dict[str, object]) -> None:
    steps = wrong.get("steps", (step(kind=TargetKind.EXECUTIVES),))
    others = {name: value for name, value in wrong.items() if name != "steps"}
    with pytest.raises(Invalid) as refused:
        policy(*steps, **others)
    assert refused.value.field == field


def test_the_first_policy_that_suits_counts_and_others_say_why_not() -> None:
    abe = reachable("abe")
    policy(step(abe), name="Others", kinds=("phishing",))
    policy(step(abe), name="Grave", priorities=(1, 2))
    policy(step(abe), name="All")
    chosen = calling.chosen()
    assert chosen.name == "Grave"
    assert [(one.name, str(one.suits)) for one in chosen.asked] == [("Others", "kind"), ("Grave", "yes")]


def test_a_message_withdrawn_by_an_answer_is_of_this_call_alone() -> None:
    policy(step(reachable("abe")))
    begun()
    other = f"thing:{uuid4()}"
    begun(1, other)
    works()
    actions.acknowledge(by=who("abe"), subject=SUBJECT)
    assert called(open_only=True) == ["abe"]


def test_time_stands_in_rows_alone() -> None:
    """Whatever waits is a row with a time on it: two hours later another process takes it."""
    world.clock.freeze(MONDAY)
    policy(step(reachable("abe"), 120))
    begun()
    assert Due.objects.get().due_at == MONDAY + timedelta(hours=2)
