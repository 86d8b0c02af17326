"""What may be read of the ledger as a whole; what happened to one subject is read through its domain."""

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


def public_key(by: Actor) -> str:
    """What checks a head without this site. Raises NotAllowed."""
    by.must(Verb.VIEW)
    return heads.public_key(settings.MASTER_KEY)


def last_act(subject: str) -> tuple[str, datetime] | None:
    """Who acted on this subject last, and when; the caller has made sure that its reader may know."""
    return Entry.objects.filter(subject=subject).order_by("-number").values_list("actor", "at").first()
