"""What a door of another maker's protocol must know. All of it is pure: the door does what costs."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import msgspec

from hikeshi.edge.wire import Answer, Refused, Request


@dataclass(frozen=True, slots=True)
class Sent:
    """A request understood. ``body`` is what the source's mapping reads, b"" where there is nothing to keep; ``answer``
    is given once it is on disk.
    """

    body: bytes
    answer: Answer
    content_type: str = "application/json"


class Maker(Protocol):
    @property
    def source(self) -> str:
        """Whose tokens open it; a token of a source that the site mapped itself does too."""
        ...

    @property
    def limit(self) -> int:
        """Bytes of one body."""
        ...

    def method(self, request: Request) -> Answer | None:
        """An answer that needs no token and keeps nothing; None where the request brings something. Raises Refused."""
        ...

    def secret(self, request: Request) -> str:
        """The token as the head brings it, "" where the body does."""
        ...

    def secret_inside(self, body: bytes) -> str: ...

    def read(self, request: Request, body: bytes) -> Sent:
        """Raises Refused."""
        ...

    def said(self, refused: Refused) -> Answer:
        """A refusal as this maker's clients understand it."""
        ...


def credentials(request: Request, *schemes: str) -> str:
    """What stands behind the scheme in Authorization, "" where there is none of these."""
    scheme, _, secret = request.header(b"authorization").partition(" ")
    return secret.strip() if scheme.lower() in schemes else ""


def decoded(body: bytes, text: Callable[[bytes], str]) -> tuple[bytes, object]:
    """What a body says, and the body that says so. Where it is no UTF-8 or holds half a letter, as clients leave it
    that cut a text at 1,024 units of UTF-16, ``text`` is read instead and U+FFFD stands for the half: a title that was
    too long costs nobody the alert. Raises ValueError and RecursionError, as the reader of JSON does.
    """
    try:
        return body, msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        written = json.dumps(json.loads(text(body)), ensure_ascii=False)
        whole = written.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()
        return whole, msgspec.json.decode(whole)
