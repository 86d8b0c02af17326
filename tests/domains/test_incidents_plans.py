"""From when until when, after which other task, towards which day."""

from datetime import date, timedelta

import pytest
from django.db import connection

from hikeshi.incidents import actions
from hikeshi.incidents.models import Task
from hikeshi.incidents.queries import daily, planned
from hikeshi.kernel import clock
from hikeshi.kernel.refusals import Conflict, Invalid, NotAllowed, NotFound
from hikeshi.ledger.verify import verify
from tests import world
from tests.domains.incidents import opened
from tests.effort import effort

DAY = timedelta(days=1)


def test_a_plan_has_start_end_order_and_a_milestone_and_no_task_waits_for_itself_by_any_way() -> None:
    mori = world.actor("mori", "commander")
    ref = opened(mori).ref
    first, second, third = (actions.add_task(by=mori, ref=ref, title=f"Step {n}") for n in (1, 2, 3))
    goal = actions.set_milestone(by=mori, name="Final report", day=date(2026, 12, 1))
    now = clock.now()
    span = {"start_at": now, "due_at": now + DAY}
    actions.plan_task(by=mori, ref=ref, task=second.uuid, after=[first.uuid], milestone=goal.uuid, **span)
    actions.plan_task(by=mori, ref=ref, task=third.uuid, after=[second.uuid], **span)
    with pytest.raises(Invalid) as round_about:
        actions.plan_task(by=mori, ref=ref, task=first.uuid, after=[third.uuid], **span)
    assert (round_about.value.field, round_about.value.reason) == ("after", "goes_round")
    with pytest.raises(Invalid) as itself:
        actions.plan_task(by=mori, ref=ref, task=first.uuid, after=[first.uuid], **span)
    assert itself.value.reason == "goes_round"
    with pytest.raises(Invalid) as backwards:
        actions.plan_task(by=mori, ref=ref, task=first.uuid, start_at=now + DAY, due_at=now)
    assert (backwards.value.field, backwards.value.reason) == ("due_at", "due_before_start")
    elsewhere = actions.add_task(by=mori, ref=opened(mori).ref, title="Of another")
    with pytest.raises(Invalid) as foreign:
        actions.plan_task(by=mori, ref=ref, task=first.uuid, after=[elsewhere.uuid], **span)
    assert foreign.value.reason == "not_of_it"
    kept = Task.objects.get(pk=second.pk)
    assert (kept.start_at, kept.due_at, kept.after, kept.milestone) == (now, now + DAY, [str(first.uuid)], goal.uuid)
    assert verify(state=True).findings == ()


def test_of_two_who_plan_at_once_the_second_sees_both_and_a_step_that_went_elsewhere_stays() -> None:
    mori, abe = world.actor("mori", "commander"), world.actor("abe", "responder")
    record = opened(mori)
    before, task = (actions.add_task(by=mori, ref=record.ref, title=title) for title in ("Isolate", "Rebuild"))
    now = clock.now()
    read = actions.plan_task(
        by=mori, ref=record.ref, task=task.uuid, start_at=now, due_at=now + DAY, after=[before.uuid]
    ).version
    actions.plan_task(
        by=abe, ref=record.ref, task=task.uuid, start_at=now, due_at=now + 2 * DAY, after=[before.uuid], version=read
    )
    with pytest.raises(Conflict) as met:
        actions.plan_task(by=mori, ref=record.ref, task=task.uuid, start_at=now, due_at=now, version=read)
    assert met.value.theirs["due_at"] == (now + 2 * DAY).isoformat()
    assert (met.value.theirs["after"], met.value.yours["after"]) == ("Isolate", "")
    new = actions.split(by=mori, ref=record.ref, title="Another", tasks=[task.uuid])
    moved = actions.plan_task(by=mori, ref=new.ref, task=task.uuid, start_at=now, due_at=now, after=[before.uuid])
    assert moved.after == [str(before.uuid)], "what it waited for before the split is no foreign task"
    with pytest.raises(Invalid):
        actions.plan_task(by=mori, ref=record.ref, task=before.uuid, start_at=None, due_at=None, after=[task.uuid])
    assert verify(state=True).findings == ()


def test_milestones_are_for_whoever_commands_the_site_and_one_that_is_removed_is_offered_no_more() -> None:
    mori, abe = world.actor("mori", "commander"), world.actor("abe", "responder")
    goal = actions.set_milestone(by=mori, name="Final report", day=date(2026, 12, 1))
    actions.set_milestone(by=mori, milestone=goal.uuid, name="Final report", day=date(2026, 12, 2), version=1)
    with pytest.raises(Conflict):
        actions.set_milestone(by=mori, milestone=goal.uuid, name="Other", day=date(2026, 12, 3), version=1)
    for refused in (
        lambda: actions.set_milestone(by=abe, name="x", day=date(2026, 12, 1)),
        lambda: actions.remove_milestone(by=abe, milestone=goal.uuid),
    ):
        with pytest.raises(NotAllowed):
            refused()
    ref = opened(mori).ref
    task = actions.add_task(by=mori, ref=ref, title="Write it")
    plan = {"start_at": None, "due_at": None, "milestone": goal.uuid}
    actions.plan_task(by=abe, ref=ref, task=task.uuid, **plan)
    actions.remove_milestone(by=mori, milestone=goal.uuid)
    assert planned.milestones() == []
    actions.plan_task(by=abe, ref=ref, task=task.uuid, **{**plan, "due_at": clock.now()})
    other = actions.add_task(by=mori, ref=ref, title="Send it")
    with pytest.raises(Invalid) as gone:
        actions.plan_task(by=abe, ref=ref, task=other.uuid, **plan)
    assert gone.value.reason == "milestone_gone"
    with pytest.raises(NotFound):
        actions.set_milestone(by=mori, milestone=goal.uuid, name="Back", day=date(2026, 12, 1))
    assert verify(state=True).findings == ()


def test_a_day_of_thousands_of_tasks_costs_the_database_no_more_than_one_of_hundreds() -> None:
    mori = world.actor("mori", "commander")
    record, now = opened(mori), clock.now()
    days = daily.Days([now + number * DAY for number in range(4)], few=5, most=5)

    def fill(many: int) -> None:
        for number in range(3):
            noon, second = now + number * DAY + DAY / 2, timedelta(seconds=1)
            rows = (Task(incident=record, title="x", after=[], due_at=noon + place * second) for place in range(many))
            Task.objects.bulk_create(rows)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    fill(200)
    few = effort(lambda: planned.tasks_due(mori, days))
    fill(3_000)
    rows, left = planned.tasks_due(mori, days)
    assert len(rows) == 15
    assert left == dict.fromkeys(range(3), daily.COUNTED + 1)
    assert effort(lambda: planned.tasks_due(mori, days)) < 2 * few


def test_what_is_due_at_midnight_stands_on_the_day_that_begins_then_and_on_no_other() -> None:
    mori = world.actor("mori", "commander")
    record, now = opened(mori), clock.now()
    midnights = [now + number * DAY for number in range(3)]
    Task.objects.bulk_create(
        Task(incident=record, title=f"No {n}", after=[], due_at=at) for n, at in enumerate(midnights)
    )
    Task.objects.bulk_create(Task(incident=record, title="Soon", after=[], due_at=now) for _ in range(2))
    rows, left = planned.tasks_due(mori, daily.Days(midnights, few=1, most=1))
    assert ([one.title for one in rows], left) == (["No 0", "No 1"], {0: 2})
