"""The alerts of a batch as marks of the correlations they say something to, and what those find. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b

import msgspec

from hikeshi.intake.correlation import Found, Group, Mark, Places, take_in
from hikeshi.intake.correlation_text import Correlation, Key
from hikeshi.intake.field_values import Document
from hikeshi.intake.normalise import State
from hikeshi.intake.preparing import Prepared, Sighting
from hikeshi.intake.rulebook import Rule, RuleBook

_FIRING = State.FIRING.value  # as in `folding`
Held = Callable[[Prepared, Sighting], bool]
"""Whether a silence holds it: what is held says nothing until the silence is over."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A correlation found that this alert, with its members, is what the rule describes."""

    rule: Rule
    entity: str
    shared: Key
    found: Found

    @property
    def since(self) -> datetime:
        return datetime.fromtimestamp(self.found.since / 1000, UTC)

    @property
    def until(self) -> datetime:
        return datetime.fromtimestamp(self.found.until / 1000, UTC)


@dataclass(frozen=True, slots=True)
class Marked:
    """Marks of one group that came in one batch, each with what it was met with."""

    rule: Rule
    correlation: Correlation
    key: str
    shared: Key
    entity: str
    came: list[tuple[Mark, Places]] = field(default_factory=list)


def marks(kept: Iterable[Prepared], book: RuleBook, held: Held) -> dict[str, Marked]:
    """By the key of their group. An alert that says nothing to any correlation costs a look at the index."""
    found: dict[str, Marked] = {}
    for one in kept:
        for sighting in one.sightings:
            if sighting.told.event.state == _FIRING:
                _mark(found, one, sighting, book, held)
    return found


def _mark(found: dict[str, Marked], one: Prepared, sighting: Sighting, book: RuleBook, held: Held) -> None:
    read = sighting.told.read
    if read is not None and read.mute and heard(sighting, book):
        return
    normal = sighting.finding.normal
    said = list(book.signals(normal))
    if read is not None and sighting.enriched:
        read.under, read.under_said, read.mute = book, sighting.said, not said and not book.signals_ask_more
    if said and not held(one, sighting):
        whose = (sighting.fingerprint, one.item.organisation_id, one.item.world.value)
        mark(found, said, normal, sighting.told.event.last, whose)


def heard(sighting: Sighting, book: RuleBook) -> bool:
    """Whether these rules were asked already what one that says the same says to correlations."""
    read = sighting.told.read
    return read is not None and read.under is book and read.under_said == sighting.said


Said = Iterable[tuple[Rule, Correlation, int]]
"""As `RuleBook.signals` tells: what an alert is a signal of."""


def mark(found: dict[str, Marked], said: Said, normal: Document, at: datetime, whose: tuple[str, int, str]) -> None:
    """``whose``: the alert's fingerprint, its organisation and its world."""
    alert, organisation, world = whose
    for rule, correlation, signal in said:
        one = Mark(int(at.timestamp() * 1000), signal, correlation.counted(normal), alert)
        for shared in correlation.groups(normal, signal):
            marked = _group(rule, correlation, shared, organisation, world)
            found.setdefault(marked.key, marked).came.append((one, correlation.places(normal, shared)))


def _group(rule: Rule, correlation: Correlation, shared: Key, organisation: int, world: str) -> Marked:
    said = [organisation, world, rule.code, rule.version, shared]
    key = blake2b(msgspec.json.encode(said), digest_size=16).hexdigest()
    thing: object = shared[0][1] if len(shared) == 1 else shared
    return Marked(rule, correlation, key, shared, rule.shared(thing, organisation, world))


def hits(found: Iterable[Marked], groups: Mapping[str, Group]) -> dict[str, list[Hit]]:
    """Takes the marks into their groups; per fingerprint, the last hit of each rule and group."""
    said: dict[str, dict[str, Hit]] = {}
    for marked in found:
        terms, hubs = marked.correlation.terms, marked.correlation.hubs
        for one in take_in(terms, groups[marked.key], marked.came, hubs):
            said.setdefault(one.alert, {})[marked.key] = Hit(marked.rule, marked.entity, marked.shared, one)
    return {
        alert: sorted(each.values(), key=lambda hit: (hit.rule.rank, hit.rule.code)) for alert, each in said.items()
    }
