"""What a kept board says: its name, its tiles, and what they are asked by."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import msgspec

from hikeshi.figures import definitions
from hikeshi.figures.codes import SHIPPED, Tile, tiles
from hikeshi.figures.periods import Stretch
from hikeshi.kernel.refusals import Invalid

if TYPE_CHECKING:
    from hikeshi.figures.models import Board


@dataclass(frozen=True, slots=True)
class Terms:
    """``organisation`` is a uuid; empty fields narrow nothing."""

    period: str = Stretch.MONTH
    compare: bool = True
    organisation: str = ""
    kind: str = ""
    grave: bool = False
    definitions: str = definitions.OWN


@dataclass(frozen=True, slots=True)
class Said:
    name: str
    tiles: tuple[str, ...] = SHIPPED
    terms: Terms = Terms()

    @property
    def shown(self) -> tuple[Tile, ...]:
        return tiles(self.tiles)


def checked(codes: Sequence[str], terms: Terms) -> tuple[str, ...]:
    """The tiles, each once. Raises Invalid."""
    if terms.period not in set(Stretch):
        raise Invalid("period", "not_a_choice", choices=", ".join(Stretch))
    definitions.chosen(terms.definitions)
    return tuple(one.code for one in tiles(codes))


def read(row: "Board") -> Said:
    return Said(row.name, tuple(row.tiles), msgspec.convert(row.terms, Terms))


def content_of(row: "Board") -> str:
    """All of it as one text, for the commitment in the ledger."""
    return msgspec.json.encode([row.name, list(row.tiles), row.terms], order="sorted").decode()


def stored(terms: Terms) -> dict[str, str | bool]:
    return {name: value if isinstance(value, bool) else str(value) for name, value in asdict(terms).items()}
