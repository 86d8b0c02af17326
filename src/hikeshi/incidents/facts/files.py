"""What happens to the files of a record. Their hashes bind their bytes to the ledger; their names are personal text."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from hikeshi.incidents.facts.rows import Said, row, said
from hikeshi.kernel.facts import Commitment, Fact, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class FileAttached(Fact):
    """``sha256`` of the bytes: another file in its place is found by whoever reads it, and by ``verify --files``."""

    incident: UUID
    file: UUID
    called: Commitment
    size: int
    sha256: str

    def sets(self) -> Mapping[str, Row]:
        bytes_: dict[str, str | int] = {"size": self.size, "sha256": self.sha256}
        columns: Row = {"incident": str(self.incident), "name": self.called.digest, **bytes_, "removed": False}
        return {row("file", self.file): columns}


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRemoved(Fact):
    """The row stays; the bytes and their key go."""

    incident: UUID
    file: UUID
    reason: Said

    def sets(self) -> Mapping[str, Row]:
        return {row("file", self.file): {"removed": True}, **said(self.reason)}


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesPurged(Fact):
    """Their period was over. The rows stay; the bytes and their keys go."""

    incident: UUID
    files: tuple[UUID, ...]

    def sets(self) -> Mapping[str, Row]:
        return {row("file", file): {"removed": True} for file in self.files}


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDamaged(Fact):
    """What lies on the disk is not what was attached, or is gone."""

    incident: UUID
    file: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseExported(Fact):
    """The whole record left the desk in one file."""

    incident: UUID
    sha256: str
    size: int
