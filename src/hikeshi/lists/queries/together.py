"""What somebody changed in one go, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from hikeshi.incidents import queries as incidents
from hikeshi.incidents.permissions import Verb
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import NotFound
from hikeshi.lists.models import Batch, BatchItem
from hikeshi.lists.together import Deed


@dataclass(frozen=True, slots=True)
class BatchView:
    row: Batch
    items: Sequence[BatchItem]

    @property
    def changed(self) -> int:
        return sum(1 for one in self.items if not one.refused)

    @property
    def may_undo(self) -> bool:
        return self.row.undone_at is None and self.row.deed != Deed.NOTE and self.changed > 0


def batch(by: Actor, uuid: UUID) -> BatchView:
    """One's own; of its records those one still sees. Raises NotAllowed, NotFound."""
    by.must(Verb.WORK)
    row = Batch.objects.filter(uuid=uuid, person_id=by.person_id or 0).first()
    if row is None:
        raise NotFound("batch")
    seen = incidents.visible(by).order_by().values("pk")
    return BatchView(row, list(row.items.select_related("incident").filter(incident__in=seen)))
