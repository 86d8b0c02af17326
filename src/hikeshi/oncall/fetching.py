"""A calendar at its address: asked politely, guarded like every call that leaves the machine."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin, urlsplit

from hikeshi.kernel.http import Barred, Permitted, request
from hikeshi.oncall.ical import ADDRESS

SECONDS: Final = 30.0
HOPS: Final = 3
_MOVED: Final = frozenset({301, 302, 303, 307, 308})
_UNCHANGED: Final = 304
_REFUSED: Final = frozenset({401, 403})
_GONE: Final = frozenset({404, 410})


class Unfetched(Exception):
    """``fault`` is a code."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Fetched:
    """``body`` None: it says what it said before."""

    body: bytes | None
    etag: str = ""
    modified: str = ""


def is_open(address: str, permitted: Permitted) -> bool:
    """Whether it may be asked for without encryption: only inside, where an administrator named the host."""
    parts = urlsplit(address)
    return parts.scheme == "http" and permitted.allows(parts.hostname or "", parts.port or 80)


def fetch(address: str, *, etag: str, modified: str, permitted: Permitted) -> Fetched:
    """Follows a few redirects, each looked at anew, and none to where nothing is encrypted. Raises Unfetched."""
    headers = {"Accept": "text/calendar, */*;q=0.1"}
    headers |= {"If-None-Match": etag} if etag else {}
    headers |= {"If-Modified-Since": modified} if modified else {}
    for _ in range(HOPS + 1):
        if urlsplit(address).scheme != "https" and not is_open(address, permitted):
            raise Unfetched("unencrypted")
        try:
            said = request("GET", address, headers=headers, permitted=permitted, seconds=SECONDS, limit=ADDRESS.bytes)
        except Barred as barred:
            raise Unfetched(barred.why.value) from None
        if said.status not in _MOVED:
            break
        address = urljoin(address, said.headers.get("location", ""))
    return _read(said.status, said.body, said.headers.get("etag", ""), said.headers.get("last-modified", ""))


def _read(status: int, body: bytes, etag: str, modified: str) -> Fetched:
    if status == _UNCHANGED:
        return Fetched(None)
    if status in _REFUSED:
        raise Unfetched("calendar_refused")
    if status in _GONE:
        raise Unfetched("calendar_gone")
    if status in _MOVED:
        raise Unfetched("calendar_moved")
    if status != 200:
        raise Unfetched("calendar_answer")
    return Fetched(body, etag, modified)
