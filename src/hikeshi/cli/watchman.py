"""When what a look found is worth waking somebody for. Pure: seconds of a steady clock in, notices out."""

from collections.abc import Set
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

PATIENCE: Final = 30.0
"""Seconds a trouble must last, and must be gone: a restart takes a few, and is nobody's business."""
REPEAT: Final = 3600.0
JUMP: Final = 60.0
"""Seconds the wall clock may run away from the steady one between two looks: deadlines are kept by the wall's."""
GROWING: Final = 300.0
BACKLOG: Final = 1_000


class Trouble(StrEnum):
    SILENT = "silent"
    DATABASE = "database"
    STORAGE = "storage"
    LEDGER = "ledger_guarded"
    ENGINE = "engine"
    VERSION = "version"
    DISK = "disk"
    BACKLOG = "backlog"
    CLOCK = "clock"
    CANARY = "canary"


class Turn(StrEnum):
    BEGAN = "began"
    LASTS = "lasts"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Notice:
    """``seconds``: how long it has lasted; for the clock, by how much it jumped."""

    trouble: Trouble
    turn: Turn
    seconds: float


@dataclass(slots=True)
class _Case:
    since: float
    seen: float
    told: float | None = None


@dataclass(slots=True)
class Watchman:
    _cases: dict[Trouble, _Case] = field(default_factory=dict)

    def step(self, now: float, found: Set[Trouble]) -> list[Notice]:
        """What is to be told after this look."""
        for trouble in sorted(found):
            self._cases.setdefault(trouble, _Case(now, now)).seen = now
        return [notice for trouble in list(self._cases) for notice in self._turn(trouble, now)]

    def _turn(self, trouble: Trouble, now: float) -> list[Notice]:
        case = self._cases[trouble]
        lasted = case.seen - case.since
        if now - case.seen >= PATIENCE or (case.told is None and case.seen < now):
            del self._cases[trouble]
            return [] if case.told is None else [Notice(trouble, Turn.OVER, lasted)]
        if case.told is None and lasted >= PATIENCE:
            case.told = now
            return [Notice(trouble, Turn.BEGAN, lasted)]
        if case.told is not None and case.seen == now and now - case.told >= REPEAT:
            case.told = now
            return [Notice(trouble, Turn.LASTS, lasted)]
        return []

    @property
    def well(self) -> bool:
        return not self._cases


@dataclass(slots=True)
class Clocks:
    """The wall's clock beside the steady one."""

    _wall: float
    _steady: float

    def step(self, wall: float, steady: float) -> Notice | None:
        jumped = (wall - self._wall) - (steady - self._steady)
        self._wall, self._steady = wall, steady
        return Notice(Trouble.CLOCK, Turn.BEGAN, jumped) if abs(jumped) >= JUMP else None


@dataclass(slots=True)
class Backlog:
    """Whether what waits in the inbox is more than a moment's work and has not shrunk for ``GROWING`` seconds: on a
    quiet night it grows by one alert and stands again.
    """

    _since: float = float("inf")
    _last: float = 0.0

    def step(self, now: float, pending: float) -> bool:
        if pending <= BACKLOG or pending < self._last or now < self._since:
            self._since = now
        self._last = pending
        return now - self._since >= GROWING
