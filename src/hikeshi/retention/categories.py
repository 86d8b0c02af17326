"""Which rows belong to a category, as their domain says, and how it takes them away."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Generic, TypeVar

from django.db.models import Model, QuerySet

from hikeshi.kernel.acting import Actor

STEP: Final = 500
M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Keeper(Generic[M]):
    """``over(cut)``: rows older than that, nothing held among them; ``dated``: the column that says how old.

    ``purge(by, rows)`` deletes these rows inside a unit of work, records what ``verify --state`` must know, and returns
    how many went: fewer than asked where a row needs several steps. ``step``: rows at once, so that a step stays short.
    """

    over: Callable[[datetime], QuerySet[M]]
    dated: str
    purge: Callable[[Actor, Sequence[M]], int]
    step: int = STEP


_keepers: dict[str, Keeper[Model]] = {}


def register(category: str, keeper: Keeper[M]) -> None:
    _keepers[category] = keeper  # type: ignore[assignment]  # each keeper is asked for its own rows only


def keepers() -> dict[str, Keeper[Model]]:
    return dict(_keepers)
