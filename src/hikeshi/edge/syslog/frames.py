"""Cuts a stream of bytes into syslog frames (RFC 6587): counted octets or lines, told by each frame's first byte. Pure.

Memory is bounded by what is kept of one frame; of a longer one the beginning is kept, marked, and the rest passed over.
"""

from dataclasses import dataclass, field
from typing import Final

KEPT: Final = 64 * 1024
"""Bytes kept of one frame."""
_COUNTED: Final = 16 * 1024 * 1024
"""A longer count is no count: whoever says so speaks something else."""
_DIGITS: Final = 8


class Lost(Exception):
    """The stream is no syslog any more; only a new connection helps."""


@dataclass(frozen=True, slots=True)
class Frame:
    body: bytes
    cut: bool = False


@dataclass(slots=True)
class Cutter:
    _held: bytearray = field(default_factory=bytearray)
    _over: int = 0  # octets of a counted frame still to be passed over
    _line_over: bool = False  # the rest of a long line is passed over up to its end

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that end with these bytes. Raises Lost."""
        self._held += data
        found: list[Frame] = []
        while self._held:
            before = len(self._held)
            frame = self._next()
            if frame is not None and frame.body.strip(b"\0\r\n\t "):
                found.append(frame)
            if len(self._held) == before:
                break
        return found

    def end(self) -> list[Frame]:
        """What the sender left without an end when it went: a last line without its newline."""
        rest, self._held = bytes(self._held), bytearray()
        whole = not self._over and not self._line_over and rest[:1] == b"<"
        return [Frame(rest)] if whole else []

    def _next(self) -> Frame | None:
        if self._over:
            passed = min(self._over, len(self._held))
            del self._held[:passed]
            self._over -= passed
            return None
        if self._line_over:
            self._skip_line()
            return None
        if self._held[0] in b"\n\r\0 ":
            del self._held[:1]
            return None
        return self._counted() if 0x31 <= self._held[0] <= 0x39 else self._line()

    def _counted(self) -> Frame | None:
        space = self._held.find(b" ", 0, _DIGITS + 1)
        digits = bytes(self._held[: space if space >= 0 else _DIGITS])
        if space < 0 and len(self._held) <= _DIGITS and digits.isdigit():
            return None  # the count itself has not come whole
        if space < 0 or not digits.isdigit():
            return self._line()  # a line that begins with a digit, as some devices send
        count = int(digits)
        if count > _COUNTED:
            raise Lost
        kept, start = min(count, KEPT), space + 1
        if len(self._held) - start < kept:
            return None
        body = bytes(self._held[start : start + kept])
        del self._held[: start + kept]
        self._over = count - kept
        return Frame(body, cut=count > kept)

    def _line(self) -> Frame | None:
        end = self._held.find(b"\n", 0, KEPT + 1)
        if end >= 0:
            body = bytes(self._held[:end])
            del self._held[: end + 1]
            return Frame(body)
        if len(self._held) <= KEPT:
            return None
        body = bytes(self._held[:KEPT])
        del self._held[:KEPT]
        self._line_over = True
        return Frame(body, cut=True)

    def _skip_line(self) -> None:
        end = self._held.find(b"\n")
        if end >= 0:
            self._line_over = False
        del self._held[: end + 1 if end >= 0 else len(self._held)]
