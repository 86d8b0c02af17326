"""PagerDuty's Events API v2: ``/v2/enqueue`` with trigger, acknowledge and resolve. The routing key is a token of the
source ``pagerduty``; it is taken out before the event is kept.

A trigger without a dedup_key gets one of ours and is an alert of its own. What is acknowledged or resolved without
having been triggered is kept and opens nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

from hikeshi.edge.makers.maker import Sent, decoded
from hikeshi.edge.wire import Answer, Refused, Request
from hikeshi.intake.inbox import framing as bodies
from hikeshi.kernel.ids import uuid7

PATH: Final = "/v2/enqueue"
LIMIT: Final = 512 * 1024
_ACTIONS: Final = frozenset({"trigger", "acknowledge", "resolve"})
_SEVERITIES: Final = frozenset({"critical", "error", "warning", "info"})
_KEY: Final = 255
_SUMMARY: Final = 1024
_encode: Final = msgspec.json.encode


def at(path: str) -> "PagerDuty | None":
    return PagerDuty() if path.rstrip("/") == PATH else None


@dataclass(frozen=True, slots=True)
class PagerDuty:
    source: str = "pagerduty"
    limit: int = LIMIT

    def method(self, request: Request) -> Answer | None:
        if request.method != "POST":
            raise Refused(405, "method", "Events are sent by POST.", headers=((b"allow", b"POST"),))
        return None

    def secret(self, request: Request) -> str:
        del request  # the body brings it
        return ""

    def secret_inside(self, body: bytes) -> str:
        key = _event(body).get("routing_key")
        if not isinstance(key, str) or not key:
            raise _invalid("'routing_key' is missing or blank")
        return key

    def read(self, request: Request, body: bytes) -> Sent:
        del request
        event = dict(_event(body))
        del event["routing_key"]
        wrong = tuple(_wrong(event))
        if wrong:
            raise _invalid(*wrong)
        key = event.setdefault("dedup_key", uuid7().hex) or uuid7().hex
        event["dedup_key"] = key
        said = {"status": "success", "message": "Event processed", "dedup_key": key}
        return Sent(_encode(event), Answer(202, _encode(said)))

    def said(self, refused: Refused) -> Answer:
        if refused.status == 429:
            told: dict[str, object] = {
                "status": "throttle exceeded",
                "message": "Requests for this service are arriving too quickly.  Please retry later.",
            }
            return Answer(429, _encode(told), headers=((b"retry-after", b"%d" % max(1, refused.retry_after)),))
        if refused.status >= 500 or refused.status == 405:
            headers = (*refused.headers, *(((b"retry-after", b"5"),) if refused.retry_after else ()))
            return Answer(refused.status, _encode({"status": "error", "message": refused.detail}), headers=headers)
        errors = str(refused.more.get("errors", "")).split("\n") if refused.more.get("errors") else [refused.detail]
        if refused.code in {"unauthorised", "other_source", "unknown_source"}:
            errors = ["Invalid routing key"]
        told = {"status": "invalid event", "message": "Event object is invalid", "errors": errors}
        return Answer(400, _encode(told))


def _event(body: bytes) -> Mapping[str, object]:
    """Raises Refused."""
    try:
        _, found = decoded(body, bodies.legible)
    except (ValueError, RecursionError):
        raise _invalid("JSON cannot be parsed") from None
    if not isinstance(found, dict):
        raise _invalid("an event is a JSON object")
    return found


def _invalid(*errors: str) -> Refused:
    return Refused(400, "event", "Event object is invalid", errors="\n".join(errors))


def _wrong(event: Mapping[str, object]) -> Iterator[str]:
    action, key = event.get("event_action"), event.get("dedup_key")
    if action not in _ACTIONS:
        yield "'event_action' must be one of: trigger, acknowledge, resolve"
    if key is not None and (not isinstance(key, str) or len(key) > _KEY):
        yield f"Length of 'dedup_key' is greater than {_KEY}" if isinstance(key, str) else "'dedup_key' is no string"
    if action in {"acknowledge", "resolve"} and not key:
        yield "'dedup_key' is missing or blank"
    if action == "trigger":
        yield from _wrong_payload(event.get("payload"))


def _wrong_payload(payload: object) -> Iterator[str]:
    if not isinstance(payload, dict):
        yield "'payload' is missing or blank"
        return
    for name in ("summary", "source"):
        value = payload.get(name)
        if not isinstance(value, str) or not value.strip():
            yield f"'payload.{name}' is missing or blank"
    summary = payload.get("summary")
    if isinstance(summary, str) and len(summary) > _SUMMARY:
        yield f"Length of 'payload.summary' is greater than {_SUMMARY}"
    if str(payload.get("severity", "")).lower() not in _SEVERITIES:
        yield "'payload.severity' must be one of: critical, error, warning, info"
