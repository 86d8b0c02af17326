"""The calendar: what is due, who is on call, what is silent, what is to be looked at again."""

import re
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from hikeshi.accounts import actions as accounts
from hikeshi.incidents import actions
from hikeshi.incidents.codes import Waiting
from hikeshi.incidents.models import Task
from hikeshi.kernel import clock
from tests import world
from tests.domains import clocks
from tests.web.desk import PANELS, browser, incident, page

CALENDAR = "/calendar/"


def day(text: str, on: str) -> str:
    """What stands in a day of the month."""
    cell = text.split(f'datetime="{on}"', 1)[1].split("</td>", 1)[0]
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", cell))


def test_a_day_shows_what_is_due_who_is_on_call_and_why_nobody_works_and_each_leads_there() -> None:
    world.clock.freeze(datetime(2026, 11, 2, 3, tzinfo=UTC))
    made = incident("Worm", kind="malware")
    due = datetime(2026, 11, 5, 6, 30, tzinfo=UTC)
    actions.add_task(by=world.actor("mori"), ref=made.ref, title="Isolate", owner="mori", due_at=due)
    until = datetime(2026, 11, 6, 1, tzinfo=UTC)
    actions.wait(by=world.actor("mori"), ref=made.ref, waiting=Waiting.SUPPLIER, until=until, reason="parts")
    clocks.office()
    text = page(browser("mori").get(CALENDAR, {"on": "2026-11-15"}))
    assert "15:30 Isolate" in day(text, "2026-11-05"), "in the reader's zone"
    assert made.ref in day(text, "2026-11-06")
    assert f'href="/incidents/{made.ref}/#tasks"' in text
    assert "Culture Day" in day(text, "2026-11-03"), "a public holiday of the site's calendar"


def test_everybody_the_team_and_mine_and_nobody_sees_what_is_not_theirs() -> None:
    mori, abe = world.person("mori", "commander"), world.person("abe", "responder")
    world.person("ito", "responder")
    accounts.add_team(by=world.admin(), organisation=world.site().uuid, name="CSIRT", people=[mori.uuid, abe.uuid])
    soon = clock.now() + timedelta(hours=2)
    open_one, hidden = incident("Mail", kind="phishing"), incident("Insider", kind="malware")
    actions.restrict(by=world.actor("mori"), ref=hidden.ref, reason="need to know")
    for who in ("mori", "abe", "ito"):
        actions.add_task(by=world.actor("mori"), ref=open_one.ref, title=f"For {who}", owner=who, due_at=soon)
    actions.add_task(by=world.actor("mori"), ref=hidden.ref, title="Secret", owner="mori", due_at=soon)

    def tasks(who: str, whose: str) -> list[str]:
        text = page(browser(who).get(CALENDAR, {"as": "list", "who": whose}))
        return sorted(re.findall(r"<bdi>((?:For|Secret)[^·]*?) · ", text))

    reason = {"waiting": Waiting.SUPPLIER, "until": soon, "reason": "parts"}
    actions.wait(by=world.actor("mori"), ref=hidden.ref, **reason)
    assert hidden.ref in page(browser("mori").get(CALENDAR, {"as": "list"}))
    assert hidden.ref not in page(browser("abe").get(CALENDAR, {"as": "list"})), "nor does its wait end there"

    assert tasks("mori", "all") == ["For abe", "For ito", "For mori", "Secret"]
    assert tasks("abe", "all") == ["For abe", "For ito", "For mori"]
    assert tasks("abe", "team") == ["For abe", "For mori"]
    assert tasks("abe", "mine") == ["For abe"]
    assert tasks("ito", "team") == ["For ito"]
    assert "For" not in page(browser("far", "reporter").get(CALENDAR)).split('id="calendar"', 1)[1].split("<footer>")[0]


def test_whatever_is_asked_a_month_a_week_or_a_list_is_shown_for_as_many_queries() -> None:
    desk = browser("mori", "commander")
    for asked in ({"as": "week"}, {"as": "list", "on": "2026-02-28"}, {"as": "x", "who": "y", "on": "9999-99-99"}):
        assert "Nothing stands in these days." in page(desk.get(CALENDAR, asked)) or "agenda" in page(
            desk.get(CALENDAR, asked)
        )
    for on, before, after in (("2026-01-31", "2025-12-31", "2026-02-01"), ("2026-12-01", "2026-11-30", "2027-01-01")):
        text = page(desk.get(CALENDAR, {"on": on}))
        assert f"on={before}" in text
        assert f"on={after}" in text
    made, soon = incident("Mail"), clock.now() + timedelta(hours=1)
    actions.add_task(by=world.actor("mori"), ref=made.ref, title="One", due_at=soon)
    with CaptureQueriesContext(connection) as few:
        page(desk.get(CALENDAR))
    for number in range(12):
        actions.add_task(by=world.actor("mori"), ref=made.ref, title=f"No {number}", due_at=soon)
    with CaptureQueriesContext(connection) as many:
        text = page(desk.get(CALENDAR))
    assert len(many) == len(few)
    assert re.search(r">\d+ more</a>", text), "a day of a month shows some, the list of the day all"


def test_thousands_of_tasks_on_one_day_hide_no_other_day_and_are_counted_as_far_as_it_helps() -> None:
    world.clock.freeze(datetime(2026, 11, 9, 3, tzinfo=UTC))
    made = incident("Mail")
    desk = browser("mori", "commander")
    first, later = datetime(2026, 11, 10, 3, tzinfo=UTC), datetime(2026, 11, 26, 3, tzinfo=UTC)
    Task.objects.bulk_create(Task(incident=made, title=f"No {n}", after=[], due_at=first) for n in range(1_203))
    few = datetime(2026, 11, 11, 3, tzinfo=UTC)
    Task.objects.bulk_create(Task(incident=made, title=f"Few {n}", after=[], due_at=few) for n in range(105))
    Task.objects.bulk_create(Task(incident=made, title=f"Later {n}", after=[], due_at=later) for n in range(7))
    month = page(desk.get(CALENDAR, {"on": "2026-11-01"}))
    assert "more than 100 more" in day(month, "2026-11-10")
    assert "100 more" in day(month, "2026-11-11")
    assert "more than" not in day(month, "2026-11-11"), "so many are counted"
    assert day(month, "2026-11-26").count("Later") == 5
    assert "2 more" in day(month, "2026-11-26")
    week = page(desk.get(CALENDAR, {"as": "week", "on": "2026-11-10"}))
    assert day(week, "2026-11-10").count("No ") == 20
    assert "more than 100 more" in day(week, "2026-11-10")
    assert "85 more" in day(week, "2026-11-11")
    listed = page(desk.get(CALENDAR, {"as": "list", "on": "2026-11-10"}))
    assert listed.count("No ") >= 200
    assert "more than 100 others beside those shown" in listed
    assert listed.count("<bdi>Later") == 7
    assert "more than 100 more" in page(desk.get(CALENDAR, {"as": "list", "on": "2026-11-09"})), "of later days a few"


def test_the_end_of_a_wait_is_put_on_another_day_and_back_by_its_own_act_and_only_by_who_may() -> None:
    world.clock.freeze(datetime(2026, 11, 4, 3, tzinfo=UTC))
    made, mori = incident("Worm", kind="malware"), world.actor("mori", "commander")
    until = datetime(2026, 11, 6, 1, tzinfo=UTC)
    held = actions.wait(by=mori, ref=made.ref, waiting=Waiting.SUPPLIER, until=until, reason="parts")
    path = f"{CALENDAR}{made.ref}/wait"
    desk, auditor = browser("mori", "commander"), browser("kan", "auditor")
    shown = page(desk.get(CALENDAR, {"on": "2026-11-05"}))
    assert f'data-move="{path}" data-version="{held.version}"' in shown
    read = page(auditor.get(CALENDAR, {"on": "2026-11-05"}))
    assert "data-move" not in read
    assert "This wait is not yours to let end on another day." in read
    assert auditor.post(path, {"due": "2026-11-09"}).status_code == 403
    here = {**PANELS, "HX-Current-URL": f"http://x{CALENDAR}?on=2026-11-05"}
    done = desk.post(path, {"due": "2026-11-12", "version": held.version}, headers=here)
    assert (done.status_code, done["HX-Trigger"]) == (204, "hikeshi:changed")
    held.refresh_from_db()
    assert (held.waiting, held.waiting_until) == (Waiting.SUPPLIER, datetime(2026, 11, 12, 1, tzinfo=UTC))
    actions.wait(by=mori, ref=made.ref, waiting=Waiting.SUPPLIER, until=until, version=held.version)
    late = page(desk.post(path, {"due": "2026-11-20", "version": held.version}, headers=here), 409)
    assert "Somebody saved this while you were writing" in late
    assert "6 Nov (Fri) 10:00" in late
    gone = page(desk.post(path, {"due": "2026-11-01", "version": held.version + 1}, headers=here), 422)
    assert 'name="until"' in gone


def test_a_task_is_put_on_another_day_by_its_own_act_and_only_by_who_may() -> None:
    made = incident("Worm", kind="malware")
    due = datetime(2026, 11, 5, 6, 30, tzinfo=UTC)
    task = actions.add_task(by=world.actor("mori", "commander"), ref=made.ref, title="Isolate", due_at=due)
    path = f"{CALENDAR}{made.ref}/{task.uuid}"
    desk, auditor = browser("mori", "commander"), browser("kan", "auditor")
    shown = page(desk.get(CALENDAR, {"on": "2026-11-05"}))
    assert f'data-move="{path}" data-version="{task.version}"' in shown
    read = page(auditor.get(CALENDAR, {"on": "2026-11-05"}))
    assert "data-move" not in read
    assert "This task is not yours to put on another day." in read
    assert auditor.post(path, {"due": "2026-11-09"}).status_code == 403
    here = {**PANELS, "HX-Current-URL": f"http://x{CALENDAR}?on=2026-11-05"}
    done = desk.post(path, {"due": "2026-11-09", "version": task.version}, headers=here)
    assert (done.status_code, done["HX-Trigger"]) == (204, "hikeshi:changed")
    task.refresh_from_db()
    assert task.due_at == datetime(2026, 11, 9, 6, 30, tzinfo=UTC), "the hour stays"
    late = page(desk.post(path, {"due": "2026-11-20", "version": task.version - 1}, headers=here), 409)
    assert "Somebody saved this while you were writing" in late
