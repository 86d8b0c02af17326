"""Times that cannot be right together. They are shown, not refused: it may still be what somebody said. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hikeshi.incidents.codes import MomentKind

K = MomentKind
# Who may not come before whom. Reporting may precede detection (a customer calls first), and phases may overlap.
ORDER: tuple[tuple[MomentKind, MomentKind], ...] = (
    (K.OCCURRED, K.DETECTED),
    (K.OCCURRED, K.REPORTED),
    (K.OCCURRED, K.CONTAINED),
    (K.DETECTED, K.ACKNOWLEDGED),
    (K.DETECTED, K.CONTAINED),
    (K.DETECTED, K.RESTORED),
    (K.CONTAINED, K.RESOLVED),
    (K.ERADICATED, K.RESOLVED),
    (K.RESTORED, K.RESOLVED),
    (K.RESOLVED, K.CLOSED),
    (K.DECLARED, K.CLOSED),
)


class Oddity(StrEnum):
    BEFORE = "before"
    FUTURE = "future"


@dataclass(frozen=True, slots=True)
class Odd:
    """``kind`` is before ``other``, which it should follow; or lies in the future."""

    kind: MomentKind
    oddity: Oddity
    other: MomentKind | None = None


def oddities(moments: Mapping[MomentKind, datetime], now: datetime) -> tuple[Odd, ...]:
    future = tuple(Odd(kind, Oddity.FUTURE) for kind in MomentKind if kind in moments and moments[kind] > now)
    wrong = tuple(
        Odd(later, Oddity.BEFORE, earlier)
        for earlier, later in ORDER
        if earlier in moments and later in moments and moments[later] < moments[earlier]
    )
    return future + wrong
