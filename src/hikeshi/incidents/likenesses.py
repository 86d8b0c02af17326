"""What a reporter says it is most like, in plain words, and what the desk makes of that until somebody looks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec
import yaml

from hikeshi.incidents.reporting import Purpose

FILE = Path(__file__).parent / "data" / "reports.yaml"
Levels = dict[str, int]


@dataclass(frozen=True, slots=True)
class Likeness:
    ja: str
    en: str
    kind: str
    impact: int = 3
    effect: int = 3
    urgency: int = 2


@dataclass(frozen=True, slots=True)
class Deed:
    """Something the reporter did. ``urgency``: at least this urgent then."""

    ja: str
    en: str
    urgency: int = 3


@dataclass(frozen=True, slots=True)
class Plain:
    kind: str
    impact: int
    effect: int
    urgency: int


@dataclass(frozen=True, slots=True)
class Guide:
    """Everything the file says. ``purposes``: where nothing more is said."""

    version: int
    purposes: Mapping[Purpose, Plain]
    likenesses: Mapping[str, Likeness]
    deeds: Mapping[str, Deed]

    def kind(self, purpose: Purpose, likeness: str) -> str:
        """Only what the reporter chose decides; a request stays one."""
        found = self.likenesses.get(likeness) if purpose is not Purpose.REQUEST else None
        return found.kind if found else self.purposes[purpose].kind

    def levels(self, purpose: Purpose, likeness: str, did: Iterable[str]) -> Levels:
        """Nobody who reports is asked how grave it is: the written table says it, until somebody judges."""
        found = self.likenesses.get(likeness) if purpose is Purpose.ODD else None
        base = found or self.purposes[purpose]
        raised = [self.deeds[one].urgency for one in did if one in self.deeds] if purpose is Purpose.ODD else []
        return {"impact": base.impact, "effect": base.effect, "urgency": min([base.urgency, *raised])}


@cache
def guide() -> Guide:
    return msgspec.convert(yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader), Guide)
