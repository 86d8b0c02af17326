"""What ``verify --state`` compares: domains register how their rows look as JSON; facts say what they wrote."""

from collections.abc import Callable, Iterator
from typing import TypeAlias

from hikeshi.kernel.facts import JSON

Columns: TypeAlias = dict[str, JSON]
Rows: TypeAlias = Callable[[], Iterator[tuple[str, Columns]]]

_tables: dict[str, Rows] = {}


def register(table: str, rows: Rows) -> None:
    """``table`` is the part of a ``sets()`` key before the colon; ``rows`` yields (uuid, columns) of every row.

    Personal text appears in ``columns`` as the digest of its commitment under the row's secret.
    """
    _tables[table] = rows


def tables() -> dict[str, Rows]:
    return dict(_tables)
