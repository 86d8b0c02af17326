"""What the server and this callable say to each other (ASGI 3), in the words the rest of this package uses."""

from collections.abc import Awaitable, Callable, Mapping
from typing import NotRequired, Protocol, TypedDict

import msgspec


class Scope(TypedDict):
    type: str
    method: str
    path: str
    query_string: bytes
    scheme: str
    headers: list[tuple[bytes, bytes]]
    client: tuple[str, int] | None


class Message(TypedDict):
    type: str
    status: NotRequired[int]
    headers: NotRequired[list[tuple[bytes, bytes]]]
    body: NotRequired[bytes]
    more_body: NotRequired[bool]


Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class Pages(Protocol):
    """Says a refusal to a person, as headers and a page in their language; None to a machine."""

    def __call__(
        self, code: str, method: str, address: str, headers: Mapping[bytes, bytes], /
    ) -> tuple[tuple[tuple[bytes, bytes], ...], bytes] | None: ...


def unsaid(*_: object) -> None:
    """Where no pages are served everybody is told as a machine is."""


class Gone(Exception):
    """The other side has hung up; there is nobody to answer."""


class Refused(Exception):
    """An answer that is a no: RFC 9457 problem details with a ``code`` that stays the same in every language."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        retry_after: int = 0,
        headers: tuple[tuple[bytes, bytes], ...] = (),
        **more: str | int,
    ) -> None:
        super().__init__(status, code, detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.retry_after = retry_after
        self.headers = headers
        self.more = more


# Structs and not dataclasses: one of each is made per request, and msgspec makes them six times faster.
class Answer(msgspec.Struct, frozen=True):
    status: int
    body: bytes
    content_type: bytes = b"application/json"
    headers: tuple[tuple[bytes, bytes], ...] = ()

    async def send(self, send: Send) -> None:
        headers = [
            (b"content-type", self.content_type),
            (b"content-length", b"%d" % len(self.body)),
            (b"cache-control", b"no-store"),
            (b"x-content-type-options", b"nosniff"),
            *self.headers,
        ]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": False})


def problem(refused: Refused) -> Answer:
    headers = refused.headers
    if refused.retry_after:
        headers = (*headers, (b"retry-after", b"%d" % refused.retry_after))
    body = {"type": "about:blank", "status": refused.status, "code": refused.code, "detail": refused.detail}
    return Answer(refused.status, msgspec.json.encode(body | refused.more), b"application/problem+json", headers)


def to_person(refused: Refused, scope: Scope, pages: Pages) -> Answer:
    """A page for whoever reads pages; problem details for everybody else."""
    query = scope["query_string"].decode("latin-1")
    address = scope["path"] + (f"?{query}" if query else "")
    said = pages(refused.code, scope["method"], address, dict(scope["headers"]))
    machine = problem(refused)
    if said is None:
        return machine
    headers, page = said
    return Answer(refused.status, page, b"text/html; charset=utf-8", (*machine.headers, *headers))


class Request(msgspec.Struct, frozen=True):
    method: str
    path: str
    query: bytes
    headers: Mapping[bytes, bytes]
    address: str
    receive: Receive

    def header(self, name: bytes) -> str:
        found = self.headers.get(name)
        return found.decode("latin-1").strip() if found else ""


def request(scope: Scope, receive: Receive) -> Request:
    client = scope["client"]
    return Request(
        scope["method"],
        scope["path"],
        scope["query_string"],
        dict(scope["headers"]),
        client[0] if client else "",
        receive,
    )
