"""How facts name the rows they wrote, for ``hikeshi verify --state``."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from hikeshi.kernel.facts import JSON, Commitment, Row


def row(table: str, uuid: UUID) -> str:
    return f"incidents.{table}:{uuid}"


def stamp(at: datetime | None) -> str | None:
    """How a time is compared with its column: ISO 8601, UTC, microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds") if at else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Words kept in a passage: which one, and the commitment to them."""

    passage: UUID
    text: Commitment

    def sets(self) -> dict[str, Row]:
        return {row("passage", self.passage): {"text": self.text.digest}}


def said(*passages: "Said | None") -> dict[str, Row]:
    return {key: columns for one in passages if one is not None for key, columns in one.sets().items()}


class OfIncident:
    """A fact that writes columns of the incident's own row."""

    __slots__ = ()
    incident: UUID

    def columns(self) -> dict[str, JSON]:
        return {}

    def sets(self) -> dict[str, Row]:
        return {row("incident", self.incident): self.columns(), **said(getattr(self, "reason", None))}
