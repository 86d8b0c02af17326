"""Files of an incident: who may add, open and remove them, and what happens when one is swapped behind the desk."""

import hashlib
import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings

from hikeshi.incidents import actions, queries
from hikeshi.incidents.models import Attachment, Incident
from hikeshi.incidents.permissions import own_report
from hikeshi.incidents.vaulting import vault
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.ids import uuid7
from hikeshi.kernel.refusals import Invalid, NotAllowed, NotFound
from hikeshi.kernel.vault import Damaged, NoRoom, TooBig
from hikeshi.ledger.models import Entry, Reading
from hikeshi.ledger.verify import verify
from tests import world
from tests.domains.incidents import opened

CONTENT = b"MZ" + bytes(3_000_000)


@pytest.fixture(autouse=True)
def _a_vault_of_its_own(settings: LazySettings, tmp_path: Path) -> None:
    settings.DATA_ROOT = tmp_path


@pytest.fixture
def chief() -> Actor:
    return world.actor("chief", "commander")


def attached(by: Actor, incident: Incident, name: str = "dump.bin", content: bytes = CONTENT) -> Attachment:
    pieces = [content[at : at + 65_536] for at in range(0, len(content), 65_536)]
    return actions.attach_file(by=by, ref=incident.ref, name=name, chunks=pieces)


def read(by: Actor, incident: Incident, row: Attachment) -> bytes:
    return b"".join(queries.open_file(by, incident.ref, row.uuid)[1])


def lying(row: Attachment) -> bool:
    return vault().place(row.uuid).exists()


def test_a_file_is_kept_with_its_hash_told_in_the_timeline_and_given_back_whole(chief: Actor) -> None:
    incident = opened(chief)
    row = attached(chief, incident, "../ﾏｸﾛ付き.xlsm")
    assert (row.name, row.size, row.sha256) == ("ﾏｸﾛ付き.xlsm", len(CONTENT), hashlib.sha256(CONTENT).hexdigest())
    assert read(chief, incident, row) == CONTENT
    line = queries.timeline(chief, incident.ref).items[0]
    assert (line.fact, line.detail) == ("incidents.FileAttached", "ﾏｸﾛ付き.xlsm")
    entry = Entry.objects.filter(fact="incidents.FileAttached").get()
    assert row.sha256 in entry.body
    assert "xlsm" not in entry.body
    assert verify(state=True).holds


def test_an_empty_file_is_taken_and_the_same_bytes_twice_are_said_to_be_the_same(chief: Actor) -> None:
    incident = opened(chief)
    empty = attached(chief, incident, "empty.txt", b"")
    assert read(chief, incident, empty) == b""
    one, other = attached(chief, incident, "a.bin"), attached(chief, incident, "b.bin")
    same = {one.name: one.same for one in queries.files(chief, incident.ref)}
    assert same == {"b.bin": True, "a.bin": True, "empty.txt": False}
    actions.remove_file(by=chief, ref=incident.ref, attachment=one.uuid, reason="Twice")
    assert not any(one.same for one in queries.files(chief, incident.ref))
    assert read(chief, incident, other) == CONTENT


def test_every_opening_stands_in_the_access_log(chief: Actor) -> None:
    incident = opened(chief)
    row = attached(chief, incident)
    auditor = world.actor("auditor", "auditor")
    read(auditor, incident, row)
    assert Reading.objects.filter(actor=auditor.ref, subject=incident.subject, what=f"file:{row.uuid}").count() == 1


def test_who_only_looks_adds_and_removes_nothing_and_a_stranger_finds_nothing(chief: Actor) -> None:
    incident = opened(chief)
    row = attached(chief, incident)
    auditor, stranger = world.actor("auditor", "auditor"), world.actor("x", at=world.organisation("Elsewhere"))
    taken = iter([b"never read"])
    for by, refusal in ((auditor, NotAllowed), (stranger, NotFound)):
        with pytest.raises(refusal):
            actions.attach_file(by=by, ref=incident.ref, name="x", chunks=taken)
        with pytest.raises(refusal):
            actions.remove_file(by=by, ref=incident.ref, attachment=row.uuid, reason="x")
    assert next(taken) == b"never read"
    with pytest.raises(NotFound):
        queries.open_file(stranger, incident.ref, row.uuid)
    with pytest.raises(NotFound):
        queries.files(stranger, incident.ref)


def test_the_files_of_a_restricted_incident_are_as_hidden_as_it_is(chief: Actor) -> None:
    incident, other = opened(chief), opened(chief)
    row = attached(chief, incident)
    actions.restrict(by=chief, ref=incident.ref, reason="x")
    for by in (world.admin(), world.actor("auditor", "auditor")):
        for ref in (incident.ref, other.ref):  # nor through the door of one they may see
            with pytest.raises(NotFound):
                queries.open_file(by, ref, row.uuid)
    assert read(chief, incident, row) == CONTENT


def test_whoever_reported_it_adds_to_their_own_record_and_sees_nothing_of_it(chief: Actor) -> None:
    mine, other = opened(chief), opened(chief)
    grants = {own_report(mine.uuid): frozenset({mine.organisation_id})}
    reporter = Actor(ref=f"reporter:{uuid7()}", name="", grants=grants)
    row = attached(reporter, mine, "photo.jpg", b"\xff\xd8")
    assert row.added_by == reporter.ref
    for attempt in (
        lambda: attached(reporter, other, "x", b"x"),
        lambda: queries.open_file(reporter, mine.ref, row.uuid),
        lambda: queries.files(reporter, mine.ref),
        lambda: actions.remove_file(by=reporter, ref=mine.ref, attachment=row.uuid, reason="x"),
    ):
        with pytest.raises(NotFound):
            attempt()


def test_limits_are_kept_and_what_is_refused_leaves_nothing_behind(chief: Actor, settings: LazySettings) -> None:
    incident = opened(chief)
    settings.FILE_LIMIT, settings.CASE_FILES_LIMIT = 2_000_000, 3_000_000
    with pytest.raises(TooBig):
        attached(chief, incident, content=bytes(2_000_001))
    first = attached(chief, incident, content=bytes(2_000_000))
    with pytest.raises(Invalid, match="case_full"):
        attached(chief, incident, content=bytes(2_000_000))
    settings.DISK_SPARE = 10**18
    with pytest.raises(NoRoom):
        attached(chief, incident, content=b"x")
    assert [path.name for path in vault().root.rglob("*-*") if path.is_file()] == [str(first.uuid)]
    assert Attachment.objects.count() == 1


def test_a_broken_connection_leaves_nothing_behind(chief: Actor) -> None:
    incident = opened(chief)

    def cut_off():
        yield bytes(3_000_000)
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        actions.attach_file(by=chief, ref=incident.ref, name="x", chunks=cut_off())
    assert not [path for path in vault().root.rglob("*") if path.is_file()]
    assert not Attachment.objects.exists()


def test_removing_needs_a_reason_keeps_the_row_and_destroys_bytes_and_key(chief: Actor) -> None:
    incident = opened(chief)
    row = attached(chief, incident)
    with pytest.raises(Invalid, match="required"):
        actions.remove_file(by=chief, ref=incident.ref, attachment=row.uuid, reason=" ")
    actions.remove_file(by=chief, ref=incident.ref, attachment=row.uuid, reason="取り違え")
    with pytest.raises(NotFound):
        read(chief, incident, row)
    assert lying(row)  # until the removal is committed and the engine comes by
    assert actions.destroy_removed_files(clock.now()) is False
    row.refresh_from_db()
    assert (lying(row), row.sealed_key) == (False, "")
    seen = queries.files(chief, incident.ref)[0]
    assert (seen.name, seen.removed_by, seen.removed_because) == ("dump.bin", "Chief", "取り違え")
    assert verify(state=True).holds
    with pytest.raises(NotFound):
        actions.remove_file(by=chief, ref=incident.ref, attachment=row.uuid, reason="x")


def test_a_removal_that_was_rolled_back_costs_no_byte(chief: Actor) -> None:
    incident = opened(chief)
    row = attached(chief, incident)
    actions.destroy_removed_files(clock.now())
    assert read(chief, incident, row) == CONTENT


def _bent(row: Attachment) -> None:
    place = vault().place(row.uuid)
    content = bytearray(place.read_bytes())
    content[-1] ^= 1
    place.write_bytes(content)


def _lost(row: Attachment) -> None:
    vault().place(row.uuid).unlink()


def _swapped_with_the_key_in_hand(row: Attachment) -> None:
    """By somebody who holds the master key and the database: everything opens, but it is another file."""
    writing = vault().receive(limit=10**9)
    writing.write(os.urandom(3_000_002))
    draft = writing.finish()
    Attachment.objects.filter(pk=row.pk).update(uuid=draft.uuid, sealed_key=draft.sealed_key)


@pytest.mark.parametrize("tamper", [_bent, _lost, _swapped_with_the_key_in_hand])
def test_a_file_that_was_swapped_is_never_given_out_whole_and_said_to_be_damaged(chief: Actor, tamper) -> None:
    incident = opened(chief)
    row = attached(chief, incident)
    tamper(row)
    row.refresh_from_db()
    given = b""
    with pytest.raises(Damaged):
        for chunk in queries.open_file(chief, incident.ref, row.uuid)[1]:
            given += chunk
    assert len(given) < row.size

    actions.settle_doubts(clock.now())
    assert queries.timeline(chief, incident.ref).items[0].fact == "incidents.FileDamaged"
    seen = queries.files(chief, incident.ref)[0]
    assert (seen.given, seen.damaged_at is not None) == (False, True)
    with pytest.raises(Damaged):
        queries.open_file(chief, incident.ref, row.uuid)
    actions.settle_doubts(clock.now())
    assert Entry.objects.filter(fact="incidents.FileDamaged").count() == 1


def test_a_doubt_that_was_unfounded_is_forgotten(chief: Actor) -> None:
    incident = opened(chief)
    row = attached(chief, incident)
    vault().doubt(row.uuid)
    actions.settle_doubts(clock.now())
    assert vault().doubted() == []
    assert read(chief, incident, row) == CONTENT


@pytest.mark.parametrize("change", [{"sha256": "0" * 64}, {"size": 1}, {"name": "other"}, {"removed_at": clock.now()}])
def test_a_row_that_was_edited_behind_the_desk_is_named(chief: Actor, change: dict[str, object]) -> None:
    row = attached(chief, opened(chief))
    assert verify(state=True).holds
    Attachment.objects.update(**change)
    assert [found.where for found in verify(state=True).findings] == [f"incidents.file:{row.uuid}"]


def test_a_sweep_takes_only_what_no_row_names(chief: Actor) -> None:
    row = attached(chief, opened(chief))
    writing = vault().receive(limit=10)
    orphan = writing.finish()
    actions.sweep_vault(clock.now())
    assert vault().place(orphan.uuid).exists()
    actions.sweep_vault(clock.now() + timedelta(days=2))
    assert not vault().place(orphan.uuid).exists()
    assert lying(row)
