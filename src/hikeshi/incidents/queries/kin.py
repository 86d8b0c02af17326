"""What belongs together with a record: where it was merged to, what it took in, what is above it and what below."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Q

from hikeshi.incidents.codes import Status
from hikeshi.incidents.models import STANDING, Incident, Message, Note
from hikeshi.incidents.queries.visibility import Seen
from hikeshi.incidents.reporting import Side
from hikeshi.kernel.acting import Actor

MOST: Final = 1_000
SHOWN: Final = 12
_CLOSED: Final = STANDING[Status.CLOSED]
# Found by the indexes first and asked who may see it then; without an order. Otherwise a database that has counted its
# rows walks through all a site ever had.
_NEAR = Seen(
    lambda rows, record, into, parent, source: rows.filter(
        pk__in=Incident.objects.filter(
            Q(merged_into=record) | Q(parent=record) | Q(split_from=record) | Q(pk__in=[into, parent, source])
        ).values("pk")
    ).order_by()[: MOST + 1],
    record=int,
    into=int,
    parent=int,
    source=int,
)


@dataclass(frozen=True, slots=True)
class Kin:
    """Only what the reader sees. ``merged_into`` and ``parent``: None also where it is hidden from them. ``children``
    are the first of ``total``, the open ones first; ``unread``: ids of those whose reporter wrote.
    """

    merged_into: Incident | None
    parent: Incident | None
    split_from: Incident | None
    splits: Sequence[Incident]
    merged: Sequence[Incident]
    children: Sequence[Incident]
    total: int
    open: int
    unread: frozenset[int]

    @property
    def any(self) -> bool:
        return bool(self.parent or self.merged or self.children or self.split_from or self.splits)

    @property
    def more(self) -> int:
        return self.total - len(self.children)


def kin(by: Actor, record: Incident) -> Kin:
    """For a record this reader has just found. One query where there is nobody, two where there is."""
    wanted = {"into": record.merged_into_id, "parent": record.parent_id, "source": record.split_from_id}
    near = _NEAR(by, record=record.pk, **{name: number or 0 for name, number in wanted.items()})
    found = {one.pk: one for one in near}
    merged = sorted((one for one in near if one.merged_into_id == record.pk), key=lambda one: one.pk)
    under = [one for one in near if one.parent_id == record.pk and one.merged_into_id is None]
    under.sort(key=lambda one: (one.standing, one.priority, one.pk))
    shown = under[:SHOWN]
    return Kin(
        merged_into=found.get(record.merged_into_id or 0),
        parent=found.get(record.parent_id or 0),
        split_from=found.get(record.split_from_id or 0),
        splits=sorted((one for one in near if one.split_from_id == record.pk), key=lambda one: one.pk),
        merged=merged,
        children=shown,
        total=len(under),
        open=sum(1 for one in under if one.standing != _CLOSED),
        unread=_unread([*merged, *under]) if merged or under else frozenset(),
    )


def _unread(records: Sequence[Incident]) -> frozenset[int]:
    new = Message.objects.filter(incident__in=[one.pk for one in records], side=Side.REPORTER, read_at__isnull=True)
    return frozenset(new.values_list("incident", flat=True))


def notes_of(record: Incident) -> list[tuple[UUID, str]]:
    """The newest hundred, for a record this reader has just found: the note and how it begins."""
    return [(one.uuid, one.text) for one in Note.objects.filter(incident=record).order_by("-id")[:100]]
