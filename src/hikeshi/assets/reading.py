"""One line of an import: what its cells state, and which of them cannot be read. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from hikeshi.assets import cells
from hikeshi.assets.identifiers import Identifier
from hikeshi.assets.particulars import FIELDS, Particulars
from hikeshi.documents import tables
from hikeshi.kernel.refusals import Invalid

STATED: Final = tuple(name for name in FIELDS if name != "needs")


@dataclass(frozen=True, slots=True)
class Read:
    particulars: Particulars
    problems: tuple[tables.Problem, ...]


def read(said: Mapping[str, str], base: Particulars, today: date) -> Read:
    """``said``: cells by column; ``base``: what stands there, or a new asset. An empty cell empties its field, but the
    kind and the criticality stay what they are. Owner, team and needs are looked up elsewhere.
    """
    changes: dict[str, object] = {name: said[name] for name in cells.TEXTS if name in said}
    problems: list[tables.Problem] = []
    for name, read_cell in _READERS.items():
        if name in said:
            try:
                changes[name] = read_cell(name, said[name], getattr(base, name))
            except Invalid as refusal:
                problems.append(tables.Problem(name, refusal.reason, refusal.params))
    try:
        changes["identifiers"] = _identifiers(said, base)
    except Invalid as refusal:
        problems.append(tables.Problem(refusal.field, refusal.reason, refusal.params))
    if not said.get("name", "").strip():
        problems.append(tables.Problem("name", "required"))
    return Read(replace(base, **changes), tuple(problems))  # type: ignore[arg-type]  # each reader gives its field's type


def _identifiers(said: Mapping[str, str], base: Particulars) -> tuple[Identifier, ...]:
    """Those of the columns in the file replace what stood there; the others stay. Raises Invalid."""
    replaced = {kind for column, kind in cells.IDENTIFIERS.items() if column in said}
    kept = [one for one in base.identifiers if one.type not in replaced]
    fresh = {one.key: one for one in cells.identifiers_of(said)}
    standing = {one.key: one for one in base.identifiers}
    return tuple(sorted([*kept, *(standing.get(key, one) for key, one in fresh.items())]))


def _kind(name: str, cell: str, before: object) -> object:
    return before if cells.is_nothing(cell) else cells.kind_of(cell)


def _criticality(name: str, cell: str, before: object) -> object:
    return before if cells.is_nothing(cell) else int(cells.code_of("criticality", cell))


def _data(name: str, cell: str, before: object) -> object:
    return cells.data_of(cell)


def _yes(name: str, cell: str, before: object) -> object:
    return not cells.is_nothing(cell) and cells.code_of("yes_no", cell) == "yes"


def _count(name: str, cell: str, before: object) -> object:
    return None if cells.is_nothing(cell) else cells.count_of(name, cell)


def _span(name: str, cell: str, before: object) -> object:
    return None if cells.is_nothing(cell) else cells.minutes_of(name, cell)


def _day(name: str, cell: str, before: object) -> object:
    return None if cells.is_nothing(cell) else cells.day_of(name, cell)


_READERS: Final[Mapping[str, Callable[[str, str, object], object]]] = {
    "kind": _kind,
    "criticality": _criticality,
    "data": _data,
    "public": _yes,
    "persons": _count,
    "rto": _span,
    "rpo": _span,
    "restored_on": _day,
}
