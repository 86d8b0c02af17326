"""Which alerts a record holds. What they say is intake's to show, to whom it may."""

from dataclasses import dataclass
from uuid import UUID

from hikeshi.incidents.models import AttachedAlert
from hikeshi.incidents.queries.lists import incident as find
from hikeshi.kernel.acting import Actor

ALERTS_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Held:
    """``newest`` are at most 500 of ``total``."""

    newest: tuple[UUID, ...]
    total: int


def alerts_held(by: Actor, ref: str) -> Held:
    """Raises NotFound."""
    rows = AttachedAlert.objects.filter(incident=find(by, ref))
    newest = tuple(rows.order_by("-id").values_list("alert", flat=True)[:ALERTS_SHOWN])
    return Held(newest, len(newest) if len(newest) < ALERTS_SHOWN else rows.count())
