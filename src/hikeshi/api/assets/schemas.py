from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, Field, StringConstraints

from hikeshi.api.accounts.schemas import PersonBrief
from hikeshi.api.planned import Content, PlannedLine
from hikeshi.api.shapes import Code, Input, Line, Listed, Output, Text, Time, uuid_of
from hikeshi.assets.codes import Data, IdentifierType, Kind
from hikeshi.assets.identifiers import Identifier as Named
from hikeshi.assets.particulars import Particulars

Count = Annotated[int | None, Field(ge=0, le=2_000_000_000, strict=True)]
Criticality = Annotated[int, Field(ge=1, le=4, strict=True, description="4 is the gravest.")]


class Identifier(Output):
    type: IdentifierType
    value: str


class AssetBrief(Output):
    uuid: UUID
    name: str
    kind: str
    criticality: int


class TeamBrief(Output):
    uuid: UUID
    name: str


class Asset(AssetBrief):
    number: str
    organisation: Annotated[UUID, BeforeValidator(uuid_of)]
    owner: PersonBrief | None
    team: TeamBrief | None
    place: str
    data: list[str]
    public: bool = Field(description="A service people outside know: whoever reports something may name it.")
    persons: int | None
    rto: int | None = Field(description="Minutes it may be away.")
    rpo: int | None = Field(description="Minutes of data that may be lost.")
    minimum_level: str = Field(description="What must work meanwhile.")
    substitute: str
    restored_on: date | None = Field(description="When a restore was last proven.")
    restored_by: str
    restore_note: str
    note: str
    retired_at: Time | None
    updated_at: Time
    version: int


class AssetWhole(Asset):
    identifiers: list[Identifier]
    needs: list[AssetBrief]
    needed_by: list[AssetBrief]
    affected: list[AssetBrief] = Field(description="What needs it through others.")
    restore_stale: bool = Field(description="The proven restore lies more than a year back.")


class Assets(Listed[Asset]):
    pass


class IdentifierNew(Input):
    type: IdentifierType
    value: Annotated[str, StringConstraints(max_length=500)]


class AssetChange(Input):
    """What is left out stays."""

    name: Line | None = None
    kind: Kind | None = None
    number: Line | None = None
    criticality: Criticality | None = None
    owner: UUID | None = None
    team: UUID | None = None
    place: Line | None = None
    data: list[Data] | None = Field(default=None, max_length=20)
    public: bool | None = None
    persons: Count = None
    rto: Count = None
    rpo: Count = None
    minimum_level: Text | None = None
    substitute: Text | None = None
    restored_on: date | None = None
    restored_by: Line | None = None
    restore_note: Text | None = None
    note: Text | None = None
    identifiers: list[IdentifierNew] | None = Field(default=None, max_length=500)
    needs: list[UUID] | None = Field(default=None, max_length=200, description="Assets it cannot work without.")
    version: Annotated[int | None, Field(ge=0, le=2_000_000_000, strict=True)] = None

    def stated(self) -> Particulars:
        """The fields that were sent; null empties what may be empty."""
        said: dict[str, object] = {
            name: value
            for name in self.model_fields_set - {"version", "organisation"}
            if (value := getattr(self, name)) is not None
        }
        if self.data is not None:
            said["data"] = tuple(self.data)
        if self.needs is not None:
            said["needs"] = tuple(self.needs)
        if self.identifiers is not None:
            said["identifiers"] = tuple(Named(one.type, one.value) for one in self.identifiers)
        return Particulars(**{"name": "", **said})  # type: ignore[arg-type]  # each field was checked as its own type

    @property
    def sent(self) -> frozenset[str]:
        return frozenset(self.model_fields_set - {"version", "organisation"})


class AssetNew(AssetChange):
    name: Line
    organisation: UUID


class Import(Output):
    uuid: UUID
    file_name: str
    state: str = Field(description="`prepared`, `going`, `done` or `failed`.")
    rows: int
    added: int
    changed: int
    error: str
    error_line: int


class ImportNew(Input):
    organisation: UUID
    file_name: Line
    content: Content


class ImportWhole(Import):
    """While it is prepared, what its first 5,000 lines would come to; all are checked before the first is written."""

    lines: list[PlannedLine]


class IndicatorList(Output):
    uuid: UUID
    organisation: Annotated[UUID, BeforeValidator(uuid_of)] = Field(description="For its alerts and those below it.")
    title: str
    origin: str
    tlp: str = Field(description="Traffic Light Protocol 2.0.")
    form: str = Field(description="`stix`, `misp` or `lines`.")
    digest: str = Field(description="SHA-256 of the file.")
    count: int
    passed: int = Field(description="What in the file was no value that alerts have.")
    state: str = Field(description="`ready`, or `filling`: then nothing is compared with it yet.")
    made_at: Time


class IndicatorFile(Output):
    uuid: UUID
    title: str
    digest: str = Field(description="SHA-256 of the file.")
    size: int = Field(description="Bytes.")
    state: str = Field(description="`going`, `done` or `failed`. A day after its end it is forgotten.")
    rows: int = Field(description="Its values; 0 until it was gone through to its end.")
    place: int = Field(description="How many of them are in its list.")
    error: str
    error_line: int
    list: Annotated[UUID | None, BeforeValidator(uuid_of)] = Field(
        description="Null until it was gone through. Alerts are compared with it once the file is `done`."
    )


class IndicatorLists(Listed[IndicatorList]):
    pass


class Indicator(Output):
    key: str = Field(description="By which it is removed.")
    sort: str = Field(description="`address`, `network`, `domain` (with what lies in it), `url`, `hash` or `sender`.")
    value: str
    until: Time | None = Field(description="From then on it is looked for no more.")
    confidence: int | None


class Indicators(Listed[Indicator]):
    pass


class IndicatorsAbout(Input):
    organisation: UUID
    title: Line
    origin: Line = ""
    tlp: Code = Field("", description="Never looser than what the file names; empty: that, or `amber`.")
    until: Time | None = Field(None, description="When values end that do not say so themselves.")


class IndicatorsNew(Input):
    organisation: UUID
    title: Line
    content: str = Field(
        min_length=1,
        max_length=1_000_000,
        description="The file as text; a larger one goes to `/indicator_lists/file`.",
    )
    origin: Line = ""
    tlp: Code = Field("", description="Never looser than what the file names; empty: that, or `amber`.")
    until: Time | None = Field(None, description="When values end that do not say so themselves.")
