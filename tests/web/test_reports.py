"""The report from the room and over the API: a copy to read, and one that is issued."""

import base64
import hashlib

import pytest

from hikeshi.documents import fonts
from hikeshi.ledger.models import Entry
from hikeshi.reports.facts import ReportMade
from tests import world
from tests.api import calling
from tests.web import desk


def test_the_room_offers_the_report_and_gives_copies_in_both_languages_and_forms() -> None:
    record = desk.incident("Files are encrypted")
    client = desk.browser("aoi", "responder")
    assert f'href="/incidents/{record.ref}/report"' in desk.page(client.get(f"/incidents/{record.ref}/"))
    page = desk.page(client.get(f"/incidents/{record.ref}/report"))
    assert "Interim report" in page
    for form, lang, kind in (("pdf", "ja", "application/pdf"), ("docx", "en", "application/vnd.openxmlformats-office")):
        address = f"/incidents/{record.ref}/report.{form}?lang={lang}&reading=own"
        assert address.replace("&", "&amp;") in page
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer["Content-Type"].startswith(kind)
        assert answer["Content-Disposition"] == f'attachment; filename="{record.ref}-report-{lang}.{form}"'
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["Content-Security-Policy"].startswith("sandbox")
    assert not Entry.objects.filter(fact=ReportMade.name).exists()


def test_issuing_gives_the_file_whose_hash_the_timeline_then_shows() -> None:
    record = desk.incident("Files are encrypted")
    client = desk.browser("aoi", "responder")
    answer = client.post(f"/incidents/{record.ref}/report", {"lang": "en", "form": "docx", "reading": "sans"})
    digest = hashlib.sha256(answer.content).hexdigest()
    assert digest in desk.page(client.get(f"/incidents/{record.ref}/timeline"))
    wrong = client.post(f"/incidents/{record.ref}/report", {"lang": "fr", "form": "docx", "reading": "sans"})
    assert "Select a valid choice" in desk.page(wrong, 422)


def test_whoever_only_looks_is_offered_copies_and_no_issue() -> None:
    record = desk.incident("Files are encrypted")
    manager = desk.browser("boss", "manager")
    page = desk.page(manager.get(f"/incidents/{record.ref}/report"))
    assert "report.pdf?lang=ja" in page
    assert 'name="lang"' not in page
    assert (
        manager.post(f"/incidents/{record.ref}/report", {"lang": "en", "form": "docx", "reading": "own"}).status_code
        == 403
    )
    assert manager.get(f"/incidents/{record.ref}/report.exe").status_code == 422


def test_a_program_gets_the_report_with_its_digest_and_issues_once_for_one_key() -> None:
    record = desk.incident("Files are encrypted")
    program = calling.program(world.person("aoi", "responder"))
    copy = program.get(f"incidents/{record.ref}/report.pdf?lang=en&reading=nist")
    assert copy.content.startswith(b"%PDF")
    digest = base64.b64encode(hashlib.sha256(copy.content).digest()).decode()
    assert copy["Repr-Digest"] == f"sha-256=:{digest}:"
    assert copy["Cache-Control"] == "no-store"
    said = calling.problem(program.get(f"incidents/{record.ref}/report.pdf?lang=fr"), 422, "invalid")
    assert said["fields"][0]["parameter"] == "lang"

    sent = {"form": "docx", "lang": "ja"}
    issued = [program.post(f"incidents/{record.ref}/reports", sent, Idempotency_Key="once") for _ in range(2)]
    assert [one.status_code for one in issued] == [201, 201]
    assert issued[0].content == issued[1].content
    assert Entry.objects.filter(fact=ReportMade.name).count() == 1


def test_a_missing_font_is_said_and_nothing_is_issued(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    record = desk.incident("Files are encrypted")
    monkeypatch.setattr(fonts, "FOLDER", tmp_path)
    client, program = desk.browser("aoi", "responder"), calling.program(world.person("aoi"))
    page = desk.page(
        client.post(f"/incidents/{record.ref}/report", {"lang": "en", "form": "pdf", "reading": "own"}), 422
    )
    assert "NotoSansJP-Regular.ttf" in page
    said = calling.problem(program.get(f"incidents/{record.ref}/report.pdf"), 503, "fonts_missing")
    assert "NotoSansJP-Regular.ttf" in said["detail"]
    assert not Entry.objects.filter(fact=ReportMade.name).exists()
