"""What happens to teams."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from hikeshi.kernel.facts import JSON, Commitment, Fact, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamChanged(Fact):
    """Added, renamed or with other people than before."""

    team: UUID
    organisation: UUID
    title: Commitment
    people: tuple[UUID, ...]
    lead: UUID | None = None

    def sets(self) -> Mapping[str, Row]:
        columns: dict[str, JSON] = {
            "organisation": str(self.organisation),
            "name": self.title.digest,
            "people": [str(person) for person in self.people],
            "lead": str(self.lead) if self.lead else None,
        }
        return {f"accounts.team:{self.team}": columns}


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamRetired(Fact):
    team: UUID

    def sets(self) -> Mapping[str, Row]:
        return {f"accounts.team:{self.team}": {"retired": True}}


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamReinstated(Fact):
    team: UUID

    def sets(self) -> Mapping[str, Row]:
        return {f"accounts.team:{self.team}": {"retired": False}}


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamRemoved(Fact):
    """No longer happens: teams go out of use. Ledgers of before tell it."""

    team: UUID

    def sets(self) -> Mapping[str, Row]:
        return {f"accounts.team:{self.team}": None}
