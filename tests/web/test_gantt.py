"""The plan: bars of records, tasks and measures, put elsewhere by the task's own act."""

import html
import json
import re
from datetime import date, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hikeshi.incidents import actions
from hikeshi.incidents.models import Task
from hikeshi.kernel import clock
from hikeshi.ledger.verify import verify
from hikeshi.web.templatetags.show import day_of
from tests import world
from tests.web.desk import PANELS, browser, incident, page

GANTT = "/gantt/"
DAY = timedelta(days=1)
LATE, MOVABLE, NO_START, MEASURE, DONE = 1, 2, 4, 16, 32


def rows(text: str) -> list[list[object]]:
    found = re.search(r'<pre id="gantt-rows">(.*?)</pre>', text, re.DOTALL)
    assert found
    return list(json.loads(html.unescape(found[1]))["rows"])


def titles(text: str) -> list[str]:
    return [str(one[1] if one[0] == 0 else one[2]) for one in rows(text)]


def the(text: str, title: str) -> list[object]:
    return next(one for one in rows(text) if one[0] == 2 and one[2] == title)


def today() -> date:
    return timezone.localtime(clock.now()).date()


def test_a_bar_that_is_moved_keeps_its_hour_and_of_two_who_move_it_the_second_sees_both() -> None:
    mori = world.actor("mori", "commander")
    made = incident("Worm")
    first, task = (actions.add_task(by=mori, ref=made.ref, title=title) for title in ("Isolate", "Rebuild"))
    start = timezone.localtime(clock.now()).replace(hour=10, minute=15, second=0, microsecond=0)
    plan = {"start_at": start, "due_at": start + 2 * DAY, "after": [first.uuid]}
    actions.plan_task(by=mori, ref=made.ref, task=task.uuid, **plan)
    desk, other = browser("mori", "commander"), browser("abe", "responder")
    bar = the(page(desk.get(GANTT)), "Rebuild")
    assert (bar[5] - bar[4], bar[10]) == (2, [1]), "drawn from its first to its last day, after the row of the other"
    path, version = f"{GANTT}{made.ref}/{task.uuid}", bar[9]
    moved = {"start": str(today() + DAY), "due": str(today() + 3 * DAY), "version": version}
    done = desk.post(path, moved, headers={**PANELS, "HX-Current-URL": f"http://x{GANTT}?by=owner"})
    assert (done.status_code, done["HX-Trigger"]) == (204, "hikeshi:changed")
    kept = Task.objects.get(pk=task.pk)
    assert (kept.start_at, kept.due_at, kept.after) == (start + DAY, start + 3 * DAY, [str(first.uuid)])

    late = page(other.post(path, {"due": str(today() + 9 * DAY), "version": version}, headers=PANELS), 409)
    assert "Somebody saved this while you were writing" in late
    for day in (today() + 3 * DAY, today() + 9 * DAY):
        assert f"{day_of(day, today())} 10:15" in late, "both days, beside each other"
    assert 'name="start_at"' in late, "the task's own form, to say it anew"
    wrong = page(other.post(path, {"due": "2026-13-99", "version": version}, headers=PANELS), 422)
    assert "2026-13-99" in wrong, "what was typed is kept"
    assert page(other.post(path, {"due": str(today() - 9 * DAY)}, headers=PANELS), 422), "not before it starts"

    back = {"start": str(today()), "due": str(today() + 2 * DAY), "version": kept.version}
    assert desk.post(path, {**back, "back": f"{GANTT}?by=kind"})["Location"] == f"{GANTT}?by=kind", "taken back"
    assert Task.objects.get(pk=task.pk).start_at == start
    for elsewhere in ("https://elsewhere.example/", "//elsewhere.example", "elsewhere"):
        assert desk.post(path, {**back, "back": elsewhere})["Location"] == "/"
    assert verify(state=True).findings == ()


def test_bars_say_what_is_late_done_a_measure_or_begins_before_what_it_waits_for() -> None:
    mori = world.actor("mori", "commander")
    made = incident("Worm")
    now = clock.now()
    over = actions.add_task(by=mori, ref=made.ref, title="Isolate", due_at=now - DAY)
    actions.add_task(by=mori, ref=made.ref, title="Teach", phase="learn", due_at=now + DAY)
    ended = actions.add_task(by=mori, ref=made.ref, title="Call", due_at=now + DAY)
    actions.finish_task(by=mori, ref=made.ref, task=ended.uuid)
    early = actions.add_task(by=mori, ref=made.ref, title="Rebuild")
    actions.plan_task(by=mori, ref=made.ref, task=early.uuid, start_at=now, due_at=now + DAY, after=[over.uuid])
    clock_page = page(browser("mori", "commander").get(GANTT))
    flags = {str(one[2]): int(str(one[7])) for one in rows(clock_page)}
    assert flags["Isolate"] == LATE | MOVABLE | NO_START
    assert flags["Teach"] == MOVABLE | NO_START | MEASURE
    assert flags["Call"] == NO_START | DONE, "what is done is not moved"
    assert the(clock_page, "Rebuild")[11] == [1], "drawn as late: it begins, and the other is not done"
    assert rows(clock_page)[0][6] == 25, "one task of four is done"
    actions.finish_task(by=mori, ref=made.ref, task=over.uuid)
    assert the(page(browser("mori").get(GANTT)), "Rebuild")[11] == []


def test_the_plan_shows_nobody_what_is_not_theirs_and_moves_nothing_for_who_may_only_read() -> None:
    mori = world.actor("mori", "commander")
    open_, hidden = incident("Mail", kind="phishing"), incident("Insider")
    task = actions.add_task(by=mori, ref=hidden.ref, title="Ask the lawyer")
    seen = actions.add_task(by=mori, ref=open_.ref, title="Warn everybody")
    actions.restrict(by=mori, ref=hidden.ref, reason="need to know")
    desk, auditor, far = browser("mori", "commander"), browser("aud", "auditor"), browser("far", "reporter")
    assert set(titles(page(desk.get(GANTT)))) == {"Mail", "Warn everybody", "Insider", "Ask the lawyer"}
    text = page(auditor.get(GANTT))
    assert titles(text) == ["Mail", "Warn everybody"]
    assert not int(str(the(text, "Warn everybody")[7])) & MOVABLE
    assert auditor.post(f"{GANTT}{open_.ref}/{seen.uuid}", {"due": str(today())}).status_code == 403
    assert auditor.post(f"{GANTT}{hidden.ref}/{task.uuid}", {"due": str(today())}).status_code == 404
    assert rows(page(far.get(GANTT))) == []
    assert titles(page(desk.get(GANTT, {"filter": "kind:is:phishing"}))) == ["Mail", "Warn everybody"]
    assert "Nothing is shown" in page(desk.get(GANTT, {"filter": "kind:is:no-such"}), 422)


def test_bars_stand_under_owner_kind_or_milestone_and_the_table_without_a_script_has_the_same_lines() -> None:
    mori = world.actor("mori", "commander")
    made = incident("Worm")
    task = actions.add_task(by=mori, ref=made.ref, title="Write it", owner=str(world.person("abe", "responder").uuid))
    actions.add_task(by=mori, ref=made.ref, title="Read it")
    desk = browser("mori", "commander")
    assert desk.post(f"{GANTT}milestones/new", {"name": "Final report", "day": "2027-01-15"}).status_code == 302
    goal = re.search(r'href="(/gantt/milestones/[0-9a-f-]{36}/)"', page(desk.get(f"{GANTT}milestones/")))
    assert goal
    form = f"/incidents/{made.ref}/plan-task/{task.uuid}"
    uuid = goal[1].split("/")[3]
    assert uuid in page(desk.get(form))
    assert desk.post(form, {"start_at": "", "due_at": "2027-01-10T09:00", "milestone": uuid}).status_code == 302
    by = {one: titles(page(desk.get(GANTT, {"by": one}))) for one in ("record", "owner", "kind", "milestone")}
    assert by["record"] == ["Worm", "Write it", "Read it"]
    assert by["owner"] == [world.person("abe").name, "Write it", "Nobody", "Worm", "Read it"]
    assert by["kind"][0] == "Ransomware"
    assert by["milestone"] == ["Final report (2027-01-15)", "Write it", "No milestone", "Worm", "Read it"]
    table = page(desk.get(GANTT)).split("<noscript>")[1].split("</noscript>")[0]
    assert re.search(r'type="date" name="due" value="2027-01-10"', table)
    clash = desk.post(goal[1], {"name": "Report", "day": "2027-02-01", "version": "0"})
    assert "Final report" in page(clash, 409), "of two who rename it the second sees both"
    assert desk.post(f"{goal[1]}remove").status_code == 302
    assert titles(page(desk.get(GANTT, {"by": "milestone"})))[0] == "No milestone"


def test_three_thousand_bars_cost_as_many_queries_as_three() -> None:
    mori = world.actor("mori", "commander")
    made = incident("Worm")
    actions.add_task(by=mori, ref=made.ref, title="One")
    desk = browser("mori", "commander")
    desk.get(GANTT)
    with CaptureQueriesContext(connection) as few:
        page(desk.get(GANTT))
    Task.objects.bulk_create(Task(incident=made, title=f"No {n}", after=[]) for n in range(3_100))
    with CaptureQueriesContext(connection) as many:
        text = page(desk.get(GANTT))
    assert len(rows(text)) == 3_000
    assert "There is more than is drawn" in text
    assert len(many) <= len(few)
