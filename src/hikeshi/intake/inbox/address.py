"""Where accepted bodies wait: in tables, or in a stream that several machines keep together. Read from the environment.

``HIKESHI_INBOX``  ``tls://nats1:4222,nats2:4222,nats3:4222/name``; empty: in tables. The name tells sites on one NATS
apart, ``hikeshi`` without. Who the desk is there stands in variables of its own, never in the address.
"""

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, urlsplit

PORT: Final = 4222
_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,31}")


class BadInbox(ValueError):
    """HIKESHI_INBOX and what belongs to it cannot be used; the message never holds a secret."""


@dataclass(frozen=True, slots=True)
class Access:
    """Who the desk is at the stream's servers, and whom it believes to be one. Files are paths of PEM files."""

    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    authority: str = ""
    certificate: str = ""
    certificate_key: str = ""
    credentials: str = ""
    """A NATS credentials file, or the seed of an nkey: instead of a user or token."""


@dataclass(frozen=True, slots=True)
class Stream:
    servers: tuple[str, ...]
    name: str
    encrypted: bool
    access: Access
    replicas: int
    megabytes: int


def read_stream(address: str, access: Access, *, replicas: int, megabytes: int) -> Stream | None:
    """None where the inbox is a table. Raises BadInbox."""
    if not address:
        return None
    scheme, _, rest = address.partition("://")
    places, _, name = rest.partition("/")
    if scheme not in {"nats", "tls"} or not places:
        raise BadInbox("HIKESHI_INBOX: write tls://host:4222,host:4222 or nats://127.0.0.1:4222")
    if not _NAME.fullmatch(name or "hikeshi"):
        raise BadInbox("HIKESHI_INBOX: a name has small letters, digits and hyphens, 32 at most")
    found = [urlsplit(f"{scheme}://{one.strip()}") for one in places.split(",")]
    _check_secrecy(found, access)
    if replicas not in {1, 3, 5}:
        raise BadInbox("HIKESHI_INBOX_REPLICAS must be 1, 3 or 5")
    if megabytes < 1:
        raise BadInbox("HIKESHI_INBOX_MEGABYTES must be at least 1")
    servers = tuple(_server(one) for one in found)
    return Stream(servers, name or "hikeshi", scheme == "tls", access, replicas, megabytes)


def _check_secrecy(found: Sequence[SplitResult], access: Access) -> None:
    if any(one.username or one.password for one in found):
        raise BadInbox("HIKESHI_INBOX: no password in an address; set HIKESHI_INBOX_USER and HIKESHI_INBOX_PASSWORD")
    if any(one.scheme == "nats" and not _near(one.hostname or "") for one in found):
        raise BadInbox("HIKESHI_INBOX: beyond this machine alerts travel by tls:// alone")
    if bool(access.certificate) != bool(access.certificate_key):
        raise BadInbox("HIKESHI_INBOX_CERTIFICATE and HIKESHI_INBOX_CERTIFICATE_KEY belong together")
    if access.credentials and (access.user or access.token):
        raise BadInbox("HIKESHI_INBOX_CREDENTIALS stands instead of HIKESHI_INBOX_USER and HIKESHI_INBOX_TOKEN")
    for file in filter(None, (access.authority, access.certificate, access.certificate_key, access.credentials)):
        if not Path(file).is_file():
            raise BadInbox(f"HIKESHI_INBOX: {file} is not a file")


def _server(found: SplitResult) -> str:
    try:
        port = found.port or PORT
    except ValueError:
        raise BadInbox("HIKESHI_INBOX: a port is a number up to 65535") from None
    if not found.hostname:
        raise BadInbox("HIKESHI_INBOX: a server has no name")
    host = f"[{found.hostname}]" if ":" in found.hostname else found.hostname
    return f"{found.scheme}://{host}:{port}"


def _near(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
