"""Whom a rule gives a record to. Pure, and the same for the same input: who sees the result can work it out again.

Of those who may, are there and can, the one with the fewest open records; then the least work left; then whoever was
given one by this rule longest ago (round robin); then the ref.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from hikeshi.load.codes import Passed, Shift

NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
FORBIDDEN: Final = frozenset({Passed.NO_RIGHT, Passed.NOT_LET_IN})
"""What no wish of anybody's puts aside."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What the rule asks: all of ``skills`` (codes), and whether to be on shift."""

    skills: frozenset[str] = frozenset()
    shift: Shift = Shift.REQUIRED


@dataclass(frozen=True, slots=True)
class Candidate:
    """``person``: their ref. ``may``: work on records there, and be seen to; ``let_in``: sees this one. ``open``
    records and ``remaining`` minutes of work are theirs already. ``shift_until``: None off shift. ``given_at``: when
    this rule gave them one last.
    """

    person: str
    may: bool = True
    let_in: bool = True
    away: bool = False
    skills: frozenset[str] = frozenset()
    shift_until: datetime | None = None
    open: int = 0
    remaining: int = 0
    given_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """``fitting``: the best first. ``passed``: everybody else, and why. ``turn``: others carry no more, and it was
    their turn. ``closest``: where nobody fits, who comes nearest, and all that stands against them.
    """

    fitting: tuple[Candidate, ...]
    passed: tuple[tuple[Candidate, Passed], ...]
    turn: bool = False
    closest: tuple[Candidate, tuple[Passed, ...]] | None = None

    @property
    def best(self) -> Candidate | None:
        return self.fitting[0] if self.fitting else None

    def count(self, why: Passed) -> int:
        return sum(1 for _, reason in self.passed if reason is why)


def choose(needs: Needs, candidates: Sequence[Candidate]) -> Choice:
    fitting, passed = [], []
    near = []
    for one in candidates:
        against = _against(needs, one)
        if not against:
            fitting.append(one)
            continue
        passed.append((one, against[0]))
        if FORBIDDEN.isdisjoint(against):
            near.append((one, against))
    ranked = tuple(sorted(fitting, key=lambda one: (*_load(needs, one), one.given_at or NEVER, one.person)))
    turn = len(ranked) > 1 and _load(needs, ranked[0]) == _load(needs, ranked[1])
    return Choice(ranked, tuple(passed), turn, min(near, key=_distance, default=None) if not ranked else None)


def _load(needs: Needs, one: Candidate) -> tuple[bool, int, int]:
    off = needs.shift is Shift.PREFERRED and one.shift_until is None
    return (off, one.open, one.remaining)


def _distance(found: tuple[Candidate, tuple[Passed, ...]]) -> tuple[bool, bool, int, int, str]:
    """Somebody off shift can be asked; somebody without the skill can learn; somebody away is not there."""
    one, against = found
    return (Passed.AWAY in against, Passed.NO_SKILL in against, one.open, one.remaining, one.person)


def _against(needs: Needs, one: Candidate) -> tuple[Passed, ...]:
    asked = (
        (one.may, Passed.NO_RIGHT),
        (one.let_in, Passed.NOT_LET_IN),
        (not one.away, Passed.AWAY),
        (needs.skills <= one.skills, Passed.NO_SKILL),
        (needs.shift is not Shift.REQUIRED or one.shift_until is not None, Passed.OFF_SHIFT),
    )
    return tuple(why for holds, why in asked if not holds)
