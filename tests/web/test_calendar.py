"""The calendar: what is due, who is on call, what is silent, what is to be looked at again."""

import re
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

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


def test_days_from_which_on_something_is_missing_are_named() -> None:
    made, soon = incident("Mail"), clock.now() + timedelta(hours=1)
    desk = browser("mori", "commander")
    assert "There is more than is shown" not in page(desk.get(CALENDAR))
    Task.objects.bulk_create(Task(incident=made, title=f"No {n}", after=[], due_at=soon) for n in range(501))
    day = timezone.localtime(soon).strftime("%d").lstrip("0")
    said = re.search(r"There is more than is shown: from (.*?) on something is missing", page(desk.get(CALENDAR)))
    assert said
    assert day in said[1]


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
