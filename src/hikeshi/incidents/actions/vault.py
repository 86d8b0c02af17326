"""What the desk does for its files by itself: destroys what was removed, looks into doubts, sweeps up after crashes."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from hikeshi.incidents import facts
from hikeshi.incidents.actions import saving
from hikeshi.incidents.models import Attachment, Incident
from hikeshi.incidents.queries.files import checked
from hikeshi.incidents.vaulting import vault
from hikeshi.kernel.acting import system
from hikeshi.kernel.vault import Damaged
from hikeshi.ledger.acts import unit

ORPHANED: Final = timedelta(days=1)
STEP: Final = 100
BY: Final = system("files")


def destroy_removed_files(now: datetime) -> bool:
    """The bytes and the keys of files whose removal is committed, up to a step's worth; whether there may be more.

    The bytes first: killed between the two, it does the rest next time. A key that is gone makes every copy of the
    bytes, in whatever backup of the folder, unreadable; a backup of the rows keeps its key until it expires itself.
    """
    due = list(Attachment.objects.filter(removed_at__isnull=False, destroyed_at__isnull=True).order_by("pk")[:STEP])
    for row in due:
        vault().destroy(row.uuid)
        row.destroyed_at, row.sealed_key = now, ""
    if due:
        with unit():
            Attachment.objects.bulk_update(due, ["destroyed_at", "sealed_key"])
    return len(due) == STEP


def settle_doubts(now: datetime) -> bool:
    """Reads again what somebody could not open, and records what does not hold; whether there may be more."""
    keeper = vault()
    doubted = keeper.doubted()[:STEP]
    for file in doubted:
        row = Attachment.objects.filter(uuid=file, removed_at__isnull=True, damaged_at__isnull=True).first()
        if row is not None and not _holds(row):
            _record_damage(row, now)
        keeper.settle(file)
    return len(doubted) == STEP


def _holds(row: Attachment) -> bool:
    try:
        for _ in checked(row):
            continue
    except Damaged:
        return False
    return True


def _record_damage(row: Attachment, now: datetime) -> None:
    with unit():
        incident = Incident.objects.select_for_update(of=("self",)).get(pk=row.incident_id)
        row.damaged_at = now
        row.save(update_fields=["damaged_at"])
        saving.save(incident)
        saving.tell(incident, BY, facts.FileDamaged(incident=incident.uuid, file=row.uuid))


def sweep_vault(now: datetime) -> bool:
    """Takes away what a crash left in the vault: bytes no row names, untouched for a day."""
    vault().sweep(before=(now - ORPHANED).timestamp(), known=_named)
    return False


def _named(files: set[UUID]) -> set[UUID]:
    return set(Attachment.objects.filter(uuid__in=files, destroyed_at__isnull=True).values_list("uuid", flat=True))
