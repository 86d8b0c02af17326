"""Rules that a site writes on its pages: what one says, and what becomes of it in the book. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from functools import lru_cache
from typing import Final

from hikeshi.intake import correlation_text, rulebook, sigma_text
from hikeshi.intake.bad_rule import BadRule
from hikeshi.intake.field_values import Document
from hikeshi.intake.needs import NOTHING
from hikeshi.intake.rulebook import GROUP, Compilation, Rule
from hikeshi.intake.sigma_places import places
from hikeshi.intake.sources.mapping import expression
from hikeshi.intake.verdicts import CALLING, Verdict

NAME: Final = "sigma"
"""Stands where the name of a rule's file does."""
_WORD = re.compile(r"[A-Za-z_][\w-]*\*?|\*")
_GRAMMAR: Final = frozenset({"and", "or", "not", "of", "all", "them"})
_GROUP = expression(GROUP)


class RuleState(StrEnum):
    DRAFT = "draft"  # written, never put in force; a shipped rule of the same code still judges
    ON = "on"
    OFF = "off"  # judges nothing, shipped or not


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """One version of a rule. ``sigma`` is Sigma's own text; what Sigma has no word for stands beside it."""

    title_en: str
    title_ja: str
    sigma: str
    reason_en: str
    reason_ja: str
    rank: int = 550
    verdict: Verdict = Verdict.KEEP
    kind: str = ""
    impact: int = 3
    effect: int = 3
    urgency: int = 3

    @property
    def titles(self) -> Mapping[str, str]:
        return {"en": self.title_en, "ja": self.title_ja}

    @property
    def calls(self) -> bool:
        return self.verdict in CALLING


TERMS: Final = tuple(one.name for one in fields(Terms))


def content(terms: Terms) -> str:
    """All of it as one text, as the ledger commits to it and as two versions are compared."""
    return "\n".join(f"{name}: {getattr(terms, name)}" for name in TERMS)


@lru_cache(maxsize=4_096)
def compiled(code: str, version: int, terms: Terms) -> Rule:
    """Raises BadRule."""
    first = correlation_text.head(terms.sigma)
    data = correlation_text.table(terms.sigma, NAME)
    if "hikeshi" in data:
        line = (sigma_text.block(first, "hikeshi") or (0, 0))[0] + 1
        raise BadRule(NAME, line, "what stands below hikeshi has its own fields here", "rule_hikeshi")
    if "correlation" in data:
        together = correlation_text.read({"title": terms.title_en, **data}, terms.sigma, NAME, _signal)
        return replace(_rule(code, version, terms), test=rulebook.never, correlation=together)
    _check(data, terms.sigma)
    whole = {"title": terms.title_en, "logsource": {"category": "finding"}, **data}
    _sigma, test, cover = rulebook.compiled(whole, terms.sigma, NAME)
    return replace(_rule(code, version, terms), test=test, cover=cover)


def _signal(data: dict[str, object], text: str, name: str) -> Compilation:
    _check(data, text)
    return rulebook.compiled(data, text, name)


def _rule(code: str, version: int, terms: Terms) -> Rule:
    return Rule(
        code=code,
        version=version,
        rank=terms.rank,
        titles=terms.titles,
        verdict=terms.verdict,
        kind=terms.kind if terms.calls else "",
        impact=terms.impact,
        effect=terms.effect,
        urgency=terms.urgency,
        owner="",
        review=None,
        reason={"en": terms.reason_en, "ja": terms.reason_ja},
        file="",
        disabled=False,
        group=_GROUP,
        test=rulebook.never,
        cover=NOTHING,
        text=terms.sigma,
    )


def terms_of_file(rule: Rule) -> Terms:
    """What a rule of a file says, in the shape the pages edit."""
    return Terms(
        title_en=rule.titles["en"],
        title_ja=rule.titles.get("ja", rule.titles["en"]),
        sigma=_without_ours(rule.text),
        reason_en=rule.reason["en"],
        reason_ja=rule.reason["ja"],
        rank=rule.rank,
        verdict=rule.verdict,
        kind=rule.kind,
        impact=rule.impact,
        effect=rule.effect,
        urgency=rule.urgency,
    )


def _without_ours(text: str) -> str:
    """What stands below hikeshi has its own fields on the pages; the names of signals stay with them."""
    first = correlation_text.head(text)
    return sigma_text.without(first, "hikeshi") + (text[len(first) :] if text.startswith(first) else "")


def _check(data: Mapping[str, object], text: str) -> None:
    """What pySigma would refuse in words for programmers, refused in a reader's."""
    detection = data.get("detection")
    if not isinstance(detection, dict) or not set(detection) - {"condition"}:
        raise BadRule(NAME, _line(text, "detection"), "there is nothing below detection", "rule_no_detection")
    for name, asked in detection.items():
        if name != "condition" and _empty(asked):
            raise BadRule(NAME, _line(text, str(name)), f"{name} asks for nothing", "rule_empty", name=str(name))
    condition = detection.get("condition")
    if not isinstance(condition, str) or not condition.strip():
        raise BadRule(NAME, _line(text, "detection"), "there is no condition", "rule_no_condition")
    places(text, NAME)
    at = _line(text, "condition")
    if "|" in condition:
        raise BadRule(NAME, at, "no aggregation", "rule_aggregation")
    for word in _WORD.findall(re.sub(r"\b\d+ of\b", "", condition)):
        if word not in _GRAMMAR and not _selects(word, detection):
            raise BadRule(NAME, at, f"{word} is not described", "rule_selection", name=word)


def _empty(asked: object) -> bool:
    if isinstance(asked, list | dict):
        inside = asked if isinstance(asked, list) else []
        return not asked or any(isinstance(one, list | dict) and _empty(one) for one in inside)
    return asked is None or asked == ""


def _selects(word: str, detection: Mapping[str, object]) -> bool:
    if word.endswith("*"):
        return any(str(name).startswith(word[:-1]) for name in detection if name != "condition")
    return word in detection


def _line(text: str, name: str) -> int:
    found = re.search(rf"^\s*{re.escape(name)}\s*:", text, re.MULTILINE)
    return text.count("\n", 0, found.end()) + 1 if found else 1


_BLANDS: Final[tuple[Document, ...]] = tuple(
    {
        "finding_info": {"title": title, "uid": title},
        "severity_id": severity,
        "status_id": status,
        "activity_id": 1,
        "time": 1,
        "metadata": {"log_provider": source, "product": {"name": source}},
    }
    for title, source in (("q7x", "zz-one"), ("unremarkable", "zz-two"))
    for severity in (1, 2, 3, 4, 5, 6)
    for status in (1, 4)
)
"""Findings that have nothing in common but being findings."""


def holds_for_anything(rule: Rule) -> bool:
    """Whether it matches what no rule could have meant: then it matches whatever comes."""
    return all(rule.test(bland) for bland in _BLANDS)
