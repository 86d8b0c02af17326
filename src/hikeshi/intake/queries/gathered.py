"""What is too weak for a look of its own, told with its like: a digest for each day and source that had something new.

What a source calls low is a signal and no finding. Correlations take up those that coincide; the rest a person reads as
one reads a newspaper, by what is new: a repetition folds into its row and is new on no second day.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from hikeshi.accounts import queries as accounts
from hikeshi.intake import queries
from hikeshi.intake.permissions import Verb
from hikeshi.intake.queries.noise import LOOKED_AT, WEEK, conditions
from hikeshi.intake.verdicts import Verdict
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor

SHOWN: Final = 40
"""Lines of one digest: what more there is stands in its figures and on the queue."""
_HOST: Final = "normal_form__normal__device__hostname"
_COLUMNS: Final = ("source", "title", "severity", "uuid", "count", "first_seen", _HOST)


@dataclass(slots=True)
class Line:
    """Alerts of one digest under one title. ``reports`` counts every repetition, also of later days; ``hosts`` holds
    each by its name.
    """

    source: str
    title: str
    severity: int
    newest: UUID
    alerts: int = 0
    reports: int = 0
    hosts: set[str] = field(default_factory=set)

    @property
    def matchers(self) -> str:
        """Conditions that hold just these."""
        return conditions(self.source, self.title)


@dataclass(frozen=True, slots=True)
class Digest:
    """What one source reported for the first time on one day of the site. ``kinds`` counts titles; ``lines`` are the
    gravest and rarest of them.
    """

    day: date
    source: str
    kinds: int
    alerts: int
    reports: int
    hosts: int
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Gathered:
    """``whole`` says whether every such alert that spoke in the week was looked at."""

    digests: Sequence[Digest]
    whole: bool


def of_week(by: Actor) -> Gathered:
    """What was gathered in seven days, the newest day first. Raises NotAllowed."""
    by.must(Verb.VIEW)
    since, zone = clock.now() - WEEK, ZoneInfo(accounts.site().time_zone)
    rows = queries.visible(by).filter(verdict=Verdict.GATHER, case="", last_seen__gte=since)
    seen = list(rows.order_by(*queries.NEWEST).values_list(*_COLUMNS)[:LOOKED_AT])
    found: dict[tuple[date, str], dict[str, Line]] = {}
    for source, title, severity, uuid, count, first_seen, host in seen:
        if first_seen >= since:
            lines = found.setdefault((_day(first_seen, zone), source), {})
            _add(lines.setdefault(title, Line(source, title, severity, uuid)), severity, count, host)
    digests = [_digest(*of, list(lines.values())) for of, lines in found.items()]
    return Gathered(sorted(digests, key=lambda one: (-one.day.toordinal(), one.source)), len(seen) < LOOKED_AT)


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


def _add(line: Line, severity: int, count: int, host: object) -> None:
    line.severity = max(line.severity, severity)
    line.alerts, line.reports = line.alerts + 1, line.reports + count
    if isinstance(host, str) and host:
        line.hosts.add(host)


def _digest(day: date, source: str, lines: list[Line]) -> Digest:
    """What is seldom tells more than what is seen everywhere."""
    ordered = sorted(lines, key=lambda one: (-one.severity, one.reports, one.title))
    return Digest(
        day=day,
        source=source,
        kinds=len(lines),
        alerts=sum(one.alerts for one in lines),
        reports=sum(one.reports for one in lines),
        hosts=len(set().union(*(one.hosts for one in lines))),
        lines=ordered[:SHOWN],
    )
