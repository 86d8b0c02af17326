"""What intake announces of the sources a site maps itself. Each fact carries how the source stands after it."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from hikeshi.intake.site_sources import SourceState
from hikeshi.kernel.facts import JSON, Commitment, Fact, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSaved(Fact):
    """A source has a new version, and what comes is read with it from now on. ``text`` is the version's row."""

    source: UUID
    code: str
    number: int
    text: UUID
    content: Commitment

    def sets(self) -> Mapping[str, Row]:
        stands: dict[str, JSON] = {"code": self.code, "state": SourceState.ON.value, "newest": self.number}
        whose: dict[str, JSON] = {"source": str(self.source), "number": self.number}
        return {
            f"intake.source:{self.source}": stands,
            f"intake.source_version:{self.text}": {**whose, "content": self.content.digest},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceTakenOut(Fact):
    """The site's own source no longer reads: the shipped one of this code does, or nothing is taken under it."""

    source: UUID
    code: str
    number: int

    def sets(self) -> Mapping[str, Row]:
        stands: dict[str, JSON] = {"code": self.code, "state": SourceState.OFF.value, "newest": self.number}
        return {f"intake.source:{self.source}": stands}


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceWatched(Fact):
    """After so many ``days`` without a word a source counts as silent, 0 for never, None for what its past says; and
    ``owner`` hears of it.
    """

    watch: UUID
    code: str
    days: int | None
    owner: str

    def sets(self) -> Mapping[str, Row]:
        stands: dict[str, JSON] = {"code": self.code, "days": self.days, "owner": self.owner}
        return {f"intake.source_watch:{self.watch}": stands}
