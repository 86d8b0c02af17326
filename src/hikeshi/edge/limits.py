"""How much the door takes at once: requests a second of each token, requests open, bytes held."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from hikeshi.edge.wire import Refused

DEFAULT_RATE: Final = 20_000
BURST_SECONDS: Final = 2
OPEN: Final = 4_000
BYTES: Final = 128 * 1024 * 1024
_REMEMBERED: Final = 10_000


class BadRate(ValueError):
    """HIKESHI_INTAKE_RATE cannot be read."""


@dataclass(frozen=True, slots=True)
class Rates:
    """Requests a second that one token may send; ``of_source`` overrides it for the tokens of a source."""

    usual: int = DEFAULT_RATE
    of_source: Mapping[str, int] = field(default_factory=dict)

    def of(self, source: str) -> int:
        return self.of_source.get(source, self.usual)


def read_rates(text: str) -> Rates:
    """``20000,wazuh=200``: the usual rate, then exceptions. Raises BadRate."""
    usual = DEFAULT_RATE
    of_source: dict[str, int] = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        source, equals, rate = part.rpartition("=")
        if not rate.strip().isdigit() or int(rate) < 1:
            raise BadRate(f"HIKESHI_INTAKE_RATE: {part!r} is neither a rate nor source=rate")
        if equals:
            of_source[source.strip()] = int(rate)
        else:
            usual = int(rate)
    return Rates(usual, of_source)


@dataclass(slots=True)
class Buckets:
    """A token bucket for each sender; ``now`` is any clock of seconds that never goes back."""

    _levels: dict[bytes, tuple[float, float]] = field(default_factory=dict)

    def take(self, sender: bytes, rate: int, now: float) -> float:
        """0.0 where the request may pass, else how many seconds until one may."""
        full = float(rate * BURST_SECONDS)
        level, seen = self._levels.get(sender, (full, now))
        level = min(full, level + (now - seen) * rate)
        if level < 1.0:
            self._levels[sender] = (level, now)
            return (1.0 - level) / rate
        if len(self._levels) > _REMEMBERED:
            self._levels.clear()  # every bucket is full again: generous, and bounded
        self._levels[sender] = (level - 1.0, now)
        return 0.0


@dataclass(slots=True)
class Room:
    """Requests under way and the bytes they hold."""

    open: int = 0
    bytes: int = 0

    def enter(self) -> None:
        """Raises Refused (503)."""
        if self.open >= OPEN:
            raise Refused(503, "busy", "Too many requests are open.", retry_after=1)
        self.open += 1

    def leave(self, held: int) -> None:
        self.open -= 1
        self.bytes -= held

    def hold(self, size: int) -> None:
        """Raises Refused (503)."""
        if self.bytes + size > BYTES:
            raise Refused(503, "busy", "Too much is being received at once.", retry_after=1)
        self.bytes += size
