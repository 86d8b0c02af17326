"""Dashboards: shown in both languages, chosen and kept by a form, followed to the list, taken away."""

import csv
import io
import re

from hikeshi.assets import actions as assets
from hikeshi.assets.codes import Kind
from hikeshi.assets.particulars import Particulars
from hikeshi.figures import queries
from hikeshi.incidents import actions
from hikeshi.incidents.codes import RecordClass
from hikeshi.ledger.models import Reading
from hikeshi.ledger.verify import verify
from tests import world
from tests.web import desk


def test_a_dashboard_leads_to_the_records_it_counts_and_leaves_in_every_form() -> None:
    for number in range(3):
        desk.incident(f"Number {number}", kind="phishing" if number else "malware")
    hidden = desk.incident("Nobody else's", kind="phishing")
    actions.restrict(by=world.actor("mori", "commander"), ref=hidden.ref, reason="personnel")
    reader = desk.browser("yomi", "auditor")
    shown = desk.page(reader.get("/figures/?period=30d"))
    tile = re.search(r'id="tile-opened-kind".*?</section>', shown, re.DOTALL)
    assert tile is not None
    links = dict(re.findall(r'<a href="([^"]+kind[^"]+)">(\d+)</a>', tile[0]))
    assert sorted(links.values()) == ["1", "2"]
    for link, count in links.items():
        listed = desk.page(reader.get(link.replace("&amp;", "&")))
        assert len(set(re.findall(r'href="/incidents/(INC-[^/"]+)/"', listed))) == int(count)
    japanese = desk.page(desk.browser("ja", "manager", language="ja").get("/figures/?period=7d&wall=1"))
    assert 'data-theme="dark"' in japanese
    assert "起票した件数" in japanese
    assert 'id="menu"' not in japanese
    assert all(f'href="/figures/export.{form}?' in shown for form in ("pdf", "png", "xlsx", "csv"))
    rows = list(csv.reader(io.StringIO(reader.get("/figures/export.csv").content.decode("utf-8-sig"))))
    assert ["Opened, by kind", "Phishing", "Records", "2", "0"] in rows
    assert reader.get("/figures/export.pdf").content.startswith(b"%PDF")
    assert reader.get("/figures/export.png").content.startswith(b"\x89PNG")
    assert reader.get("/figures/export.xlsx").content.startswith(b"PK")
    assert reader.get("/figures/export.doc").status_code == 404
    assert Reading.objects.filter(subject="figures").count() == 4


def test_a_dashboard_is_kept_by_a_form_and_what_is_wrong_stands_beside_the_field() -> None:
    leader = desk.browser("leader", "commander")
    said = {"name": "Night", "period": "7d", "definitions": "dora", "audience": "everyone", "tile1": "times-measure"}
    answer = leader.post("/figures/new", {**said, "tile0": "open-age", "compare": "on"})
    (kept,) = queries.boards(world.actor("other", "responder"))
    assert (answer.url, kept.said.tiles) == (f"/figures/{kept.uuid}/", ("open-age", "times-measure"))
    shown = desk.page(leader.get(answer.url))
    assert shown.index("tile-open-age") < shown.index("tile-times-measure")
    assert "DORA" in shown
    wrong = desk.page(leader.post("/figures/new", {**said, "name": "", "tile1": ""}), 422)
    assert 'id="id_name_error"' in wrong
    other = desk.browser("other")
    assert other.post(f"/figures/{kept.uuid}/remove").status_code == 403
    assert leader.post(f"/figures/{kept.uuid}/remove").status_code == 302
    assert leader.get(f"/figures/{kept.uuid}/").status_code == 404
    assert desk.browser("rep", "reporter").get("/figures/").status_code == 403


def test_a_decision_is_asked_in_the_room_and_taken_on_the_page_of_the_situation_with_its_reason() -> None:
    """By whoever may decide, work on records or not; with the money and the outage beside it."""
    minor = desk.incident("Mail is slow", kind="request", impact=3, effect=3, urgency=3)
    grave = desk.incident("Shop is down", impact=1, record_class=RecordClass.INCIDENT)
    shop = Particulars(name="Web shop", kind=Kind.SERVICE, rto=120)
    hit = assets.add_asset(by=world.admin(), organisation=world.site().uuid, particulars=shop)
    actions.link_asset(by=world.actor("mori"), ref=grave.ref, asset=hit.uuid)
    worker, boss = desk.browser("abe", "responder"), desk.browser("boss", "manager")
    said = {"question": "Cut the branch off?", "options": "Now\nTonight\n\nNow", "of": "", "due_at": ""}
    wrong = desk.page(worker.post(f"/incidents/{minor.ref}/ask-decision", {**said, "options": "Now"}), 422)
    assert "Cut the branch off?" in wrong, "what was typed is kept"
    assert worker.post(f"/incidents/{minor.ref}/ask-decision", said).status_code == 302
    asked = minor.decisions.get()
    assert asked.options == ["Now", "Tonight"]
    money = {"kind": "outside", "amount": "1500000", "actual": "guess", "note": "Forensics"}
    assert worker.post(f"/incidents/{grave.ref}/add-cost", money).status_code == 302
    first = grave.costs.get()
    paid = {**money, "amount": "1800000", "actual": "paid", "reason": "Invoice"}
    assert worker.post(f"/incidents/{grave.ref}/correct-cost/{first.uuid}", paid).status_code == 302
    late = worker.post(f"/incidents/{grave.ref}/correct-cost/{first.uuid}", paid)
    assert late.status_code == 409, "somebody corrected it meanwhile"

    shown = desk.page(boss.get("/executive/"))
    assert shown.index("Cut the branch off?") < shown.index("Shop is down"), "decisions come first"
    assert "1,800,000 JPY" in shown
    assert "1,500,000" not in shown
    assert "Web shop" in shown
    assert re.search(r"data-until[^>]+>[^<]*(2:00|1:59)", shown), "two hours are tolerable"
    room = desk.page(worker.get(f"/incidents/{grave.ref}/"))
    assert "1,500,000" in room, "what stood there stays readable"
    answer = {"choice": "1", "reason": "The shift ends at six"}
    place = f"/incidents/{minor.ref}/decide/{asked.uuid}"
    assert worker.post(place, answer).status_code == 403
    assert "Cut the branch off?" in desk.page(boss.get("/executive/"))
    assert boss.post(place, {**answer, "reason": ""}).status_code == 422
    assert boss.post(place, answer).status_code == 302
    assert "Cut the branch off?" not in desk.page(boss.get("/executive/"))
    assert "The shift ends at six" in desk.page(worker.get(f"/incidents/{minor.ref}/"))
    assert boss.post(place, {**answer, "choice": "0"}).status_code == 409, "what is decided stays so"
    assert verify(state=True).holds


def test_the_situation_says_what_burns_to_those_who_answer_for_it_and_to_nobody_else() -> None:
    grave = desk.incident("Shared server is encrypted", impact=1, record_class=RecordClass.INCIDENT)
    desk.incident("A question", kind="request", impact=3, effect=3, urgency=3)
    hidden = desk.incident("Insider", impact=1)
    secret = desk.incident("Insider too", impact=3)
    lead = world.actor("mori", "commander")
    actions.restrict(by=lead, ref=hidden.ref, reason="personnel")
    actions.restrict(by=lead, ref=secret.ref, reason="personnel")
    actions.ask_decision(by=lead, ref=secret.ref, question="Call the police?", options=["yes", "no"])
    actions.set_fact(by=lead, ref=grave.ref, key="damage", value="1,204 customers")
    shown = desk.page(desk.browser("boss", "manager").get("/executive/"))
    assert grave.ref in shown
    assert "1,204 customers" in shown
    assert "A question" not in shown
    assert "Severe and open: 1<" in shown, "neither the question nor what is hidden from this reader"
    assert hidden.ref not in shown
    assert "Call the police?" not in shown
    assert hidden.ref in desk.page(desk.browser("mori", "commander").get("/executive/"))
    actions.close(
        by=lead, ref=grave.ref, resolution="Rebuilt", record_class=RecordClass.INCIDENT, override_reason="Done"
    )
    assert "Nothing severe is open." in desk.page(desk.browser("boss").get("/executive/"))
    for nobody in ("responder", "auditor", "reporter"):
        assert desk.browser(nobody, nobody).get("/executive/").status_code == 403
