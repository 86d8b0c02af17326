"""Opsgenie's alert API as integrations use it: create, close and acknowledge by alias. The GenieKey is a token of the
source ``opsgenie``. As there, the answer is 202 before anything is done, and the alias is what makes two alerts one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qs

import msgspec

from hikeshi.edge.makers.maker import Sent, credentials, decoded
from hikeshi.edge.wire import Answer, Refused, Request
from hikeshi.intake.inbox import framing as bodies
from hikeshi.kernel.ids import uuid7

PATH: Final = "/v2/alerts"
_DEEDS: Final = frozenset({"close", "acknowledge"})
_ELSE: Final = ""
"""Notes, tags, requests and all else that is not here."""
_ALIAS: Final = 512
_LONGEST: Final[Mapping[str, int]] = {"message": 130, "description": 15_000, "entity": 512, "source": 100}
_PRIORITIES: Final = frozenset({"P1", "P2", "P3", "P4", "P5"})
_encode: Final = msgspec.json.encode


def at(path: str) -> "Opsgenie | None":
    """``path``: as the server took it apart, so that an alias stands in it as it is, slashes and all."""
    path = path.rstrip("/")
    if path == PATH:
        return Opsgenie()
    if not path.startswith(f"{PATH}/"):
        return None
    identifier, _, deed = path.removeprefix(f"{PATH}/").rpartition("/")
    return Opsgenie(deed, identifier) if identifier and deed in _DEEDS else Opsgenie(_ELSE)


@dataclass(frozen=True, slots=True)
class Opsgenie:
    deed: str = "create"
    identifier: str = ""
    source: str = "opsgenie"
    limit: int = bodies.LIMIT
    asked: str = field(default_factory=lambda: str(uuid7()))
    """The requestId of the answer; an alert without an alias is known by it, as there by its own id."""

    def method(self, request: Request) -> Answer | None:
        if self.deed == _ELSE:
            raise Refused(404, "not_found", "Alerts are created, acknowledged and closed here.")
        if request.method != "POST":
            raise Refused(405, "method", "Request method is not supported.", headers=((b"allow", b"POST"),))
        return None

    def secret(self, request: Request) -> str:
        return credentials(request, "geniekey")

    def secret_inside(self, body: bytes) -> str:
        del body  # Opsgenie's clients put it into the head
        return ""

    def read(self, request: Request, body: bytes) -> Sent:
        told = dict(_table(body))
        if self.deed == "create":
            _check(told, "message", "alias", "priority")
            told["alias"] = told.get("alias") or self.asked
        else:
            _check(told)
            told["alias"] = self._named(request)
        told["action"] = self.deed
        said = {"result": "Request will be processed", "took": 0.001, "requestId": self.asked}
        return Sent(_encode(told), Answer(202, _encode(said)))

    def _named(self, request: Request) -> str:
        kind = (parse_qs(request.query.decode("latin-1")).get("identifierType") or ["id"])[0]
        if kind not in {"alias", "id"}:
            raise _unfit({"identifierType": "Name the alert by its alias."})
        if len(self.identifier) > _ALIAS:
            raise _unfit({"alias": f"The alias may have {_ALIAS} characters."})
        return self.identifier

    def said(self, refused: Refused) -> Answer:
        told: dict[str, object] = {"message": refused.detail, "took": 0.001, "requestId": self.asked}
        headers = refused.headers
        if refused.status == 401:
            told["message"], headers = "Could not authenticate", ()
        if refused.status == 429:
            told["message"] = "You are making too many requests!"
        if refused.code == "unfit":
            told["errors"] = dict(refused.more)
        if refused.retry_after:
            headers = (*headers, (b"retry-after", b"%d" % refused.retry_after))
        return Answer(refused.status, _encode(told), headers=headers)


def _table(body: bytes) -> Mapping[str, object]:
    try:
        _, found = decoded(body, bodies.legible) if body.strip() else (b"", {})
    except (ValueError, RecursionError):
        raise Refused(400, "body_json", "Could not parse the JSON body.") from None
    if not isinstance(found, dict):
        raise Refused(400, "body_json", "The body is no JSON object.")
    return found


def _unfit(errors: Mapping[str, str]) -> Refused:
    refused = Refused(422, "unfit", "Request body is not processable. Please check the errors.")
    refused.more.update(errors)
    return refused


def _check(told: Mapping[str, object], *names: str) -> None:
    """Raises Refused with what is wrong, by field."""
    wrong: dict[str, str] = {}
    message, alias, priority = (told.get(name) for name in ("message", "alias", "priority"))
    if "message" in names and (not isinstance(message, str) or not message.strip()):
        wrong["message"] = "Message can not be empty."
    if "alias" in names and alias is not None and (not isinstance(alias, str) or len(alias) > _ALIAS):
        wrong["alias"] = f"Alias is a text of at most {_ALIAS} characters."
    if "priority" in names and priority is not None and priority not in _PRIORITIES:
        wrong["priority"] = "Priority should be one of [ P1, P2, P3, P4, P5 ]."
    for name, most in _LONGEST.items():
        value = told.get(name)
        if isinstance(value, str) and len(value) > most:
            wrong[name] = f"{name} may have {most} characters."
    if wrong:
        raise _unfit(wrong)
