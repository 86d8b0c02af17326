"""Where sealed files lie: ``<root>/<two hex digits>/<uuid>``, beside them what is on its way in and what is in doubt.

A file is written under ``incoming/``, flushed to the disk, and moved to its place; only then may a row name it. What a
crash leaves between the two has no row and so no key: nobody can read it, and ``sweep`` takes it away after a day.
"""

import errno
import hashlib
import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final
from uuid import UUID

from hikeshi.kernel.ids import uuid7
from hikeshi.kernel.vault.refusals import Damaged, NoRoom, TooBig
from hikeshi.kernel.vault.sealing import CHUNK, MARK, SEALED, Broken, Chunks, class_key, unwrap, wrap

INCOMING: Final = "incoming"
DOUBTED: Final = "doubted"
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_ASKED_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Draft:
    """A file that is whole and in its place, but that no row names yet. ``sealed_key`` opens it and is kept nowhere."""

    uuid: UUID
    size: int
    sha256: str
    sealed_key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Vault:
    """``spare``: bytes that stay free on the disk for everything else the desk must write."""

    root: Path
    master_key: str = field(repr=False)
    kind: str
    spare: int = 0

    def receive(self, *, limit: int) -> "Writing":
        """Begins a file of up to ``limit`` bytes. Raises NoRoom."""
        self.make_room(0)
        return Writing(self, limit)

    def make_room(self, size: int) -> None:
        """Whether so many bytes more would fit. Raises NoRoom."""
        (self.root / INCOMING).mkdir(parents=True, exist_ok=True, mode=0o700)
        if shutil.disk_usage(self.root).free - size < self.spare:
            raise NoRoom

    def read(self, file: UUID, sealed_key: str) -> Iterator[bytes]:
        """Its bytes, a chunk at a time; one chunk of memory. Raises Damaged before the first byte that is not right."""
        try:
            chunks = Chunks(unwrap(sealed_key, class_key(self.master_key, self.kind), file), file)
            with self.place(file).open("rb") as source:
                yield from _opened(source, chunks)
        except (OSError, Broken) as error:
            raise Damaged(str(file)) from error

    def destroy(self, file: UUID) -> None:
        """Doing it twice does it once."""
        self.place(file).unlink(missing_ok=True)

    def place(self, file: UUID) -> Path:
        return self.root / file.hex[-2:] / str(file)

    def doubt(self, file: UUID) -> None:
        """Marks one that did not open, for whoever looks after the files: no row, since it was found by reading."""
        marks = self.root / DOUBTED
        marks.mkdir(parents=True, exist_ok=True, mode=0o700)
        (marks / str(file)).touch()

    def doubted(self) -> list[UUID]:
        marks = self.root / DOUBTED
        return sorted(found for found in map(_uuid, marks.iterdir()) if found) if marks.is_dir() else []

    def settle(self, file: UUID) -> None:
        (self.root / DOUBTED / str(file)).unlink(missing_ok=True)

    def sweep(self, *, before: float, known: Callable[[set[UUID]], set[UUID]]) -> int:
        """Takes away what no row names and nothing has touched since ``before`` (seconds of the epoch); how many."""
        gone = 0
        for paths in _batches(self._old(before)):
            named = known({file for _, file in paths if file is not None})
            for path, file in paths:
                if file is None or file not in named:
                    path.unlink(missing_ok=True)
                    gone += 1
        return gone

    def _old(self, before: float) -> Iterator[tuple[Path, UUID | None]]:
        """None for what never came to its place."""
        if not self.root.is_dir():
            return
        for folder in sorted(one for one in self.root.iterdir() if one.is_dir() and one.name != DOUBTED):
            for path in folder.iterdir():
                file = None if folder.name == INCOMING else _uuid(path)
                if (file is not None or folder.name == INCOMING) and path.stat().st_mtime < before:
                    yield path, file


class Writing:
    """A file on its way in, sealed chunk by chunk: nothing of it ever lies on the disk in clear."""

    def __init__(self, vault: Vault, limit: int) -> None:
        self._vault = vault
        self._limit = limit
        self._uuid = uuid7()
        self._key = secrets.token_bytes(32)
        self._chunks = Chunks(self._key, self._uuid)
        self._waiting = bytearray()
        self._hash = hashlib.sha256()
        self.size = 0
        self._path = vault.root / INCOMING / str(self._uuid)
        self._file: BinaryIO = os.fdopen(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb", 0)
        self._put(MARK)

    def write(self, data: bytes | memoryview) -> None:
        """Raises TooBig, NoRoom; then ``abandon`` is all that is left to do."""
        self.size += len(data)
        if self.size > self._limit:
            raise TooBig(self._limit)
        self._hash.update(data)
        self._waiting += data
        # The last chunk is sealed as the last, so one is always kept back until more has come.
        while len(self._waiting) > CHUNK:
            self._vault.make_room(SEALED)
            self._put(self._chunks.seal(bytes(self._waiting[:CHUNK]), last=False))
            del self._waiting[:CHUNK]

    def finish(self) -> Draft:
        """On the disk and in its place, whatever happens to the power. Raises NoRoom."""
        self._put(self._chunks.seal(bytes(self._waiting), last=True))
        self._waiting.clear()
        target = self._vault.place(self._uuid)
        target.parent.mkdir(exist_ok=True, mode=0o700)
        try:
            os.fsync(self._file.fileno())
            self._file.close()
            self._path.rename(target)
            for folder in (target.parent, self._vault.root):
                _flush(folder)
        except OSError as error:
            raise _said(error) from error
        under = class_key(self._vault.master_key, self._vault.kind)
        return Draft(self._uuid, self.size, self._hash.hexdigest(), wrap(self._key, under, self._uuid))

    def abandon(self) -> None:
        """Also after ``finish``: a file that no row will name. Doing it twice does it once."""
        self._waiting.clear()
        self._file.close()
        self._path.unlink(missing_ok=True)
        self._vault.destroy(self._uuid)

    def _put(self, sealed: bytes) -> None:
        rest = memoryview(sealed)
        try:
            while rest:
                rest = rest[self._file.write(rest) or 0 :]
        except OSError as error:
            raise _said(error) from error


def _said(error: OSError) -> Exception:
    return NoRoom() if error.errno in _FULL else error


def _flush(folder: Path) -> None:
    """A name is on the disk only once its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _opened(source: BinaryIO, chunks: Chunks) -> Iterator[bytes]:
    if source.read(len(MARK)) != MARK:
        raise Broken("mark")
    sealed = source.read(SEALED)
    while True:
        following = source.read(SEALED)
        yield chunks.open(sealed, last=not following)
        if not following:
            return
        sealed = following


def _uuid(path: Path) -> UUID | None:
    try:
        return UUID(path.name)
    except ValueError:
        return None


def _batches(found: Iterable[tuple[Path, UUID | None]]) -> Iterator[list[tuple[Path, UUID | None]]]:
    batch: list[tuple[Path, UUID | None]] = []
    for one in found:
        batch.append(one)
        if len(batch) == _ASKED_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch
