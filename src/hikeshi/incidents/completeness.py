"""How much of the facts sheet is known. A gap is what nobody has said anything about; "unknown" is an answer. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hikeshi.incidents.codes import Certainty


@dataclass(frozen=True, slots=True)
class Completeness:
    """``known + unknown + len(gaps)`` is ``total``."""

    known: int
    unknown: int
    gaps: tuple[str, ...]

    @property
    def total(self) -> int:
        return self.known + self.unknown + len(self.gaps)

    @property
    def percent(self) -> int:
        """Of the sheet that is known; rounded down, so that 100 means all."""
        return 100 * self.known // self.total if self.total else 100


def measure(
    items: Mapping[str, tuple[str, ...]], stated: Mapping[str, Certainty], recorded: Iterable[str]
) -> Completeness:
    """``items``: each item with what the record answers it from (empty: people answer). ``stated``: what people said.
    ``recorded``: what the record holds of those origins. Somebody's own words go before the record's.
    """
    held = set(recorded)
    answers = dict(stated)
    for code, origin in items.items():
        if code not in answers and origin and held.issuperset(origin):
            answers[code] = Certainty.CONFIRMED
    unknown = sum(1 for code in items if answers.get(code) is Certainty.UNKNOWN)
    gaps = tuple(code for code in items if code not in answers)
    return Completeness(known=len(items) - unknown - len(gaps), unknown=unknown, gaps=gaps)
