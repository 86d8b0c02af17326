"""Facts: what happened, in the past tense, as frozen dataclasses. The ledger writes them, reactions read them."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self, TypeAlias

import msgspec

JSON: TypeAlias = "str | int | float | bool | list[JSON] | dict[str, JSON] | None"
Row: TypeAlias = Mapping[str, JSON] | None
"""Columns a fact wrote on one row; None where the fact took the row away."""


@dataclass(frozen=True, slots=True)
class Commitment:
    """Stands in a fact for personal text: HMAC-SHA256 of the text under a secret kept in its row.

    Whoever holds the row can prove the text; when an erasure destroys the secret, the ledger tells nothing of it.
    """

    digest: str


def new_secret() -> str:
    """A row's secret for ``commit``: 128 random bits, hex."""
    return secrets.token_hex(16)


def commit(text: str, secret: str) -> Commitment:
    return Commitment(hmac.new(secret.encode(), text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest())


class Fact:
    """Base of every fact. Subclasses are frozen, slotted, keyword-only dataclasses in ``<domain>/facts.py``.

    Fields are str, int, float, bool, None, UUID, datetime, StrEnum, Commitment, and tuples or string-keyed dicts of
    these. A field added later needs a default; a field that changes its meaning needs a new ``version``.
    """

    __slots__ = ()
    version: ClassVar[int] = 1
    name: ClassVar[str] = ""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        domain = cls.__module__.removeprefix("hikeshi.").split(".", 1)[0]
        cls.name = f"{domain}.{cls.__name__}"
        _known[cls.name] = cls

    def sets(self) -> Mapping[str, Row]:
        """Which columns of which rows this fact wrote, for ``hikeshi verify --state``.

        Keys are ``<app>.<table>:<uuid>``; values as JSON would hold them, a Commitment as its digest.
        """
        return {}

    def body(self) -> bytes:
        """The fact's fields as canonical JSON (keys sorted, no spaces)."""
        return msgspec.json.encode(self, order="deterministic")

    @classmethod
    def read(cls, body: bytes | str) -> Self:
        return msgspec.json.decode(body, type=cls)


_known: dict[str, type[Fact]] = {}


def kind_of(name: str) -> type[Fact] | None:
    """The class of that fact name, if its domain is loaded."""
    return _known.get(name)


def known() -> Mapping[str, type[Fact]]:
    return dict(_known)
