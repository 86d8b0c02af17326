"""What Apprise carries: Slack, Teams, Mattermost, LINE, ntfy, text messages by a gateway, and its other services.

Apprise makes its calls with ``requests``. The adapter every session of ``requests`` in this process gets is replaced by
one that goes through our guard, takes no proxy from the environment, reads little, and remembers what was answered:
Apprise itself says only yes or no.
"""

import contextlib
import json
import re
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit
from uuid import NAMESPACE_URL, uuid5

import apprise
import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from hikeshi.accounts.ways import Kind
from hikeshi.kernel.http import NOBODY, Barred, Permitted, connect
from hikeshi.kernel.http.client import LIMIT, SECONDS
from hikeshi.kernel.http.cutting import Cut, cut_in
from hikeshi.kernel.http.guard import Why
from hikeshi.kernel.http.holding import Holding
from hikeshi.notify.channels.answers import fault_of, fault_of_call
from hikeshi.notify.channels.mentions import silenced
from hikeshi.notify.handing import BUNDLE, Failed, Fault, Handed, Parcel, Setup
from hikeshi.notify.wording import Form

SCHEMES: Final = frozenset(
    [
        "46elks",
        "apprise",
        "apprises",
        "bark",
        "barks",
        "bulksms",
        "bulkvs",
        "burstsms",
        "chanify",
        "clickatell",
        "clicksend",
        "d7sms",
        "discord",
        "exotel",
        "feishu",
        "flock",
        "gchat",
        "gotify",
        "gotifys",
        "guilded",
        "httpsms",
        "join",
        "kavenegar",
        "lark",
        "line",
        "mattermost",
        "matrix",
        "matrixs",
        "messagebird",
        "mmost",
        "mmosts",
        "msg91",
        "msgbird",
        "msteams",
        "nexmo",
        "ntfy",
        "ntfys",
        "opsgenie",
        "pagerduty",
        "plivo",
        "pover",
        "powerautomate",
        "pushdeer",
        "pushdeers",
        "pushed",
        "pushover",
        "rocket",
        "rockets",
        "seven",
        "signal",
        "signals",
        "signl4",
        "sinch",
        "slack",
        "smseagle",
        "smseagles",
        "splunk",
        "tgram",
        "threema",
        "twilio",
        "victorops",
        "voipms",
        "vonage",
        "webex",
        "whatsapp",
        "workflow",
        "workflows",
        "wxteams",
        "zulip",
    ]
)
"""Services that speak HTTP through ``requests``. Those that open a socket, a bus or a program of their own are left
out: nothing would guard them.
"""

TALKING: Final = frozenset({Kind.SLACK, Kind.TEAMS, Kind.MATTERMOST, Kind.APPRISE})
"""Where a word can call people."""

_NOBODY_THERE: Final = {
    Kind.TEAMS: re.compile(rb"WorkflowTriggerIsNotEnabled"),
    Kind.LINE: re.compile(rb"Failed to send messages|The property, '?to'?,"),
    Kind.SMS: re.compile(rb'"code": ?(21211|21214|21217|21610|21612|21614)\b'),
}
"""What a 400 says where the address is at fault: a workflow switched off or deleted, nobody LINE knows, a number that
is none or that wants nothing more (as Twilio numbers its errors).
"""


@dataclass(slots=True)
class _Call(threading.local):
    """What the calls of this thread may reach, what the last of them came to, and what would cut the one under way."""

    permitted: Permitted = NOBODY
    status: int | None = None
    retry_after: str = ""
    body: bytes = b""
    barred: Why | None = None
    retry_key: str = ""
    cut: Cut | None = None


_call = _Call()


class _Wire(Holding, HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _guarded(self.host, self.port or 80)


class _SecureWire(Holding, HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _guarded(self.host, self.port or 443)

    def connect(self) -> None:
        """From here on the secured line is the one there is: nobody could cut the plain one any more."""
        super().connect()
        if _call.cut is not None:
            _call.cut.wire = self.sock


def _guarded(host: str, port: int) -> socket.socket:
    try:
        wire = connect(host, port, _call.permitted)
    except Barred as barred:
        _call.barred = barred.why
        raise OSError(barred.why) from None
    _call.cut = cut_in(wire, SECONDS)  # a provider that drips a byte a second is cut all the same
    return wire


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Wire


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureWire


class Guarded(HTTPAdapter):
    """Every call of ``requests`` in this process: nothing inside the network, unless it was named."""

    def init_poolmanager(self, *given: object, **named: object) -> None:
        super().init_poolmanager(*given, **named)  # type: ignore[arg-type]  # handed on as they came
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}

    def send(self, request: requests.PreparedRequest, **named: object) -> requests.Response:  # type: ignore[override]  # handed on by name
        named |= {"proxies": {}, "stream": True}
        if _call.retry_key:
            request.headers["X-Line-Retry-Key"] = _call.retry_key
        _call.status = None
        try:
            with contextlib.closing(super().send(request, **named)) as answer:  # type: ignore[arg-type]  # as above
                return _read(answer)
        finally:
            if _call.cut is not None:
                _call.cut.cancel()
                _call.cut = None


def _read(answer: requests.Response) -> requests.Response:
    _call.status, _call.retry_after = answer.status_code, answer.headers.get("Retry-After", "")
    _call.body = answer.raw.read(LIMIT + 1, decode_content=True) or b""
    if len(_call.body) > LIMIT:
        _call.barred = Why.TOO_LARGE
        raise requests.exceptions.ContentDecodingError
    answer._content = _call.body  # what ``answer.content`` would read; it has been read here, and no more of it
    answer._content_consumed = True  # type: ignore[attr-defined]  # as above
    return answer


requests.sessions.HTTPAdapter = Guarded  # the one name every new session takes its adapter from


class Carried:
    """``kind`` decides how an address becomes one that Apprise reads."""

    makes_ready = True

    def __init__(self, kind: Kind, form: Form = Form.FULL) -> None:
        self.kind = kind
        self.form = form

    def send(self, parcel: Parcel, setup: Setup) -> Handed:
        address = address_for(self.kind, parcel.way.address, setup.secret)
        service = _service(address)
        _call.permitted, _call.status, _call.retry_after, _call.barred = setup.permitted, None, "", None
        _call.body, _call.retry_key = b"", _retry_key(self.kind, parcel)
        words = silenced if self.kind in TALKING else str
        # A short form is its title and nothing else.
        title = "" if self.form is Form.SHORT else words(parcel.title)
        try:
            taken = service.notify(body=words(parcel.text), title=title, notify_type=_type(parcel.urgency))
        finally:
            _call.permitted, _call.retry_key = NOBODY, ""
        if taken or (self.kind is Kind.LINE and _call.status == 409):  # the try before this one got through
            return Handed(provider_id=_id(_call.body), status=_call.status)
        raise Failed(self._fault())

    def _fault(self) -> Fault:
        own = self.kind not in {Kind.SMS, Kind.LINE}
        if _call.barred is not None:
            return fault_of_call(Barred(_call.barred), address_at_fault=own)
        if _call.status is None:
            return Fault("timeout", passing=True, unsure=True)
        if self.kind is Kind.LINE and _call.status == 429 and b"monthly limit" in _call.body:
            return Fault("used_up", status=429)
        known = _NOBODY_THERE.get(self.kind)
        if _call.status == 400 and known is not None and known.search(_call.body):
            return Fault("refused_address", of_the_way=True, status=400)
        found = fault_of(_call.status, _call.retry_after, address_at_fault=own)
        return found or Fault("refused", status=_call.status)


def _retry_key(kind: Kind, parcel: Parcel) -> str:
    """So that LINE says the same message once, however often it is tried
    (https://developers.line.biz/en/docs/messaging-api/retrying-api-request). Of a bundle each try may hold others.
    """
    alone = kind is Kind.LINE and not parcel.thread.startswith(BUNDLE)
    return str(uuid5(NAMESPACE_URL, parcel.key)) if alone else ""


def _service(address: str) -> apprise.NotifyBase:
    service = apprise.Apprise.instantiate(address, suppress_exceptions=True)
    if service is None or _scheme(service) not in SCHEMES:
        raise Failed(Fault("bad_address", of_the_way=True))
    service.socket_connect_timeout, service.socket_read_timeout = 10.0, 20.0
    service.verify_certificate = True
    return service


def _scheme(service: apprise.NotifyBase) -> str:
    written: str = service.url(privacy=True)  # type: ignore[no-untyped-call]  # Apprise says no types
    return urlsplit(written).scheme.lower()


def _type(urgency: int) -> str:
    return {1: "failure", 2: "warning"}.get(urgency, "info")


def address_for(kind: Kind, address: str, secret: Mapping[str, str]) -> str:
    """A whole address is taken as it is; anything else fills in the channel's template. Raises Failed."""
    if "://" in address:
        return _native(kind, address)
    template = secret.get("address_template", "")
    if not template:
        raise Failed(Fault("not_set_up"))
    return template.replace("{address}", quote(address.partition(";")[0], safe="+@"))


def _native(kind: Kind, address: str) -> str:
    """As Apprise writes what people copy from Mattermost and ntfy; the others it reads as they are copied."""
    parts = urlsplit(address)
    secure = "s" if parts.scheme == "https" else ""
    if kind is Kind.MATTERMOST and (found := re.fullmatch(r"(.*)/hooks/([A-Za-z0-9]+)/?", parts.path)):
        return f"mmost{secure}://{parts.netloc}{found[1]}/{found[2]}"
    if kind is Kind.NTFY and parts.scheme in {"http", "https"}:
        return f"ntfy{secure}://{parts.netloc}{parts.path}?mode=private"
    return address


def _id(body: bytes) -> str:
    """What the provider calls it, where it says so."""
    try:
        said = json.loads(body)
    except ValueError:
        return ""
    if not isinstance(said, dict):
        return ""
    found = next((said[name] for name in ("id", "sid", "message_id", "messageId", "ts") if said.get(name)), "")
    return str(found)[:200]
