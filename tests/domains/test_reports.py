"""The incident report: all the record holds, unknown written out, as hidden as the record, and bound to the ledger."""

import hashlib
import io
from datetime import timedelta
from decimal import Decimal

import docx
import pypdfium2
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hikeshi.assets.actions import add_asset
from hikeshi.assets.codes import Data
from hikeshi.assets.particulars import Particulars
from hikeshi.incidents import actions, names
from hikeshi.incidents.codes import Certainty, CostKind, MomentKind, RecordClass
from hikeshi.incidents.models import Incident
from hikeshi.incidents.reporting import Purpose
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotAllowed, NotFound
from hikeshi.kernel.worlds import World
from hikeshi.ledger import heads
from hikeshi.ledger.models import Entry, Reading
from hikeshi.ledger.verify import verify
from hikeshi.reports import issuing, making
from hikeshi.reports.actions import note_report
from hikeshi.reports.facts import ReportMade
from tests import world
from tests.domains import incidents
from tests.web import desk


def words(content: bytes) -> list[str]:
    """Every text of a Word file, by paragraph; of a table's rows, cell by cell."""
    file = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    return [*(one.text for one in file.paragraphs), *cells]


def report(by: Actor, record: Incident, language: str = "ja", **more: str) -> list[str]:
    return words(making.make(by, record.ref, form="docx", language=language, **more).content)


def table(content: bytes, head: str) -> list[list[str]]:
    """The rows of the table whose first column is called that."""
    file = docx.Document(io.BytesIO(content))
    found = next(one for one in file.tables if one.rows[0].cells[0].text == head)
    return [[cell.text for cell in row.cells] for row in found.rows[1:]]


def a_night(by: Actor) -> Incident:
    record = incidents.opened(by, description="営業部から電話がありました。")
    actions.set_fact(by=by, ref=record.ref, key="cause", value="VPN 装置の脆弱性", certainty=Certainty.ESTIMATED)
    actions.set_fact(by=by, ref=record.ref, key="who", value="", certainty=Certainty.UNKNOWN)
    actions.set_fact(by=by, ref=record.ref, key="damage", value="顧客 1,204 名")
    at = clock.now() - timedelta(hours=2)
    actions.set_moment(by=by, ref=record.ref, kind=MomentKind.OCCURRED, at=at, estimated=True)
    actions.add_task(by=by, ref=record.ref, title="SV-FILE01 を隔離する", owner="mori", phase="contain")
    actions.add_task(by=by, ref=record.ref, title="VPN 装置を更新する", phase="learn")
    actions.note(by=by, ref=record.ref, text="EDR の警告を確認した")
    actions.declare(by=by, ref=record.ref, reason="業務が止まっている")
    actions.attach_file(by=by, ref=record.ref, name="ログ.txt", content_type="text/plain", chunks=[b"evidence"])
    actions.add_link(by=by, ref=record.ref, url="https://example.com/wiki", title="手順書")
    database = Particulars(name="顧客データベース", criticality=4, data=(Data.PERSONAL,))
    asset = add_asset(by=world.admin(), organisation=world.site().uuid, particulars=database)
    actions.link_asset(by=by, ref=record.ref, asset=asset.uuid)
    return record


def test_it_holds_what_the_record_holds() -> None:
    by = world.actor("mori", "commander")
    record = a_night(by)
    content = making.make(by, record.ref, form="docx", language="ja", reading="ipa").content
    said = "\n".join(words(content))
    for text in (
        record.ref,
        record.title,
        "営業部から電話がありました。",
        "VPN 装置の脆弱性",
        "顧客 1,204 名",
        "SV-FILE01 を隔離する",
        "EDR の警告を確認した",
        "業務が止まっている",
        "ログ.txt",
        hashlib.sha256(b"evidence").hexdigest(),
        "https://example.com/wiki",
        "TLP:AMBER",
        f"令和{timezone.localtime(clock.now()).year - 2018}年",
        "検知・初動対応",
        "影響範囲",
        "Mori",
    ):
        assert text in said, text
    assert [row[0] for row in table(content, "作業")] == ["SV-FILE01 を隔離する"]
    assert [row[:2] for row in table(content, "資産名")] == [["顧客データベース", "最重要"]]
    decided = table(content, "日時")
    assert [(row[1], "業務が止まっている" in row[2]) for row in decided] == [("Mori", True)]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_what_nobody_knows_is_written_out_and_never_left_blank(language: str) -> None:
    by = world.actor("mori", "commander")
    record = incidents.opened(by)
    actions.set_fact(by=by, ref=record.ref, key="who", value="", certainty=Certainty.UNKNOWN)
    content = making.make(by, record.ref, form="docx", language=language).content
    head, unknown, unstated = {"ja": ("項目", "不明", "不明（未記入）"), "en": ("Item", "unknown", "unknown (nobody")}[
        language
    ]
    sheet = table(content, head)
    assert len(sheet) == len(names.in_use().sheet)
    known = {"ja": "ランサムウェア", "en": "Ransomware"}[language]
    assert {row[1] for row in sheet[1:]} - {known} == {
        one for one in {row[1] for row in sheet} if one.startswith(unstated)
    }
    assert sheet[0][1] == unknown
    assert all(cell.strip() for row in sheet for cell in row)


def test_english_is_as_whole_as_japanese() -> None:
    by = world.actor("mori", "commander")
    record = a_night(by)
    contents = [making.make(by, record.ref, form="docx", language=one, reading="nist").content for one in ("ja", "en")]
    shapes = [[(len(one.rows), len(one.columns)) for one in docx.Document(io.BytesIO(c)).tables] for c in contents]
    assert shapes[0] == shapes[1]
    headings = [
        [p.text for p in docx.Document(io.BytesIO(c)).paragraphs if p.style.name == "Heading 1"] for c in contents
    ]
    assert len(headings[0]) == len(headings[1]) == 14
    assert all(one.isascii() for one in headings[1])
    assert not any(one.isascii() for one in headings[0])


def test_an_empty_record_and_a_crowded_one_make_a_report_too() -> None:
    by = world.actor("mori", "commander")
    empty = actions.open_incident(by=by, title="x", kind="request", impact=3, urgency=3)
    assert making.make(by, empty.ref, form="pdf", language="ja").content.startswith(b"%PDF")
    crowded = incidents.opened(by, title="長" * 900, kind="service_outage")
    for number in range(200):
        actions.add_task(by=by, ref=crowded.ref, title=f"作業{number} " + "部品" * 60)
    made = making.make(by, crowded.ref, form="docx", language="ja")
    assert len(table(made.content, "作業")) == 200
    assert "ほか190件" in "\n".join(words(made.content))


def test_the_last_page_names_the_entry_it_was_written_from_and_its_signed_head_verifies() -> None:
    by = world.actor("mori", "commander")
    record = a_night(by)
    last = Entry.objects.latest("number")
    made = making.make(by, record.ref, form="pdf", language="en")
    page = pypdfium2.PdfDocument(made.content)
    text = page[len(page) - 1].get_textpage().get_text_range().replace("\u200b", "").replace("\ufffe", "")
    run = "".join(text.split())
    assert (made.ledger, f"{last.number}" in text, last.hash in run) == (last.number, True, True)
    printed = run[run.index(heads.PREFIX) :].split("==")[0] + "=="
    kept = heads.read(printed, settings.MASTER_KEY)
    assert (kept.number, kept.hash) == (last.number, last.hash)
    assert verify(against=kept).holds


def test_a_copy_leaves_its_hash_in_the_access_log_and_nothing_in_the_ledger() -> None:
    by = world.actor("mori", "commander")
    record = incidents.opened(by)
    auditor = world.actor("look", "auditor")
    before = Entry.objects.count()
    made = making.make(auditor, record.ref, form="docx", language="ja")
    assert Entry.objects.count() == before
    noted = Reading.objects.get(subject=record.subject)
    assert noted.actor == auditor.ref
    assert noted.what == f"report.docx {hashlib.sha256(made.content).hexdigest()}"
    assert "閲覧用（未発行）" in "\n".join(words(made.content))


def test_an_issued_report_is_a_fact_with_the_files_hash_interim_until_the_record_is_closed() -> None:
    by = world.actor("mori", "commander")
    record = incidents.opened(by, record_class=RecordClass.EVENT)
    first = issuing.issue(by, record.ref, form="docx", language="en")
    assert "[ Interim report ]" in words(first.content)
    actions.close(by=by, ref=record.ref, resolution="False alarm", record_class=RecordClass.EVENT)
    last = issuing.issue(by, record.ref, form="pdf", language="ja", reading="sans")
    facts = [ReportMade.read(one.body) for one in Entry.objects.filter(fact=ReportMade.name).order_by("number")]
    assert [(one.state, one.form, one.language, one.reading) for one in facts] == [
        ("interim", "docx", "en", "own"),
        ("final", "pdf", "ja", "sans"),
    ]
    assert facts[1].digest == hashlib.sha256(last.content).hexdigest()
    assert facts[1].ledger < Entry.objects.get(fact=ReportMade.name, number__gt=facts[1].ledger).number
    shown = report(by, record, "en")
    assert any(facts[0].digest in one for one in shown)  # the timeline names it


def test_a_report_of_before_the_close_cannot_be_issued_after_it() -> None:
    by = world.actor("mori", "commander")
    record = incidents.opened(by, record_class=RecordClass.EVENT)
    made = making.make(by, record.ref, form="docx", language="ja", issued=True)
    actions.close(by=by, ref=record.ref, resolution="x", record_class=RecordClass.EVENT)
    with pytest.raises(Invalid):
        note_report(by=by, ref=record.ref, made=made)
    with pytest.raises(Invalid):
        note_report(by=by, ref=record.ref, made=making.make(by, record.ref, form="docx", language="ja"))


def test_paper_shows_what_a_note_says_and_none_of_its_signs() -> None:
    by = world.admin()
    record = incidents.opened(by)
    actions.note(
        by=by, ref=record.ref, text="**判断**: `sv-file01` を止める\n\n- 一つ\n- [手順](https://example.com/a)\n\n2*3*4"
    )
    said = "\n".join(report(by, record))
    assert "判断: sv-file01 を止める\n- 一つ\n- 手順 (https://example.com/a)\n" in said
    assert "**" not in said


def test_a_description_is_read_as_the_page_reads_it_and_a_reporters_words_stay_as_they_are() -> None:
    by = world.admin()
    assert "**" not in "\n".join(report(by, incidents.opened(by, description="**至急** 停止した")))
    said = {"purpose": Purpose.ODD, "what": "**至急** 停止した", "nonce": "a-form-of-sato-0123456789"}
    received = actions.report(by=world.actor("sato", "reporter"), **said)
    assert "**至急** 停止した" in "\n".join(report(by, received.incident))


def test_a_kind_is_named_as_it_was_called_on_the_day_it_was_judged() -> None:
    by = world.admin()
    record = incidents.opened(by)
    actions.edit_kind(by=by, code="ransomware", ja="身代金要求型", en="Extortion", course="security")
    assert "ランサムウェア" in report(by, record)
    assert "身代金要求型" not in report(by, record)


def test_a_report_is_as_hidden_as_its_record() -> None:
    keeper = world.actor("keeper", "commander")
    record = incidents.opened(keeper)
    stranger = world.actor("ni", "administrator", at=world.organisation("Theirs"))
    with pytest.raises(NotFound):
        making.make(stranger, record.ref, form="pdf", language="ja")
    actions.restrict(by=keeper, ref=record.ref, reason="Names a colleague")
    for hidden_from in (world.admin(), world.actor("look", "auditor")):
        with pytest.raises(NotFound):
            making.make(hidden_from, record.ref, form="pdf", language="ja")
    assert any("関係者のみに閲覧を制限" in one for one in report(keeper, record))
    assert Reading.objects.filter(subject=record.subject, actor=keeper.ref, what__startswith="report.").exists()


def test_whoever_may_only_look_takes_copies_and_issues_nothing() -> None:
    record = incidents.opened(world.actor("mori", "commander"))
    manager = world.actor("boss", "manager")
    assert making.make(manager, record.ref, form="docx", language="ja")
    with pytest.raises(NotAllowed):
        issuing.issue(manager, record.ref, form="docx", language="ja")


def test_alerts_are_in_it_for_whoever_may_see_alerts_and_a_number_for_others() -> None:
    by = world.actor("mori", "commander")
    alert = desk.alert("Beacon to evil.example", severity="high", host="pc1")
    record = actions.open_from_alerts(by=by, alerts=[alert.uuid], kind="malware", impact=2)
    guest = world.person("guest", at=world.organisation("Elsewhere"))
    actions.add_person(by=world.admin(), ref=record.ref, person=str(guest.uuid), role="expert")
    assert any(
        "Beacon to evil.example" in row[2]
        for row in table(making.make(by, record.ref, form="docx", language="en").content, "Severity")
    )
    outside = report(world.actor("guest"), record, "en")
    assert "Whoever made this report may not look at alerts. The record holds: 1" in outside


def test_a_drill_never_looks_like_the_real_thing() -> None:
    by = world.actor("mori", "commander")
    record = incidents.opened(by)
    Incident.objects.filter(pk=record.pk).update(world=World.DRILL)
    content = making.make(by, record.ref, form="docx", language="ja").content
    head = docx.Document(io.BytesIO(content)).sections[0].header.paragraphs[0].text
    assert "訓練 / TLP:AMBER" in head
    assert any("実際のインシデントではありません" in one for one in words(content))


def test_five_hundred_entries_take_as_many_queries_as_five() -> None:
    by = world.actor("mori", "commander")
    few, many = incidents.opened(by), incidents.opened(by)
    for record, count in ((few, 5), (many, 120)):
        for number in range(count):
            actions.note(by=by, ref=record.ref, text=f"メモ {number}")
    asked = []
    for record in (few, many):
        with CaptureQueriesContext(connection) as queries:
            content = making.make(by, record.ref, form="docx", language="ja").content
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 40
    lines = table(content, "記録番号")
    assert [int(row[0]) for row in lines] == sorted(int(row[0]) for row in lines)
    assert sum("メモ" in row[4] for row in lines) == 120


@pytest.mark.parametrize(
    ("field", "asked"), [("form", {"form": "odt"}), ("lang", {"language": "fr"}), ("reading", {"reading": "iso"})]
)
def test_what_cannot_be_had_is_refused_by_the_name_of_its_field(field: str, asked: dict[str, str]) -> None:
    by = world.actor("mori", "commander")
    record = incidents.opened(by)
    with pytest.raises(Invalid) as refusal:
        making.make(by, record.ref, **{"form": "pdf", "language": "ja", **asked})
    assert refusal.value.field == field


@pytest.mark.parametrize("language", ["ja", "en"])
def test_decisions_and_costs_stand_in_it_with_who_and_why_and_the_sums(language: str) -> None:
    by = world.actor("mori", "commander")
    record = incidents.opened(by)
    asked = actions.ask_decision(by=by, ref=record.ref, question="外部へ?", options=["依頼する", "自社で行う"])
    actions.decide(by=by, ref=record.ref, decision=asked.uuid, choice=0, reason="手が足りない")
    actions.ask_decision(by=by, ref=record.ref, question="公表しますか", options=["する", "しない"])
    for kind, amount, actual in (
        (CostKind.OUTSIDE, "1200000", False),
        (CostKind.OUTSIDE, "300000", True),
        (CostKind.LOSS, "50000.50", False),
    ):
        actions.add_cost(by=by, ref=record.ref, kind=kind, amount=Decimal(amount), actual=actual, note="鑑識")
    content = making.make(by, record.ref, form="docx", language=language).content
    question, what, nothing = {
        "ja": ("問い", "内訳", "未決定"),
        "en": ("Question", "What for", "not decided yet"),
    }[language]
    waiting, decided = table(content, question)
    assert ("公表しますか" in waiting[0], nothing in waiting[1]) == (True, True)
    assert ("Mori" in decided[2], decided[1], decided[3]) == (True, "依頼する", "手が足りない")
    sums = [row[1:] for row in table(content, what)]
    assert sums == [
        ["50,000.50 JPY", "0 JPY", "50,000.50 JPY"],
        ["1,200,000 JPY", "300,000 JPY", "1,500,000 JPY"],
        ["1,250,000.50 JPY", "300,000 JPY", "1,550,000.50 JPY"],
    ]
    assert making.make(by, record.ref, form="pdf", language=language).content.startswith(b"%PDF")
    assert any("公表しますか" in row[1] for row in table(content, {"ja": "区別", "en": "Sort"}[language]))
