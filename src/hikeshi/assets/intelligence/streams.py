"""A file of text or JSON in pieces, so that memory stays flat whatever its size. Pure.

What is too large to be one line, or one value of JSON, is refused: nothing that anybody writes for others has such.
"""

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from typing import Final, NoReturn

from hikeshi.kernel.refusals import Invalid

Path = tuple[str, ...]
LARGEST: Final = 8 * 1024 * 1024
"""Characters of one value of JSON that is read whole."""
_BLANKS: Final = re.compile(r"[ \t\n\r]*")
_WORDS: Final = 200


def lines(pieces: Iterable[bytes]) -> Iterator[tuple[int, str]]:
    """Each line with its number, from 1, without its end. Raises Invalid."""
    source, number, rest = _Text(pieces), 0, ""
    while source.more():
        found = (rest + source.take()).split("\n")
        rest = found.pop()
        for line in found:
            number += 1
            yield number, line
        if len(rest) > LARGEST:
            raise Invalid("file", "indicators_line", line=number + 1)
    if rest:
        yield number + 1, rest


class _Text:
    """UTF-8, with or without a mark; ends of lines as line feeds. ``line`` is where ``take`` goes on, from 1."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._ended = False
        self._held = ""
        self.line = 1

    def more(self) -> bool:
        return not self._ended

    def take(self) -> str:
        """The next piece of it, which may be empty. Raises Invalid."""
        piece = next(self._pieces, None)
        self._ended = piece is None
        try:
            text = self._held + self._decoder.decode(piece or b"", final=self._ended)
        except UnicodeDecodeError as error:
            before = error.object[: error.start] if isinstance(error.object, bytes) else b""
            raise Invalid("file", "indicators_text", line=self.line + _ends(before.decode("latin-1"))) from None
        # A carriage return at the end may be half of what ends a line.
        self._held = "\r" if text.endswith("\r") and not self._ended else ""
        text = text[: len(text) - len(self._held)].replace("\r\n", "\n").replace("\r", "\n")
        self.line += text.count("\n")
        return text


def _ends(text: str) -> int:
    return text.replace("\r\n", "\n").replace("\r", "\n").count("\n")


class Document:
    """JSON whose outer frame is walked, and whose many inner values are read one by one.

    ``values`` gives each value with the names that lead to it; lists add no name. What ``opened`` names is walked into
    where it is a table, what ``listed`` names where it is a list; every other value is read whole.
    """

    def __init__(self, pieces: Iterable[bytes], opened: frozenset[Path], listed: frozenset[Path]) -> None:
        self._text = _Text(pieces)
        self._opened, self._listed = opened, opened | listed
        self._buffer, self._place = "", 0
        self._line = 1  # of the buffer's first character
        self._decoder = json.JSONDecoder(parse_constant=_no_constant)

    def values(self) -> Iterator[tuple[Path, object]]:
        """Raises Invalid with the line, at the latest where the file ends too early or goes on after its end."""
        yield from self._walk(())
        if self._next():
            raise self._broken("Extra data", self._place)

    def _walk(self, path: Path) -> Iterator[tuple[Path, object]]:
        first = self._next()
        if first == "[" and path in self._listed:
            yield from self._elements(path)
        elif first == "{" and path in self._opened:
            yield from self._members(path)
        else:
            yield path, self._whole()

    def _elements(self, path: Path) -> Iterator[tuple[Path, object]]:
        self._place += 1
        if self._ends("]"):
            return
        while True:
            if self._next() == "{" and path in self._opened:
                yield from self._members(path)
            else:
                yield path, self._whole()
            if self._ends("]"):
                return
            self._must(",")

    def _members(self, path: Path) -> Iterator[tuple[Path, object]]:
        yield path, None
        self._place += 1
        if self._ends("}"):
            return
        while True:
            if self._next() != '"':
                raise self._broken("Expecting property name enclosed in double quotes", self._place)
            name = str(self._whole())
            self._must(":")
            yield from self._walk((*path, name))
            if self._ends("}"):
                return
            self._must(",")

    def _ends(self, mark: str) -> bool:
        if self._next() != mark:
            return False
        self._place += 1
        return True

    def _must(self, mark: str) -> None:
        if not self._ends(mark):
            raise self._broken(f"Expecting '{mark}' delimiter", self._place)

    def _next(self) -> str:
        """The character that is next after blanks; "" at the end."""
        while True:
            self._place = _BLANKS.match(self._buffer, self._place).end()  # type: ignore[union-attr]  # none is enough
            if self._place < len(self._buffer):
                return self._buffer[self._place]
            if not self._refill():
                return ""

    def _whole(self) -> object:
        """A value that ends with the buffer may go on behind it, a number above all."""
        while True:
            full = len(self._buffer) - self._place > LARGEST
            try:
                value, end = self._decoder.raw_decode(self._buffer, self._place)
            except json.JSONDecodeError as error:
                if full or not self._refill():
                    raise self._broken(error.msg, error.pos) from None
            except (ValueError, RecursionError) as error:  # a number of thousands of digits; nesting without end
                raise self._broken(str(error), self._place) from None
            else:
                if full or end < len(self._buffer) or not self._refill():
                    self._place = end
                    return value

    def _refill(self) -> bool:
        """More behind what is not read yet; as much again, so that what is long is not read from its beginning too
        often. False at the end.
        """
        parts, wanted = [], len(self._buffer) - self._place
        while self._text.more() and wanted >= 0:
            parts.append(self._text.take())
            wanted -= len(parts[-1])
        if not any(parts):
            return False
        self._line += self._buffer.count("\n", 0, self._place)
        self._buffer, self._place = "".join([self._buffer[self._place :], *parts]), 0
        return True

    def _broken(self, why: str, place: int) -> Invalid:
        line = self._line + self._buffer.count("\n", 0, place)
        return Invalid("file", "indicators_json", line=line, why=why[:_WORDS])


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)  # NaN and Infinity are not JSON, whatever Python thinks
