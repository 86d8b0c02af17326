"""The rules in force: read from versioned files, indexed so that an alert meets only the few that could match it.

Rules stand in one order, by ``rank``, and the first that matches decides: 1-99 what never opens a case, and what
several alerts say together (`correlation`: asked before the others, so that noise may be a signal), 100-199 known
noise (drop), 300-499 what a thing is (open, attach), 500-699 how grave its source says it is (open), 800-899 what is
kept and why. An ``attach`` without a case to join passes the alert on to the next rule. What no rule matches is kept. A
site's own files stand beside the shipped ones, at any rank; with the code of a shipped rule they replace it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from hashlib import blake2b
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeAlias

import msgspec
import yaml
from sigma.exceptions import SigmaError
from sigma.rule import SigmaRule

from hikeshi.intake import correlation_text
from hikeshi.intake.bad_rule import BadRule
from hikeshi.intake.correlation_text import Correlation
from hikeshi.intake.faulty import Asking
from hikeshi.intake.field_values import Document, field_values, key
from hikeshi.intake.needs import NOTHING, Cover, Index, equal, of_all
from hikeshi.intake.sigma import Compiled, Test, compile_rule, why_pattern
from hikeshi.intake.sigma_places import places
from hikeshi.intake.sources.mapping import BadMapping, Getter, expression
from hikeshi.intake.verdicts import CALLING, Verdict

SHIPPED = Path(__file__).resolve().parent / "rules"
GROUP = "device.hostname | device.ip | resources[0].uid | actor.user.name"
"""What an alert is about, unless its rule says otherwise: alerts of one kind about one thing share a case."""
_GROUP = expression(GROUP)
NONE_KEPT: Final[Mapping[str, str]] = MappingProxyType({})
_PROVIDER = "metadata.log_provider"
_MORE = re.compile(r"enrichments|\b(?:first_seen_|last_seen_)?time(?:\|\w+)*['\"]?\s*(?:[:,\]}]|$)", re.MULTILINE)
_QUOTED = re.compile(r"'([^']+)'")
_OURS = frozenset(
    {"code", "version", "rank", "verdict", "kind", "impact", "effect", "urgency", "group", "owner", "review", "reason"}
    | {"disabled", "title"}
)

Compilation: TypeAlias = tuple[SigmaRule, Test, Cover]
_OF_RULES: Final = {one.value: one for one in Verdict if one is not Verdict.HOLD}


@dataclass(frozen=True, slots=True)
class Rule:
    code: str
    version: int
    rank: int
    titles: Mapping[str, str]  # language -> name
    verdict: Verdict
    kind: str
    impact: int
    effect: int
    urgency: int
    owner: str
    review: date | None  # when its owner must look at it again
    reason: Mapping[str, str]  # language -> sentence
    file: str
    disabled: bool
    group: Getter
    test: Test
    cover: Cover  # what an alert must say for it to hold
    text: str = ""  # as its writer left it
    correlation: Correlation | None = None  # it decides over alerts by what they are together, never by its test

    def about(self, normal: dict[str, object], organisation: int, world: str) -> str:
        """What this alert shares with others of one case: 32 hex digits, or "" when it names nothing to share."""
        if self.verdict not in CALLING:
            return ""
        thing = self.group(normal, None)
        if thing is None or thing == "":
            return ""
        return self.shared(thing, organisation, world)

    def shared(self, thing: object, organisation: int, world: str) -> str:
        digest = blake2b(msgspec.json.encode([organisation, world, self.kind, thing]), digest_size=16)
        return digest.hexdigest()


_DEFAULT_REASON: dict[str, str] = yaml.load(
    (SHIPPED / "default_reason.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
)
_CANARY_REASON: dict[str, str] = yaml.load(
    (SHIPPED / "canary.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
)
DEFAULT = Rule(
    code="default",
    version=1,
    rank=999,
    titles={"en": "No rule matched"},
    verdict=Verdict.KEEP,
    kind="",
    impact=3,
    effect=3,
    urgency=3,
    owner="",
    review=None,
    reason=_DEFAULT_REASON,
    file="",
    disabled=False,
    group=lambda document, envelope: None,
    test=lambda document: True,
    cover=NOTHING,
)
_OF_CANARIES = field_values(_PROVIDER)
CANARY = replace(
    DEFAULT,
    code="canary",
    rank=0,
    titles={"en": "Canary"},
    verdict=Verdict.DROP,
    reason=_CANARY_REASON,
    test=lambda document: "canary" in _OF_CANARIES(document),
)
"""Reserved: asked before every other rule, so that no rule of a site can make an incident of the desk's own trial."""


class RuleBook:
    """Rules in force, in order. ``matches`` asks only those whose cover the alert meets."""

    def __init__(self, rules: Iterable[Rule], problems: Iterable[BadRule] = ()) -> None:
        in_force = sorted((rule for rule in rules if not rule.disabled), key=lambda rule: (rule.rank, rule.code))
        self.rules = tuple(rule for rule in in_force if rule.correlation is None)
        self.problems = tuple(problems)
        self.asking = Asking()
        self._versions = {rule.code: rule.version for rule in (*in_force, CANARY, DEFAULT)}
        self._index = Index(rule.cover for rule in self.rules)
        self._signals = [
            (rule, correlation, number, signal)
            for rule in in_force
            if (correlation := rule.correlation) is not None
            for number, signal in enumerate(correlation.signals)
        ]
        self._index_of_signals = Index(signal.cover for _, _, _, signal in self._signals)
        self.signals_ask_more = any(_MORE.search(rule.text) for rule, *_ in self._signals)
        """Whether one of them looks at what is not the same of every repeat: times, or what the site knows of it."""
        self.correlations = {rule.code: rule for rule in in_force if rule.correlation is not None}

    def matches(self, normal: Document) -> Iterator[Rule]:
        """Rules that match, the first of which decides; at the end the default."""
        if CANARY.test(normal):
            yield CANARY
            return
        for number in sorted(self._index.candidates(normal)):
            if self.asking.holds(self.rules[number].code, self.rules[number].test, normal):
                yield self.rules[number]
        yield DEFAULT

    def signals(self, normal: Document) -> Iterator[tuple[Rule, Correlation, int]]:
        """Correlations this alert says something to, each with the place of the signal it is."""
        if not self._signals or CANARY.test(normal):
            return
        for number in self._index_of_signals.candidates(normal):
            rule, correlation, place, signal = self._signals[number]
            if self.asking.holds(rule.code, signal.test, normal):
                yield rule, correlation, place

    def says(self, code: str, version: int) -> bool:
        """Whether that version of that rule is in force."""
        return self._versions.get(code) == version

    def overdue(self, today: date) -> tuple[Rule, ...]:
        """Rules whose review date has passed. They still decide; their owners are asked to look."""
        return tuple(rule for rule in self.rules if rule.review is not None and rule.review < today)


def load(*folders: Path) -> RuleBook:
    """Shipped rules, then the folders'. A bad file there becomes a problem of the book; a bad shipped one is raised."""
    found, problems = known(*folders)
    return RuleBook(found.values(), problems)


def known(*folders: Path, kept: Mapping[str, str] = NONE_KEPT) -> tuple[dict[str, Rule], list[BadRule]]:
    """Every rule of the files by its code, disabled ones too, and what could not be read. A file that could be read
    before stays in force as it was: whoever edits a rule must not switch it off by a slip of the pen. ``kept``: what
    files said as they were read last without a fault, by another process or before a restart, by their names.
    """
    found = dict(_shipped())
    problems: list[BadRule] = []
    files = [file for folder in folders for file in sorted(folder.glob("*.yml"))]
    for gone in _good.keys() - set(files):
        if gone.parent in folders:
            del _good[gone]
    for file in files:
        try:
            _good[file] = read(file)
        except BadRule as problem:
            _take_up(file, kept)
            problem.stands = _good[file].code if file in _good else ""
            problems.append(problem)
        if file in _good:
            found[_good[file].code] = _good[file]
    return found, problems


def _take_up(file: Path, kept: Mapping[str, str]) -> None:
    if file in _good or file.name not in kept:
        return
    with suppress(BadRule):  # was good once: a name of the normal form went away with an upgrade
        _good[file] = read_text(kept[file.name], file.name)


def good(folder: Path) -> dict[str, str]:
    """What each file there says as it judges, by its name."""
    return {file.name: rule.text for file, rule in sorted(_good.items()) if file.parent == folder}


_good: dict[Path, Rule] = {}
"""Each file as it was read last without a fault."""


@cache
def _shipped() -> Mapping[str, Rule]:
    return {rule.code: rule for rule in map(read, sorted(SHIPPED.glob("*.yml")))}


def read(file: Path) -> Rule:
    """Raises BadRule."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadRule(file.name, 1, str(error)) from None
    return read_text(text, file.name)


def read_text(text: str, name: str) -> Rule:
    """Raises BadRule. ``name``: of its file."""
    data = correlation_text.table(text, name)
    ours = data.get("hikeshi")
    if not isinstance(ours, dict):
        raise BadRule(name, 1, "a rule has a table named hikeshi")
    if "correlation" in data:
        correlation = correlation_text.read(data, text, name, compiled)
        together = _rule((str(data.get("title", "")), never, NOTHING), ours, text, name)
        return replace(together, correlation=correlation)
    sigma, test, cover = compiled(data, text, name)
    return _rule((str(sigma.title), test, cover), ours, text, name)


def never(document: Document) -> bool:
    """No alert alone is what several are together."""
    return False


def compiled(data: dict[str, object], text: str, name: str) -> Compilation:
    """What pySigma reads in it, its test, and what an alert must have for it to hold. Raises BadRule."""
    try:
        sigma = SigmaRule.from_dict(data)
    except (SigmaError, AttributeError, TypeError, ValueError, RecursionError, OverflowError) as error:
        found = places(text, name)  # raises by itself where it can say more
        raise BadRule(name, _line_of(str(error), text, found["detection"]), str(error), _why(str(error))) from None
    return sigma, *_of_source(sigma, compile_rule(sigma, text, name), name)


def _why(message: str) -> str:
    return why_pattern(message) if message.startswith("Regular expression") else "rule_unusable"


def _line_of(message: str, text: str, otherwise: int) -> int:
    """PySigma quotes what it refuses but does not say where it stands."""
    quoted = [words for words in _QUOTED.findall(message) if len(words) > 2]
    if message.startswith("Regular expression"):
        quoted.append("|re")
    lines = enumerate(text.splitlines(), 1)
    return next((number for number, line in lines if any(words in line for words in quoted)), otherwise)


def _rule(ready: tuple[str, Test, Cover], ours: Mapping[str, object], text: str, name: str) -> Rule:
    title, test, cover = ready
    line = next((at for at, each in enumerate(text.splitlines(), 1) if each.startswith("hikeshi:")), 1)
    unknown = {str(each) for each in ours} - _OURS
    if unknown:
        raise BadRule(name, line, f"hikeshi has unknown names {sorted(unknown)}")
    try:
        reason = ours["reason"]
        titles = {"en": title, **_words(ours.get("title"))}
        review = ours.get("review")
        return Rule(
            code=str(ours["code"]),
            version=int(str(ours["version"])),
            rank=int(str(ours["rank"])),
            titles=titles,
            verdict=_OF_RULES[str(ours["verdict"])],
            kind=str(ours.get("kind", "")),
            impact=_degree(ours, "impact"),
            effect=_degree(ours, "effect"),
            urgency=_degree(ours, "urgency"),
            owner=str(ours["owner"]),
            review=review if isinstance(review, date) else None,
            reason=_both_languages(reason),
            file=name,
            disabled=bool(ours.get("disabled", False)),
            group=expression(ours["group"]) if "group" in ours else _GROUP,
            test=test,
            cover=cover,
            text=text,
        )
    except KeyError as error:
        raise BadRule(name, line, f"hikeshi lacks {error}") from None
    except (ValueError, TypeError, BadMapping) as error:
        raise BadRule(name, line, str(error)) from None


def _degree(ours: Mapping[str, object], name: str) -> int:
    value = int(str(ours.get(name, 3)))
    if value not in {1, 2, 3}:
        raise ValueError(f"{name} is 1, 2 or 3, not {value}")
    return value


def _words(given: object) -> dict[str, str]:
    return {str(language): str(words) for language, words in given.items()} if isinstance(given, dict) else {}


def _both_languages(reason: object) -> dict[str, str]:
    if not isinstance(reason, dict) or not all(str(reason.get(language, "")).strip() for language in ("en", "ja")):
        raise ValueError("reason has a sentence in en and in ja")
    return {str(language): str(sentence).strip() for language, sentence in reason.items()}


def _of_source(sigma: SigmaRule, compiled: Compiled, name: str) -> tuple[Test, Cover]:
    """A rule with a product asks only that source's alerts."""
    source = sigma.logsource
    if source.category != "finding" or source.service:
        why = "logsource has category: finding, and may have a product: the source's code"
        raise BadRule(name, 1, why, "rule_logsource")
    if not source.product:
        return compiled.test, compiled.cover
    provider, inner = field_values(_PROVIDER), compiled.test
    product = str(source.product)

    def test(document: Document) -> bool:
        return product in provider(document) and inner(document)

    return test, of_all((compiled.cover, equal(_PROVIDER, (key(product),))))
