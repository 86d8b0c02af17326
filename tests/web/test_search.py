"""The search box on its page, in the dialog and by the API."""

import re

from hikeshi.finding import actions
from hikeshi.incidents import actions as incidents
from tests import finding, world
from tests.api.calling import body, program
from tests.domains.incidents import opened
from tests.web.desk import PANELS, browser, page


def test_what_is_found_is_marked_escaped_and_led_to() -> None:
    mori = world.actor("mori", "commander")
    record = opened(mori, title="<b>漏えい</b>の疑い")
    incidents.note(by=mori, ref=record.ref, text="踏み台 <script>alert(1)</script>")
    finding.read_in()
    desk = browser("mori", "commander")
    shown = page(desk.get("/search/", {"q": "漏洩"}))
    assert "&lt;b&gt;<mark>漏えい</mark>&lt;/b&gt;の疑い" in shown
    assert f'href="/incidents/{record.ref}/"' in shown
    assert "<script>alert" not in page(desk.get("/search/", {"q": "踏み台"}))
    assert "<mark>踏み台</mark>" in page(desk.get("/search/", {"q": "踏み台", "type": "incident"}))


def test_while_somebody_types_only_the_panel_comes_and_a_number_leads_to_its_record() -> None:
    record = opened(world.actor("mori", "commander"), title="VPN")
    finding.read_in()
    desk = browser("mori", "commander")
    typing = page(desk.get("/search/", {"q": record.ref}, headers=PANELS))
    assert "<html" not in typing
    assert f"Go to {record.ref}" in typing
    assert desk.get("/search/", {"q": record.ref}).headers["Location"] == f"/incidents/{record.ref}/"
    stranger = browser("sato", "commander", at=world.organisation("Elsewhere"))
    assert "Nothing was found" in page(stranger.get("/search/", {"q": record.ref}))


def test_nothing_asked_nothing_found_and_what_cannot_be_asked_are_said_in_the_readers_language() -> None:
    desk = browser("mori", "commander", language="ja")
    assert "索引を作っている途中です" in page(desk.get("/search/", {"q": "漏洩"}))
    finding.read_in()
    assert "書いたとおりの文字" in page(desk.get("/search/"))
    assert "見つかりませんでした" in page(desk.get("/search/", {"q": "漏洩"}))
    wrong = page(desk.get("/search/", {"q": "漏洩 before:昨日"}), 422)
    assert "「昨日」は日付ではありません" in wrong
    assert 'value="漏洩 before:昨日"' in wrong
    assert page(desk.get("/search/", {"q": "あ" * 300}), 422)


def test_pages_of_one_kind_follow_each_other() -> None:
    mori = world.actor("mori", "commander")
    for number in range(51):
        opened(mori, title=f"VPN {number:02}")
    finding.read_in()
    desk = browser("mori", "commander")
    first = page(desk.get("/search/", {"q": "vpn", "type": "incident"}))
    more = re.search(r'href="\?([^"]*cursor=[^"]*)"', first)
    assert more is not None
    second = page(desk.get(f"/search/?{more[1].replace('&amp;', '&')}"))
    found = set(re.findall(r"</mark> (\d\d)<", first + second))
    assert len(found) == 51


def test_the_api_answers_the_same_and_says_whether_it_knows_everything() -> None:
    mori = world.actor("mori", "commander")
    record = opened(mori, title="Ransomware note")
    caller = program(world.person("mori"))
    assert body(caller.get("search?q=ransom"))["complete"] is False
    finding.read_in()
    found = body(caller.get("search?q=ransomware&types=incident,alert"))
    assert [(one["type"], one["ref"]) for one in found["items"]] == [("incident", record.ref)]
    assert found["items"][0]["title_pieces"][0] == {"text": "Ransomware", "found": True}
    assert (found["total"], found["total_exact"], found["complete"]) == (1, True, True)
    assert caller.get("search?q=before:x").status_code == 422
    assert caller.get("search?q=x&types=tree").status_code == 422


def test_groups_of_words_are_edited_on_their_page_and_nobodys_text_is_lost() -> None:
    desk = browser("boss", "administrator")
    assert "phishing" in page(desk.get("/settings/synonyms/"))
    wrong = page(desk.post("/settings/synonyms/", {"groups": "alone", "version": "0"}), 422)
    assert "Line 1: write at least two words" in wrong
    assert ">\nalone</textarea>" in wrong
    assert desk.post("/settings/synonyms/", {"groups": "ERP, 基幹系", "version": "0"}).status_code == 302
    clash = page(desk.post("/settings/synonyms/", {"groups": "x, y", "version": "0"}), 409)
    assert "x, y" in clash
    assert "ERP, 基幹系" in clash
    assert desk.post("/settings/synonyms/versions/0").status_code == 302
    assert "phishing" in page(desk.get("/settings/synonyms/"))
    assert actions.set_synonyms(by=world.admin(), groups="a, b") == 3


def test_a_day_that_is_none_everywhere_is_refused_as_no_day() -> None:
    client = browser("mori", "commander")
    for operator in ("before", "after"):
        for day in ("0001-01-01", "9999-12-31"):
            assert "is no day" in page(client.get("/search/", {"q": f"{operator}:{day}"}), 422)
