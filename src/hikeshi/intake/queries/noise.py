"""What a week of alerts costs the people who look at them: what lies on the queue, and which rules decide most."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import UUID

from hikeshi.intake import alike, matchers, queries
from hikeshi.intake.matchers import Name
from hikeshi.intake.models import NoiseTerms
from hikeshi.intake.permissions import Verb
from hikeshi.intake.queries import ruling
from hikeshi.intake.queries.ruling import Line
from hikeshi.intake.verdicts import Verdict
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor

WEEK: Final = timedelta(days=7)
LOOKED_AT: Final = 5_000
"""The newest alerts that are added up: one read of bounded size, however much lies there."""
SHOWN: Final = 30
_LONGEST_TITLE: Final = 200
"""A longer one is not proposed as a condition: nobody could read what it holds."""


@dataclass(slots=True)
class Noise:
    """Alerts of one source that a person must look at, under one title or under several that differ in numbers and
    addresses alone; ``title`` is the newest. ``reports`` counts every repetition.
    """

    source: str
    title: str
    severity: int
    newest: UUID  # one of them, to look at
    alerts: int = 0
    reports: int = 0
    named: set[str] = field(default_factory=set)

    @property
    def titles(self) -> int:
        return len(self.named)

    @property
    def matchers(self) -> str:
        """Conditions that hold just these."""
        return conditions(self.source, self.title, similar=self.titles > 1)

    @property
    def others(self) -> int:
        return self.titles - 1

    @property
    def silence_at(self) -> str:
        """Where a silence for just these is proposed: a path of the desk."""
        return f"/alerts/silences/new?{self._like}"

    @property
    def rule_at(self) -> str:
        return f"/rules/new?{self._like}"

    @property
    def _like(self) -> str:
        return f"like={self.newest}{'&similar=1' if self.titles > 1 else ''}"


@dataclass(slots=True)
class OfSource:
    """What one source cost: ``titles`` that came, their alerts, and every repetition."""

    source: str
    titles: int = 0
    alerts: int = 0
    reports: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """``whole``: every alert of the week was looked at. ``sources`` counts all of them, beyond ``lines``."""

    lines: Sequence[Noise]
    sources: Sequence[OfSource]
    alerts: int
    whole: bool


def conditions(source: str, title: str, *, similar: bool = False) -> str:
    """Of a silence for all alerts of this source under this title, or under ``similar`` ones; empty where nobody could
    read what it holds.
    """
    if len(title) > _LONGEST_TITLE:
        return ""
    pattern = alike.pattern(title) if similar and alike.shape(title) != title else ""
    named = matchers.fitting(Name.TITLE, pattern) if pattern else matchers.exactly(Name.TITLE, title)
    return f"{matchers.exactly(Name.SOURCE, source)}\n{named}"


def weekly(by: Actor) -> Report:
    """What waits for a decision and was seen in seven days, by source and title, the most alerts first. Titles that
    differ in numbers and addresses alone are one line. Raises NotAllowed.
    """
    by.must(Verb.VIEW)
    rows = queries.visible(by).filter(verdict=Verdict.KEEP, case="", last_seen__gte=clock.now() - WEEK)
    newest = rows.order_by(*queries.NEWEST).values_list("source", "title", "severity", "uuid", "count")
    found: dict[tuple[str, str], Noise] = {}
    seen = 0
    for source, title, severity, uuid, count in newest[:LOOKED_AT]:
        one = found.setdefault((source, alike.shape(title)), Noise(source, title, severity, uuid))
        one.named.add(title)
        one.severity = max(one.severity, severity)
        one.alerts, one.reports, seen = one.alerts + 1, one.reports + count, seen + 1
    lines = sorted(found.values(), key=lambda one: (-one.alerts, -one.reports, one.source, one.title))
    return Report(lines[:SHOWN], _of_sources(lines), seen, seen < LOOKED_AT)


def _of_sources(lines: Sequence[Noise]) -> list[OfSource]:
    found: dict[str, OfSource] = {}
    for line in lines:
        one = found.setdefault(line.source, OfSource(line.source))
        one.titles, one.alerts, one.reports = (
            one.titles + line.titles,
            one.alerts + line.alerts,
            one.reports + line.reports,
        )
    return sorted(found.values(), key=lambda one: (-one.alerts, one.source))


def reported(by: Actor) -> bool:
    """Raises NotAllowed."""
    by.must(Verb.VIEW)
    return is_reported()


def is_reported() -> bool:
    """Whether the week's noise is sent to those who can do something about it."""
    row = NoiseTerms.objects.order_by("id").first()
    return NoiseTerms().reported if row is None else row.reported


def busiest(by: Actor) -> list[Line]:
    """Rules that decided most in seven days, with how often people overruled them."""
    counted = ruling.counted(by, ruling.lines(by))
    return sorted((one for one in counted if one.week), key=lambda one: (-one.week, one.code))[:SHOWN]
