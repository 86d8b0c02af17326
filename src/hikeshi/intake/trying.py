"""What a rule would do to alerts that are here already, before it judges the next one. Reads in steps, never writes."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Final
from uuid import UUID

from hikeshi.intake import queries, trying_correlations
from hikeshi.intake.judging import PERSON
from hikeshi.intake.queries import ruling
from hikeshi.intake.rulebook import Rule, RuleBook
from hikeshi.intake.site_rules import holds_for_anything
from hikeshi.intake.verdicts import CALLING, Verdict
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor

STEP: Final = 500
MOST: Final = 20_000
SECONDS: Final = 8.0
"""A trial that takes longer answers with what it has seen."""
SAMPLE: Final = 20
TOO_WIDE: Final = 0.3
"""A rule that decides more than this share of what comes is asked twice; of fewer than `ENOUGH` hits, it is not."""
ENOUGH: Final = 20
_COLUMNS: Final = ("id", "uuid", "title", "severity", "verdict", "rule", "normal_form__normal")


@dataclass(frozen=True, slots=True)
class Sample:
    uuid: UUID
    title: str
    severity: int
    before: Verdict
    after: Verdict


@dataclass(frozen=True, slots=True)
class Trial:
    """``of`` alerts were asked; ``hits`` are those this rule would decide. ``whole`` says whether all wanted were seen.

    ``changes`` counts verdicts before and after, only where the rule, or its version in force, has the say.
    """

    hits: int
    of: int
    changes: Mapping[tuple[Verdict, Verdict], int]
    sample: tuple[Sample, ...]
    people: int  # hits where a person has decided: their word stands
    seconds: float
    whole: bool
    anything: bool  # it holds for whatever comes

    @property
    def share(self) -> float:
        return self.hits / self.of if self.of else 0.0

    @property
    def too_wide(self) -> bool:
        return self.anything or (self.hits >= ENOUGH and self.share > TOO_WIDE)


_Row = tuple[int, UUID, str, int, str, str, dict[str, object]]


def trial(by: Actor, rule: Rule, *, last: int = 0, days: int = 0) -> Trial:
    """Tries a rule on the newest ``last`` alerts, or on those of the last ``days``, that the reader sees."""
    most = min(last or MOST, MOST)
    if rule.correlation is not None:
        return _together(by, rule, last, days, most)
    book, began = ruling.book_with(rule), monotonic()
    changes: Counter[tuple[Verdict, Verdict]] = Counter()
    sample: list[Sample] = []
    hits = of = people = 0
    whole = True
    for row in _newest(by, days, most + 1):
        if of == most or monotonic() - began > SECONDS:
            whole = last > 0 and of >= last
            break
        of += 1
        hit, after = _judged(book, rule, row)
        hits += hit
        people += hit and row[5] == PERSON
        if after is None:
            continue
        before = Verdict(row[4])
        changes[before, after] += 1
        if hit and len(sample) < SAMPLE:
            sample.append(Sample(row[1], row[2], row[3], before, after))
    seconds = monotonic() - began
    return Trial(hits, of, dict(changes), tuple(sample), people, seconds, whole, holds_for_anything(rule))


def _together(by: Actor, rule: Rule, last: int, days: int, most: int) -> Trial:
    """A correlation's trial: its hits are the alerts it would have opened a case with, or taken into one."""
    began, whole, tried = monotonic(), True, trying_correlations.Tried()
    for step in trying_correlations.take(by, rule, days=days, most=most):
        tried = step
        if monotonic() - began > SECONDS:
            whole = False
            break
    decided, changes = trying_correlations.changes(tried)
    shown = decided[:SAMPLE]
    sample = tuple(Sample(row.uuid, row.title, row.severity, Verdict(row.verdict), after) for row, after in shown)
    people = sum(row.rule == PERSON for row, _ in decided)
    whole = whole and (len(tried.rows) < most or last > 0)
    return Trial(len(decided), len(tried.rows), changes, sample, people, monotonic() - began, whole, anything=False)


def _newest(by: Actor, days: int, most: int) -> Iterator[_Row]:
    rows = queries.visible(by)
    if days:
        rows = rows.filter(last_seen__gte=clock.now() - timedelta(days=days))
    rows = rows.order_by("-id")
    below: int | None = None
    seen = 0
    while seen < most:
        step = rows if below is None else rows.filter(id__lt=below)
        found = list(step.values_list(*_COLUMNS)[: min(STEP, most - seen)])
        yield from found
        if len(found) < STEP:
            return
        below, seen = found[-1][0], seen + len(found)


def _judged(book: RuleBook, rule: Rule, row: _Row) -> tuple[bool, Verdict | None]:
    """Whether this rule would decide, and what the verdict would be; None where it has nothing to do with it."""
    normal = row[6]
    if not rule.test(normal) and row[5] != rule.code:
        return False, None
    first = next(book.matches(normal))
    hit = first.code == rule.code
    before = Verdict(row[4])
    if row[5] == PERSON:
        return hit, before if hit else None
    if not hit and row[5] != rule.code:
        return False, None
    joined = before in CALLING and first.verdict in CALLING  # whether a case is there to join, only the digest knows
    return hit, before if joined else first.verdict
