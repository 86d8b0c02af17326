from uuid import UUID

from pydantic import Field

from hikeshi.api.shapes import Input, Listed, Output


class Piece(Output):
    text: str
    found: bool = Field(description="What was looked for.")


class Hit(Output):
    """Something that holds the words, and that the caller may see."""

    type: str = Field(description="`incident`, `alert`, `asset` or `person`.")
    uuid: UUID
    ref: str | None = Field(description="Of an incident.")
    title: str
    title_pieces: list[Piece]
    passage: list[Piece] = Field(description="Where else it was found, in a line or two.")


class Hits(Listed[Hit]):
    complete: bool = Field(description="False while the index is being built: there may be more.")


class Synonyms(Output):
    version: int = Field(description="0: as shipped.")
    groups: list[list[str]]


class SynonymsSet(Input):
    groups: list[list[str]] = Field(max_length=500)
    version: int | None = None
