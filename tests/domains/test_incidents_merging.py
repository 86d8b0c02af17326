"""Two records become one and part again: each promise of the preview, item by item, and the ledger agrees."""

import contextlib
import random
from datetime import timedelta

import pytest

from hikeshi.assets import actions as assets
from hikeshi.assets.particulars import Particulars
from hikeshi.incidents import actions, queries
from hikeshi.incidents.codes import RecordClass, Status
from hikeshi.incidents.merging import Brought, Calls, digest, written
from hikeshi.incidents.models import AttachedAlert, Incident, LinkedAsset, Observable, Participant, Task
from hikeshi.incidents.reporting import Place, Purpose
from hikeshi.intake.models import Alert
from hikeshi.intake.verdicts import Verdict
from hikeshi.kernel.acting import Actor, system
from hikeshi.kernel.refusals import Invalid, NotAllowed, NotFound
from hikeshi.ledger.verify import verify
from hikeshi.oncall.escalation import State
from hikeshi.oncall.queries import runs
from hikeshi.service_levels import actions as service_levels
from hikeshi.service_levels.actions import Draft
from hikeshi.service_levels.codes import Measure
from hikeshi.service_levels.codes import State as ClockState
from hikeshi.service_levels.models import Clock
from tests import world
from tests.domains.calling import policy, reachable, step
from tests.domains.incidents import fresh, opened, refusal
from tests.domains.test_incidents_alerts import alert, announce, judged, settle

DESK = system("test")
MINUTE = timedelta(minutes=1)
OLDER = "b2e5fb76786d1ff4f753e44971090b2c5fecfb97b220aa58fa8715773b433e12"


pytestmark = pytest.mark.usefixtures("listening")


def held(record: Incident) -> set[str]:
    return set(Alert.objects.filter(case=record.subject).values_list("fingerprint", flat=True))


def tasks(record: Incident) -> set[str]:
    return set(Task.objects.filter(incident=record).values_list("title", flat=True))


def people(record: Incident) -> set[str]:
    rows = Participant.objects.filter(incident=record).values_list("person__username", "role")
    return {f"{name} {role}" for name, role in rows}


def traces(record: Incident) -> set[str]:
    return set(Observable.objects.filter(incident=record).values_list("value", flat=True))


def hit(record: Incident) -> set[str]:
    rows = LinkedAsset.objects.filter(incident=record, removed_at=None)
    return set(rows.values_list("asset__name", flat=True))


def picture(record: Incident) -> dict[str, object]:
    """Everything a merge touches."""
    row = fresh(record)
    return {
        "status": row.status,
        "owner": row.owner_id,
        "priority": (row.priority, row.priority_reason),
        "restricted": row.restricted,
        "alerts": held(record),
        "tasks": tasks(record),
        "people": people(record),
        "traces": traces(record),
        "assets": hit(record),
        "rows": set(AttachedAlert.objects.filter(incident=record).values_list("alert", flat=True)),
        "children": set(Incident.objects.filter(parent=record).values_list("ref", flat=True)),
    }


def two(by: Actor) -> tuple[Incident, Incident]:
    """A lesser record with a little of everything, and a graver one opened by an alert of its own."""
    announce(judged(alert("first"), impact=2, effect=2, urgency=2))
    into = Incident.objects.get()
    row = alert("second", observables=[{"type": "ip", "value": "203.0.113.9"}])
    other = opened(by, title="共有フォルダが開けない")
    actions.attach_alerts(by=by, ref=other.ref, alerts=[row.uuid])
    actions.add_task(by=by, ref=other.ref, title="Isolate")
    done = actions.add_task(by=by, ref=other.ref, title="Call the shop")
    actions.finish_task(by=by, ref=other.ref, task=done.uuid)
    world.person("sato", "responder")
    actions.add_person(by=by, ref=other.ref, person="sato", role="scribe")
    asset = assets.add_asset(
        by=world.admin(), organisation=world.site().uuid, particulars=Particulars(name="Files", criticality=1)
    )
    actions.link_asset(by=by, ref=other.ref, asset=asset.uuid)
    actions.assign(by=by, ref=other.ref, owner="sato")
    actions.note(by=by, ref=other.ref, text="Seen on two hosts")
    settle()
    return other, into


def test_a_merge_does_what_its_preview_says_and_taking_it_back_gives_all_of_it_back(mori: Actor) -> None:
    other, into = two(mori)
    before = picture(other), picture(into)
    plan = queries.merge_plan(mori, other.ref, into.ref)
    said = {
        "alerts": {Alert.objects.get(uuid=one).fingerprint for one in plan.alerts},
        "tasks": {one.title for one in plan.tasks},
        "people": {f"{one.person.username} {one.role}" for one in plan.joins},
        "assets": {one.asset.name for one in plan.assets},
        "owner": plan.owner and plan.owner.username,
        "priority": plan.priority,
        "kept": (plan.notes, plan.tasks_done, plan.restricted, plan.reporter),
    }
    assert said == {
        "alerts": {"second"},
        "tasks": {"Isolate"},
        "people": {"sato scribe"},
        "assets": {"Files"},
        "owner": "sato",
        "priority": 1,
        "kept": (1, 1, False, False),
    }
    assert picture(other) == before[0], "looking changes nothing"

    actions.merge(by=mori, ref=other.ref, into=into.ref, reason="Same share")
    assert held(into) == {"first", "second"}
    assert tasks(into) == {"Isolate"}
    assert tasks(other) == {"Call the shop"}
    assert "sato scribe" in people(into)
    assert "203.0.113.9" in traces(into)
    assert hit(into) == {"Files"}
    assert (fresh(into).priority, fresh(into).priority_reason, fresh(into).owner.username) == (1, "merged", "sato")
    assert (fresh(other).status, fresh(other).merged_into_id) == (Status.CLOSED, into.pk)
    assert verify(state=True).holds
    assert queries.room(mori, other.ref).kin.merged_into == into
    assert [one.ref for one in queries.room(mori, into.ref).kin.merged] == [other.ref]
    words = [f"{one.sentence} {one.detail}" for one in queries.timeline(mori, other.ref).items]
    assert any(into.ref in one and "Same share" in one for one in words)

    actions.unmerge(by=mori, ref=other.ref)
    after = picture(other), picture(into)
    assert after == before


def test_what_happens_in_between_stays_with_the_one_that_went_on_and_what_went_back_keeps_its_progress(
    mori: Actor,
) -> None:
    other, into = two(mori)
    actions.merge(by=mori, ref=other.ref, into=into.ref)
    world.clock.fast_forward(MINUTE)
    came = alert("third", observables=[{"type": "ip", "value": "203.0.113.9"}, {"type": "host", "value": "FILES"}])
    announce(judged(came, Verdict.ATTACH, case=other.subject, kind="", impact=0, effect=0, urgency=0))
    assert held(into) == {"first", "second", "third"}, "judged to belong to the merged one, it goes to the other"
    again = Alert.objects.get(fingerprint="second")
    announce(judged(again))
    assert Incident.objects.count() == 2, "the same again opens nothing"
    actions.add_task(by=mori, ref=into.ref, title="Since")
    actions.note(by=mori, ref=into.ref, text="Since")
    task = Task.objects.get(title="Isolate")
    actions.finish_task(by=mori, ref=into.ref, task=task.uuid)

    plan = queries.unmerge_plan(mori, other.ref)
    assert (plan.alerts_since, plan.notes_since, plan.tasks_since) == (1, 1, 1)
    actions.unmerge(by=mori, ref=other.ref)
    assert (held(other), held(into)) == ({"second"}, {"first", "third"})
    assert (tasks(other), tasks(into)) == ({"Isolate", "Call the shop"}, {"Since"})
    assert Task.objects.get(title="Isolate").done_at is not None
    assert {"203.0.113.9", "FILES"} <= traces(into), "what the later alert saw is its own"
    announce(judged(again))
    assert held(other) == {"second"}


def test_nobody_works_on_a_merged_record_and_two_people_at_once_merge_it_once(mori: Actor) -> None:
    one, two_, three = opened(mori, title="1"), opened(mori, title="2"), opened(mori, title="3")
    actions.merge(by=mori, ref=one.ref, into=two_.ref)
    for act in (
        lambda: actions.note(by=mori, ref=one.ref, text="x"),
        lambda: actions.reopen(by=mori, ref=one.ref, reason="x"),
        lambda: actions.merge(by=mori, ref=one.ref, into=three.ref),
        lambda: actions.answer_call(by=mori, ref=one.ref),
    ):
        assert refusal(act) == "is_merged"
    assert refusal(lambda: actions.merge(by=mori, ref=three.ref, into=one.ref)) == "merged_already"
    assert refusal(lambda: actions.merge(by=mori, ref=three.ref, into=three.ref)) == "merge_itself"
    assert refusal(lambda: actions.merge(by=mori, ref=three.ref, into="INC-1999-0001")) == "no_such_record"
    actions.merge(by=mori, ref=two_.ref, into=three.ref)
    assert refusal(lambda: actions.unmerge(by=mori, ref=one.ref)) == "unmerge_first"
    assert queries.survivor(fresh(one)).ref == three.ref
    actions.unmerge(by=mori, ref=two_.ref)
    actions.unmerge(by=mori, ref=one.ref)
    assert refusal(lambda: actions.unmerge(by=mori, ref=one.ref)) == "not_merged"
    assert {one.status for one in Incident.objects.all()} == {"open"}
    actions.close(by=mori, ref=three.ref, resolution="x", record_class=RecordClass.EVENT, override_reason="a test")
    assert refusal(lambda: actions.merge(by=mori, ref=one.ref, into=three.ref)) == "merge_needs_open"


def test_the_stricter_of_both_hides_both_and_it_takes_command(mori: Actor) -> None:
    other, into = two(mori)
    clerk = world.actor("clerk", "responder")
    secret = world.actor("keeper", "commander")
    actions.restrict(by=mori, ref=other.ref, reason="Names a colleague")
    actions.add_person(by=mori, ref=other.ref, person="keeper", role="legal")
    assert refusal(lambda: actions.merge(by=clerk, ref=into.ref, into=other.ref)) == "no_such_record"
    helper = world.actor("helper", "responder")
    actions.add_person(by=mori, ref=other.ref, person="helper", role="scribe")
    with pytest.raises(NotAllowed):
        actions.merge(by=helper, ref=other.ref, into=into.ref)

    plan = queries.merge_plan(mori, other.ref, into.ref)
    assert [one.ref for one in plan.hides] == [into.ref]
    actions.merge(by=mori, ref=other.ref, into=into.ref)
    assert [fresh(one).restricted for one in (other, into)] == [True, True]
    assert set(Alert.objects.values_list("restricted", flat=True)) == {True}
    with pytest.raises(NotFound):
        queries.room(clerk, into.ref)
    assert queries.room(secret, into.ref).incident == into

    actions.unmerge(by=mori, ref=other.ref)
    assert [fresh(one).restricted for one in (other, into)] == [True, True], "what was hidden stays hidden"
    assert "keeper legal" not in people(into)
    with pytest.raises(NotFound):
        queries.room(secret, into.ref)


def test_what_is_restricted_later_takes_what_was_merged_into_it_along(mori: Actor) -> None:
    other, into = two(mori)
    clerk = world.actor("clerk", "responder")
    actions.merge(by=mori, ref=other.ref, into=into.ref)
    actions.restrict(by=mori, ref=into.ref, reason="x")
    with pytest.raises(NotFound):
        queries.room(clerk, other.ref)


def test_a_record_goes_up_the_tree_and_never_where_more_people_would_see_it(mori: Actor) -> None:
    daughter = world.organisation("子会社")
    mori = world.actor("mori")
    below = opened(mori, organisation=daughter.uuid)
    above = opened(mori)
    local = world.actor("local", "responder", at=daughter)
    actions.add_person(by=mori, ref=below.ref, person="local", role="scribe")
    assert refusal(lambda: actions.merge(by=mori, ref=above.ref, into=below.ref)) == "merge_would_widen"
    plan = queries.merge_plan(mori, below.ref, above.ref)
    assert [one.username for one in plan.left_out] == ["local"]
    actions.merge(by=mori, ref=below.ref, into=above.ref)
    with pytest.raises(NotFound):
        queries.room(local, above.ref)
    assert queries.room(local, below.ref).kin.merged_into is None, "nor is it named to whom it is hidden from"
    lines = queries.timeline(local, below.ref).items
    assert not any(above.ref in f"{one.sentence}{one.detail}{one.was}" for one in lines)


def _called(record: Incident) -> tuple[str, str] | None:
    run = runs.latest(record.subject)
    return (run.state, run.answered_by) if run else None


def test_the_call_of_the_merged_one_stops_and_is_taken_up_again_when_they_part(mori: Actor) -> None:
    policy(step(reachable("sato", "responder")))
    into, other = opened(mori), opened(mori)
    settle()
    assert queries.merge_plan(mori, other.ref, into.ref).calls is Calls.STOP
    actions.merge(by=mori, ref=other.ref, into=into.ref)
    settle()
    assert _called(other) == (State.STOPPED, "")
    assert _called(into) == (State.CALLING, "")
    actions.unmerge(by=mori, ref=other.ref)
    settle()
    assert _called(other) == (State.CALLING, "")


def test_an_answer_counts_for_both_and_a_call_nobody_answered_moves(mori: Actor) -> None:
    policy(step(reachable("sato", "responder")), kinds=("ransomware",))
    sato = world.actor("sato")
    into, other = opened(mori), opened(mori)
    quiet = opened(mori, kind="phishing", impact=3, urgency=3)
    settle()
    actions.answer_call(by=sato, ref=other.ref)
    settle()
    assert queries.merge_plan(mori, other.ref, into.ref).calls is Calls.ANSWER
    actions.merge(by=mori, ref=other.ref, into=into.ref)
    settle()
    assert _called(into) == (State.ANSWERED, sato.ref)
    loud = opened(mori)
    settle()
    assert _called(quiet) is None
    assert queries.merge_plan(mori, loud.ref, quiet.ref).calls is Calls.MOVE
    actions.merge(by=mori, ref=loud.ref, into=quiet.ref)
    settle()
    assert (_called(loud), _called(quiet)) == ((State.STOPPED, ""), (State.CALLING, ""))


def test_clocks_of_the_merged_one_end_uncounted_and_come_back_as_if_it_had_never_been_merged(mori: Actor) -> None:
    target = service_levels.add_target(by=world.admin(), draft=Draft(Measure.RESOLVE, "x", "x", minutes=(60,) * 5))
    service_levels.switch_target(by=world.admin(), code=target.code, on=True)
    into, other = opened(mori), opened(mori)
    settle()

    def clock(record: Incident) -> tuple[str, object]:
        row = Clock.objects.get(incident=record.uuid, measure=Measure.RESOLVE)
        return row.state, row.due_at

    due, ours = clock(other)[1], clock(into)
    world.clock.fast_forward(10 * MINUTE)
    actions.merge(by=mori, ref=other.ref, into=into.ref)
    settle()
    assert clock(other)[0] == ClockState.DROPPED
    assert clock(into) == ours
    world.clock.fast_forward(10 * MINUTE)
    actions.unmerge(by=mori, ref=other.ref)
    settle()
    assert clock(other) == (ClockState.RUNNING, due)


def test_the_reporter_of_the_merged_one_follows_with_the_same_code_and_is_heard(mori: Actor) -> None:
    ito = world.actor("ito", "reporter")
    told = actions.report(by=ito, purpose=Purpose.ODD, what="Red warning", nonce="a-form-0123456789")
    into = opened(mori)
    actions.assign(by=mori, ref=into.ref, owner="mori")
    actions.merge(by=mori, ref=told.incident.ref, into=into.ref)
    assert queries.own_report(ito, told.reporter.uuid).place is Place.IN_HAND
    assert queries.own_reports(ito)[0].place is Place.IN_HAND
    actions.write_to_desk(by=ito, report=told.reporter.uuid, text="It is back")
    assert queries.unread([into]) == {into.pk}
    actions.reply(by=mori, ref=told.incident.ref, text="We see it")
    assert queries.unread([into]) == set()
    actions.close(by=mori, ref=into.ref, resolution="Cleaned", record_class=RecordClass.EVENT, override_reason="a test")
    assert queries.own_report(ito, told.reporter.uuid).place is Place.CLOSED
    actions.write_to_desk(by=ito, report=told.reporter.uuid, text="Not over", reopens=True)
    assert (fresh(into).status, fresh(told.incident).status) == ("open", "closed")
    with pytest.raises(NotFound):
        queries.room(ito, into.ref)
    assert refusal(lambda: queries.merge_plan(ito, told.incident.ref, into.ref)) == "not_found"


def chain(by: Actor) -> tuple[Incident, Incident, Incident]:
    """The first is a part of the second; the third stands by itself."""
    first, second, third = opened(by, title="1"), opened(by, title="2"), opened(by, title="3")
    actions.merge(by=by, ref=first.ref, into=second.ref)
    return first, second, third


def test_what_was_merged_before_is_hidden_with_what_it_is_a_part_of_and_opens_with_it(mori: Actor) -> None:
    first, second, third = chain(mori)
    clerk = world.actor("clerk", "responder")
    actions.restrict(by=mori, ref=third.ref, reason="Names a colleague")
    actions.add_person(by=mori, ref=third.ref, person=world.person("keeper", "commander").username, role="legal")
    before = people(first)
    actions.merge(by=mori, ref=second.ref, into=third.ref)
    for one in (first, second, third):
        with pytest.raises(NotFound):
            queries.room(clerk, one.ref)
        assert queries.room(mori, one.ref).incident == one
    actions.unmerge(by=mori, ref=second.ref)
    assert [fresh(one).restricted for one in (first, second, third)] == [False, False, True]
    assert people(first) == before, "and nobody stays who came with it"
    assert verify(state=True).holds


def test_what_was_merged_into_the_one_that_goes_on_is_hidden_with_it(mori: Actor) -> None:
    first, second, third = chain(mori)
    clerk = world.actor("clerk", "responder")
    actions.restrict(by=mori, ref=third.ref, reason="Names a colleague")
    actions.merge(by=mori, ref=third.ref, into=second.ref)
    with pytest.raises(NotFound):
        queries.room(clerk, first.ref)
    actions.unmerge(by=mori, ref=third.ref)
    assert [fresh(one).restricted for one in (first, second, third)] == [True, True, True]


def graver(by: Actor, level: int) -> Incident:
    return opened(by, title=f"level {level}", impact=level, effect=level, urgency=level)


def test_merges_taken_back_in_any_order_give_back_the_priority_it_had(mori: Actor) -> None:
    into, one, other = graver(mori, 3), graver(mori, 2), graver(mori, 1)
    was = fresh(into).priority, fresh(into).priority_reason
    assert was[0] > one.priority > other.priority
    for first, last in ((one, other), (other, one)):
        actions.merge(by=mori, ref=one.ref, into=into.ref)
        actions.merge(by=mori, ref=other.ref, into=into.ref)
        assert fresh(into).priority == other.priority
        actions.unmerge(by=mori, ref=first.ref)
        assert fresh(into).priority == last.priority, "what is still a part of it counts"
        actions.unmerge(by=mori, ref=last.ref)
        assert (fresh(into).priority, fresh(into).priority_reason) == was


def test_an_outage_and_its_reports_stay_two_levels_when_they_are_merged(mori: Actor) -> None:
    outage, report, above, below = (opened(mori, title=str(number)) for number in range(4))
    actions.put_under(by=mori, parent=outage.ref, reports=[report.ref])
    actions.put_under(by=mori, parent=above.ref, reports=[below.ref])
    assert refusal(lambda: actions.merge(by=mori, ref=outage.ref, into=report.ref)) == "merge_upside_down"
    assert refusal(lambda: actions.merge(by=mori, ref=outage.ref, into=below.ref)) == "merge_deep"
    actions.merge(by=mori, ref=outage.ref, into=above.ref)
    assert picture(above)["children"] == {below.ref, report.ref}
    actions.merge(by=mori, ref=report.ref, into=below.ref)


def test_whoever_reported_what_became_a_part_of_a_part_is_answered_and_heard(mori: Actor) -> None:
    told = actions.report(
        by=world.actor("ito", "reporter"), purpose=Purpose.ODD, what="Red warning", nonce="a-form-0123456789"
    )
    _first, second, third = chain(mori)
    actions.merge(by=mori, ref=told.incident.ref, into=second.ref)
    actions.merge(by=mori, ref=second.ref, into=third.ref)
    assert queries.together(mori, third.ref).answered == 1
    actions.write_to_desk(by=world.actor("ito"), report=told.reporter.uuid, text="It is back")
    assert queries.unread([third]) == {third.pk}


def test_what_older_entries_say_of_a_merge_still_stands_for_it() -> None:
    """Worked out before ``hid_parts`` was kept."""
    kept = written(Brought(alerts=("a",), priority=2, priority_reason="both"))
    without = {name: value for name, value in kept.items() if name != "hid_parts"}
    assert digest(without) == digest(kept) == OLDER
    assert digest({**kept, "hid_parts": ["b"]}) != OLDER


def several(by: Actor, chance: random.Random) -> list[Incident]:
    """Of any gravity, with a task, perhaps an owner, and people who take part in more than one."""
    names = ("sato", "ito", "abe")
    for name in names:
        world.person(name, "responder")
    made = []
    for number in range(6):
        levels = {one: chance.randint(1, 3) for one in ("impact", "effect", "urgency")}
        one = opened(by, title=str(number), **levels)
        actions.add_task(by=by, ref=one.ref, title=f"of {number}")
        actions.add_person(by=by, ref=one.ref, person=chance.choice(names), role="scribe")
        if chance.random() < 0.4:
            actions.assign(by=by, ref=one.ref, owner=chance.choice(names))
        made.append(one)
    actions.put_under(by=by, parent=made[0].ref, reports=[made[1].ref, made[2].ref])
    return made


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_merged_and_parted_in_whatever_order_all_of_it_comes_back(mori: Actor, seed: int) -> None:
    chance = random.Random(seed)  # no secret
    made = several(mori, chance)
    before = [picture(one) for one in made]
    for _ in range(25):
        one, other = chance.sample(made, 2)
        with contextlib.suppress(Invalid):
            if chance.random() < 0.7:
                actions.merge(by=mori, ref=one.ref, into=other.ref)
            else:
                actions.unmerge(by=mori, ref=one.ref)
    while merged := [one for one in made if fresh(one).merged_into_id is not None]:
        for one in merged:
            with contextlib.suppress(Invalid):
                actions.unmerge(by=mori, ref=one.ref)
    assert [picture(one) for one in made] == before
    assert verify(state=True).holds
