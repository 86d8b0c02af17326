"""What may be read of the ledger as a whole; what happened to one subject is read through its domain."""

from django.conf import settings

from hikeshi.kernel.acting import Actor
from hikeshi.ledger import heads
from hikeshi.ledger.permissions import Verb


def signed_head(by: Actor) -> str:
    """The head as it is now, to be kept elsewhere (``hikeshi verify --against``). Raises NotAllowed."""
    by.must(Verb.VIEW)
    return heads.sign(settings.MASTER_KEY)


def public_key(by: Actor) -> str:
    """What checks a head without this site. Raises NotAllowed."""
    by.must(Verb.VIEW)
    return heads.public_key(settings.MASTER_KEY)
