"""The vault: what lies on the disk says nothing, and nothing of it can be changed, moved or cut off unseen."""

import hashlib
import os
import secrets
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from hikeshi.kernel import clock
from hikeshi.kernel.vault import Damaged, Draft, NoRoom, TooBig, Vault
from hikeshi.kernel.vault.sealing import CHUNK, MARK, SEALED

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
LIMIT = 10 * CHUNK


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "vault", secrets.token_urlsafe(48), "samples")


def kept(vault: Vault, *pieces: bytes) -> Draft:
    writing = vault.receive(limit=LIMIT)
    for piece in pieces:
        writing.write(piece)
    return writing.finish()


def read(vault: Vault, draft: Draft) -> bytes:
    return b"".join(vault.read(draft.uuid, draft.sealed_key))


def on_disk(vault: Vault) -> list[Path]:
    return [path for path in vault.root.rglob("*") if path.is_file()]


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 5])
def test_what_is_kept_comes_back_whatever_its_size_and_its_pieces(vault: Vault, size: int) -> None:
    content = os.urandom(size)
    pieces = [content[at : at + 70_001] for at in range(0, size, 70_001)]
    draft = kept(vault, *pieces)
    assert (draft.size, draft.sha256) == (size, hashlib.sha256(content).hexdigest())
    assert read(vault, draft) == content


def test_malware_never_lies_on_the_disk_in_clear_not_even_on_its_way_in(vault: Vault) -> None:
    writing = vault.receive(limit=LIMIT)
    writing.write(EICAR * 40_000)
    lying = [path.read_bytes() for path in on_disk(vault)]
    assert lying
    assert all(b"EICAR" not in content for content in lying)
    draft = writing.finish()
    assert all(b"EICAR" not in path.read_bytes() for path in on_disk(vault))
    assert read(vault, draft) == EICAR * 40_000
    assert vault.place(draft.uuid).stat().st_mode & 0o077 == 0


def test_two_files_with_the_same_bytes_look_different_on_the_disk(vault: Vault) -> None:
    one, other = kept(vault, b"x" * 5000), kept(vault, b"x" * 5000)
    assert vault.place(one.uuid).read_bytes()[len(MARK) :] != vault.place(other.uuid).read_bytes()[len(MARK) :]


def _bit(raw: bytes) -> bytes:
    return raw[:-1] + bytes([raw[-1] ^ 1])


def _swapped(raw: bytes) -> bytes:
    head, first, second, rest = raw[:8], raw[8 : 8 + SEALED], raw[8 + SEALED : 8 + 2 * SEALED], raw[8 + 2 * SEALED :]
    return head + second + first + rest


@pytest.mark.parametrize(
    "tamper",
    [
        _bit,
        _swapped,
        lambda raw: raw[: 8 + SEALED],  # cut at the edge of a chunk
        lambda raw: raw[: 8 + 2 * SEALED],
        lambda raw: raw[:-20],
        lambda raw: raw[:8] + raw[8 + SEALED :],  # the first chunk left out
        lambda raw: raw + raw[8 : 8 + SEALED],
        lambda raw: raw[:8],
        lambda raw: b"",
        lambda raw: b"HIKESHI2" + raw[8:],
    ],
)
def test_bytes_changed_moved_repeated_or_cut_off_do_not_open(vault: Vault, tamper: Callable[[bytes], bytes]) -> None:
    draft = kept(vault, os.urandom(2 * CHUNK + 100))
    place = vault.place(draft.uuid)
    place.write_bytes(tamper(place.read_bytes()))
    with pytest.raises(Damaged):
        read(vault, draft)


def test_another_file_or_another_files_key_or_another_sites_key_opens_nothing(vault: Vault) -> None:
    one, other = kept(vault, b"one"), kept(vault, b"other")
    vault.place(one.uuid).write_bytes(vault.place(other.uuid).read_bytes())
    strange = Vault(vault.root, secrets.token_urlsafe(48), vault.kind)
    of_another_class = Vault(vault.root, vault.master_key, "reports")
    for keeper, file, key in (
        (vault, one.uuid, one.sealed_key),
        (vault, one.uuid, other.sealed_key),
        (strange, other.uuid, other.sealed_key),
        (of_another_class, other.uuid, other.sealed_key),
        (vault, other.uuid, ""),
    ):
        with pytest.raises(Damaged):
            list(keeper.read(file, key))
    assert read(vault, other) == b"other"


def test_a_byte_too_many_is_refused_and_nothing_stays(vault: Vault) -> None:
    writing = vault.receive(limit=CHUNK)
    writing.write(b"x" * CHUNK)
    with pytest.raises(TooBig):
        writing.write(b"x")
    writing.abandon()
    assert on_disk(vault) == []


def test_a_disk_without_room_to_spare_takes_nothing(vault: Vault) -> None:
    with pytest.raises(NoRoom):
        Vault(vault.root, vault.master_key, vault.kind, spare=10**18).receive(limit=LIMIT)
    assert on_disk(vault) == []


def test_what_a_crash_left_is_swept_after_a_day_and_what_is_named_stays(vault: Vault) -> None:
    named, orphan = kept(vault, b"named"), kept(vault, b"orphan")
    cut_off = vault.receive(limit=LIMIT)
    cut_off.write(b"cut off")
    cut_off._file.close()  # as the end of its process does
    now = clock.now()
    assert vault.sweep(before=(now - timedelta(days=1)).timestamp(), known=lambda found: {named.uuid} & found) == 0
    later = (now + timedelta(minutes=1)).timestamp()
    assert vault.sweep(before=later, known=lambda found: {named.uuid} & found) == 2
    assert on_disk(vault) == [vault.place(named.uuid)]
    assert not vault.place(orphan.uuid).exists()
