"""Files at the pages: sent, listed, saved, removed; hostile ones and hostile names do nothing."""

import hashlib
import io
import unicodedata
from pathlib import Path
from urllib.parse import unquote, urlencode

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from hikeshi.accounts import actions as accounts
from hikeshi.incidents import actions
from hikeshi.incidents.models import Attachment, Incident
from hikeshi.incidents.vaulting import vault
from hikeshi.kernel.acting import system
from hikeshi.kernel.vault import parcel
from tests import world
from tests.portal import reporting
from tests.web.desk import browser, incident, page

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
POLYGLOT = b"GIF89a/*<script>document.title='ran'</script>*/=0;"


@pytest.fixture(autouse=True)
def _a_vault_of_its_own(settings: LazySettings, tmp_path: Path) -> None:
    settings.DATA_ROOT = tmp_path


def send(desk: Client, made: Incident, *files: tuple[str, bytes], **more: object) -> HttpResponse:
    said = {"file": [SimpleUploadedFile(name, content) for name, content in files]}
    return desk.post(f"/incidents/{made.ref}/files", said, **more)


def whole(response: HttpResponse) -> bytes:
    return b"".join(response.streaming_content)


def clear_files() -> list[str]:
    return [path.name for path in vault().root.rglob("*") if path.is_file()]


def test_files_are_sent_from_the_room_listed_there_and_saved_as_they_were(settings: LazySettings) -> None:
    made, desk = incident(), browser("mori", "commander")
    large = bytes(range(256)) * 12_000
    answer = send(desk, made, ("画面.png", b"\x89PNG"), ("dump.bin", large))
    assert answer.headers["Location"] == f"/incidents/{made.ref}/"
    room = page(desk.get(f"/incidents/{made.ref}/"))
    assert "画面.png" in room
    row = Attachment.objects.get(name="dump.bin")
    assert row.sha256[:12] in room
    saved = desk.get(f"/incidents/{made.ref}/files/{row.uuid}")
    assert whole(saved) == large
    assert saved.headers["Content-Length"] == str(len(large))


@pytest.mark.parametrize("content", [EICAR, POLYGLOT, b"<html><script>alert(1)</script>", b""])
@pytest.mark.parametrize("name", ["x.html", "x.svg", "x.png", "x.pdf"])
def test_whatever_a_file_is_it_is_saved_and_never_shown(content: bytes, name: str) -> None:
    made, desk = incident(), browser("mori", "commander")
    send(desk, made, (name, content))
    answer = desk.get(f"/incidents/{made.ref}/files/{Attachment.objects.get().uuid}")
    assert whole(answer) == content
    headers = answer.headers
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["Content-Disposition"].startswith("attachment; ")
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "private, no-store"


def test_malware_travels_behind_a_password() -> None:
    made, desk = incident(), browser("mori", "commander")
    send(desk, made, ("invoice.exe", EICAR))
    answer = desk.get(f"/incidents/{made.ref}/files/{Attachment.objects.get().uuid}/sample.zip")
    found = whole(answer)
    assert answer.headers["Content-Length"] == str(len(found))
    assert EICAR not in found
    assert b"".join(parcel.opened(iter([found]))) == EICAR
    assert "invoice.exe.zip" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize(
    "name",
    ["<script>x.txt", "a\u202egnp.exe", '"; filename=x.exe', "ﾏｸﾛ付き.xlsm", "CON", "%00.txt", "火" * 99 + ".log"],
)
def test_a_hostile_name_breaks_neither_page_nor_header(name: str) -> None:
    made, desk = incident(), browser("mori", "commander")
    send(desk, made, (name, b"x"))
    assert "<script>x" not in page(desk.get(f"/incidents/{made.ref}/files"))
    answer = desk.get(f"/incidents/{made.ref}/files/{Attachment.objects.get().uuid}")
    assert answer.headers["Content-Disposition"].isprintable()
    assert whole(answer) == b"x"


def test_what_is_too_large_is_refused_before_it_is_read_and_beside_its_name(settings: LazySettings) -> None:
    made, desk = incident(), browser("mori", "commander")
    settings.FILE_LIMIT = 3_000_000
    text = page(send(desk, made, ("small.txt", b"x"), ("big.bin", bytes(3_000_001))), 422)
    assert "big.bin" in text
    assert "A file may have 3 MB." in text
    assert [row.name for row in Attachment.objects.all()] == ["small.txt"]
    early = desk.post(f"/incidents/{made.ref}/files", data=b"", content_type="multipart/form-data; boundary=x")
    assert early.status_code == 422
    unread = io.BytesIO(b"never read")
    sent = {"wsgi.input": unread, "CONTENT_LENGTH": "5000000000", "CONTENT_TYPE": "multipart/form-data; boundary=x"}
    refused = desk.generic("POST", f"/incidents/{made.ref}/files", HTTP_ACCEPT="application/json", **sent)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["sentence"] == "A file may have 3 MB."
    assert len(clear_files()) == 1


def test_a_disk_without_room_is_said_so_and_keeps_nothing(settings: LazySettings) -> None:
    made, desk = incident(), browser("mori", "commander")
    settings.DISK_SPARE = 10**18
    answer = send(desk, made, ("a.txt", b"x"), HTTP_ACCEPT="application/json")
    assert "disk has no room" in answer.json()["errors"][0]["sentence"]
    assert clear_files() == []


def test_nothing_of_a_form_from_elsewhere_or_by_a_stranger_is_kept() -> None:
    made = incident()
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(world.person("mori"))
    assert send(forged, made, ("a.bin", bytes(3_000_000))).status_code == 403
    assert send(browser("look", "auditor"), made, ("a.bin", b"x")).status_code == 403
    stranger = browser("x", "administrator", at=world.organisation("Elsewhere"))
    assert send(stranger, made, ("a.bin", b"x")).status_code == 404
    assert send(Client(), made, ("a.bin", b"x")).headers["Location"].startswith("/sign-in/")
    assert clear_files() == []
    assert not Attachment.objects.exists()


def test_a_form_cut_short_keeps_nothing() -> None:
    made, desk = incident(), browser("mori", "commander")
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n' + bytes(3_000_000)
    kind = "multipart/form-data; boundary=x"

    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            found = super().read(size)
            if not found:
                raise ConnectionResetError
            return found

    sent = {"wsgi.input": Broken(body), "CONTENT_LENGTH": "5000000", "CONTENT_TYPE": kind}
    desk.raise_request_exception = False
    assert desk.generic("POST", f"/incidents/{made.ref}/files", **sent).status_code >= 400
    assert clear_files() == []
    assert not Attachment.objects.exists()


def test_large_files_of_other_forms_are_sealed_too_and_gone_with_the_request(settings: LazySettings) -> None:
    """Whatever form somebody sends a file to, Django's own habit of laying it down in clear is not followed."""
    made, desk = incident(), browser("mori", "commander")
    desk.post(f"/incidents/{made.ref}/note", {"text": "x", "file": SimpleUploadedFile("a", bytes(3_000_000))})
    assert clear_files() == []
    assert "emporary" not in "".join(settings.FILE_UPLOAD_HANDLERS)


def test_removing_asks_why_and_says_so_afterwards() -> None:
    made, desk = incident(), browser("mori", "commander")
    send(desk, made, ("a.bin", b"x"))
    row = Attachment.objects.get()
    act = f"/incidents/{made.ref}/remove-file/{row.uuid}"
    page(desk.post(act, {"reason": " "}), 422)
    assert Attachment.objects.get().removed_at is None
    desk.post(act, {"reason": "Wrong case"})
    text = page(desk.get(f"/incidents/{made.ref}/files"))
    assert "Wrong case" in text
    assert desk.get(f"/incidents/{made.ref}/files/{row.uuid}").status_code == 404


def test_who_only_looks_is_offered_no_act(settings: LazySettings) -> None:
    made, desk = incident(), browser("look", "auditor")
    actions.attach_file(by=world.actor("mori"), ref=made.ref, name="a.bin", chunks=[b"x"])
    for address in (f"/incidents/{made.ref}/files", f"/incidents/{made.ref}/"):
        text = page(desk.get(address))
        assert "a.bin" in text
        assert 'type="file"' not in text
        assert "remove-file" not in text


def test_the_page_of_many_files_is_paged_and_says_how_many() -> None:
    made, desk = incident(), browser("mori", "commander")
    sha256 = hashlib.sha256(b"").hexdigest()
    rows = [Attachment(incident=made, name=f"log-{n}.txt", size=1, sha256=sha256, added_by="x") for n in range(10_001)]
    Attachment.objects.bulk_create(rows, batch_size=500)
    text = page(desk.get(f"/incidents/{made.ref}/files"))
    assert "More than 10,000" in text
    assert text.count("<li data-row=") == 50


HALF_WIDTH = "ﾏｸﾛ付き請求書ﾊﾟｽﾜｰﾄﾞ.xlsm"
FROM_A_MAC = unicodedata.normalize("NFD", "がんばる報告書 プレゼン.pptx")
LONG = "令和八年度情報セキュリティ事案報告書" * 20 + ".docx"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (HALF_WIDTH, HALF_WIDTH),
        (FROM_A_MAC, "がんばる報告書 プレゼン.pptx"),
        (LONG, LONG[:83] + ".docx"),
    ],
    ids=["half-width kana", "kana in two characters each, as a Mac writes them", "far too long"],
)
@pytest.mark.parametrize("door", ["room", "api", "portal"])
def test_a_japanese_name_comes_through_every_door_whole_and_is_saved_under_it(
    door: str, given: str, shown: str
) -> None:
    desk = browser("mori", "commander")
    if door == "portal":
        reporting.open_site()
        answer = reporting.send(reporting.stranger("ja"), attached=[SimpleUploadedFile(given, b"x")])
        assert answer.status_code == 302
    elif door == "room":
        send(desk, incident(), (given, b"x"))
    else:
        token = accounts.create_token(by=system("test"), scope="api", person=world.person("mori").uuid)
        path = f"/api/v1/incidents/{incident().ref}/files?{urlencode({'name': given})}"
        about = {"content_type": "application/octet-stream", "headers": {"Authorization": f"Bearer {token}"}}
        answer = Client().post(path, b"x", **about)
        assert answer.status_code == 201, answer.content
    row = Attachment.objects.get()
    assert row.name == shown
    assert len(row.name.encode()) <= 255
    made = Incident.objects.get()
    assert shown in page(desk.get(f"/incidents/{made.ref}/files"))
    saved = desk.get(f"/incidents/{made.ref}/files/{row.uuid}").headers["Content-Disposition"]
    assert saved.isascii()
    assert unquote(saved.partition("filename*=UTF-8''")[2]) == shown
