"""The backup file: a ZIP anybody can open, a member per table in NDJSON, a manifest that names and hashes them all.

Members are ``rows/<table>.ndjson`` (first line the columns, then one array per row; bytes as base64, times in
ISO 8601) and ``files/<path below the data folder>``. ``manifest.json`` comes last, so a file cut short has none, and
``manifest.mac`` seals it with a key derived from the site's master key, which is never inside: whoever can change a
backup cannot make it look whole.
"""

import hashlib
import hmac
import os
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import msgspec

FORMAT = 1
MANIFEST = "manifest.json"
SEAL = "manifest.mac"
CHUNK = 1 << 20


def _seal(manifest: bytes, master_key: str) -> str:
    key = hashlib.blake2b(master_key.encode(), person=b"hikeshi.backup").digest()
    return hmac.new(key, manifest, hashlib.sha256).hexdigest()


def member_of(table: str) -> str:
    return f"rows/{table}.ndjson"


class BadArchive(Exception):
    """Not a backup, cut short, or changed since it was made; the text names the member."""


class Member(msgspec.Struct, frozen=True):
    sha256: str
    lines: int


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    format: int
    version: str
    made_at: datetime
    database: str
    public_key: str
    head: str
    migrations: list[tuple[str, str]]
    members: dict[str, Member]


class Writer:
    """Writes beside the wanted name and moves into place when whole: a full disk leaves no half backup."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._draft = path.with_name(path.name + ".part")
        descriptor = os.open(self._draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        self._file = os.fdopen(descriptor, "w+b")
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        self.members: dict[str, Member] = {}

    def add(self, name: str, chunks: Iterable[bytes], *, shrink: bool = True) -> None:
        found, lines = hashlib.sha256(), 0
        info = zipfile.ZipInfo(name)
        info.compress_type, info._compresslevel = (zipfile.ZIP_DEFLATED, 1) if shrink else (zipfile.ZIP_STORED, None)  # type: ignore[attr-defined]  # as ZipFile.open itself sets it
        with self._zip.open(info, "w", force_zip64=True) as member:
            for chunk in chunks:
                found.update(chunk)
                lines += chunk.count(b"\n")
                member.write(chunk)
        self.members[name] = Member(found.hexdigest(), lines)

    def add_file(self, name: str, path: Path) -> None:
        """In pieces, whatever its size; sealed bytes do not shrink, so nobody tries. Raises FileNotFoundError."""
        with path.open("rb") as file:
            self.add(name, iter(lambda: file.read(CHUNK), b""), shrink=False)

    def close(self, manifest: Manifest, master_key: str) -> None:
        content = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
        self._zip.writestr(MANIFEST, content)
        self._zip.writestr(SEAL, _seal(content, master_key))
        self._zip.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        os.link(self._draft, self._path)  # refuses to replace a file that appeared meanwhile
        self._draft.unlink()

    def abandon(self) -> None:
        self._zip.fp = None  # or it would end itself properly, in a file that is closed, once it is forgotten
        self._file.close()
        self._draft.unlink(missing_ok=True)


class Reader:
    """Raises BadArchive."""

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
            self.manifest = msgspec.json.decode(self._zip.read(MANIFEST), type=Manifest)
        except (zipfile.BadZipFile, KeyError, msgspec.MsgspecError, EOFError) as error:
            raise BadArchive(str(path)) from error
        if self.manifest.format != FORMAT:
            raise BadArchive(f"{path}: {self.manifest.format}")

    def check(self, master_key: str) -> None:
        """Reads all of it once: nothing is put in place before every byte is known to be right."""
        if not hmac.compare_digest(self._read(SEAL), _seal(self._read(MANIFEST), master_key).encode()):
            raise BadArchive(MANIFEST)
        listed = set(self._zip.namelist()) - {MANIFEST, SEAL}
        for name in sorted(listed ^ set(self.manifest.members)):
            raise BadArchive(name)
        for name, member in self.manifest.members.items():
            found = hashlib.sha256()
            for chunk in self._chunks(name):
                found.update(chunk)
            if found.hexdigest() != member.sha256:
                raise BadArchive(name)

    def lines(self, name: str) -> Iterator[bytes]:
        with self._zip.open(name) as member:
            yield from member

    def extract(self, name: str, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with target.open("wb") as file:
            file.writelines(self._chunks(name))

    def _read(self, name: str) -> bytes:
        return b"".join(self._chunks(name))

    def _chunks(self, name: str) -> Iterator[bytes]:
        try:
            with self._zip.open(name) as member:
                while chunk := member.read(CHUNK):
                    yield chunk
        except (zipfile.BadZipFile, KeyError, EOFError) as error:
            raise BadArchive(name) from error
