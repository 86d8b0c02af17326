"""Reading what was sent: JSON in UTF-8, of bounded size and depth, every text of it storable."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Final, NoReturn

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, UnreadablePostError

from hikeshi.api.barred import NotBytes, NotJson, TooLarge
from hikeshi.kernel import texts
from hikeshi.kernel.facts import JSON
from hikeshi.kernel.refusals import Invalid

LARGEST: Final = 1024 * 1024
DEEPEST: Final = 32


PIECE: Final = 1 << 20
_FILES: Final = re.compile(r"/api/v1/(incidents/[^/]+/files|indicator_lists/file)")


class Malformed(Exception):
    """Not JSON. ``byte`` counts from 0, ``line`` and ``column`` from 1; None where the fault has no single place."""

    def __init__(self, *, byte: int | None = None, line: int | None = None, column: int | None = None) -> None:
        super().__init__(byte)
        self.byte, self.line, self.column = byte, line, column


class InvalidAt(Invalid):
    """A value deep in the body that cannot be used."""

    def __init__(self, path: Sequence[str | int], reason: str, **params: str | int) -> None:
        super().__init__(str(path[-1]) if path else "body", reason, **params)
        self.path = path


def is_file(request: HttpRequest) -> bool:
    """Whether the body is a file, to be read in pieces by whoever keeps it. Raises NotBytes where it calls itself
    something else: the check against forgery would read a form.
    """
    if request.method != "POST" or not _FILES.fullmatch(request.path):
        return False
    if request.content_type not in {"application/octet-stream", ""}:
        raise NotBytes
    return True


def pieces(request: HttpRequest) -> Iterator[bytes]:
    """Raises Malformed where the sender hangs up."""
    source = request.META["wsgi.input"] if _length_undeclared(request) else request
    try:
        while piece := source.read(PIECE):
            yield piece
    except OSError as error:
        raise Malformed from error


def declared(request: HttpRequest) -> int:
    return _declared_length(request) or 0


def admit(request: HttpRequest) -> None:
    """What the headers alone decide, before anybody reads: the check against forgery would parse a form.

    Raises TooLarge, NotJson.
    """
    length = _declared_length(request)
    if length is not None and length > LARGEST:
        raise TooLarge
    if length != 0 and request.content_type:
        _must_be_json(request)


def read(request: HttpRequest) -> JSON:
    """The parsed body; None where there is none. Raises TooLarge, NotJson, Malformed, Invalid."""
    try:
        if _length_undeclared(request):
            _take_undeclared(request)
        body = request.body
    except RequestDataTooBig as error:
        raise TooLarge from error
    except UnreadablePostError as error:
        raise Malformed from error
    if not body:
        return None
    _must_be_json(request)
    return parse(body)


def _must_be_json(request: HttpRequest) -> None:
    kind = (request.content_type or "").lower()
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        raise NotJson


def _length_undeclared(request: HttpRequest) -> bool:
    """In chunks, or over HTTP/2: there may be a body whose length nobody said, and Django takes that for none."""
    framed = request.META.get("SERVER_PROTOCOL", "").startswith("HTTP/2") or "HTTP_TRANSFER_ENCODING" in request.META
    return framed and _declared_length(request) is None


def _take_undeclared(request: HttpRequest) -> None:
    body = request.META["wsgi.input"].read(LARGEST + 1)
    if len(body) > LARGEST:
        raise TooLarge
    request._body = body  # where HttpRequest.body keeps what it has read


def parse(body: bytes) -> JSON:
    """Raises Malformed, Invalid."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = body[: error.start]
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        raise Malformed(byte=error.start, line=before.count(b"\n") + 1, column=column) from error
    try:
        value: JSON = json.loads(text, object_pairs_hook=_object, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        byte = len(text[: error.pos].encode("utf-8"))
        raise Malformed(byte=byte, line=error.lineno, column=error.colno) from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits; nesting without end
        raise Malformed from error
    _check(value)
    return value


def _declared_length(request: HttpRequest) -> int | None:
    """None where the sender says none: there may still be a body."""
    said = request.META.get("CONTENT_LENGTH")
    try:
        return int(said) if said else None
    except ValueError:
        return None


def _object(pairs: list[tuple[str, JSON]]) -> dict[str, JSON]:
    found = dict(pairs)
    if len(found) != len(pairs):
        name = next(name for place, (name, _) in enumerate(pairs) if name in dict(pairs[:place]))
        raise InvalidAt([name], "twice")
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)  # NaN and Infinity are not JSON, whatever Python thinks


def pointer(path: Sequence[str | int]) -> str:
    """RFC 6901, as a URI fragment's text."""
    return "#" + "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def _check(value: JSON) -> None:
    for path, found in _walk(value):
        if len(path) > DEEPEST:
            raise Malformed
        if isinstance(found, str) and not texts.storable(found):
            raise InvalidAt(path, "unstorable_character")


def _walk(value: JSON) -> Iterator[tuple[list[str | int], JSON]]:
    """Every value and every key, without recursion: the depth is the sender's choice."""
    waiting: list[tuple[list[str | int], JSON]] = [([], value)]
    while waiting:
        path, found = waiting.pop()
        yield path, found
        if len(path) > DEEPEST:
            continue
        if isinstance(found, dict):
            waiting += [([*path, name], name) for name in found if not texts.storable(name)]
            waiting += [([*path, name], inner) for name, inner in found.items()]
        elif isinstance(found, list):
            waiting += [([*path, place], inner) for place, inner in enumerate(found)]
