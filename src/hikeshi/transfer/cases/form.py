"""The names of what lies in an exported case, for whoever writes one and whoever checks one. Pure."""

from typing import Final

import msgspec

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "manifest.sig"
"""``hikeshi-case:1:<SHA-256 of the manifest>:<Ed25519 signature, base64url>``"""
RECORD: Final = "record.json"
FILES: Final = "files.json"
ENTRIES: Final = "ledger/entries.ndjson"
DIGESTS: Final = "ledger/digests.bin"
EXTRACT: Final = "ledger/extract.json"
DIGEST: Final = 32
"""Bytes of one entry's digest in ``DIGESTS``: every entry of the site from the first of this record on, most of them
other people's, which say nothing but link the chain."""


class Extract(msgspec.Struct, frozen=True, kw_only=True):
    """``anchor``: the hash of the entry before ``first``. ``head`` is the signed head the entries lead to."""

    subject: str
    first: int
    last: int
    anchor: str
    head: str
    public_key: str


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    number: int
    fact: str
    version: int
    body: str
    subject: str
    actor: str
    at: str
    world: str
    topics: str


class File(msgspec.Struct, frozen=True, kw_only=True):
    """``member``: where it lies in this file; empty where its bytes are gone from the desk, and ``why`` says so."""

    uuid: str
    name: str
    size: int
    sha256: str
    member: str = ""
    why: str = ""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    format: int
    version: str
    ref: str
    made_at: str
    made_by: str
    members: dict[str, str]
    damaged: list[str]
