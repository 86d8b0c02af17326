"""CloudEvents 1.0 over HTTP at the ordinary door, in the three ways they come, and the questions makers ask first.

Structured ones and batches are JSON like any other: what they carry is unwrapped where bodies are read. Of a binary one
the event stands in the headers; here it is put together again, so that nothing of it is lost.
"""

import base64
import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote

import msgspec

from hikeshi.edge.wire import Answer, Request
from hikeshi.intake.inbox import framing as bodies

EVENT: Final = "application/cloudevents+json"
_PREFIX: Final = b"ce-"
_LONGEST: Final = 1_000
_ATTRIBUTES: Final = 50
_CHALLENGE: Final = re.compile(r"[\x21-\x7e]{1,500}")
_ORIGIN: Final = re.compile(r"[A-Za-z0-9.:*-]{1,253}")
_encode: Final = msgspec.json.encode


class _Name(msgspec.Struct):
    id: str = ""
    source: str = ""
    specversion: str = ""


def whole(headers: Mapping[bytes, bytes], body: bytes, content_type: str) -> tuple[bytes, str]:
    """A binary event in its structured form, with its Content-Type."""
    told = [(name, value) for name, value in headers.items() if name.startswith(_PREFIX)][:_ATTRIBUTES]
    event: dict[str, object] = {
        name.removeprefix(_PREFIX).decode("latin-1"): unquote(value.decode("latin-1"))[:_LONGEST]
        for name, value in told
    }
    event["datacontenttype"] = content_type
    try:
        event["data"] = msgspec.json.decode(bodies.legible(body, content_type).encode())
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        event["data_base64"] = base64.b64encode(body).decode()
    return _encode(event), EVENT


def name(content_type: str, body: bytes) -> str:
    """What makes an event sent twice one: its source and id. Empty for a batch and for whatever is none."""
    if not content_type.lower().startswith(EVENT):
        return ""
    try:
        found = msgspec.json.decode(body, type=_Name)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ""
    return f"ce\0{found.source}\0{found.id}" if found.specversion and found.id else ""


def challenged(request: Request) -> Answer | None:
    """Okta's one-time verification, and the question of CloudEvents whether events are wanted here."""
    asked = request.header(b"x-okta-verification-challenge")
    if request.method == "GET" and _CHALLENGE.fullmatch(asked):
        return Answer(200, _encode({"verification": asked}))
    origin = request.header(b"webhook-request-origin")
    if request.method == "OPTIONS" and _ORIGIN.fullmatch(origin):
        allowed = ((b"allow", b"POST"), (b"webhook-allowed-origin", origin.encode()), (b"webhook-allowed-rate", b"*"))
        return Answer(200, b"", headers=allowed)
    return None
