"""Values that can be looked for elsewhere: addresses, names, hashes. One spelling each, so that equal things meet."""

import ipaddress
import socket
from enum import StrEnum
from functools import lru_cache
from typing import TypedDict


class ObservableType(StrEnum):
    IP = "ip"
    HOST = "host"
    DOMAIN = "domain"
    USER = "user"
    EMAIL = "email"
    URL = "url"
    FILE = "file"
    HASH = "hash"
    PROCESS = "process"
    COMMAND = "command"
    MAC = "mac"
    RESOURCE = "resource"
    ACCOUNT = "account"


class Observable(TypedDict):
    type: str
    value: str


# OCSF 1.8 observable type ids and captions; what OCSF has no number for is 99.
OCSF: dict[str, tuple[int, str]] = {
    ObservableType.HOST: (1, "Hostname"),
    ObservableType.DOMAIN: (1, "Hostname"),
    ObservableType.IP: (2, "IP Address"),
    ObservableType.MAC: (3, "MAC Address"),
    ObservableType.USER: (4, "User Name"),
    ObservableType.EMAIL: (5, "Email Address"),
    ObservableType.URL: (6, "URL String"),
    ObservableType.FILE: (7, "File Name"),
    ObservableType.HASH: (8, "Hash"),
    ObservableType.PROCESS: (9, "Process Name"),
    ObservableType.RESOURCE: (10, "Resource UID"),
    ObservableType.COMMAND: (13, "Command Line"),
    ObservableType.ACCOUNT: (99, "Account UID"),
}
MAX_LENGTH = 1_000
_NOTHING = {"-", "unknown", "n/a", "none", "null", "localhost", "(none)", "/"}
_FOLDED = {ObservableType.DOMAIN, ObservableType.EMAIL, ObservableType.HASH, ObservableType.MAC}


@lru_cache(maxsize=65_536)
def spelled(kind: str, value: str) -> str:
    """The one spelling of this value, or "" when it names nothing."""
    value = value.strip()
    if kind == ObservableType.IP:
        return _address(value)
    if len(value) > MAX_LENGTH or value.casefold() in _NOTHING:
        return ""
    return value.casefold() if kind in _FOLDED else value


def _address(value: str) -> str:
    try:
        packed = socket.inet_pton(socket.AF_INET, value)  # a plain IPv4 address is its own one spelling
    except (OSError, ValueError):
        return _other_address(value)
    return value if any(packed) else ""


def _other_address(value: str) -> str:
    try:
        address = ipaddress.ip_address(value.strip("[]").partition("%")[0])
    except ValueError:
        return ""
    return "" if address.is_unspecified else address.compressed
