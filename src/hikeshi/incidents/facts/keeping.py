"""Holds on a record, and its end when its period is over."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from hikeshi.incidents.facts.rows import Said, row, said
from hikeshi.kernel.facts import Fact, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletionHeld(Fact):
    """Nothing of the record is deleted from now on."""

    incident: UUID
    reason: Said

    def sets(self) -> Mapping[str, Row]:
        return said(self.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletionReleased(Fact):
    incident: UUID
    reason: Said

    def sets(self) -> Mapping[str, Row]:
        return said(self.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPurged(Fact):
    """Its period was over: every row of it went, and with them the secrets of their commitments. ``rows``: by table."""

    incident: UUID
    rows: dict[str, tuple[UUID, ...]]

    def sets(self) -> Mapping[str, Row]:
        return {row(table, uuid): None for table, uuids in self.rows.items() for uuid in uuids}
