"""How entries hang together. Pure: bytes in, hashes out.

The chain hashes an entry's *digest*, not its words, so an extract can show other people's entries as number, digest and
hash alone and still be checked from end to end.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

GENESIS = hashlib.sha256(b"hikeshi ledger 1").hexdigest()


@dataclass(frozen=True, slots=True)
class Content:
    """What an entry says. ``at`` is aware; ``body`` is the fact's canonical JSON as stored."""

    fact: str
    version: int
    body: str
    subject: str
    actor: str
    at: datetime
    world: str
    topics: str


def _join(parts: Iterable[str]) -> bytes:
    """Each part behind its length in bytes: no two different lists read the same."""
    framed = bytearray()
    for part in parts:
        raw = part.encode("utf-8", "surrogatepass")
        framed += len(raw).to_bytes(8, "big") + raw
    return bytes(framed)


def digest(content: Content) -> str:
    at = content.at.astimezone(UTC).isoformat(timespec="microseconds")
    parts = (
        content.fact,
        str(content.version),
        content.body,
        content.subject,
        content.actor,
        at,
        content.world,
        content.topics,
    )
    return hashlib.sha256(_join(parts)).hexdigest()


def link(number: int, previous_hash: str, entry_digest: str) -> str:
    """The entry's own hash, which the next entry carries as ``previous_hash``."""
    return hashlib.sha256(_join((str(number), previous_hash, entry_digest))).hexdigest()
