"""Secrets of machines: tokens, which are only recognised, and what makers sign with, which must be read again."""

import logging
from dataclasses import dataclass, field
from typing import Final

from cryptography.fernet import InvalidToken
from django.conf import settings

from hikeshi.accounts import sealing
from hikeshi.kernel.refusals import Invalid

SHORTEST: Final = 16
LONGEST: Final = 200
MOST: Final = 50
"""Secrets of one source that are tried on a post: two of each organisation while one is being changed."""
_PURPOSE: Final = "accounts.signing"
_DIGESTS: Final = "accounts.signing.digests"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Made:
    """A secret and how it is kept."""

    secret: str = field(repr=False)
    digest: str
    sealed: str = ""


@dataclass(frozen=True, slots=True)
class Secret:
    """What a maker signs with, for whom. ``digest`` names it without telling it."""

    digest: str
    organisation_id: int
    secret: str = field(repr=False)


def token() -> Made:
    secret = sealing.new_token()
    return Made(secret, sealing.digest(secret))


def made(source: str, chosen: str) -> Made:
    """One of ours, unless the maker chose it. Raises Invalid for one that can be guessed."""
    secret = chosen.strip() or sealing.new_token()
    if not SHORTEST <= len(secret) <= LONGEST or not secret.isascii() or not secret.isprintable():
        raise Invalid("secret", "secret_form", least=SHORTEST, most=LONGEST)
    return Made(secret, digest(source, secret), sealing.seal(settings.MASTER_KEY, _PURPOSE, secret))


def digest(source: str, secret: str) -> str:
    return sealing.keyed(settings.MASTER_KEY, _DIGESTS, f"{source} {secret}")


def opened(source: str, kept: str, organisation_id: int, sealed: str) -> Secret | None:
    """None where another key sealed it (a restored backup must be given its secrets anew), or another one was put in
    its place: the ledger knows its digest.
    """
    try:
        secret = sealing.unseal(settings.MASTER_KEY, _PURPOSE, sealed)
    except InvalidToken:
        secret = ""
    if digest(source, secret) != kept:
        log.warning("a signing secret of %s is not the one that was sealed here and opens nothing", source)
        return None
    return Secret(kept, organisation_id, secret)
