"""Recorded alerts in files: one JSON document, an array of them, or one on each line; plain, .gz or .xz."""

import gzip
import json
import lzma
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Final

import msgspec

from hikeshi.kernel import clock

_STATED: Final = re.compile(rb"(?<![\d-])((?:19|20)\d\d-\d\d-\d\d)([T ])(\d\d:\d\d:\d\d)")


class NotARecording(ValueError):
    """Neither JSON nor NDJSON; the text says which file, and where it stops being either."""


def _open(path: Path) -> IO[bytes] | gzip.GzipFile | lzma.LZMAFile:
    if path.suffix == ".gz":
        return gzip.open(path, "rb")
    if path.suffix == ".xz":
        return lzma.open(path, "rb")
    return path.open("rb")


def bodies(path: Path) -> Iterator[bytes]:
    """Each recorded body on one line, otherwise as it was. Raises NotARecording, OSError."""
    with _open(path) as file:
        first = file.readline()
        if _is_json(first):
            document = _document(path, first + file.read()) if first.lstrip()[:1] == b"[" else None
            yield from document if document is not None else _lines(path, first, file)
        else:
            yield from _document(path, first + file.read())


def _is_json(line: bytes) -> bool:
    try:
        msgspec.json.decode(line)
    except msgspec.DecodeError:
        return False
    return True


def _lines(path: Path, first: bytes, rest: Iterable[bytes]) -> Iterator[bytes]:
    yield first.strip()
    for number, line in enumerate(rest, start=2):
        if not line.strip():
            continue
        if not _is_json(line):
            raise NotARecording(f"{path}:{number}")
        yield line.strip()


def _document(path: Path, content: bytes) -> Iterator[bytes]:
    """The standard library's reader, since it takes what detectors write: duplicate keys, NaN, other encodings."""
    try:
        document = json.loads(content)
    except ValueError as error:
        raise NotARecording(f"{path}: {error}") from error
    for body in document if isinstance(document, list) else [document]:
        yield json.dumps(body, ensure_ascii=True).encode("ascii")


def brought_up_to_date(body: bytes) -> bytes:
    """The body with every ISO 8601 time in it moved by the same whole seconds, so that the newest is now. Times that
    are none, or lie ahead of now ("never"), stay; zones and fractions of a second are left as they are written.
    """
    now = clock.now()
    found = {match[0]: _instant(match) for match in _STATED.finditer(body)}
    believed = [at for at in found.values() if at is not None and at < now]
    if not believed:
        return body
    by = timedelta(seconds=int((now - max(believed)).total_seconds()))

    def moved(match: re.Match[bytes]) -> bytes:
        at = found[match[0]]
        return (
            match[0] if at is None or at >= now else (at + by).strftime(f"%Y-%m-%d{match[2].decode()}%H:%M:%S").encode()
        )

    return _STATED.sub(moved, body)


def _instant(match: re.Match[bytes]) -> datetime | None:
    try:
        return datetime.fromisoformat(f"{match[1].decode()}T{match[3].decode()}").replace(tzinfo=UTC)
    except ValueError:
        return None
