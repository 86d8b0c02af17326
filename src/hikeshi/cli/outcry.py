"""How the watch makes itself heard: by ways that need neither the desk nor its database."""

import shlex
import smtplib
import subprocess
import urllib.request
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from email.utils import parseaddr
from http.client import HTTPException
from typing import Final
from urllib.parse import unquote, urlsplit

from hikeshi.config.environment import BadEnvironment, text

SECONDS: Final = 10.0
FAILURES: Final = (OSError, HTTPException, smtplib.SMTPException, subprocess.SubprocessError)
Way = Callable[[str, str], None]


def ways() -> Mapping[str, Way]:
    """Each way the environment names, by the variable that names it. Raises BadEnvironment."""
    found: dict[str, Way] = {}
    if address := text("HIKESHI_WATCH_URL"):
        _must_be_web("HIKESHI_WATCH_URL", address)
        found["HIKESHI_WATCH_URL"] = lambda title, body: _post(address, title, body)
    if command := text("HIKESHI_WATCH_COMMAND"):
        found["HIKESHI_WATCH_COMMAND"] = lambda title, body: _run(command, title, body)
    if receiver := text("HIKESHI_WATCH_MAIL_TO"):
        server = _server()
        found["HIKESHI_WATCH_MAIL_TO"] = lambda title, body: _mail(server, receiver, title, body)
    return found


def heartbeat() -> str:
    """The address an outside keeper of heartbeats gave; "" without. Raises BadEnvironment."""
    address = text("HIKESHI_HEARTBEAT_URL")
    if address:
        _must_be_web("HIKESHI_HEARTBEAT_URL", address)
    return address


def ping(address: str) -> None:
    """Raises one of FAILURES."""
    with urllib.request.urlopen(address, timeout=SECONDS) as answer:  # noqa: S310  # checked to be http or https
        answer.read(1)


def _must_be_web(name: str, address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise BadEnvironment(f"{name} must be an http or https address")


def _post(address: str, title: str, body: str) -> None:
    """Plain text, the title in front: ntfy, and whatever takes a text by POST."""
    headers = {"Content-Type": "text/plain; charset=utf-8"}
    said = urllib.request.Request(address, f"{title}\n\n{body}".encode(), headers)  # noqa: S310  # checked
    with urllib.request.urlopen(said, timeout=SECONDS) as answer:  # noqa: S310  # checked to be http or https
        answer.read(1)


def _run(command: str, title: str, body: str) -> None:
    """Without a shell; the text comes on standard input."""
    said = f"{title}\n\n{body}\n".encode()
    subprocess.run(shlex.split(command), input=said, check=True, timeout=SECONDS * 3)  # noqa: S603  # the keeper's own


def _server() -> Callable[[], smtplib.SMTP]:
    """Raises BadEnvironment."""
    parts = urlsplit(text("HIKESHI_WATCH_SMTP", "smtp://localhost"))
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise BadEnvironment("HIKESHI_WATCH_SMTP must be smtp://[user:password@]host[:port] or smtps://…")
    host, port = parts.hostname, parts.port

    def connect() -> smtplib.SMTP:
        if parts.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port or 465, timeout=SECONDS)
        else:
            server = smtplib.SMTP(host, port or 25, timeout=SECONDS)
            if server.ehlo()[0] == 250 and server.has_extn("starttls"):
                server.starttls()
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        return server

    return connect


def _mail(connect: Callable[[], smtplib.SMTP], receiver: str, title: str, body: str) -> None:
    mail = EmailMessage()
    mail["To"] = receiver
    mail["From"] = text("HIKESHI_WATCH_MAIL_FROM", parseaddr(receiver)[1])
    mail["Subject"] = title
    mail.set_content(body)
    with connect() as server:
        server.send_message(mail)
