"""A record in one file: whole, proving itself without the desk, and telling when anything in it was changed."""

import hashlib
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings

from hikeshi.incidents import actions
from hikeshi.incidents.codes import Certainty
from hikeshi.incidents.models import Incident
from hikeshi.incidents.vaulting import vault
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import NotFound
from hikeshi.ledger.models import Entry, Reading
from hikeshi.ledger.verify import verify
from hikeshi.transfer.cases import extract
from hikeshi.transfer.cases.extract import Fault
from hikeshi.transfer.cases.package import export
from tests import world
from tests.domains.incidents import opened

MALWARE = b"MZ this is malware" * 100_000


@pytest.fixture(autouse=True)
def _a_vault_of_its_own(settings: LazySettings, tmp_path: Path) -> None:
    settings.DATA_ROOT = tmp_path / "var"


@pytest.fixture
def chief() -> Actor:
    return world.actor("chief", "commander")


@pytest.fixture
def made(chief: Actor) -> Incident:
    """With something of everything, and other records before, between and after."""
    opened(chief, title="別の案件")
    found = opened(chief)
    actions.note(by=chief, ref=found.ref, text="=HYPERLINK(1) 最初の一報")
    opened(chief, title="OTHER PEOPLE'S SECRET")
    actions.set_fact(by=chief, ref=found.ref, key="who", value="営業部", certainty=Certainty.CONFIRMED)
    actions.set_fact(by=chief, ref=found.ref, key="who", value="経理部", certainty=Certainty.ESTIMATED)
    actions.add_task(by=chief, ref=found.ref, title="切り離す")
    actions.attach_file(by=chief, ref=found.ref, name="検体.exe", chunks=[MALWARE])
    gone = actions.attach_file(by=chief, ref=found.ref, name="gone.txt", chunks=[b"x"])
    actions.remove_file(by=chief, ref=found.ref, attachment=gone.uuid, reason="取り違え")
    opened(chief, title="後の案件")
    return found


@pytest.fixture
def packed(chief: Actor, made: Incident, tmp_path: Path) -> Path:
    path = tmp_path / "case.zip"
    path.write_bytes(b"".join(export(chief, made.ref)))
    return path


def test_a_record_leaves_whole_and_holds(packed: Path, made: Incident) -> None:
    report = extract.check(packed)
    assert report.findings == []
    own = Entry.objects.filter(subject=made.subject).exclude(fact="incidents.CaseExported").count()
    assert (report.ref, report.entries, report.files) == (made.ref, own, 1)
    assert report.texts >= 6
    with zipfile.ZipFile(packed) as archive:
        assert archive.testzip() is None
        record = json.loads(archive.read("record.json"))
        text = archive.read("timeline-ja.txt").decode()
        table = archive.read("timeline-en.csv").decode("utf-8-sig")
    assert record["incident"]["title"] == made.title
    assert [row["value"] for row in record["factitem"]] == ["経理部"]
    assert "最初の一報" in text
    assert "取り違え" in text
    assert "'=HYPERLINK(1)" in table


def test_nothing_leaves_with_it_that_opens_something_or_is_other_peoples(packed: Path) -> None:
    with zipfile.ZipFile(packed) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    for secret in (b"sealed_key", b"nonce", "後の案件".encode(), b"OTHER PEOPLE", b"this is malware"):
        assert secret not in everything, secret


def test_that_it_left_stands_in_the_ledger_and_the_access_log(chief: Actor, made: Incident, packed: Path) -> None:
    entry = Entry.objects.get(fact="incidents.CaseExported")
    assert json.loads(entry.body)["sha256"] == hashlib.sha256(packed.read_bytes()).hexdigest()
    assert Reading.objects.filter(actor=chief.ref, subject=made.subject, what="export").exists()
    assert verify(state=True).holds


def test_who_does_not_see_it_exports_nothing(made: Incident, chief: Actor) -> None:
    actions.restrict(by=chief, ref=made.ref, reason="x")
    for by in (world.admin(), world.actor("auditor", "auditor"), world.actor("x", at=world.organisation("Elsewhere"))):
        with pytest.raises(NotFound):
            export(by, made.ref)


def test_it_is_checked_where_there_is_no_desk(packed: Path, tmp_path: Path) -> None:
    """Nothing is read from the environment, and no key or folder comes to be."""
    place = tmp_path / "auditor"
    place.mkdir()
    command = [sys.executable, "-m", "hikeshi.cli", "verify", "--extract", str(packed), "--json"]
    environment = {"PYTHONPATH": ":".join(sys.path), "HIKESHI_DATA": str(place / "var"), "HIKESHI_PORT": "nonsense"}
    found = subprocess.run(command, env=environment, cwd=place, capture_output=True, text=True, check=True, timeout=60)
    assert json.loads(found.stdout)["holds"] is True
    assert list(place.iterdir()) == []


def _changed(member: str, change: Callable[[bytes], bytes]) -> Callable[[dict[str, bytes]], None]:
    def tamper(members: dict[str, bytes]) -> None:
        (name,) = [name for name in members if name.startswith(member)]
        members[name] = change(members[name])

    return tamper


def _newly_manifested(members: dict[str, bytes]) -> None:
    """As a careful forger does: the manifest says what the members now are."""
    manifest = json.loads(members["manifest.json"])
    manifest["members"] = {
        name: hashlib.sha256(content).hexdigest() for name, content in members.items() if name != "manifest.json"
    }
    members["manifest.json"] = json.dumps(manifest).encode()


def _without_a_line(content: bytes) -> bytes:
    return b"".join(content.splitlines(keepends=True)[1:])


@pytest.mark.parametrize(
    ("tamper", "found"),
    [
        (
            _changed("record.json", lambda one: one.replace("切り離す".encode(), "消し去る".encode())),
            Fault.WORDS_CHANGED,
        ),
        (_changed("ledger/entries", lambda one: one.replace(b'"who\\"', b'"why\\"')), Fault.ENTRY_CHANGED),
        (_changed("ledger/entries", _without_a_line), Fault.SIGNATURE_WRONG),
        (_changed("ledger/digests", lambda one: bytes(32) + one[32:]), Fault.CHAIN_BROKEN),
        (_changed("ledger/digests", lambda one: one[:-32]), Fault.CHAIN_BROKEN),
        (
            _changed("ledger/extract", lambda one: one.replace(b"hikeshi-head:1:", b"hikeshi-head:1:1")),
            Fault.SIGNATURE_WRONG,
        ),
        (_changed("files/", lambda one: one[:2000] + b"x" + one[2001:]), Fault.FILE_CHANGED),
        (
            _changed("files.json", lambda one: one.replace(b'"member": "files/', b'"member": "", "was": "')),
            Fault.FILE_MISSING,
        ),
    ],
)
def test_a_change_is_found_even_where_the_manifest_was_made_to_fit(
    packed: Path, tmp_path: Path, tamper: Callable[[dict[str, bytes]], None], found: Fault
) -> None:
    with zipfile.ZipFile(packed) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    tamper(members)
    plain, forged = tmp_path / "plain.zip", tmp_path / "forged.zip"
    _write(plain, members)
    _newly_manifested(members)
    _write(forged, members)
    assert Fault.MEMBER_CHANGED in {one.reason for one in extract.check(plain).findings}
    reasons = {one.reason for one in extract.check(forged).findings}
    assert {found, Fault.SIGNATURE_WRONG} <= reasons


def _write(path: Path, members: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def test_a_file_that_does_not_hold_is_left_out_and_said_to_be(chief: Actor, made: Incident, tmp_path: Path) -> None:
    (path,) = [one for one in vault().root.rglob("*-*") if one.is_file() and one.stat().st_size > 1000]
    path.write_bytes(path.read_bytes()[:-1])
    out = tmp_path / "case.zip"
    out.write_bytes(b"".join(export(chief, made.ref)))
    report = extract.check(out)
    assert [one.reason for one in report.findings] == [Fault.FILE_CHANGED]
    with zipfile.ZipFile(out) as archive:
        assert len(json.loads(archive.read("manifest.json"))["damaged"]) == 1


def test_what_is_no_exported_record_is_said_to_be_none(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(b"PK nonsense")
    assert [one.reason for one in extract.check(path).findings] == [Fault.UNREADABLE]
