"""What the desk knew of an alert's things when it came, as its normal form holds it, for showing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from hikeshi.incidents import queries as incidents
from hikeshi.incidents.permissions import Verb
from hikeshi.incidents.queries import Trace
from hikeshi.intake.queries import Alert
from hikeshi.kernel.acting import Actor

GRAVE: Final = frozenset({"indicator", "exploited"})
MOST: Final = 60
_ORDER: Final = ("indicator", "exploited", "sighting", "technique", "own_domain", "address")


@dataclass(frozen=True, slots=True)
class Known:
    type: str
    value: str
    provider: str = ""
    named: str = ""
    reach: str = ""
    tlp: str = ""
    confidence: str = ""
    due: str = ""
    alerts: int = 0
    last: datetime | None = None
    ransomware: bool = False

    @property
    def grave(self) -> bool:
        return self.type in GRAVE


def of(normal: Mapping[str, object]) -> list[Known]:
    """The gravest first. A detector that sends enrichments of its own has no say in this list: mappings cannot set
    that name.
    """
    found = [_known(one) for one in _tables(normal.get("enrichments")) if one.get("type") in _ORDER]
    return sorted(found, key=lambda one: _ORDER.index(one.type))


def elsewhere(by: Actor, row: Alert) -> list[Trace]:
    """Other records that name what the alert names, for whoever may look at records; what lists say is in `of`."""
    if not by.may(Verb.VIEW):
        return []
    named = [(str(one["type"]), str(one["value"])) for one in row.observables[:MOST]]
    return [one for one in incidents.traces(by, row.organisation, named, but=row.case_ref) if one.records]


def _known(one: Mapping[str, object]) -> Known:
    data = one.get("data")
    told = data if isinstance(data, dict) else {}
    return Known(
        type=str(one.get("type")),
        value=str(one.get("value", "")),
        provider=str(one.get("provider", "")),
        named=str(told.get("name") or told.get("origin") or ""),
        reach=str(told.get("class", "")),
        tlp=str(told.get("tlp", "")),
        confidence=str(told.get("confidence", "")),
        due=str(told.get("due", "")),
        alerts=_number(told.get("alerts")),
        last=_moment(told.get("last")),
        ransomware=told.get("ransomware") is True,
    )


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _moment(value: object) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else None


def _tables(value: object) -> Iterator[Mapping[str, object]]:
    for one in value if isinstance(value, list) else ():
        if isinstance(one, dict):
            yield one
