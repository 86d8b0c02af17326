"""Sigma's detection language over the normal form, compiled to closures. pySigma parses; what it parses becomes a test.

Matching as Sigma 2.1 says: text without case unless `cased`, `*` and `?` in text are wildcards, a list matches when one
of its items does. Patterns (`re`) run on RE2, which cannot be made slow; what RE2 lacks (look-around, back-references)
is refused. A refusal names the line.
"""

import ipaddress
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import ge, gt, le, lt
from typing import TypeAlias, TypeGuard

import re2
from sigma.conditions import (
    ConditionAND,
    ConditionFieldEqualsValueExpression,
    ConditionItem,
    ConditionNOT,
    ConditionOR,
    ConditionValueExpression,
)
from sigma.exceptions import SigmaError
from sigma.rule import SigmaRule
from sigma.types import (
    CompareOperators,
    Placeholder,
    SigmaBool,
    SigmaCasedString,
    SigmaCIDRExpression,
    SigmaCompareExpression,
    SigmaExists,
    SigmaExpansion,
    SigmaFieldReference,
    SigmaNull,
    SigmaNumber,
    SigmaRegularExpression,
    SigmaRegularExpressionFlag,
    SigmaString,
    SpecialChars,
)

from hikeshi.intake.bad_rule import BadRule
from hikeshi.intake.field_values import Document, Values, field_values, key
from hikeshi.intake.needs import NOTHING, Cover, equal, holding, of_all, of_any
from hikeshi.intake.sigma_places import places
from hikeshi.intake.sources import book
from hikeshi.intake.sources.mapping import as_number, said_of_pattern

Test: TypeAlias = Callable[[Document], bool]
OfValue: TypeAlias = Callable[[object], bool]

_COMPARED = {CompareOperators.LT: lt, CompareOperators.LTE: le, CompareOperators.GT: gt, CompareOperators.GTE: ge}
_PATTERN_MEMORY = 1 << 20


@dataclass(frozen=True, slots=True)
class Compiled:
    """``cover``: what an alert must say, or the test cannot hold and need not be asked."""

    test: Test
    cover: Cover = NOTHING


class _Unusable(Exception):
    def __init__(self, why: str, field: str = "", code: str = "rule_unusable", **params: str) -> None:
        super().__init__(why)
        self.why, self.field, self.code, self.params = why, field, code, params


def compile_rule(rule: SigmaRule, text: str, file: str) -> Compiled:
    """Raises BadRule."""
    at = places(text, file)
    try:
        conditions = [condition.parsed for condition in rule.detection.parsed_condition]
        parts = [_compiled(condition) for condition in conditions]
    except _Unusable as error:
        raise BadRule(file, at.get(error.field, at["detection"]), error.why, error.code, **error.params) from None
    except (SigmaError, RecursionError) as error:
        raise BadRule(file, at.get("condition", at["detection"]), str(error), "rule_condition") from None
    return _either(parts)


def _compiled(node: ConditionItem | object) -> Compiled:
    if isinstance(node, ConditionAND):
        return _every([_compiled(each) for each in node.args])
    if isinstance(node, ConditionOR):
        return _alternatives(node)
    if isinstance(node, ConditionNOT):
        inner = _compiled(node.args[0]).test
        return Compiled(lambda document: not inner(document))
    if isinstance(node, ConditionFieldEqualsValueExpression):
        if _is_open(node.value):
            return _any_text(node.field, _filled(node.field, node.value))
        return _field(node.field, node.value)
    if isinstance(node, ConditionValueExpression):
        test = _keyword(node.value)
        return Compiled(lambda document: any(test(leaf) for leaf in _leaves(document)))
    raise _Unusable(f"the condition holds {type(node).__name__}, which cannot be used here")


def _every(parts: list[Compiled]) -> Compiled:
    tests = tuple(part.test for part in parts)

    def test(document: Document) -> bool:
        for each in tests:  # noqa: SIM110  # all() with a generator costs twice as much
            if not each(document):
                return False
        return True

    return Compiled(test, of_all(part.cover for part in parts))


def _alternatives(node: ConditionOR) -> Compiled:
    """A list of texts of one field, which is what most rules are, reads the field once."""
    by_field: dict[str, list[SigmaString]] = {}
    others: list[Compiled] = []
    for each in node.args:
        if (
            isinstance(each, ConditionFieldEqualsValueExpression)
            and type(each.value) is SigmaString
            and not _is_open(each.value)
        ):
            by_field.setdefault(each.field, []).append(each.value)
        else:
            others.append(_compiled(each))
    return _either([_any_text(name, texts) for name, texts in by_field.items()] + others)


def _is_open(value: object) -> TypeGuard[SigmaString]:
    return isinstance(value, SigmaString) and bool(value.contains_placeholder())


def _filled(name: str, value: SigmaString) -> Sequence[SigmaString]:
    """``expand``: a placeholder names a kind of shipped sources and stands for their codes. The lists that rules for
    other tools mean are not known here, and such a rule would hold for the wrong alerts.
    """

    def codes(placeholder: Placeholder) -> Iterator[str]:
        if placeholder.name not in book.KINDS:
            known = ", ".join(f"%{kind}%" for kind in sorted(book.KINDS))
            why = f"there is no list %{placeholder.name}% for expand, only {known}"
            raise _Unusable(why, name, "rule_placeholder", name=placeholder.name, known=known)
        return iter(book.of_kind(placeholder.name))

    return value.replace_placeholders(codes)


def _any_text(name: str, texts: Sequence[SigmaString]) -> Compiled:
    exact: set[str] = set()
    inside: list[str] = []
    slower: list[tuple[OfValue, Cover]] = []
    for text in texts:
        parts = text.s
        if not text.contains_special():
            exact.add(_plain(text))
        elif len(parts) == 3 and parts[0] is parts[2] is SpecialChars.WILDCARD_MULTI and isinstance(parts[1], str):
            inside.append(parts[1].lower())
        else:
            slower.append(_text(name, text))
    values, slow_tests = field_values(name), [slow for slow, _ in slower]

    def test(document: Document) -> bool:
        for each in values(document):
            seen = key(each)
            if seen in exact or any([part in seen for part in inside]) or any([slow(each) for slow in slow_tests]):  # noqa: C419  # a list costs half of a generator
                return True
        return False

    covers = [equal(name, exact)] * bool(exact) + [holding(name, inside)] * bool(inside)
    return Compiled(test, of_any(covers + [cover for _, cover in slower]))


def _plain(text: SigmaString) -> str:
    return "".join(part for part in text.s if isinstance(part, str)).lower()


def _either(parts: list[Compiled]) -> Compiled:
    if len(parts) == 1:
        return parts[0]
    tests = tuple(part.test for part in parts)
    cover = of_any([part.cover for part in parts])
    return Compiled(lambda document: any([each(document) for each in tests]), cover)  # noqa: C419  # as above


def _field(name: str, value: object) -> Compiled:
    values = field_values(name)
    if isinstance(value, SigmaNull):
        return Compiled(lambda document: all(each == "" for each in values(document)))
    if isinstance(value, SigmaExists):
        wanted = value.exists
        return Compiled(lambda document: bool(values(document)) == bool(wanted))
    if isinstance(value, SigmaFieldReference):
        return Compiled(_same_as(values, value))
    test, cover = _of_value(name, value)

    def matches(document: Document) -> bool:
        for each in values(document):  # noqa: SIM110  # as above
            if test(each):
                return True
        return False

    return Compiled(matches, cover)


def _same_as(values: Values, reference: SigmaFieldReference) -> Test:
    others = field_values(reference.field)
    if reference.starts_with or reference.ends_with:
        how = str.startswith if reference.starts_with else str.endswith
        return lambda document: any(how(key(a), key(b)) for a in values(document) for b in others(document))
    return lambda document: not {key(a) for a in values(document)}.isdisjoint(key(b) for b in others(document))


def _of_value(name: str, value: object) -> tuple[OfValue, Cover]:
    """A test of one value, and what the field must hold for it."""
    if isinstance(value, SigmaExpansion):
        pairs = [_of_value(name, each) for each in value.values]
        tests = [test for test, _ in pairs]
        return (lambda each: any(test(each) for test in tests)), of_any([cover for _, cover in pairs])
    if isinstance(value, SigmaString):
        return _text(name, value)
    if isinstance(value, SigmaNumber | SigmaBool):
        wanted = key(value.number if isinstance(value, SigmaNumber) else value.boolean)
        return (lambda each: key(each) == wanted), equal(name, (wanted,))
    if isinstance(value, SigmaCompareExpression) and isinstance(value.number, SigmaNumber):
        compare, limit = _COMPARED[value.op], float(value.number.number)
        return (lambda each: (number := as_number(each)) is not None and compare(number, limit)), NOTHING
    if isinstance(value, SigmaCIDRExpression):
        return _in_network(value.network), NOTHING
    if isinstance(value, SigmaRegularExpression):
        return _pattern(name, value), NOTHING
    raise _Unusable(f"{type(value).__name__} cannot be used here", name)


def _text(name: str, value: SigmaString) -> tuple[OfValue, Cover]:
    cased = isinstance(value, SigmaCasedString)
    plain = "".join(part for part in value.s if isinstance(part, str))
    plain = plain if cased else plain.lower()
    shape = tuple("x" if isinstance(part, str) else part for part in value.s)
    seen = _as_written if cased else key
    many = SpecialChars.WILDCARD_MULTI
    if shape in {("x",), ()}:
        return (lambda each: seen(each) == plain), equal(name, (plain.lower(),))
    # Of letters beyond ASCII one may become another small letter where other letters follow.
    held = holding(name, (plain.lower(),)) if plain.isascii() or not cased else NOTHING
    if shape == (many, "x", many):
        return (lambda each: plain in seen(each)), held
    if shape == ("x", many):
        return (lambda each: seen(each).startswith(plain)), held
    if shape == (many, "x"):
        return (lambda each: seen(each).endswith(plain)), held
    return _wildcards(value, cased=cased), _longest(name, value)


def _longest(name: str, value: SigmaString) -> Cover:
    """The longest run of letters that a text with these wildcards holds, without the two that RE2 takes for others."""
    runs = [run for part in value.s if isinstance(part, str) for run in re.split(r"[sk]|[^ -~]+", part.lower())]
    return holding(name, (max(runs, key=len, default=""),))


def _wildcards(value: SigmaString, *, cased: bool, whole: bool = True) -> OfValue:
    many = SpecialChars.WILDCARD_MULTI
    body = "".join(re2.escape(part) if isinstance(part, str) else ".*" if part is many else "." for part in value.s)
    compiled = re2.compile(("(?s)" if cased else "(?si)") + (rf"\A(?:{body})\z" if whole else body), _options())
    return lambda each: compiled.search(_as_written(each)) is not None


def _as_written(value: object) -> str:
    return value if isinstance(value, str) else key(value)


def _pattern(name: str, value: SigmaRegularExpression) -> OfValue:
    letters = {
        SigmaRegularExpressionFlag.IGNORECASE: "i",
        SigmaRegularExpressionFlag.MULTILINE: "m",
        SigmaRegularExpressionFlag.DOTALL: "s",
    }
    flags = "".join(sorted(letters[flag] for flag in value.flags))
    try:
        compiled = re2.compile((f"(?{flags})" if flags else "") + str(value.regexp), _options())
    except re2.error as error:
        why = said_of_pattern(error)
        raise _Unusable(f"the pattern cannot be used: {why}", name, why_pattern(why)) from None
    return lambda each: compiled.search(_as_written(each)) is not None


def why_pattern(said: str) -> str:
    """RE2 never runs long, whatever it is given; what it cannot promise that for, it refuses."""
    if "repetition size" in said or "too large" in said:
        return "rule_pattern_grows"
    return "rule_pattern_backtracks" if "perl operator" in said or "escape sequence: \\" in said else "rule_pattern"


def _options() -> re2.Options:
    options = re2.Options()
    options.max_mem = _PATTERN_MEMORY
    options.log_errors = False
    return options


def _in_network(network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> OfValue:
    def inside(value: object) -> bool:
        address = _address(value) if isinstance(value, str) else None
        return address is not None and address.version == network.version and address in network

    return inside


@lru_cache(maxsize=16_384)
def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _keyword(value: object) -> OfValue:
    """Keywords are looked for inside every text of the finding."""
    if isinstance(value, SigmaRegularExpression):
        return _pattern("", value)
    if not isinstance(value, SigmaString):
        wanted = key(getattr(value, "number", value))
        return lambda each: wanted in key(each)
    if value.contains_special():
        return _wildcards(value, cased=isinstance(value, SigmaCasedString), whole=False)
    plain = _plain(value)
    return lambda each: plain in key(each)


def _leaves(value: object) -> Iterator[object]:
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
    elif value is not None:
        yield value
