"""What earlier alerts named, counted as they came."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Final

from hikeshi.intake.models import SeenBefore
from hikeshi.intake.sources.observables import Observable, ObservableType

COUNTED: Final = frozenset(
    {
        ObservableType.IP,
        ObservableType.DOMAIN,
        ObservableType.USER,
        ObservableType.EMAIL,
        ObservableType.URL,
        ObservableType.HASH,
        ObservableType.ACCOUNT,
    }
)
OF_ONE: Final = 20
"""Things of one alert that are counted, its first."""
ASKED_AT_ONCE: Final = 5_000
MOST_ASKED: Final = 10_000
_COLUMNS: Final = ("organisation_id", "key", "alerts", "first_at", "last_at", "fingerprint")
Thing = tuple[int, str, str]
"""Organisation, type and value."""


@dataclass(frozen=True, slots=True)
class Before:
    alerts: int
    first_at: datetime
    last_at: datetime | None
    fingerprint: str

    def but(self, fingerprint: str) -> int:
        """How many it were, that alert left out where it is the newest of them."""
        return self.alerts - (self.fingerprint == fingerprint)


@lru_cache(maxsize=65_536)
def key(kind: str, value: str) -> str:
    return blake2b(f"{kind}:{value}".encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def counted(observables: Sequence[Observable]) -> list[Observable]:
    return [one for one in observables if one["type"] in COUNTED][:OF_ONE]


def before(named: Iterable[tuple[int, Sequence[Observable]]]) -> dict[Thing, Before]:
    """For the digest, of no reader: (organisation, observables) of a whole batch, in one query per five thousand."""
    wanted: dict[str, dict[Thing, None]] = {}
    for place, observables in named:
        for one in counted(observables):
            wanted.setdefault(key(one["type"], one["value"]), {})[place, one["type"], one["value"]] = None
    keys, found = list(wanted)[:MOST_ASKED], {}
    for start in range(0, len(keys), ASKED_AT_ONCE):
        part = SeenBefore.objects.filter(key__in=keys[start : start + ASKED_AT_ONCE]).order_by()
        for place, name, *told in part.values_list(*_COLUMNS).iterator(chunk_size=ASKED_AT_ONCE):
            for thing in wanted[name]:
                if thing[0] == place:
                    found[thing] = Before(*told)
    return found
