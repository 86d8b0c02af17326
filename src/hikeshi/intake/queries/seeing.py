"""What earlier alerts named, counted as they came."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Final

from django.db import connection

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
Thing = tuple[int, str, str]
"""Organisation, type and value."""
_Row = tuple[int, str, int, datetime | str, datetime | str | None, str]


@dataclass(frozen=True, slots=True)
class Before:
    alerts: int
    first: datetime | str
    last: datetime | str | None
    fingerprint: str

    @property
    def first_at(self) -> str:
        return _written(self.first)

    @property
    def last_at(self) -> str:
        """Empty where it is unknown."""
        return "" if self.last is None else _written(self.last)

    def but(self, fingerprint: str) -> int:
        """How many it were, that alert left out where it is the newest of them."""
        return self.alerts - (self.fingerprint == fingerprint)


@lru_cache(maxsize=65_536)
def key(kind: str, value: str) -> str:
    return blake2b(f"{kind}:{value}".encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def things(observables: Sequence[Observable]) -> list[tuple[str, str]]:
    return [(one["type"], one["value"]) for one in observables]


def counted(things: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [thing for thing in things if thing[0] in COUNTED][:OF_ONE]


def before(named: Iterable[tuple[int, Sequence[tuple[str, str]]]]) -> dict[Thing, Before]:
    """For the digest, of no reader: (organisation, types and values) of a whole batch, a query per five thousand."""
    wanted: dict[tuple[int, str], Thing] = {}
    for place, each in named:
        for kind, value in counted(each):
            wanted[place, key(kind, value)] = (place, kind, value)
    pairs = list(wanted)[:MOST_ASKED]
    parts = (pairs[start : start + ASKED_AT_ONCE] for start in range(0, len(pairs), ASKED_AT_ONCE))
    rows = (row for part in parts for row in _rows(part))
    return {
        wanted[place, name]: Before(alerts, first, last, fingerprint)
        for place, name, alerts, first, last, fingerprint in rows
        if (place, name) in wanted
    }


def _rows(pairs: Sequence[tuple[int, str]]) -> Iterator[_Row]:
    """By the index, which begins with the organisation. Past the ORM: it would make times of all, and few are said."""
    places, names = list({place for place, _ in pairs}), [name for _, name in pairs]
    moment = "{0} || ''" if connection.vendor == "sqlite" else "{0}"  # as text: the adapter would parse each
    first, last = (moment.format(column) for column in ("first_at", "last_at"))
    marks = [", ".join(["%s"] * len(values)) for values in (places, names)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT organisation_id, key, alerts, {first}, {last}, fingerprint FROM intake_seenbefore"  # noqa: S608  # columns and marks only
            f" WHERE organisation_id IN ({marks[0]}) AND key IN ({marks[1]})",
            [*places, *names],
        )
        yield from cursor.fetchall()


@lru_cache(maxsize=4_096)
def _written(kept: datetime | str) -> str:
    """ISO 8601 in UTC, as it is said in alerts."""
    at = kept if isinstance(kept, datetime) else datetime.fromisoformat(kept).replace(tzinfo=UTC)
    return at.isoformat()
