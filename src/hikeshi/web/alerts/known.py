"""What the desk knew of an alert's things when it came, as its normal form holds it, for showing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

GRAVE: Final = frozenset({"indicator", "exploited"})
_ORDER: Final = ("indicator", "exploited", "technique", "own_domain", "address")


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
        ransomware=told.get("ransomware") is True,
    )


def _tables(value: object) -> Iterator[Mapping[str, object]]:
    for one in value if isinstance(value, list) else ():
        if isinstance(one, dict):
            yield one
