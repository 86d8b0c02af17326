"""A file of indicators, whatever it is: a STIX bundle, MISP events, or plain lines. It is gone through twice, in
pieces: once for what there is, and whether it is whole; then for its values. Memory stays flat. Bounded. Pure.
"""

import hashlib
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from hikeshi.assets.intelligence import misp, stix
from hikeshi.assets.intelligence.codes import Tlp
from hikeshi.assets.intelligence.streams import Document, Path, lines
from hikeshi.assets.intelligence.values import Indicator, guessed
from hikeshi.kernel.refusals import Invalid

Pieces = Callable[[], Iterable[bytes]]
"""The file, from its beginning each time it is asked for."""
MOST_BYTES: Final = 200 * 1024 * 1024
MOST: Final = 500_000
"""Values of one file, as often as it says them."""
STRICT: Final = (Tlp.CLEAR, Tlp.GREEN, Tlp.AMBER, Tlp.AMBER_STRICT, Tlp.RED)
_HEAD: Final = 4096
_LONG: Final = 4_000
"""Characters of a line that may be a value, with what stands behind it."""


def whole(body: bytes) -> Pieces:
    """What lies in memory anyway."""
    return lambda: (body,)


class Form(StrEnum):
    STIX = "stix"
    MISP = "misp"
    LINES = "lines"


@dataclass(frozen=True, slots=True)
class Read:
    """``count``: its values, what it says twice counted twice. ``passed`` counts what is no value, or of no sort that
    alerts have. ``widths`` are those of its networks. ``tlp`` is the strictest the file names.
    """

    form: Form
    count: int
    passed: int
    widths: tuple[str, ...]
    digest: str
    tlp: Tlp | None = None


@dataclass(slots=True)
class _Tally:
    count: int = 0
    passed: int = 0
    widths: set[str] = field(default_factory=set)
    marks: set[Tlp] = field(default_factory=set)

    def add(self, found: Iterable[Indicator | None]) -> None:
        """Raises Invalid."""
        for one in found:
            if one is None:
                self.passed += 1
                continue
            self.count += 1
            if one.width:
                self.widths.add(one.width)
            if self.count > MOST:
                raise Invalid("file", "indicators_many", most=MOST)

    def read(self, form: Form, digest: str) -> Read:
        """Raises Invalid."""
        if not self.count:
            raise Invalid("file", "indicators_none")
        strictest = max(self.marks, key=STRICT.index, default=None)
        return Read(form, self.count, self.passed, tuple(sorted(self.widths)), digest, strictest)


def survey(pieces: Pieces) -> Read:
    """To its very end. Raises Invalid: too large, not readable (with the line), nothing in it, too many."""
    going = surveying(pieces)
    while True:
        try:
            next(going)
        except StopIteration as ended:
            read: Read = ended.value
            return read


def surveying(pieces: Pieces) -> Generator[None, None, Read]:
    """The same with a pause after each line or value, for who must not be away for as long as a file takes."""
    digest = hashlib.sha256()
    bounded = _bounded(pieces, digest.update)
    if _is_json(pieces):
        form, tally = yield from _of_document(bounded)
    else:
        form, tally = Form.LINES, _Tally()
        for _number, line in lines(bounded):
            tally.add(_of_line(line))
            yield
    return tally.read(form, digest.hexdigest())


def values(pieces: Pieces, form: Form) -> Iterator[Indicator]:
    """Of a file that was surveyed; in its order, what it says twice comes twice."""
    if form is Form.LINES:
        yield from (one for _number, line in lines(pieces()) for one in _of_line(line) if one is not None)
        return
    for path, value in _document(pieces()):
        yield from (one for one in _FOUND[form](path, value) if one is not None)


def _bounded(pieces: Pieces, noted: Callable[[bytes], None]) -> Iterator[bytes]:
    size = 0
    for piece in pieces():
        size += len(piece)
        if size > MOST_BYTES:
            raise Invalid("file", "file_too_large", limit=MOST_BYTES // 1_048_576)
        noted(piece)
        yield piece


def _is_json(pieces: Pieces) -> bool:
    """``[2001:db8::1]`` begins as JSON does and is none."""
    head = b""
    for piece in pieces():
        head = (head + piece).removeprefix(b"\xef\xbb\xbf").lstrip()[:_HEAD]
        if len(head) >= _HEAD:
            break
    first = head.partition(b"\n")[0].decode("utf-8", "replace")
    return head.startswith((b"{", b"[")) and guessed(first.strip().strip("[]")) is None


def _of_line(line: str) -> tuple[Indicator | None, ...]:
    """None where it says something that is no value; nothing where it is empty or a remark."""
    if len(line) > _LONG:
        return (None,)
    plain = line.partition("#")[0].strip() if line.lstrip().startswith("#") or " #" in line else line.strip()
    return (guessed(plain.split(",")[0].split("\t")[0].strip().strip("[]")),) if plain else ()


def _document(pieces: Iterable[bytes]) -> Iterator[tuple[Path, object]]:
    return Document(pieces, opened=misp.OPENED, listed=misp.LISTED | {stix.OBJECTS}).values()


def _of_document(pieces: Iterable[bytes]) -> Generator[None, None, tuple[Form, _Tally]]:
    """What a bundle is called may stand behind all it holds. Raises Invalid."""
    tallies = {form: _Tally() for form in _FOUND}
    named: set[Form] = set()
    for path, value in _document(pieces):
        if path == ("type",) and value == "bundle":
            named.add(Form.STIX)
        elif path in misp.EVENTS:
            named.add(Form.MISP)
        for form, tally in tallies.items():
            tally.add(_FOUND[form](path, value))
            tally.marks.update(_MARKED[form](path, value))
        yield
    for form in _FOUND:
        if form in named:
            return form, tallies[form]
    raise Invalid("file", "indicators_form")


_FOUND: Final = {Form.STIX: stix.indicators, Form.MISP: misp.indicators}
_MARKED: Final = {Form.STIX: stix.markings, Form.MISP: misp.markings}
