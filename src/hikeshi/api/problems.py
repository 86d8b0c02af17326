"""Every answer that is not what was asked for: application/problem+json (RFC 9457), in the reader's language."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, gettext_lazy

from hikeshi.api.bodies import InvalidAt, Malformed, pointer
from hikeshi.kernel.facts import JSON
from hikeshi.kernel.refusals import Conflict, Invalid, NotFound, Refusal, Unmet
from hikeshi.kernel.vault import TooBig
from hikeshi.phrases import refusals

PLACE: Final = "/api/v1/problems/"


@dataclass(frozen=True, slots=True)
class Kind:
    status: int
    title: Promise


KINDS: Final[Mapping[str, Kind]] = {
    "malformed": Kind(400, gettext_lazy("The body is not valid JSON.")),
    "unauthenticated": Kind(401, gettext_lazy("Sign in, or send a valid API token.")),
    "not_allowed": Kind(403, refusals.SENTENCES["not_allowed"]),
    "forged": Kind(403, gettext_lazy("The change did not come from a page of this desk.")),
    "second_factor_missing": Kind(403, gettext_lazy("Your role asks for a second factor. Set one up to go on.")),
    "proof_missing": Kind(403, gettext_lazy("Confirm that it is you on your account page, then try again.")),
    "not_found": Kind(404, refusals.SENTENCES["not_found"]),
    "method_not_allowed": Kind(405, gettext_lazy("This cannot be done here.")),
    "answered_already": Kind(409, gettext_lazy("Somebody has answered already.")),
    "conflict": Kind(409, refusals.SENTENCES["conflict"]),
    "successor_needed": Kind(409, refusals.SENTENCES["successor_needed"]),
    "unmet": Kind(409, refusals.SENTENCES["unmet"]),
    "refused": Kind(409, refusals.SENTENCES["refused"]),
    "damaged": Kind(410, refusals.SENTENCES["damaged"]),
    "stale": Kind(412, refusals.SENTENCES["stale"]),
    "too_large": Kind(413, gettext_lazy("The body is too large.")),
    "unsupported_media_type": Kind(415, gettext_lazy("Send JSON, as application/json.")),
    "not_bytes": Kind(415, gettext_lazy("Send the file itself, as application/octet-stream.")),
    "invalid": Kind(422, refusals.SENTENCES["invalid"]),
    "key_reused": Kind(422, refusals.SENTENCES["key_reused"]),
    "broken": Kind(500, gettext_lazy("Something broke here; it is written down for the administrator.")),
    "no_room": Kind(507, refusals.SENTENCES["no_room"]),
    "document_too_large": Kind(413, refusals.SENTENCES["document_too_large"]),
    "document_busy": Kind(503, refusals.SENTENCES["document_busy"]),
    "fonts_missing": Kind(503, gettext_lazy("The fonts for PDF files are missing from this installation.")),
    "unavailable": Kind(503, gettext_lazy("The desk cannot be reached right now; try again shortly.")),
}
_ON_THE_WIRE: Final = {"record_class": "class"}
"""Names that differ between Python, where ``class`` is taken, and JSON."""


class SuccessorNeeded(Refusal):
    """Somebody is to go on whom something rests that would break. ``rests`` is all that rests on them, for the caller
    to see.
    """

    code = "successor_needed"

    def __init__(self, rests: Sequence[Mapping[str, JSON]]) -> None:
        super().__init__()
        self.rests = rests


class Stale(Conflict):
    """An ``If-Match`` that names another version than the current one."""

    code = "stale"


def answer(
    code: str, *, detail: str = "", headers: Mapping[str, str] | None = None, more: Mapping[str, JSON] | None = None
) -> HttpResponse:
    kind = KINDS[code]
    title = str(kind.title)
    problem = {"type": PLACE + code, "title": title, "status": kind.status, "detail": detail or title, "code": code}
    # What every problem has comes first and wins. ASCII, since a text that was refused may hold half a pair.
    body = json.dumps({**problem, **(more or {}), **problem}, separators=(",", ":"))
    response = HttpResponse(body, status=kind.status, content_type="application/problem+json")
    for name, value in (headers or {}).items():
        response[name] = value
    response["Content-Language"] = get_language() or "en"
    return response


def refused(refusal: Refusal, *, in_body: bool = True) -> HttpResponse:
    """``in_body``: whether what was refused came in the body, or in the address."""
    if isinstance(refusal, TooBig):
        return answer("too_large", detail=refusals.sentence(refusal))
    if isinstance(refusal, Invalid):
        return invalid([_field(refusal, in_body=in_body)])
    code = refusal.code if refusal.code in KINDS else Refusal.code
    return answer(code, detail=refusals.sentence(refusal), more=_more(refusal))


def _more(refusal: Refusal) -> dict[str, JSON]:
    if isinstance(refusal, Conflict):
        yours, theirs = _on_the_wire(refusal.yours), _on_the_wire(refusal.theirs)
        return {"yours": yours, "theirs": theirs, "version": refusal.version}
    if isinstance(refusal, Unmet):
        return {"missing": [{"code": code, "sentence": refusals.missing(code)} for code in refusal.missing]}
    if isinstance(refusal, SuccessorNeeded):
        return {"rests": [dict(one) for one in refusal.rests]}
    if isinstance(refusal, NotFound):
        return {}  # not even what was looked for: hidden and missing read the same
    return dict(refusal.fields)


def _on_the_wire(texts: Mapping[str, str]) -> dict[str, JSON]:
    return {_ON_THE_WIRE.get(name, name): text for name, text in texts.items()}


def malformed(fault: Malformed) -> HttpResponse:
    if fault.byte is None:
        return answer("malformed", detail=gettext("The body is nested too deeply or holds a number that is too long."))
    place: dict[str, JSON] = {"byte": fault.byte, "line": fault.line, "column": fault.column}
    said = gettext("The body stops being JSON at line %(line)s, column %(column)s (byte %(byte)s).")
    return answer("malformed", detail=said % place, more={"position": place})


def invalid(fields: Sequence[Mapping[str, JSON]]) -> HttpResponse:
    """``fields`` as ``field`` makes them, at least one."""
    detail = " ".join(f"{found['name']}: {found['detail']}" for found in fields)
    return answer("invalid", detail=detail, more={"fields": [dict(found) for found in fields]})


def field(path: Sequence[str | int], code: str, params: Mapping[str, str], *, in_body: bool = True) -> dict[str, JSON]:
    """What cannot be used: its name, where it stands, why as a code and as a sentence."""
    name = str(path[-1]) if path else "body"
    place = {"pointer": pointer(path)} if in_body else {"parameter": name}
    return {"name": name, **place, "code": code, "detail": refusals.reason(code, params)}


def _field(refusal: Invalid, *, in_body: bool) -> dict[str, JSON]:
    path = refusal.path if isinstance(refusal, InvalidAt) else [_ON_THE_WIRE.get(refusal.field, refusal.field)]
    return field(path, refusal.reason, refusal.params, in_body=in_body)
