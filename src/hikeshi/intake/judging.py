"""Which verdict an alert gets: its own open case first, then the rules in order, then people. Pure."""

from collections.abc import Callable, Mapping
from uuid import UUID

import msgspec
import yaml
from msgspec.structs import replace

from hikeshi.intake import flapping, inhibitions
from hikeshi.intake.benign import Entry
from hikeshi.intake.folding import Change
from hikeshi.intake.marking import Hit
from hikeshi.intake.normalise import Finding
from hikeshi.intake.rulebook import DEFAULT, SHIPPED, Rule, RuleBook
from hikeshi.intake.verdicts import CALLING, Verdict

_encode = msgspec.json.encode
PERSON = "person"
"""Stands where a rule's code does, when a person decided."""
SAME_ALERT = "same_alert"
_SILENCED: dict[str, dict[str, str]] = yaml.load(
    (SHIPPED / "silenced.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
)
_INHIBITED: dict[str, dict[str, str]] = yaml.load(
    (SHIPPED / "inhibited.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
)
_FLAPPING: dict[str, dict[str, str]] = yaml.load(
    (SHIPPED / "flapping.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
)
_HARMLESS: dict[str, str] = yaml.load((SHIPPED / "benign.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
_ATTACH, _OPEN = Verdict.ATTACH, Verdict.OPEN  # as in `folding`
_NO_WORSE = frozenset({Change.REFIRED, Change.REPEATED})
_OWN_CASE: dict[str, str] = yaml.load(
    (SHIPPED / "same_alert.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
)


# Structs and not dataclasses: each is made once per alert of a batch.
class Before(msgspec.Struct, frozen=True, gc=False):
    """What an alert's row says when it is judged again; a new alert has none."""

    verdict: str
    rule: str
    case: str
    case_open: bool
    rule_version: int = 1

    def released(self, book: RuleBook) -> bool:
        """Whether it was taken off the queue by a rule that no longer does so: a maintenance is over, noise is noise no
        more. Whoever silenced a thing for a while did not say that nobody shall ever hear of it.
        """
        dropped = self.verdict == Verdict.DROP and self.rule != PERSON
        return dropped and not book.says(self.rule, self.rule_version)


class About(msgspec.Struct, frozen=True):
    finding: Finding
    change: Change
    before: Before | None
    organisation: int
    world: str


class Judgement(msgspec.Struct, frozen=True):
    verdict: Verdict
    rule: str
    version: int
    reason: str  # JSON: language -> sentence
    kind: str
    impact: int
    effect: int
    urgency: int
    entity: str
    case: str = ""
    beside: UUID | None = None
    hit: Hit | None = None  # what a correlation found, where one decided
    opens: bool = False  # a rule would have opened a case too; kind and levels are that rule's


Holder = Callable[[str], "tuple[UUID, str] | None"]
"""Asks who holds this entity in a case that is open or being opened."""


class Options(msgspec.Struct, frozen=True):
    """The rules that may decide, in order, each with what the alert is about under it."""

    rules: tuple[tuple[Rule, str], ...]
    silence: str = ""  # what holds it meanwhile, by the code that stands for it
    hits: tuple[Hit, ...] = ()
    only_hits: bool = False  # a repeat that is judged for no other reason
    benign: Entry | None = None  # it names a value known to be harmless
    flaps: bool = False  # it fires and ends again and again

    @property
    def entities(self) -> tuple[str, ...]:
        return tuple(entity for _, entity in self.rules if entity) + tuple(hit.entity for hit in self.hits)


def member(fingerprint: str) -> str:
    """What `Holder` is asked by, to learn whether that alert's case is open."""
    return f"alert:{fingerprint}"


def asked(about: About, book: RuleBook) -> tuple[tuple[Rule, str], ...]:
    """As `Options.rules` tells."""
    found = []
    for rule in book.matches(about.finding.normal):
        found.append((rule, rule.about(about.finding.normal, about.organisation, about.world)))
        if rule.verdict is not _ATTACH:
            break
    return tuple(found)


def judge(about: About, given: Options, holder: Holder) -> Judgement | None:
    """None leaves the verdict as it stands: its case is being opened, or a person's word holds until it gets worse.
    What is known to be harmless, or flaps and is no worse than before, opens no case; it may join one, and makes it no
    graver.
    """
    found = _judged(about, given, holder)
    if found is None or not (found.verdict is _OPEN or found.opens):
        return found
    flaps = given.flaps and about.change in _NO_WORSE
    if found.opens:
        return replace(found, opens=given.benign is None and not flaps)
    if given.benign is not None:
        return _harmless(given.benign)
    return held(flapping.RULE) if flaps else found


def _judged(about: About, given: Options, holder: Holder) -> Judgement | None:
    before = about.before
    if before is not None and before.case_open:
        own = _to_its_own(before)
        return own if about.change in _NO_WORSE else _as_grave(own, given)
    if before is not None and _stands(before, about.change):
        return None
    if given.silence:
        return held(given.silence)
    together = _together(given, holder)
    if together is not None or given.only_hits:
        return together
    for rule, entity in given.rules:
        holding = holder(entity) if entity else None
        if holding is not None:
            return _joining(_by(rule, entity), given, holding)
        if rule.verdict is not _ATTACH:
            return replace(_by(rule, entity), hit=_before_it(rule, given))
    return _by(DEFAULT, "")


def _before_it(rule: Rule, given: Options) -> Hit | None:
    """What was seen of the same thing belongs to the case that this alert opens: it meant little until now."""
    if rule.verdict is not _OPEN:
        return None
    return max(given.hits, key=lambda hit: len(hit.found.members), default=None)


def _together(given: Options, holder: Holder) -> Judgement | None:
    """What several alerts say: they join the case that one of them holds; else a correlation may open one, unless a
    rule opens one for this alert alone, and says better what it is.
    """
    for hit in given.hits:
        for each in (hit.entity, *map(member, hit.found.members)):
            holding = holder(each)
            if holding is not None:
                return _joining(replace(_by(hit.rule, hit.entity), hit=hit), given, holding)
    if any(rule.verdict is _OPEN for rule, _ in given.rules):
        return None
    deciding = next((hit for hit in given.hits if hit.rule.verdict is not _ATTACH), None)
    return None if deciding is None else replace(_by(deciding.rule, deciding.entity), hit=deciding)


def _joining(by: Judgement, given: Options, holding: tuple[UUID, str]) -> Judgement:
    return _as_grave(replace(by, verdict=_ATTACH, beside=holding[0], case=holding[1]), given)


def _as_grave(joins: Judgement, given: Options) -> Judgement:
    """The case it joins becomes as grave as the one that a rule would have opened for it alone, or else for what was
    seen together.
    """
    together = (joins.hit.rule,) if joins.hit is not None else ()
    alone = (rule for rule, _ in given.rules)
    opening = next((rule for rule in (*alone, *together) if rule.verdict is _OPEN), None)
    if opening is None:
        return joins
    levels = {"impact": opening.impact, "effect": opening.effect, "urgency": opening.urgency}
    return replace(joins, opens=True, kind=opening.kind, **levels)


def _stands(before: Before, change: Change) -> bool:
    if before.rule == PERSON:
        return change is Change.REFIRED
    return before.verdict in CALLING and not before.case


def held(holder: str) -> Judgement:
    """``holder``: the code of the silence or inhibition."""
    return _held(holder, Verdict.HOLD, "held")


def over(holder: str) -> Judgement:
    """Of what ended while it was held."""
    return _held(holder, Verdict.KEEP, "over")


def _harmless(entry: Entry) -> Judgement:
    reason = _said({language: begins + entry.reason for language, begins in _HARMLESS.items()})
    return replace(_by(DEFAULT, ""), verdict=Verdict.KEEP, rule=entry.code, reason=reason)


def _held(holder: str, verdict: Verdict, why: str) -> Judgement:
    words = _INHIBITED if inhibitions.of_rule(holder) else _FLAPPING if holder == flapping.RULE else _SILENCED
    return replace(_by(DEFAULT, ""), verdict=verdict, rule=holder, reason=_said(words[why]))


def _to_its_own(before: Before) -> Judgement:
    return replace(_by(DEFAULT, ""), verdict=_ATTACH, rule=SAME_ALERT, reason=_said(_OWN_CASE), case=before.case)


def _by(rule: Rule, entity: str) -> Judgement:
    return Judgement(
        verdict=rule.verdict,
        rule=rule.code,
        version=rule.version,
        reason=_said(rule.reason),
        kind=rule.kind,
        impact=rule.impact,
        effect=rule.effect,
        urgency=rule.urgency,
        entity=entity,
    )


def _said(reason: Mapping[str, str]) -> str:
    return _encode(reason).decode()
