"""The pages of rules: written as lines or as text, tried, switched on, compared, made to spare an alert."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from hikeshi.intake import actions
from hikeshi.intake.models import RuleVersion, SiteRule
from hikeshi.intake.queries import ruling
from tests import world
from tests.api.calling import body, program
from tests.domains.test_intake_site_rules import alert as seen_alert
from tests.domains.test_intake_site_rules import on
from tests.rules.test_intake_rules import write
from tests.web.desk import alert, browser, page

TEXT = "detection:\n  a:\n    # my own words\n    device.hostname: prn-1\n  condition: a\n"
RULE = {
    "code": "printers",
    "title_ja": "プリンター",
    "title_en": "Printers",
    "reason_ja": "プリンターの警告です。",
    "reason_en": "A printer.",
    "verdict": "drop",
    "rank": "150",
    "impact": "3",
    "effect": "3",
    "urgency": "3",
    "review": "2040-01-01",
    "mode": "form",
    "source": "",
    "sigma": "",
    "line-0-joint": "and",
    "line-0-field": "device.hostname",
    "line-0-operator": "startswith",
    "line-0-values": "prn-\nmfp-",
}


@pytest.fixture
def keeper() -> Client:
    return browser("keeper", "administrator")


def test_a_rule_file_that_was_spoilt_is_named_with_its_line_and_what_judges_meanwhile(
    keeper, settings, tmp_path
) -> None:
    settings.DATA_ROOT = tmp_path
    (tmp_path / "rules").mkdir()
    spoilt = write(tmp_path / "rules", "a:\n  no_such_field: 1\ncondition: a", code="spoilt")
    shown = page(keeper.get("/rules/"))
    assert "The rule spoilt.yml cannot be read and judges nothing" in shown
    assert "Line 8" in shown
    write(tmp_path / "rules", "a:\n  severity_id: 4\ncondition: a", code="spoilt")
    assert "cannot be read" not in page(keeper.get("/rules/"))
    spoilt.write_text(spoilt.read_text(encoding="utf-8").replace("severity_id", "no_such_field"), encoding="utf-8")
    assert "The rule spoilt.yml cannot be read; it judges as before it was changed" in page(keeper.get("/rules/"))


def send(client: Client, do: str, to: str = "/rules/new", **changed: str) -> str:
    response = client.post(to, {**RULE, "do": do, **changed})
    assert response.status_code in {200, 302, 409, 422}
    return response.content.decode() if response.status_code != 302 else response.headers["Location"]


def test_a_rule_is_written_as_lines_tried_switched_on_and_judges(keeper: Client) -> None:
    alert("Toner low", host="prn-1")
    alert("Disk full", host="srv-1")
    tried = send(keeper, "try")
    assert "It would decide 1 of 2 alerts." in tried
    assert "Toner low" in tried
    assert not SiteRule.objects.exists(), "a trial keeps nothing"
    assert send(keeper, "save") == "/rules/printers/"
    assert RuleVersion.objects.get().sigma.endswith(
        "detection:\n  case_1:\n    device.hostname|startswith: [prn-, mfp-]\n  condition: case_1\n"
    )
    assert alert("Paper jam", host="prn-2").verdict == "keep"
    assert "It would decide 2 of 3 alerts." in page(keeper.get("/rules/printers/on"))
    keeper.post("/rules/printers/on")
    judged = alert("Paper jam", host="mfp-3")
    assert (judged.verdict, judged.rule) == ("drop", "printers")
    listed = page(keeper.get("/rules/?q=printers"))
    assert "Printers" in listed
    assert "1 in all" in listed
    assert 'href="/rules/printers/"' in page(keeper.get(f"/alerts/{judged.uuid}/"))


def test_a_correlation_says_in_words_what_must_come_together() -> None:
    reader = browser("reader", "responder", language="en")
    said = page(reader.get("/rules/host_under_suspicion/"))
    assert "signals of at least 6 points in all, each counted once" in said
    assert "60 min" in said or "1 h" in said
    assert "Guessing of passwords" in said
    assert "what meets more than 10 different src_endpoint.ip + dst_endpoint.ip" in said
    again = page(reader.get("/rules/same_thing_again/"))
    assert "host, user, address, hash, sender or campaign" in again
    assert "an address / a user" in again or "a user / an address" in again
    assert "127.0.0.0/8" in again
    assert "<dt>Opens</dt>" not in again, "it only attaches"
    assert "these signals, in this order" in page(reader.get("/rules/harm_after_foothold/"))


def test_what_cannot_be_used_is_said_with_its_line_and_what_was_typed_is_kept(keeper: Client) -> None:
    wrong = send(
        keeper,
        "save",
        **{"line-1-joint": "and", "line-1-field": "hostnam", "line-1-operator": "is", "line-1-values": "x"},
    )
    assert "Line 2: “hostnam” is not a name of the normal form. Did you mean device.hostname?" in wrong
    assert 'value="hostnam"' in wrong
    assert "プリンターの警告です。" in wrong
    pattern = {"line-0-operator": "re", "line-0-values": "(a{1000}){1000}"}
    assert "Line 1: the pattern repeats so much" in send(keeper, "save", **pattern)
    assert "Line 1: a number is needed here." in send(keeper, "save", **{"line-0-operator": "gte"})
    many = "\n".join(f"host-{number}.example.jp" for number in range(600))
    assert "Line 1 cannot be read. A line takes at most 8000 characters" in send(
        keeper, "save", **{"line-0-values": many}
    )
    for odd in ({"line-0-operator": "zz"}, {"line-0-joint": "xx"}, {"line-0-field": "x" * 201}):
        assert "Line 1 cannot be read." in send(keeper, "try", **odd), odd
    assert "Say at least one thing" in send(keeper, "save", **{"line-0-field": ""})
    text = {"mode": "text", "sigma": "detection:\n  a:\n    EventID: 1\n  condition: a\n"}
    assert "Line 3: “EventID”" in send(keeper, "save", **text)
    assert "Say what kind of incident it opens." in send(keeper, "save", verdict="open")
    assert not SiteRule.objects.exists()


def test_a_rule_written_in_one_language_says_it_in_both_and_one_without_words_is_refused(keeper: Client) -> None:
    assert "Write it in one language at least." in send(keeper, "save", reason_ja="", reason_en="")
    assert send(keeper, "save", title_ja="", reason_ja="", title_en="Printers", reason_en="A printer.") != ""
    kept = RuleVersion.objects.get()
    assert (kept.title_ja, kept.reason_ja) == ("Printers", "A printer.")


def test_lines_become_text_and_text_becomes_lines_and_no_comment_is_lost(keeper: Client) -> None:
    turned = send(keeper, "text")
    assert "device.hostname|startswith: [prn-, mfp-]" in turned
    assert 'name="mode" value="text"' in turned
    back = send(keeper, "form", mode="text", sigma="detection:\n  a:\n    count|gte: 5\n  condition: a\n")
    assert 'value="count"' in back
    assert '<option value="gte" selected>' in back
    kept = send(keeper, "form", mode="text", sigma=TEXT)
    assert "my own words" in kept
    assert "The text has comments" in kept
    assert send(keeper, "save", mode="text", sigma=TEXT) == "/rules/printers/"
    assert RuleVersion.objects.get().sigma == TEXT
    shown = page(keeper.get("/rules/printers/edit"))
    assert 'name="mode" value="text"' in shown


def test_a_second_editor_is_shown_both_texts(keeper: Client) -> None:
    send(keeper, "save")
    send(keeper, "save", "/rules/printers/edit", version="1", title_en="Printers and copiers")
    clash = keeper.post("/rules/printers/edit", {**RULE, "do": "save", "version": "1", "title_en": "All printers"})
    assert clash.status_code == 409
    assert "Printers and copiers" in clash.content.decode()
    assert 'value="All printers"' in clash.content.decode()
    assert 'name="version" value="2"' in clash.content.decode()


def test_versions_are_compared_and_taken_up_again(keeper: Client) -> None:
    send(keeper, "save")
    send(keeper, "save", "/rules/printers/edit", **{"line-0-values": "prn-", "why": "copiers are gone"})
    shown = page(keeper.get("/rules/printers/compare?from=1&to=2"))
    assert re.search(r"<del>.*\[prn-, mfp-\]", shown)
    assert re.search(r"<ins>.*device.hostname\|startswith: prn-", shown)
    assert "copiers are gone" in page(keeper.get("/rules/printers/"))
    keeper.post("/rules/printers/versions/1/restore")
    newest = ruling.rule(world.admin(), "printers").newest
    assert (newest.number, newest.why) == (3, "As in version 1.")
    assert "mfp-" in newest.terms.sigma
    assert keeper.get("/rules/printers/compare?from=77").status_code == 404


def test_one_click_corrects_and_the_rules_page_offers_the_exception(keeper: Client) -> None:
    send(keeper, "save")
    keeper.post("/rules/printers/on")
    seen = alert("Toner <b>low</b>", host="prn-1")
    keeper.post(f"/alerts/{seen.uuid}/correct/keep")
    seen.refresh_from_db()
    assert (seen.verdict, seen.rule) == ("keep", "person")
    shown = page(keeper.get("/rules/printers/"))
    assert "Corrected at one click." in shown
    assert "<b>low</b>" not in shown
    offer = f"/rules/printers/edit?except={seen.uuid}"
    assert offer in shown
    filled = page(keeper.get(offer))
    assert 'value="unless" selected' in filled
    assert ">prn-1</textarea>" in filled.replace("\n", "")


def test_a_rule_for_everything_needs_its_number_repeated(keeper: Client) -> None:
    for number in range(3):
        alert(f"Alert {number}", host=f"pc-{number}")
    send(keeper, "save", **{"line-0-field": "severity_id", "line-0-operator": "gte", "line-0-values": "1"})
    refused = keeper.post("/rules/printers/on")
    assert refused.status_code == 422
    assert "This rule would decide 3 of the last 3 alerts." in refused.content.decode()
    assert keeper.post("/rules/printers/on", {"confirmed": "3"}).status_code == 302


def test_only_who_keeps_the_site_changes_rules_and_responders_read_them() -> None:
    keeper, responder = browser("keeper", "administrator"), browser("mori", "responder")
    send(keeper, "save")
    shown = page(responder.get("/rules/printers/"))
    assert "/rules/printers/edit" not in shown
    assert page(responder.get("/rules/"))
    for path in ("/rules/new", "/rules/printers/edit", "/rules/printers/on", "/rules/printers/review"):
        assert responder.get(path).status_code == 403
    assert responder.post("/rules/printers/off").status_code == 403
    assert browser("nobody").get("/rules/").status_code == 403
    assert keeper.get("/rules/nothing/").status_code == 404


def test_what_is_overdue_is_named_counted_and_done_with_one_act(keeper: Client) -> None:
    send(keeper, "save", review=f"{world.clock.now() + timedelta(days=40):%Y-%m-%d}")
    keeper.post("/rules/printers/on")
    assert "overdue" not in page(keeper.get("/rules/printers/"))
    world.clock.freeze(datetime(2041, 11, 1, tzinfo=UTC))
    keeper = browser("keeper")
    assert "overdue" in page(keeper.get("/rules/?show=due"))
    assert ruling.due(world.admin()) > 1
    keeper.post("/rules/printers/review", {"review": "2042-05-01", "owner": "csirt"})
    assert "overdue" not in page(keeper.get("/rules/printers/"))


def test_a_rule_shows_how_often_people_overruled_it_and_of_how_many_verdicts() -> None:
    on()
    rows = [seen_alert(f"prn-{number}") for number in range(4)]
    actions.correct_verdict(by=world.actor("mori", "responder"), alert=rows[0].uuid, verdict="keep", reason="no")
    page = browser("keeper", "administrator").get("/rules/printers/").content.decode()
    assert "25.0% in 30 days: 1 of 4 verdicts" in page
    told = body(program(world.person("kei", "administrator")).get("rules/printers"))
    assert (told["corrections"], told["corrected_month"], told["wrong"]) == (1, 1, 25.0)
