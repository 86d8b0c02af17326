"""What the index and the box need to know of a kind of thing."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from hikeshi.kernel.acting import Actor
from hikeshi.search.actions import Text


@dataclass(frozen=True, slots=True)
class Shown:
    """``row`` is the thing itself, as its own lists show it; ``passages`` its words besides the title, best first."""

    row: Model
    title: str
    passages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Findable:
    """``kind``: what facts call it before the colon. ``verb``: who does not hold it anywhere finds none.

    ``narrowing``: what an operator asks of its rows; it raises UnknownValue, Invalid. ``holding``: that these letters
    stand somewhere in a row.
    """

    kind: str
    verb: str
    rows: Callable[[], QuerySet[Model]]
    visible: Callable[[Actor], QuerySet[Model]]
    texts: Callable[[Collection[UUID]], list[Text]]
    shown: Callable[[Actor, Collection[UUID]], Mapping[UUID, Shown]]
    holding: Callable[[str], Q]
    narrowing: Mapping[str, Callable[[Actor, str], Q]] = field(default_factory=dict)
