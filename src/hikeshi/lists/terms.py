"""What a saved filter says, and what a person may ask of a list's looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from hikeshi.kernel.refusals import Invalid
from hikeshi.lists.codes import Column, Group, Order, is_column
from hikeshi.lists.conditions import Conditions, parse

if TYPE_CHECKING:
    from hikeshi.lists.models import FilterVersion


@dataclass(frozen=True, slots=True)
class Looks:
    """Empty: as usual."""

    columns: tuple[str, ...] = ()
    order: str = ""
    group: str = ""


def looks(columns: Sequence[str] = (), order: str = "", group: str = "") -> Looks:
    """Columns in the order given. Raises Invalid for what is no choice."""
    for one in columns:
        if not is_column(one):
            _choice("columns", one, [*Column])
    if order:
        _choice("order", order, [*Order])
    if group:
        _choice("group", group, [*Group])
    return Looks(tuple(dict.fromkeys(columns)), order, group)


def _choice(field: str, code: str, known: Sequence[str]) -> None:
    if code not in known:
        raise Invalid(field, "not_a_choice", choices=", ".join(known))


@dataclass(frozen=True, slots=True)
class Terms:
    name: str
    conditions: str = ""
    looks: Looks = Looks()

    @property
    def asked(self) -> Conditions:
        return parse(self.conditions)


def read(row: "FilterVersion") -> Terms:
    return Terms(row.name, row.conditions, Looks(tuple(row.columns), row.order, row.group))


def content_of(row: "FilterVersion") -> str:
    """All of it as one text, for the commitment in the ledger."""
    return msgspec.json.encode([row.name, row.conditions, list(row.columns), row.order, row.group]).decode()
