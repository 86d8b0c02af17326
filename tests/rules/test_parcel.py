"""The ZIP that malware travels in, against the form's own description and a reader of its own."""

import os
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime
from io import BytesIO

import pytest

from hikeshi.kernel.vault import parcel

AT = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)


def packed(name: str, content: bytes, piece: int = 70_001) -> bytes:
    pieces: Iterable[bytes] = (content[at : at + piece] for at in range(0, len(content), piece))
    return b"".join(parcel.packed(name, len(content), AT, pieces))


@pytest.mark.parametrize("size", [0, 1, 16, 17, 1_500_001])
def test_what_is_packed_is_listed_by_any_program_and_opens_with_the_password(size: int) -> None:
    content = os.urandom(size)
    found = packed("ﾏｸﾛ.exe", content)
    assert len(found) == parcel.size_of("ﾏｸﾛ.exe", size)
    (info,) = zipfile.ZipFile(BytesIO(found)).infolist()
    assert (info.filename, info.file_size, info.flag_bits & 1) == ("ﾏｸﾛ.exe", size, 1)
    assert b"".join(parcel.opened(iter([found]))) == content


def test_a_sample_cannot_be_seen_from_outside_and_no_two_parcels_are_alike() -> None:
    content = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE" * 100
    assert b"EICAR" not in packed("x", content)
    assert packed("x", content) != packed("x", content)


@pytest.mark.parametrize("place", [-60, 200, 80])
def test_a_parcel_that_was_changed_does_not_open(place: int) -> None:
    found = bytearray(packed("x", bytes(1000)))
    found[place - (0 if place > 0 else 60)] ^= 1
    with pytest.raises(parcel.BadParcel):
        b"".join(parcel.opened(iter([bytes(found)])))


def test_what_is_larger_than_the_old_form_can_say_is_said_in_64_bits() -> None:
    """Heads alone: four gigabytes are not made for a test."""
    size = 5_000_000_000
    head = next(parcel.packed("x", size, AT, ()))
    assert parcel.size_of("x", size) > size + 100
    assert head.endswith(size.to_bytes(8, "little") + (size + 28).to_bytes(8, "little"))
