"""What may be read of the ledger as a whole; what happened to one subject is read through its domain."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from hikeshi.kernel.acting import Actor
from hikeshi.ledger import heads
from hikeshi.ledger.models import Entry
from hikeshi.ledger.permissions import Verb


def signed_head(by: Actor) -> str:
    """The head as it is now, to be kept elsewhere (``hikeshi verify --against``). Raises NotAllowed."""
    by.must(Verb.VIEW)
    return heads.sign(settings.MASTER_KEY)


@dataclass(frozen=True, slots=True)
class Standing:
    """Number and hash of the last entry, and the line that proves them later."""

    number: int
    hash: str
    signed: str


def standing() -> Standing:
    """For a document that says from which entry it was written. Tells nothing of what any entry says."""
    signed = heads.sign(settings.MASTER_KEY)
    kept = heads.read(signed, settings.MASTER_KEY)
    return Standing(kept.number, kept.hash, signed)


def public_key(by: Actor) -> str:
    """What checks a head without this site. Raises NotAllowed."""
    by.must(Verb.VIEW)
    return heads.public_key(settings.MASTER_KEY)


def last_act(subject: str) -> tuple[str, datetime] | None:
    """Who acted on this subject last, and when; the caller has made sure that its reader may know."""
    return Entry.objects.filter(subject=subject).order_by("-number").values_list("actor", "at").first()
