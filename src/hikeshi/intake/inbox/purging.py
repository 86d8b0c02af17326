"""Forgets Idempotency-Keys that are over."""

from hikeshi.intake.inbox import tables
from hikeshi.intake.inbox.appending import KEY_LIFE
from hikeshi.intake.inbox.models import Key
from hikeshi.kernel.clock import now

STEP = 500


def purge_keys() -> bool:
    """Deletes one step's worth; True where more may be left."""
    keys = Key.objects.using(tables.alias())
    old = list(keys.filter(at__lt=now() - KEY_LIFE).order_by("at").values_list("pk", flat=True)[:STEP])
    if old:
        keys.filter(pk__in=old).delete()
    return len(old) == STEP
