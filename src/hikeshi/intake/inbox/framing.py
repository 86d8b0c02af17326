"""Tells one JSON value, an array and NDJSON apart, in whatever encoding it came, and says where a body breaks.

The door and the digest both read bodies here, so nothing is accepted that cannot be read again.
"""

import codecs
import json
import re
from collections.abc import Mapping
from email.message import Message
from functools import lru_cache
from typing import Final, Never

import msgspec

from hikeshi.kernel.facts import JSON

LIMIT: Final = 1024 * 1024
"""Bytes of one body, before and after its Content-Encoding is undone."""
DEPTH: Final = 100
"""Levels of arrays and objects in each other. What detectors send stays under twenty."""

_NDJSON: Final = frozenset(
    {"application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines"}
)
_JSON: Final = frozenset({"", "application/json", "text/json", "application/x-www-form-urlencoded"})
_USUAL: Final = 100
"""Letters of a Content-Type that is remembered."""
_ENCODINGS: Final[Mapping[str, str]] = {
    # Windows senders say Shift_JIS and mean its superset.
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis", "windows-31j", "ms932", "cp932"), "cp932"),
    **dict.fromkeys(("utf-8", "utf8", "us-ascii", "ascii"), "utf-8"),
    **dict.fromkeys(("euc-jp", "eucjp", "x-euc-jp"), "euc_jp"),
    "iso-2022-jp": "iso2022_jp",
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "utf-32": "utf-32",
    "iso-8859-1": "latin-1",
    "windows-1252": "cp1252",
}
_MARKS: Final = (
    # The longer mark first: UTF-32's begins with UTF-16's.
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_GUESSES: Final = ("utf-8", "cp932", "euc_jp")
_PLAIN: Final = frozenset({"", "utf-8", "utf8", "us-ascii", "ascii"})
_MARKED: Final = frozenset({b"\xef", b"\xff", b"\xfe", b"\x00"})  # what a byte order mark may begin with
_TEXTS = re.compile(rb'"(?:[^"\\]+|\\.)*"', re.DOTALL)
_SAME_BRACKETS: Final = bytes.maketrans(b"{}", b"[]")
_NOT_BRACKETS: Final = bytes(byte for byte in range(256) if byte not in b"[]{}")
_NEITHER: Final = _NOT_BRACKETS.replace(b'"', b"")
"""Nor quotes."""


class Malformed(Exception):  # the state of the body, as the kernel's refusals are named
    """The body is not JSON. ``line`` and ``column`` count from 1, ``byte`` from 0.

    ``code`` is "empty", "json", "encoding", "charset", "depth" or "scalar".
    """

    def __init__(self, code: str, detail: str, line: int = 1, column: int = 1, byte: int = 0) -> None:
        super().__init__(code, detail, line, column, byte)
        self.code = code
        self.detail = detail
        self.line = line
        self.column = column
        self.byte = byte

    @property
    def position(self) -> int:
        return self.byte

    def __str__(self) -> str:
        return f"{self.detail} (line {self.line}, column {self.column}, byte {self.byte})"


def media_type(content_type: str) -> tuple[str, str]:
    """The bare type and its charset, both lower case, "" where absent."""
    return _usual_type(content_type) if len(content_type) <= _USUAL else _type_of(content_type)


@lru_cache(maxsize=256)
def _usual_type(content_type: str) -> tuple[str, str]:
    """Senders say the same few words with every body."""
    return _type_of(content_type)


def _type_of(content_type: str) -> tuple[str, str]:
    kind, _, rest = content_type.partition(";")
    if not rest:
        return kind.strip().lower(), ""
    header = Message()
    header["content-type"] = content_type
    charset = header.get_param("charset", "")
    return kind.strip().lower(), charset.strip().lower() if isinstance(charset, str) else ""


def readable(content_type: str) -> bool:
    """Whether a body of this Content-Type is taken at all; none said means JSON.

    curl -d says it sends a form unless told otherwise, and people at a shell do not tell it: the body decides then.
    """
    kind, _ = media_type(content_type)
    return kind in _JSON or kind in _NDJSON or kind.endswith("+json")


def legible(body: bytes, content_type: str = "") -> str:
    """A body for people to look at, whatever it is; what cannot be decoded stands as U+FFFD."""
    try:
        return body.decode(_encoding_of(body, media_type(content_type)[1]))
    except Malformed:
        return body.decode("utf-8", "replace")


def read(body: bytes, content_type: str = "") -> tuple[JSON, ...]:
    """The elements of a body: one for an object, each of an array, each line of NDJSON. Raises Malformed."""
    kind, charset = media_type(content_type)
    encoding = _encoding_of(body, charset)
    if encoding == "utf-8":
        return _elements(body, kind)
    text = body.decode(encoding)
    try:
        return _elements(text.encode("utf-8"), kind)
    except Malformed as problem:
        raise _moved(problem, text, encoding) from None


def _elements(body: bytes, kind: str) -> tuple[JSON, ...]:
    if not body.strip():
        raise Malformed("empty", "The body is empty.")
    if kind in _NDJSON:
        return _lines(body)
    try:
        value = _value(body)
    except Malformed:
        first, newline, _ = body.lstrip().partition(b"\n")
        if newline and _stands_alone(first):
            return _lines(body)
        raise
    if isinstance(value, list):
        return tuple(value)
    return (_not_scalar(value, 1),)


def _lines(body: bytes) -> tuple[JSON, ...]:
    found: list[JSON] = []
    start = 0
    for number, line in enumerate(body.split(b"\n"), start=1):
        if line.strip():
            try:
                found.append(_not_scalar(_value(line), number))
            except Malformed as problem:
                raise Malformed(problem.code, problem.detail, number, problem.column, start + problem.byte) from None
        start += len(line) + 1
    return tuple(found)


def _not_scalar(value: JSON, line: int) -> JSON:
    if isinstance(value, dict | list):
        return value
    raise Malformed("scalar", "An alert is a JSON object.", line)


def _stands_alone(line: bytes) -> bool:
    try:
        return isinstance(_value(line), dict)
    except Malformed:
        return False


def _value(body: bytes) -> JSON:
    try:
        value: JSON = msgspec.json.decode(body)
    except RecursionError:
        raise _too_deep() from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        value = _value_slowly(body)
    if body.count(b"[") + body.count(b"{") > DEPTH:
        _check_depth(body)
    return value


def _value_slowly(body: bytes) -> JSON:
    """The standard reader takes lone surrogates, which are valid JSON, and knows the line and column of an error."""
    text = body.decode("utf-8")
    try:
        value: JSON = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        byte = len(text[: error.pos].encode("utf-8"))
        raise Malformed("json", f"Not JSON: {error.msg}.", error.lineno, error.colno, byte) from None
    except RecursionError:
        raise _too_deep() from None
    except ValueError as error:  # NaN and Infinity, or an integer of more digits than Python reads
        raise Malformed("json", f"Not JSON: {error}.") from None
    return value


def _refuse_constant(name: str) -> Never:
    raise ValueError(f"{name} is not a JSON number")


def _too_deep() -> Malformed:
    return Malformed("depth", f"Arrays and objects are nested more than {DEPTH} levels deep.")


def _check_depth(body: bytes) -> None:
    """Peels the innermost pairs off, a level at each turn. The body is known to be JSON, so its brackets match."""
    if b'\\"' in body:
        brackets = _TEXTS.sub(b"", body).translate(_SAME_BRACKETS, _NOT_BRACKETS)
    else:
        # Two quotes side by side are a text without brackets, or the end of one and the beginning of the next: without
        # them all else stands in a text or outside as before. Of what is left every second piece is a text.
        kept = body.translate(_SAME_BRACKETS, _NEITHER).replace(b'""', b"")
        brackets = b"".join(kept.split(b'"')[::2])
    for _ in range(DEPTH):
        if not brackets:
            return
        brackets = brackets.replace(b"[]", b"")
    if brackets:
        raise _too_deep()


def _encoding_of(body: bytes, charset: str) -> str:
    """The mark at the start, else what the header says, else UTF-8 as the standard says, else what Japanese machines
    still send. A header that is wrong about its body is common and must not lose an alert.
    """
    if charset in _PLAIN and body[:1] not in _MARKED and _is_utf8(body):
        return "utf-8"
    if charset and charset not in _ENCODINGS:
        raise Malformed("charset", f"The charset {charset[:40]!r} is not one this desk reads.")
    marked = next((encoding for mark, encoding in _MARKS if body.startswith(mark)), None)
    said = _ENCODINGS.get(charset, "utf-8")
    first_error: UnicodeDecodeError | None = None
    for encoding in (marked,) if marked else dict.fromkeys((said, *_GUESSES)):
        try:
            body.decode(encoding)
        except UnicodeDecodeError as error:
            first_error = first_error or error
        else:
            return encoding
    raise _undecodable(body, first_error)


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _undecodable(body: bytes, error: UnicodeDecodeError | None) -> Malformed:
    if error is None:
        return Malformed("encoding", "The bytes are not text.")
    line, column = _place(body[: error.start])
    return Malformed("encoding", f"The bytes are not text in {error.encoding}.", line, column, error.start)


def _place(before: bytes) -> tuple[int, int]:
    return before.count(b"\n") + 1, len(before) - (before.rfind(b"\n") + 1) + 1


def _moved(problem: Malformed, text: str, encoding: str) -> Malformed:
    """The same place, its byte counted in the body as it was sent."""
    before = text.encode("utf-8")[: problem.byte].decode("utf-8", "ignore")
    return Malformed(problem.code, problem.detail, problem.line, problem.column, len(before.encode(encoding)))
