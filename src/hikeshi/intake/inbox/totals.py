"""What the inbox counts, exact across restarts and processes."""

from dataclasses import dataclass

from hikeshi.intake.inbox import tables
from hikeshi.intake.inbox.models import Counter


@dataclass(frozen=True, slots=True)
class Totals:
    """In alerts. ``accepted`` since the site began; ``pending`` are on disk and not yet digested."""

    accepted: int
    pending: int


def totals() -> Totals:
    values = dict(Counter.objects.using(tables.alias()).values_list("name", "value"))
    accepted = values.get("accepted", 0)
    return Totals(accepted=accepted, pending=accepted - values.get("taken", 0))
