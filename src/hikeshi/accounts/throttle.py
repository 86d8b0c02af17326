"""How long somebody must wait before the next try to sign in. Nobody can make somebody else wait.

Counted per account *and* network, so a stranger's failures slow only the stranger. A device that has signed in as this
person before is counted by itself (OWASP, "Slow down online guessing attacks with device cookies"): the right password
works from it at once, whatever is tried elsewhere. Only two counts reach wider, and both spare known devices: many
failures from one network over many names (spared too: whoever has signed in from that network before), and many wrong
second factors for one account, because then somebody already has the password.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

WINDOW: Final = timedelta(hours=1)
LONGEST: Final = timedelta(minutes=15)
NONE: Final = timedelta()


@dataclass(frozen=True, slots=True)
class Limit:
    """``free`` failures cost nothing; then the wait after the last one doubles from ``first`` up to ``longest``."""

    free: int
    first: timedelta
    longest: timedelta

    def wait(self, failures: Sequence[datetime], now: datetime) -> timedelta:
        recent = [at for at in failures if at > now - WINDOW]
        if len(recent) < self.free:
            return NONE
        doublings = min(len(recent) - self.free, 20)
        due = max(recent) + min(self.first * (1 << doublings), self.longest)
        return max(due - now, NONE)


PAIR: Final = Limit(free=5, first=timedelta(seconds=2), longest=LONGEST)
DEVICE: Final = Limit(free=10, first=timedelta(seconds=2), longest=LONGEST)
NETWORK: Final = Limit(free=100, first=timedelta(seconds=2), longest=timedelta(minutes=1))
SECOND_FACTOR: Final = Limit(free=20, first=timedelta(minutes=1), longest=LONGEST)


@dataclass(frozen=True, slots=True)
class Record:
    """Failures that bear on this try, by what they are counted for."""

    pair: Sequence[datetime] = ()
    device: Sequence[datetime] | None = None  # None: not a device this account knows
    network: Sequence[datetime] = ()
    network_known: bool = False  # this account has signed in from here before
    second_factor: Sequence[datetime] = ()


def wait(record: Record, now: datetime) -> timedelta:
    """Zero when the try may be weighed now."""
    if record.device is not None and not DEVICE.wait(record.device, now):
        return NONE
    waits = [PAIR.wait(record.pair, now), SECOND_FACTOR.wait(record.second_factor, now)]
    if not record.network_known:
        waits.append(NETWORK.wait(record.network, now))
    return max(waits)
