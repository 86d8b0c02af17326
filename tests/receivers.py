"""Local stand-ins for the services messages go to, written from their published APIs and not from our client: they
check the credentials, the place and the form of what arrives, and answer as the service documents it.
"""

import base64
import hmac
import json
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


@dataclass
class Request:
    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes

    def json(self):
        return json.loads(self.body)

    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}


Answer = tuple[int, object] | tuple[int, object, Mapping[str, str]]


@dataclass
class Receiver:
    """``before`` may answer instead of the service: a 429, a hang, a redirect."""

    service: Callable[[Request], Answer]
    taken: list[object] = field(default_factory=list)
    seen: list[Request] = field(default_factory=list)
    before: Callable[[Request], Answer | None] = lambda _: None
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answer(self, request: Request) -> Answer:
        self.seen.append(request)
        return self.before(request) or self.service(request)


@contextmanager
def running(receiver: Receiver) -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(self.command, parts.path, parse_qs(parts.query), headers, self.rfile.read(length))
            status, said, *more = receiver.answer(request)
            body = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **(more[0] if more else {})}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_DELETE = _any  # noqa: N815  # the names that http.server calls

        def log_message(self, *given: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def ntfy(*, token: str = "") -> Receiver:
    """ntfy: POST / with a JSON document, or POST /<topic> (docs.ntfy.sh/publish). Answers with the message."""

    def serve(request: Request) -> Answer:
        if token and request.headers.get("authorization") != f"Bearer {token}":
            return 403, {"code": 40301, "http": 403, "error": "forbidden"}
        if request.path.strip("/"):
            topic, text, title = request.path.strip("/"), request.body.decode(), request.headers.get("title", "")
        else:
            said = request.json()
            topic, text, title = said["topic"], said.get("message", ""), said.get("title", "")
        if not topic or not all(one.isalnum() or one in "-_" for one in topic) or len(topic) > 64:
            return 400, {"code": 40009, "http": 400, "error": "invalid request: topic invalid"}
        if len(text.encode()) > 4096:
            return 413, {"code": 41301, "http": 413, "error": "message too large"}
        receiver.taken.append((topic, title, text))
        return 200, {"id": f"ntfy{len(receiver.taken)}", "event": "message", "topic": topic, "message": text}

    receiver = Receiver(serve)
    return receiver


def slack(path: str = "/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX") -> Receiver:
    """An incoming webhook (docs.slack.dev/messaging/sending-messages-using-incoming-webhooks): the text "ok"."""

    def serve(request: Request) -> Answer:
        if request.method != "POST" or request.headers.get("content-type", "").partition(";")[0] != "application/json":
            return 400, b"invalid_payload"
        if request.path != path:
            return 404, b"no_service"
        try:
            said = request.json()
        except ValueError:
            return 400, b"invalid_payload"
        if not (said.get("text") or said.get("blocks") or said.get("attachments")):
            return 400, b"no_text"
        receiver.taken.append(json.dumps(said, ensure_ascii=False))
        return 200, b"ok", {"Content-Type": "text/html"}

    receiver = Receiver(serve)
    return receiver


def chatwork(*, token: str, room: str) -> Receiver:
    """POST /v2/rooms/{room_id}/messages (developer.chatwork.com/reference/post-rooms-room_id-messages)."""

    def serve(request: Request) -> Answer:
        if request.headers.get("x-chatworktoken") != token:
            return 401, {"errors": ["Invalid API token"]}
        if request.method != "POST" or request.path != f"/v2/rooms/{room}/messages":
            return 403, {"errors": ["You don't have permission to access this room"]}
        if request.headers.get("content-type") != "application/x-www-form-urlencoded":
            return 400, {"errors": ["Parameter 'body' is invalid"]}
        said = request.form()
        if not said.get("body") or said.get("self_unread", "0") not in {"0", "1"}:
            return 400, {"errors": ["Parameter 'body' is invalid"]}
        receiver.taken.append(said["body"])
        return 200, {"message_id": f"1609{len(receiver.taken)}"}

    receiver = Receiver(serve)
    return receiver


@dataclass
class Account:
    """A service account as the developer console of LINE WORKS makes it."""

    client_id: str
    client_secret: str
    service_account: str
    public: RSAPublicKey
    bot: str
    users: tuple[str, ...]


def tokens(account: Account) -> Callable[[Request], Answer | None]:
    """The token service (JWT bearer, RFC 7523), and who may call without one: nobody. None: let in."""
    issued: set[str] = set()

    def serve(request: Request) -> Answer | None:
        if request.path != "/oauth2/v2.0/token":
            known = request.headers.get("authorization", "").removeprefix("Bearer ") in issued
            return None if known else (401, {"code": "UNAUTHORIZED", "description": "Authentication failed"})
        said = request.form()
        wrong = said.get("grant_type") != "urn:ietf:params:oauth:grant-type:jwt-bearer"
        known = (said.get("client_id"), said.get("client_secret")) == (account.client_id, account.client_secret)
        if wrong or not known or not _signed(said.get("assertion", ""), account) or "bot" not in said.get("scope", ""):
            return 401, {"error": "invalid_client", "error_description": "Invalid client"}
        issued.add(f"access{len(issued)}")
        return 200, {"access_token": f"access{len(issued) - 1}", "token_type": "Bearer", "expires_in": "86400"}

    return serve


def line_works(account: Account) -> Receiver:
    """The token service and POST /v1.0/bots/{botId}/users/{userId}/messages, which is 201."""
    known = tokens(account)

    def serve(request: Request) -> Answer:
        return known(request) or _spoken(request, account, receiver)

    receiver = Receiver(serve)
    return receiver


def _spoken(request: Request, account: Account, receiver: Receiver) -> Answer:
    parts = request.path.strip("/").split("/")
    if parts[:4] != ["v1.0", "bots", account.bot, "users"] or parts[5:] != ["messages"]:
        return 404, {"code": "NOT_FOUND", "description": "API not exist"}
    if parts[4] not in account.users:
        return 404, {"code": "NOT_FOUND", "description": "user not found"}
    content = request.json()["content"]
    if content["type"] != "text" or not 0 < len(content["text"]) <= 2000:
        return 400, {"code": "INVALID_PARAMETER", "description": "text"}
    receiver.taken.append(content["text"])
    return 201, b""


def _signed(assertion: str, account: Account) -> bool:
    try:
        head, claims, seal = assertion.split(".")
        account.public.verify(_raw(seal), f"{head}.{claims}".encode(), padding.PKCS1v15(), hashes.SHA256())
        said = json.loads(_raw(claims))
    except (ValueError, InvalidSignature):
        return False
    named = (said.get("iss"), said.get("sub")) == (account.client_id, account.service_account)
    return json.loads(_raw(head))["alg"] == "RS256" and named and 0 < said["exp"] - said["iat"] <= 3600


def _raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


SUBSCRIPTION = {
    "endpoint": "https://push.example/x",
    "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    "auth": "BTBZMqHH6r4Tts7J_aSIgg",
}
"""The browser of RFC 8291, section 5."""


class Browser:
    """A browser's half of Web Push, as RFC 8291 describes the user agent. ``keys`` is what it tells the desk."""

    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.secret = os.urandom(16)

    @property
    def public(self) -> bytes:
        return _uncompressed(self.private.public_key())

    @property
    def keys(self) -> str:
        return ".".join(base64.urlsafe_b64encode(one).rstrip(b"=").decode() for one in (self.public, self.secret))

    def read(self, body: bytes) -> bytes:
        """Raises ValueError or InvalidTag where it was not sealed for this browser."""
        salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        theirs, sealed = body[21 : 21 + length], body[21 + length :]
        if length != 65 or len(sealed) > size:
            raise ValueError("no record of RFC 8188")
        sender = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
        shared = self.private.exchange(ec.ECDH(), sender)
        first = hmac.new(self.secret, shared, "sha256").digest()
        ikm = hmac.new(first, b"WebPush: info\x00" + self.public + theirs + b"\x01", "sha256").digest()
        prk = hmac.new(salt, ikm, "sha256").digest()
        key = hmac.new(prk, b"Content-Encoding: aes128gcm\x00\x01", "sha256").digest()[:16]
        nonce = hmac.new(prk, b"Content-Encoding: nonce\x00\x01", "sha256").digest()[:12]
        text = AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\x00")
        if not text.endswith(b"\x02"):
            raise ValueError("no last record")
        return text[:-1]


def _uncompressed(key: EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def push_service(browser: Browser, desk: EllipticCurvePublicKey) -> Receiver:
    """POST to a push resource (RFC 8030 5) restricted to one application server's key (RFC 8292 4.2)."""

    def serve(request: Request) -> Answer:
        if request.path == "/push/gone":
            return 410, b""
        if not request.headers.get("ttl", "").isdigit() or request.headers.get("content-encoding") != "aes128gcm":
            return 400, b""
        if not _introduced(request.headers.get("authorization", ""), desk, receiver.url):
            return 403, b""
        if len(request.body) > 4096:
            return 413, b""
        receiver.taken.append(browser.read(request.body).decode())
        return 201, b"", {"Location": f"{receiver.url}/m/{len(receiver.taken)}"}

    receiver = Receiver(serve)
    return receiver


def _introduced(header: str, desk: EllipticCurvePublicKey, me: str) -> bool:
    scheme, _, rest = header.partition(" ")
    said = dict(one.strip().split("=", 1) for one in rest.split(","))
    head, claims, sealed = said["t"].split(".")
    raw, told = _raw(sealed), json.loads(_raw(claims))
    signature = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    try:
        desk.verify(signature, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    left = told["exp"] - time.time()
    known = _raw(said["k"]) == _uncompressed(desk) and told["aud"] == me
    return scheme == "vapid" and known and 0 < left <= 24 * 3600 and told["sub"].startswith(("https:", "mailto:"))
