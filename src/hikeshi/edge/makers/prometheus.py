"""Prometheus may name this desk as its Alertmanager: ``/api/v2/alerts`` with Alertmanager's answers (API v2).

Each alert is taken by itself: what is in order is kept even where another one is not, and the answer is then 400 with
what was wrong, as Alertmanager does it. An end in the past says that it is over. What has no end and is not sent again
stays firing here: whoever fell silent has not said that all is well.

Names of labels are any text, as since Alertmanager 0.27: Prometheus 3 sends ``service.name`` as OpenTelemetry has it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import msgspec

from hikeshi.edge.basic import password
from hikeshi.edge.makers.maker import Sent, credentials, decoded
from hikeshi.edge.wire import Answer, Refused, Request
from hikeshi.intake.inbox import framing as bodies
from hikeshi.kernel.clock import now

PREFIX: Final = "/api/v2/"
ALERTS: Final = "/api/v2/alerts"
STATUS: Final = "/api/v2/status"
_VERSION: Final = "0.27.0"
"""The version whose answers these are; amtool asks."""
_encode: Final = msgspec.json.encode
_ZERO: Final = datetime(1, 1, 1, tzinfo=UTC)
_BEGUN: Final = now()


def at(path: str) -> "Prometheus | None":
    return Prometheus(path) if path.startswith(PREFIX) else None


@dataclass(frozen=True, slots=True)
class Prometheus:
    path: str
    source: str = "alertmanager"
    limit: int = bodies.LIMIT

    def method(self, request: Request) -> Answer | None:
        if self.path == STATUS:
            _must_be(request, "GET")
            return Answer(200, _encode(_status()))
        if self.path != ALERTS:  # lists of alerts and silences: they are here, not there, and none would be a lie
            raise Refused(404, "not_found", f"path {self.path} was not found")
        _must_be(request, "POST")
        return None

    def secret(self, request: Request) -> str:
        return credentials(request, "bearer") or password(credentials(request, "basic"))

    def secret_inside(self, body: bytes) -> str:
        del body  # Prometheus puts it into the head
        return ""

    def read(self, request: Request, body: bytes) -> Sent:
        del request
        body, alerts = _alerts(body)
        wrong = [tuple(_wrong(alert)) for alert in alerts]
        good = [alert for alert, said in zip(alerts, wrong, strict=True) if not said]
        answer = Answer(200, b"")
        if len(good) < len(alerts):
            answer = Answer(400, _encode("; ".join(said[0] for said in wrong if said)) + b"\n")
        if not good:
            return Sent(b"", answer)
        return Sent(body if len(good) == len(alerts) else _encode(good), answer)

    def said(self, refused: Refused) -> Answer:
        headers: tuple[tuple[bytes, bytes], ...] = refused.headers
        if refused.retry_after:
            headers = (*headers, (b"retry-after", b"%d" % refused.retry_after))
        code = refused.more.get("form", refused.status)
        return Answer(refused.status, _encode({"code": code, "message": refused.detail}), headers=headers)


def _must_be(request: Request, method: str) -> None:
    if request.method != method:
        said = f"method {request.method} is not allowed, but [{method}] are"
        raise Refused(405, "method", said, headers=((b"allow", method.encode()),))


def _status() -> Mapping[str, object]:
    version = dict.fromkeys(("branch", "buildDate", "buildUser", "goVersion", "revision"), "")
    return {
        "cluster": {"status": "disabled", "peers": []},
        "config": {"original": ""},
        "uptime": _BEGUN.isoformat(),
        "versionInfo": {**version, "version": _VERSION},
    }


def _alerts(body: bytes) -> tuple[bytes, Sequence[Mapping[str, object]]]:
    """With the body that says so. Raises Refused where the form is another; Alertmanager then keeps nothing either."""
    try:
        body, found = decoded(body, _as_go_reads)
    except (ValueError, RecursionError) as error:
        raise Refused(400, "body_json", f'parsing alerts body from "" failed, because {error}') from None
    if found is None:
        raise Refused(422, "form", "alerts in body is required", form=602)
    if not isinstance(found, list):
        raise _unfit("json: cannot unmarshal object into Go value of type models.PostableAlerts")
    for place, alert in enumerate(found):
        _check_form(place, alert)
    return body, found


def _as_go_reads(body: bytes) -> str:
    return body.decode("utf-8", "replace")


def _check_form(place: int, alert: object) -> None:
    if not isinstance(alert, dict):
        raise _unfit("json: cannot unmarshal value into Go value of type models.PostableAlert")
    if not isinstance(alert.get("labels"), dict):
        raise Refused(422, "form", f"{place}.labels in body is required", form=602)
    for name in ("labels", "annotations"):
        table = alert.get(name) or {}
        if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
            raise _unfit("json: cannot unmarshal value into Go value of type string")
    for name in ("startsAt", "endsAt"):
        if alert.get(name) and _moment(alert[name]) is None:
            raise _unfit(f"{name} is no date-time")


def _unfit(why: str) -> Refused:
    return Refused(400, "form", f'parsing alerts body from "" failed, because {why}')


def _moment(value: object) -> datetime | None:
    """RFC 3339; years that Python does not count are none."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found is not None and found.tzinfo is None else found


def _wrong(alert: Mapping[str, object]) -> Iterator[str]:
    """What Alertmanager's own validation says, in its order."""
    begins, ends = (_moment(alert.get(name)) or _ZERO for name in ("startsAt", "endsAt"))
    begins = begins if begins != _ZERO else ends if ends != _ZERO else now()
    if ends not in {_ZERO, begins} and ends < begins:
        yield "start time must be before end time"
    labels = alert["labels"]
    kept = {key: value for key, value in labels.items() if value} if isinstance(labels, dict) else {}
    if not kept:
        yield "at least one label pair required"
    if "" in kept:
        yield 'invalid label set: invalid name ""'
