"""Records that become one, and part again; records that belong under another."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from hikeshi.incidents.facts.rows import OfIncident, Said, row, said
from hikeshi.kernel.facts import JSON, Fact, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged(Fact):
    """The record went into another. ``brought`` is the digest of what goes back with an un-merge."""

    incident: UUID
    into: UUID
    merger: UUID
    brought: str
    was: str
    reason: Said | None = None

    def sets(self) -> Mapping[str, Row]:
        kept: Row = {
            "incident": str(self.incident),
            "into": str(self.into),
            "brought": self.brought,
            "status_was": self.was,
            "undone": False,
        }
        closed: Row = {"status": "closed", "merged_into": str(self.into)}
        return {row("incident", self.incident): closed, row("merger", self.merger): kept, **said(self.reason)}


@dataclass(frozen=True, slots=True, kw_only=True)
class TookIn(Fact):
    """It took another in, and these of its open tasks."""

    incident: UUID
    other: UUID
    tasks: tuple[UUID, ...]
    count: int

    def sets(self) -> Mapping[str, Row]:
        return {row("task", one): {"incident": str(self.incident)} for one in self.tasks}


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmerged(Fact):
    """The record stands by itself again, as it stood before."""

    incident: UUID
    into: UUID
    merger: UUID
    status: str
    reason: Said | None = None

    def sets(self) -> Mapping[str, Row]:
        columns: dict[str, JSON] = {"status": self.status, "merged_into": ""}
        undone: Row = {"undone": True}
        return {row("incident", self.incident): columns, row("merger", self.merger): undone, **said(self.reason)}


@dataclass(frozen=True, slots=True, kw_only=True)
class GaveBack(Fact):
    """It gave another back what a merge had brought: tasks go over; rows of alerts, traces and assets end."""

    incident: UUID
    other: UUID
    tasks: tuple[UUID, ...]
    rows: tuple[UUID, ...]
    traces: tuple[UUID, ...]
    assets: tuple[UUID, ...]
    count: int

    def sets(self) -> Mapping[str, Row]:
        ended: dict[str, Row] = {row("alert", one): None for one in self.rows}
        ended |= {row("observable", one): None for one in self.traces}
        ended |= {row("asset", one): None for one in self.assets}
        return ended | {row("task", one): {"incident": str(self.other)} for one in self.tasks}


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitOut(Fact):
    """Alerts, tasks and copies of notes went out of this record into a new one."""

    incident: UUID
    other: UUID
    tasks: tuple[UUID, ...]
    rows: tuple[UUID, ...]
    count: int
    reason: Said | None = None

    def sets(self) -> Mapping[str, Row]:
        ended: dict[str, Row] = {row("alert", one): None for one in self.rows}
        tasks: dict[str, Row] = {row("task", one): {"incident": str(self.other)} for one in self.tasks}
        return {**ended, **tasks, **said(self.reason)}


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitFrom(OfIncident, Fact):
    """The record began as a part of another."""

    incident: UUID
    other: UUID

    def columns(self) -> dict[str, JSON]:
        return {"split_from": str(self.other)}


@dataclass(frozen=True, slots=True, kw_only=True)
class PutUnder(OfIncident, Fact):
    """The record belongs under another: one of the many reports of an outage. ``was``: where it stood before."""

    incident: UUID
    parent: UUID
    was: UUID | None = None

    def columns(self) -> dict[str, JSON]:
        return {"parent": str(self.parent)}


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenFromUnder(OfIncident, Fact):
    """It stands by itself again."""

    incident: UUID
    was: UUID

    def columns(self) -> dict[str, JSON]:
        return {"parent": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportsPutUnder(Fact):
    """These records stand under this one from now on; each of them says so itself."""

    incident: UUID
    reports: tuple[UUID, ...]
    count: int
