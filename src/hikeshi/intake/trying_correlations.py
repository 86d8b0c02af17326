"""What a correlation would have found among alerts that are here already. Reads in steps, never writes.

An alert that came often is one row by now, with its first and its last time: a trial sees those two of it, and says at
least what it would have found.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from hikeshi.intake import marking, queries
from hikeshi.intake.correlation import Group
from hikeshi.intake.judging import PERSON
from hikeshi.intake.marking import Hit, Marked
from hikeshi.intake.rulebook import Rule, RuleBook
from hikeshi.intake.verdicts import CALLING, Verdict
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor

STEP = 500


@dataclass(frozen=True, slots=True)
class Row:
    id: int
    uuid: UUID
    title: str
    severity: int
    verdict: str
    rule: str
    fingerprint: str
    organisation: int
    world: str
    first_seen: datetime
    last_seen: datetime


_COLUMNS = ("id", "uuid", "title", "severity", "verdict", "rule", "fingerprint", "organisation", "world")


@dataclass(slots=True)
class Tried:
    """``hits``: alerts that would have been decided on, each with its verdict after."""

    rows: dict[str, Row] = field(default_factory=dict)
    marked: dict[str, Marked] = field(default_factory=dict)

    def found(self) -> dict[str, list[Hit]]:
        for marked in self.marked.values():
            marked.came.sort()
        groups = {key: Group([], {}) for key in self.marked}
        return marking.hits(self.marked.values(), groups)

    def after(self) -> Iterator[tuple[Row, Verdict]]:
        """The first of each group opens where the rule opens; the others join."""
        begun: set[str] = set()
        for fingerprint, hits in sorted(self.found().items(), key=lambda one: one[1][0].found.until):
            row = self.rows[fingerprint]
            joins = hits[0].entity in begun or any(self.held(each) for each in hits[0].found.members)
            begun.add(hits[0].entity)
            after = Verdict.ATTACH if joins else hits[0].rule.verdict
            if row.rule == PERSON or (Verdict(row.verdict) in CALLING and after in CALLING):
                after = Verdict(row.verdict)
            elif after is Verdict.ATTACH and not joins:
                continue  # it opens nothing by itself
            yield row, after

    def held(self, fingerprint: str) -> bool:
        return self.rows[fingerprint].verdict in CALLING


def take(by: Actor, rule: Rule, *, days: int, most: int) -> Iterator[Tried]:
    """The same trial, fuller after each step of rows, newest first."""
    book, tried = RuleBook([rule]), Tried()
    rows = queries.visible(by)
    if days:
        rows = rows.filter(last_seen__gte=clock.now() - timedelta(days=days))
    below: int | None = None
    while len(tried.rows) < most:
        step = rows.order_by("-id") if below is None else rows.order_by("-id").filter(id__lt=below)
        found = list(step.values_list(*_COLUMNS, "first_seen", "last_seen", "normal_form__normal")[:STEP])
        for *columns, normal in found:
            row = Row(*columns)
            tried.rows[row.fingerprint] = row
            said = list(book.signals(normal))
            for at in sorted({row.first_seen, row.last_seen}) if said else ():
                marking.mark(tried.marked, said, normal, at, (row.fingerprint, row.organisation, row.world))
        yield tried
        if len(found) < STEP:
            return
        below = found[-1][0]


def changes(tried: Tried) -> tuple[list[tuple[Row, Verdict]], Counter[tuple[Verdict, Verdict]]]:
    decided = list(tried.after())
    return decided, Counter((Verdict(row.verdict), after) for row, after in decided)
