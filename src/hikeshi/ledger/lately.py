"""A figure that every page shows and no page should count anew: good for a minute, for one reader."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Generic, TypeVar

from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.ledger.acts import told_here

GOOD_FOR: Final = timedelta(minutes=1)
MOST: Final = 1_000
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Known(Generic[T]):
    """As of ``at``, when this process had told so many facts and the reader had these rights."""

    told: tuple[int, ...]
    grants: Mapping[str, frozenset[int]]
    at: datetime
    figure: T


class Lately(Generic[T]):
    """Worked out anew after this process told facts of one of the domains, and once a minute, for what other processes
    change and what grows old.
    """

    def __init__(self, *domains: str) -> None:
        self._domains = domains
        self._known: dict[str, _Known[T]] = {}

    def of(self, by: Actor, work: Callable[[], T]) -> T:
        told, now = tuple(told_here(domain) for domain in self._domains), clock.now()
        known = self._known.get(by.ref)
        if (
            known is None
            or (known.told, known.grants) != (told, by.grants)
            or not known.at <= now < known.at + GOOD_FOR
        ):
            known = _Known(told, by.grants, now, work())
            if len(self._known) >= MOST:
                self._known.clear()
            self._known[by.ref] = known
        return known.figure
