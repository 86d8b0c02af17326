"""The pages of sources: a body pasted, fields pointed at, the mapping saved, mended, rolled back, bodies replayed."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hikeshi.accounts import actions as accounts
from hikeshi.intake import connecting
from hikeshi.intake.models import Alert, Parked, SourceVersion
from hikeshi.intake.sources import book
from tests import world
from tests.web.desk import alert, browser, deliver, page

BODY = json.dumps(
    {
        "items": [
            {"alarm": "Door forced", "prio": "P1", "server": "gate-1", "when": "2026-11-21T10:00:00Z", "n": 1},
            {"alarm": "Door open", "prio": "P4", "server": "gate-2", "when": "2026-11-21T10:01:00Z", "n": 2},
        ]
    }
)
MAPPING = {
    "body": BODY,
    "mode": "form",
    "unwrap": "items",
    "code": "doors",
    "title_ja": "入退室",
    "title_en": "Doors",
    "line-0-name": "finding_info.title",
    "line-0-path": "alarm",
    "line-1-name": "severity",
    "line-1-path": "prio",
    "line-1-table": "P1 = critical\nP4 = low",
    "line-2-name": "device.hostname",
    "line-2-path": "server",
    "line-3-name": "times.first",
    "line-3-path": "when",
}


@pytest.fixture(autouse=True)
def _own_sources_forgotten() -> Iterator[None]:
    yield
    book.take_up(None, {})


@pytest.fixture
def keeper() -> Client:
    return browser("keeper", "administrator")


def send(client: Client, do: str, to: str = "/settings/sources/new", **changed: str) -> str:
    response = client.post(to, {**MAPPING, "do": do, **changed})
    assert response.status_code in {200, 302, 409, 422}
    return response.content.decode() if response.status_code != 302 else response.headers["Location"]


def test_an_unknown_body_is_pasted_pointed_at_saved_and_read(keeper: Client) -> None:
    pasted = page(keeper.post("/settings/sources/new", {"do": "look", "mode": "form", "body": BODY}))
    assert 'value="items"' in pasted, "the only list there is holds the alerts"
    assert re.search(r'name="pick" value="alarm"', pasted)
    assert "Filled in by the names of the fields" in pasted
    pointed = send(keeper, "map", pick="alarm", target="finding_info.title", **{"line-0-path": "", "line-0-name": ""})
    assert 'value="alarm"' in pointed
    second = send(keeper, "map", pick="n", target="finding_info.title")
    assert 'value="alarm | n"' in second
    shown = send(keeper, "look")
    assert "Alerts in this body: 2. Cannot be read: 0." in shown
    assert "Door forced" in shown
    assert "gate-2" in shown
    assert not SourceVersion.objects.exists(), "to look keeps nothing"
    assert send(keeper, "save") == "/settings/sources/doors/"
    deliver(BODY.encode(), source="doors")
    assert set(Alert.objects.values_list("title", "severity")) == {("Door forced", 5), ("Door open", 2)}
    about = page(keeper.get("/settings/sources/doors/"))
    assert "/intake/v1/doors" in about
    assert "/settings/tokens/new?source=doors" in about
    assert "Doors" in page(keeper.get("/settings/sources/"))
    assert "入退室" in page(browser("ja", "auditor", language="ja").get("/settings/sources/"))


def test_what_cannot_be_used_is_said_beside_its_field_and_what_was_typed_is_kept(keeper: Client) -> None:
    wrong = send(keeper, "save", title_en="", code="My Doors", **{"line-1-table": "P1 critical", "line-2-path": "a..b"})
    assert "This one is not: P1 critical" in wrong
    assert "does not say where its value is" in wrong
    assert 'value="a..b"' in wrong
    assert "入退室" in wrong
    assert "A code is up to 40" in send(keeper, "save", code="My Doors")
    assert "A shipped source has this code." in send(keeper, "save", code="wazuh")
    assert "Write it in one language at least." in send(keeper, "save", title_en="", title_ja="")
    assert "Say where the title is." in send(keeper, "save", **{"line-0-path": ""})
    assert "Join the two with |" in send(keeper, "save", **{"line-3-name": "severity"})
    assert "Line 1, column 9: this is not JSON." in send(keeper, "look", body='{"a": 1,, }')
    assert "At most 1 MB." in send(keeper, "save", body=json.dumps({"a": "x" * 1_100_000}))
    assert not SourceVersion.objects.exists()


def test_a_body_with_markup_and_direction_marks_in_it_is_only_shown(keeper: Client) -> None:
    nasty = json.dumps({"<script>alert(1)</script>": "<img src=x onerror=alert(1)>", "alarm": "a\u202egnp.exe"})
    shown = send(keeper, "look", body=nasty, unwrap="")
    assert "<script>alert(1)" not in shown
    assert "<img src=x" not in shown
    assert "&lt;script&gt;" in shown


def test_lines_become_text_and_text_that_is_more_stays_text(keeper: Client) -> None:
    text = send(keeper, "text")
    assert 'name="mode" value="text"' in text
    assert "finding_info.title: alarm" in text
    back = send(
        keeper,
        "form",
        mode="text",
        text="shapes:\n- name: a\n  identity: []\n  severity: b\n  normal:\n    finding_info.title: c\n",
    )
    assert 'name="mode" value="form"' in back
    assert 'value="c"' in back
    wazuh = page(keeper.get("/settings/sources/wazuh/edit"))
    assert 'name="mode" value="text"' in wazuh
    assert "for one" in wazuh


def test_a_second_editor_is_shown_both_and_versions_are_compared_and_taken_up_again(keeper: Client) -> None:
    send(keeper, "save")
    send(keeper, "save", "/settings/sources/doors/edit", version="1", title_en="Gates", why="renamed")
    clash = keeper.post("/settings/sources/doors/edit", {**MAPPING, "do": "save", "version": "1", "title_en": "Locks"})
    assert clash.status_code == 409
    assert "Gates" in clash.content.decode()
    assert 'value="Locks"' in clash.content.decode()
    assert 'name="version" value="2"' in clash.content.decode()
    assert re.search(r"<del>.*Doors", page(keeper.get("/settings/sources/doors/compare?from=1&to=2")))
    keeper.post("/settings/sources/doors/versions/1/restore")
    assert SourceVersion.objects.latest("number").title_en == "Doors"
    about = page(keeper.get("/settings/sources/doors/"))
    assert "renamed" in about
    keeper.post("/settings/sources/doors/out")
    assert "This source is out of use" in page(keeper.get("/settings/sources/doors/"))


def test_what_was_put_aside_is_shown_mended_with_and_read_again_with_its_progress(keeper: Client) -> None:
    send(keeper, "save")
    deliver(json.dumps({"items": [{"alert_text": "Window"}]}).encode(), source="doors")
    deliver(json.dumps({"items": [{"nothing": 1}]}).encode(), source="doors")
    waiting = page(keeper.get("/settings/sources/doors/"))
    assert "No title was found" in waiting
    first = next(one for one in Parked.objects.all() if b"alert_text" in bytes(one.body))
    assert "alert_text" in page(keeper.get(f"/settings/sources/doors/edit?parked={first.uuid}"))
    send(keeper, "save", "/settings/sources/doors/edit", version="1", **{"line-0-path": "alarm | alert_text"})
    done = page(keeper.post("/settings/sources/doors/replay", follow=True))
    assert "Read again: 2 of 2 bodies." in done
    assert "Could be read: 1. Still cannot: 1." in done
    assert Alert.objects.get().title == "Window"


def test_a_silent_source_is_said_to_be_silent_where_something_is_awaited() -> None:
    alert("Tick")
    world.clock.fast_forward(timedelta(days=8))
    reader = browser("reader", "auditor", language="en")
    assert ">silent</span>" not in page(reader.get("/settings/sources/"))
    accounts.create_token(by=world.admin(), scope="intake", source="generic")
    assert ">silent</span>" in page(reader.get("/settings/sources/"))
    keeper, watch = browser("keeper", "administrator"), "/settings/sources/generic/watch"
    wrong = keeper.post(watch, {"quiet_days": "366", "owner": ""})
    assert (wrong.status_code, 'value="366"' in wrong.content.decode()) == (422, True)
    assert keeper.post(watch, {"quiet_days": "30", "owner": ""}).status_code == 302
    assert ">silent</span>" not in page(reader.get("/settings/sources/"))
    assert "told after 30 days" in page(reader.get("/settings/sources/generic/"))
    world.clock.fast_forward(timedelta(days=23))
    assert ">silent</span>" in page(browser("reader").get("/settings/sources/"))


def test_every_source_says_how_to_connect_it_in_both_languages(keeper: Client) -> None:
    reader = browser("reader", "auditor", language="ja")
    assert keeper.get(f"/settings/sources/{book.CANARY}/").status_code == 404  # the desk's own: nobody connects it
    for code in sorted(book.shipped().keys() - {book.CANARY}):
        for client, language in ((keeper, "en"), (reader, "ja")):
            steps = connecting.steps(code, language)
            assert bool(re.search("[\u3040-\u30ff]", steps)) is (language == "ja"), code
            shown = page(client.get(f"/settings/sources/{code}/"))
            assert shown.count("<li>") >= 3, code
            assert not re.search(r"[{](url|desk|scheme|host)[}]|desk[.]example", shown), code
    assert "testserver" in page(keeper.get("/settings/sources/alertmanager/")).split("static_configs")[1]


def test_the_list_costs_the_same_however_much_came(keeper: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(keeper.get("/settings/sources/"))
        return len(queries)

    alert("One")
    cost()
    before = cost()
    for code in ("one", "two", "three"):
        send(keeper, "save", code=code)
    for number in range(5):
        alert(f"More {number}")
    cost()
    assert cost() == before
