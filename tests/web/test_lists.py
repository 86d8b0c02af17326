"""Whole lists to take away, as they are narrowed on the page."""

import csv
import io
import json
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from hikeshi import web
from hikeshi.accounts import actions as accounts
from hikeshi.accounts.models import Organisation
from hikeshi.documents.tables import sheets
from hikeshi.incidents import actions
from hikeshi.incidents.models import Incident
from hikeshi.intake import actions as intake
from hikeshi.intake.silences import Terms
from hikeshi.kernel import clock
from hikeshi.knowledge import actions as knowledge
from hikeshi.knowledge.drafts import AnswerDraft
from hikeshi.ledger.models import Reading
from hikeshi.web import lists
from tests import world
from tests.portal.test_outages import outage, publish
from tests.web import desk


def body(client: Client, path: str) -> bytes:
    response = client.get(path)
    assert response.status_code == 200
    return response.getvalue()


def lines(client: Client, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body(client, path).decode("utf-8-sig"))))


def test_the_list_leaves_as_it_is_narrowed_in_the_words_of_whoever_takes_it() -> None:
    leader, reader = desk.browser("leader", "commander"), desk.browser("yomi", "commander", language="ja")
    first = desk.incident("=cmd|' /C calc'!A0")
    desk.incident("Laptop lost", kind="lost_device")
    rows = lines(leader, "/incidents/export.csv")
    assert [row["Title"] for row in rows] == ["Laptop lost", "'=cmd|' /C calc'!A0"]
    assert (rows[1]["Number"], rows[1]["Kind"], rows[1]["Status"]) == (first.ref, "Ransomware", "Open")
    assert [row["Title"] for row in lines(leader, "/incidents/export.csv?kind=lost_device")] == ["Laptop lost"]
    assert lines(leader, "/incidents/export.csv?status=closed") == []
    (row,) = lines(reader, "/incidents/export.csv?kind=lost_device")
    assert (row["件名"], row["状況"]) == ("Laptop lost", "対応中")
    assert row["起票日時"].endswith("+09:00")
    codes = json.loads(body(reader, "/incidents/export.json"))
    assert [one["kind"] for one in codes] == ["lost_device", "ransomware"]
    assert datetime.fromisoformat(codes[0]["opened_at"]).tzinfo, "an instant, not a day"
    assert (codes[1]["title"], codes[1]["restricted"]) == (first.title, False)
    assert json.loads(body(reader, "/incidents/export.json?status=closed")) == []
    sheet = load_workbook(io.BytesIO(body(leader, "/incidents/export.xlsx"))).active
    assert [cell.value for cell in sheet[3]][:2] == [first.ref, "'=cmd|' /C calc'!A0"]


def test_a_heading_sorts_by_its_column_and_keeps_what_the_list_was_narrowed_by() -> None:
    for title in ("Worm one", "Other", "Worm two"):
        desk.incident(title, kind="malware")
    reader = desk.browser("mori", "commander")
    shown = desk.page(reader.get("/incidents/?q=Worm&filter=kind:is:malware"))
    assert len(re.findall(r'<th[^>]*aria-sort="ascending"', shown)) == shown.count("aria-sort") == 1, "what burns first"
    for wanted, sort, first in (("newest", "descending", "Worm two"), ("oldest", "ascending", "Worm one")):
        link = re.search(rf'<th[^>]*><a href="(\?[^"]*order={wanted}[^"]*)"', shown)
        assert link, wanted
        shown = desk.page(reader.get("/incidents/" + link[1].replace("&amp;", "&")))
        assert re.findall(r'<th[^>]*aria-sort="(\w+)"', shown) == [sort]
        titles = re.findall(r'class="title clip"[^>]*>(?:<bdi>)?([^<]+)<', shown)
        assert (titles[0], len(titles)) == (first, 2), "still narrowed"


def test_what_somebody_may_not_see_is_not_in_the_file_and_taking_is_noted() -> None:
    secret = desk.incident("Nobody else's business", by="chief")
    actions.restrict(by=world.actor("chief", "commander"), ref=secret.ref, reason="personnel")
    desk.incident("For all")
    assert [row["Title"] for row in lines(desk.browser("reads", "auditor"), "/incidents/export.csv")] == ["For all"]
    assert lines(desk.browser("none", "reporter"), "/incidents/export.csv") == []
    noted = Reading.objects.filter(subject="incidents", what="list.csv").values_list("actor", flat=True)
    assert len(set(noted)) == 2


def test_alerts_leave_with_what_they_name() -> None:
    desk.alert("Beacon", host="PC-0042", severity="high")
    desk.alert("Disk is full")
    judge = desk.browser("leader", "commander")
    rows = lines(judge, "/alerts/export.csv?stand=all")
    assert [row["Title"] for row in rows] == ["Disk is full", "Beacon"]
    assert ("pc-0042" in rows[1]["Observables"].casefold(), rows[1]["Severity"]) == (True, "High")
    assert [row["Title"] for row in lines(judge, "/alerts/export.csv?stand=all&q=beacon")] == ["Beacon"]
    assert desk.browser("none", "reporter").get("/alerts/export.csv").status_code == 403
    assert judge.get("/alerts/export.pdf").status_code == 404


def test_a_long_list_is_read_in_pages_and_a_long_workbook_goes_on_on_the_next_sheet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lists, "PAGE", 2)
    monkeypatch.setattr(sheets, "LINES", 3)
    titles = [desk.incident(f"Number {number}").title for number in range(5)]
    leader = desk.browser("leader", "commander")
    with CaptureQueriesContext(connection) as asked:
        some = lists.newest(Incident.objects.all(), (("organisation", Organisation),))
        rows = [row for page in some for row in page]
        places = {row.organisation.name for row in rows}
    assert ([row.title for row in rows], len(asked)) == (titles[::-1], 4)
    assert places == {world.site().name}
    book = load_workbook(io.BytesIO(body(leader, "/incidents/export.xlsx")))
    assert [[row[1].value for row in sheet.iter_rows(min_row=2)] for sheet in book] == [
        ["Number 4", "Number 3"],
        ["Number 2", "Number 1"],
        ["Number 0"],
    ]


@pytest.fixture
def told() -> Client:
    """An outage people were told of and an answer to a common question; both begin as a formula does."""
    publish(outage("Mail is down"), title_ja="=1+1", title_en="=2+2")
    draft = AnswerDraft(question_ja="=質問", question_en="=Question", answer_ja="答", answer_en="Answer")
    knowledge.write_answer(by=world.admin(), draft=draft)
    return desk.browser("keeper", "administrator")


@pytest.mark.parametrize(
    ("page", "heading", "guarded", "words"),
    [
        ("/outages/", "Title in English", "'=2+2", "Going on"),
        ("/settings/answers/", "Question in English", "'=Question", "Not published"),
    ],
)
def test_outages_and_answers_leave_as_every_list_does_and_stand_in_the_navigation(
    told: Client, page: str, heading: str, guarded: str, words: str
) -> None:
    shown = desk.page(told.get(page))
    assert words in shown
    assert re.search(rf'<nav id="places".*?href="{page}"', shown, re.DOTALL)
    for form in ("csv", "xlsx", "json"):
        assert f'href="{page}export.{form}?' in shown
    assert [row[heading] for row in lines(told, f"{page}export.csv")] == [guarded]
    assert [row[heading] for row in lines(told, f"{page}export.csv?q=nothing")] == []
    (kept,) = json.loads(body(told, f"{page}export.json"))
    assert guarded[1:] in kept.values()
    sheet = load_workbook(io.BytesIO(body(told, f"{page}export.xlsx"))).active
    assert guarded in [cell.value for cell in sheet[2]]
    assert told.get(f"{page}export.pdf").status_code == 404


TEMPLATES = Path(web.__file__).parent / "templates"
OTHERWISE = {
    "web/files/page.html": "files of one record: they leave with the record, as export.zip",
    "web/search/found.html": "what a search finds is of many kinds; each kind has its list",
    "web/parts/lines.html": "a part of lists that have it",
}


def test_every_list_that_goes_on_on_another_page_can_be_taken_away() -> None:
    """Whatever has a pager is longer than a screen."""
    every = {str(one.relative_to(TEMPLATES)): one.read_text(encoding="utf-8") for one in TEMPLATES.rglob("*.html")}
    listing = {name for name, text in every.items() if "parts/pager.html" in text or "files/pager.html" in text}
    assert len(listing) > 15
    assert {name for name in listing if "parts/take.html" not in every[name]} - OTHERWISE.keys() == set()


@pytest.mark.parametrize(
    "page",
    [
        *("/rules/", "/contacts/", "/contacts/stale/", "/contacts/outside/", "/assets/", "/assets/indicators/"),
        *("/alerts/silences/", "/alerts/inhibitions/", "/alerts/benign/", "/alerts/parked/"),
        *("/settings/people/", "/settings/teams/", "/settings/tokens/", "/settings/messages/"),
    ],
)
def test_each_list_leaves_in_three_forms_and_in_the_readers_language(page: str) -> None:
    keeper, reader = desk.browser("keeper", "administrator"), desk.browser("yomi", "administrator", language="ja")
    if page != "/alerts/parked/":  # nothing is offered where nothing is
        assert f'href="{page}export.xlsx' in desk.page(keeper.get(page))
    codes = json.loads(body(keeper, f"{page}export.json"))
    assert isinstance(codes, list)
    heading = body(keeper, f"{page}export.csv").decode("utf-8-sig").splitlines()[0]
    assert heading.isascii()
    assert not body(reader, f"{page}export.csv").decode("utf-8-sig").splitlines()[0].isascii()
    assert len(codes) == len(lines(keeper, f"{page}export.csv"))
    assert body(keeper, f"{page}export.xlsx").startswith(b"PK")
    assert keeper.get(f"{page}export.pdf").status_code == 404


def test_what_such_a_list_says_is_what_its_page_says() -> None:
    by, now = world.admin(), clock.now()
    terms = Terms("=Work", "host = db1", "planned", "", now, now + timedelta(hours=2))
    intake.set_silence(by=by, organisation=world.site().uuid, terms=terms)
    lead = world.person("mori", "responder").uuid
    accounts.add_team(by=by, organisation=world.site().uuid, name="Night", people=[lead], lead=lead)
    keeper = desk.browser("keeper", "administrator")
    (silence,) = lines(keeper, "/alerts/silences/export.csv")
    assert (silence["The silence"], silence["State"], silence["Which alerts"]) == (
        "'=Work",
        "Holds alerts now",
        "host = db1",
    )
    assert lines(keeper, "/alerts/silences/export.csv?stand=over") == []
    (row,) = lines(keeper, "/settings/teams/export.csv")
    assert (row["Team"], row["Lead"], row["Members"]) == ("Night", "Mori", "Mori")
    rules = lines(keeper, "/rules/export.csv?verdict=drop")
    assert {row["Verdict"] for row in rules} == {"Drop as noise"}
    people = {row["Name"]: row["Reached by"] for row in lines(keeper, "/contacts/export.csv")}
    assert "Mori" in people


@pytest.mark.parametrize("page", ["/incidents/", "/board/", "/gantt/", "/alerts/", "/assets/", "/outages/"])
def test_a_list_is_asked_for_as_many_words_as_a_person_types_and_says_so_of_more(page: str) -> None:
    """Each word is a condition of its own, and a database takes only so many of them."""
    client = desk.browser("mori", "commander", "administrator")
    assert client.get(page, {"q": " ".join(map(str, range(60)))}).status_code == 200
    refused = client.get(page, {"q": " ".join(map(str, range(3_000)))})
    assert "At most 200 characters." in refused.content.decode()
    assert refused.status_code == 422


def test_the_box_over_a_list_takes_no_more_than_is_asked() -> None:
    assert 'maxlength="200"' in desk.page(desk.browser("mori", "commander").get("/incidents/"))
