"""What happens to lists of indicators and to catalogues. What is in them lies in their rows; a file is its digest."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from hikeshi.assets.intelligence.codes import Catalogue, ListState
from hikeshi.kernel.facts import JSON, Commitment, Fact, Row


def row(uuid: UUID) -> str:
    return f"assets.indicators:{uuid}"


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorsBrought(Fact):
    """A file of indicators is being taken in. ``count`` values will be looked for."""

    list: UUID
    organisation: UUID
    title: Commitment
    tlp: str
    form: str
    digest: str
    count: int
    passed: int

    def sets(self) -> Mapping[str, Row]:
        columns: dict[str, JSON] = {
            "organisation": str(self.organisation),
            "title": self.title.digest,
            "tlp": self.tlp,
            "digest": self.digest,
            "state": ListState.FILLING.value,
        }
        return {row(self.list): columns}


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorsKept(Fact):
    """All of the file is in: from now on alerts are compared with it."""

    list: UUID
    count: int

    def sets(self) -> Mapping[str, Row]:
        return {row(self.list): {"state": ListState.READY.value}}


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorRemoved(Fact):
    """One value of a list was wrong, or is over."""

    list: UUID
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorsRemoved(Fact):
    list: UUID

    def sets(self) -> Mapping[str, Row]:
        return {row(self.list): None}


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueLoaded(Fact):
    """A newer file of a catalogue is in force."""

    which: Catalogue
    number: int
    edition: str
    digest: str
    count: int

    def sets(self) -> Mapping[str, Row]:
        columns: dict[str, JSON] = {"number": self.number, "digest": self.digest, "count": self.count}
        return {f"assets.catalogue:{self.which}": columns}
