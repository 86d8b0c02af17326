"""What a mapping would make of a body, before it reads the next one. Nothing is kept."""

from dataclasses import dataclass
from typing import Final

from hikeshi.intake import framing, normalise
from hikeshi.intake.fingerprint import fingerprint
from hikeshi.intake.normalise import Finding, Unmappable
from hikeshi.intake.queries import ruling
from hikeshi.intake.rulebook import Rule, RuleBook
from hikeshi.intake.sources.book import Source
from hikeshi.intake.sources.unwrapping import Wrapped, unwrap
from hikeshi.intake.verdicts import Verdict
from hikeshi.kernel import clock

SHOWN: Final = 20
_NOBODY: Final = 0
"""A fingerprint also says whose alert it is; a preview shows what makes two of one organisation the same."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One alert as it would be read, or why not. ``twin`` is the number of an earlier one it would be one with."""

    number: int
    finding: Finding | None
    error: str = ""
    detail: str = ""
    fingerprint: str = ""
    rule: Rule | None = None
    twin: int = 0


@dataclass(frozen=True, slots=True)
class Preview:
    alerts: int
    seen: tuple[Seen, ...]
    unreadable: int


def preview(source: Source, body: bytes) -> Preview:
    """Raises framing.Unreadable for what is not JSON."""
    book, seen, known = ruling.book(), [], dict[str, int]()
    alerts = unreadable = 0
    for element in framing.elements(body):
        for wrapped in unwrap(element.document, source.unwrap):
            alerts += 1
            if alerts > framing.MOST:
                continue
            one = _seen(source, wrapped, element.notes, alerts, book if alerts <= SHOWN else None)
            unreadable += one.finding is None
            if alerts <= SHOWN:
                twin = known.setdefault(one.fingerprint, alerts) if one.fingerprint else alerts
                seen.append(one if twin == alerts else _as_twin(one, twin))
    return Preview(alerts, tuple(seen), unreadable)


def _as_twin(one: Seen, twin: int) -> Seen:
    return Seen(one.number, one.finding, one.error, one.detail, one.fingerprint, one.rule, twin)


def _seen(source: Source, wrapped: Wrapped, notes: tuple[str, ...], number: int, book: RuleBook | None) -> Seen:
    try:
        finding = normalise.finding(source, wrapped, clock.now(), notes)
    except Unmappable as error:
        return Seen(number, None, error.code, error.detail)
    known_by = fingerprint(finding, _NOBODY, "")
    return Seen(number, finding, fingerprint=known_by, rule=_decides(book, finding) if book else None)


def _decides(book: RuleBook, finding: Finding) -> Rule:
    """The first that could decide alone: one that only attaches needs an incident that is open then."""
    return next(rule for rule in book.matches(finding.normal) if rule.verdict is not Verdict.ATTACH)
