"""The part of Sigma that a form can say: alternatives of lines that must hold together, and exceptions. Pure.

Both ways keep the meaning: what the form cannot say is refused here and stays text.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from typing import Final, TypeAlias, TypeGuard

import yaml
from sigma.conditions import (
    ConditionAND,
    ConditionFieldEqualsValueExpression,
    ConditionIdentifier,
    ConditionItem,
    ConditionNOT,
    ConditionOR,
    ConditionValueExpression,
)
from sigma.rule import SigmaRule
from sigma.types import (
    CompareOperators,
    SigmaBool,
    SigmaCasedString,
    SigmaCIDRExpression,
    SigmaCompareExpression,
    SigmaExists,
    SigmaNumber,
    SigmaRegularExpression,
    SigmaString,
    SpecialChars,
)

from hikeshi.intake import correlation_text, sigma_text
from hikeshi.intake.site_rules import NAME

MOST: Final = 12
"""Alternatives that a form can still show."""


class Operator(StrEnum):
    IS = "is"
    CONTAINS = "contains"
    STARTS = "startswith"
    ENDS = "endswith"
    NETWORK = "cidr"
    AT_LEAST = "gte"
    ABOVE = "gt"
    AT_MOST = "lte"
    BELOW = "lt"
    PATTERN = "re"
    PRESENT = "exists"


_COMPARED: Final = {
    CompareOperators.GTE: Operator.AT_LEAST,
    CompareOperators.GT: Operator.ABOVE,
    CompareOperators.LTE: Operator.AT_MOST,
    CompareOperators.LT: Operator.BELOW,
}
_TEXTS: Final = frozenset({Operator.IS, Operator.CONTAINS, Operator.STARTS, Operator.ENDS})
_WHOLE = re.compile(r"0|-?[1-9]\d{0,14}")
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,9})?")


@dataclass(frozen=True, slots=True)
class Clause:
    """One line: the field has one of these values (or, negated, none of them)."""

    field: str
    operator: Operator
    values: tuple[str, ...] = ()
    negated: bool = False


Group: TypeAlias = tuple[Clause, ...]
"""Lines that hold together."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """One of the groups holds, and none of the exceptions. ``source`` is the code of the only source that is asked."""

    groups: tuple[Group, ...]
    exceptions: tuple[Group, ...] = ()
    source: str = ""


class Unsayable(Exception):
    """The form has no words for it. ``code``: comments, keywords, value, only_not, tangled, several,
    together.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read(text: str) -> Conditions:
    """Of a text that is a rule. Raises Unsayable, and BadRule for what is none."""
    data = correlation_text.table(text, NAME)
    if "correlation" in data:
        raise Unsayable("together")
    if sigma_text.commented(text, "detection"):
        raise Unsayable("comments")
    rule = SigmaRule.from_dict({"title": "x", "logsource": {"category": "finding"}, **data})
    if len(rule.detection.parsed_condition) != 1:
        raise Unsayable("several")
    parts = list(_together(rule.detection.parsed_condition[0].parsed))
    wanted = [part for part in parts if not isinstance(part, ConditionNOT)]
    if not wanted:
        raise Unsayable("only_not")
    groups = _product([_alternatives(part, negated=False) for part in wanted])
    without = [part.args[0] for part in parts if isinstance(part, ConditionNOT)]
    exceptions = tuple(group for part in without for group in _alternatives(part, negated=False))
    if len(groups) + len(exceptions) > MOST:
        raise Unsayable("tangled")
    return Conditions(groups, exceptions, str(rule.logsource.product or ""))


Node: TypeAlias = (
    "ConditionItem | ConditionIdentifier | ConditionFieldEqualsValueExpression | ConditionValueExpression | None"
)
"""What pySigma's tree is made of, as it says itself."""


def _together(node: Node) -> Iterator[Node]:
    if not isinstance(node, ConditionAND):
        yield node
        return
    for each in node.args:
        yield from _together(each)


def _alternatives(node: Node, *, negated: bool) -> tuple[Group, ...]:
    if isinstance(node, ConditionNOT):
        return _alternatives(node.args[0], negated=not negated)
    if _absent(node):
        return ((Clause(str(node.field), Operator.PRESENT, (), not negated),),)
    same = _one_line(node)
    if same is not None:
        field, operator, values = same
        return ((Clause(field, operator, values, negated),),)
    if not isinstance(node, ConditionAND | ConditionOR):
        raise Unsayable("keywords")
    parts = [_alternatives(each, negated=negated) for each in node.args]
    if isinstance(node, ConditionAND) is not negated:
        return _product(parts)
    return tuple(group for part in parts for group in part)


def _absent(node: Node) -> TypeGuard[ConditionFieldEqualsValueExpression]:
    """``exists: false``, as a line that is negated is written where others stand beside it."""
    if not isinstance(node, ConditionFieldEqualsValueExpression):
        return False
    return isinstance(node.value, SigmaExists) and not node.value.exists


def _product(parts: Sequence[tuple[Group, ...]]) -> tuple[Group, ...]:
    found: tuple[Group, ...] = ((),)
    for part in parts:
        if len(found) * len(part) > MOST:
            raise Unsayable("tangled")
        found = tuple(one + other for one, other in product(found, part))
    return found


def _one_line(node: Node) -> tuple[str, Operator, tuple[str, ...]] | None:
    """A field and its value, or several values of which one is enough."""
    if isinstance(node, ConditionFieldEqualsValueExpression):
        operator, value = _operator(node.value)
        return str(node.field), operator, (value,) if value else ()
    if not isinstance(node, ConditionOR) or any(_absent(each) for each in node.args):
        return None
    asked = [each for each in node.args if isinstance(each, ConditionFieldEqualsValueExpression)]
    lines = [(str(each.field), *_operator(each.value)) for each in asked]
    if len(lines) != len(node.args) or len({line[:2] for line in lines}) != 1 or lines[0][1] is Operator.PRESENT:
        return None
    return lines[0][0], lines[0][1], tuple(line[2] for line in lines)


def _operator(value: object) -> tuple[Operator, str]:
    if isinstance(value, SigmaString) and not isinstance(value, SigmaCasedString):
        return _of_text(value)
    if isinstance(value, SigmaNumber):
        return Operator.IS, str(value.number)
    if isinstance(value, SigmaBool):
        return Operator.IS, str(value.boolean).lower()
    if isinstance(value, SigmaCompareExpression) and value.op in _COMPARED and isinstance(value.number, SigmaNumber):
        return _COMPARED[value.op], str(value.number.number)
    if isinstance(value, SigmaCIDRExpression):
        return Operator.NETWORK, str(value.cidr)
    if isinstance(value, SigmaRegularExpression) and not value.flags:
        return Operator.PATTERN, str(value.regexp)
    if isinstance(value, SigmaExists) and value.exists:
        return Operator.PRESENT, ""
    raise Unsayable("value")


def _of_text(value: SigmaString) -> tuple[Operator, str]:
    if value.contains_placeholder():
        raise Unsayable("value")
    many = SpecialChars.WILDCARD_MULTI
    shape = tuple("x" if isinstance(part, str) else part for part in value.s)
    plain = "".join(part for part in value.s if isinstance(part, str))
    known: dict[tuple[object, ...], Operator] = {
        ("x",): Operator.IS,
        (many, "x", many): Operator.CONTAINS,
        ("x", many): Operator.STARTS,
        (many, "x"): Operator.ENDS,
    }
    found = known.get(shape)
    if found is None or not plain.strip() or "\n" in plain:
        raise Unsayable("value")
    return found, plain


def written(text: str, wanted: Conditions) -> str:
    """The text saying this, everything else in it left as its writer put it."""
    new = text if text.strip() else ""
    if not new or _source_of(new) != wanted.source:
        lines = ["logsource:", "  category: finding"]
        lines += [f"  product: {sigma_text.quoted(wanted.source)}"] if wanted.source else []
        new = sigma_text.replaced(new, "logsource", "\n".join(lines))
    return sigma_text.replaced(new, "detection", _detection(wanted))


def _source_of(text: str) -> str:
    logsource = sigma_text.document(text, NAME).get("logsource")
    return str(logsource.get("product") or "") if isinstance(logsource, dict) else ""


def _detection(wanted: Conditions) -> str:
    lines = ["detection:"]
    cases: list[str] = []
    exceptions: list[str] = []
    for kind, groups, said in (("case", wanted.groups, cases), ("except", wanted.exceptions, exceptions)):
        for number, group in enumerate(groups, 1):
            block, expression = _selection(f"{kind}_{number}", group)
            lines += block
            said.append(expression)
    condition = cases[0] if len(cases) == 1 else " or ".join(_bracketed(each) for each in cases)
    if exceptions:
        inside = " or ".join(_bracketed(each) for each in exceptions)
        condition = f"{_bracketed(condition)} and not ({inside})"
    return "\n".join([*lines, f"  condition: {condition}"])


def _bracketed(expression: str) -> str:
    return f"({expression})" if " " in expression else expression


def _selection(name: str, group: Group) -> tuple[list[str], str]:
    """One table for the lines that fit into one; a table of its own for each that is negated or asks a key again."""
    tables: list[tuple[str, list[str]]] = [(name, [])]
    keys: set[str] = set()
    said = [name]
    for number, clause in enumerate(group, 2):
        key, line = _written(clause)
        if key not in keys and (not clause.negated or clause.operator is Operator.PRESENT):
            keys.add(key)
            tables[0][1].append(line)
            continue
        tables.append((f"{name}_{number}", [line]))
        alone = clause.negated and clause.operator is not Operator.PRESENT
        said.append(f"not {name}_{number}" if alone else f"{name}_{number}")
    if not tables[0][1]:
        tables, said = tables[1:], said[1:]
    lines = [line for table, inside in tables for line in (f"  {table}:", *inside)]
    return lines, " and ".join(said)


def _written(clause: Clause) -> tuple[str, str]:
    key = clause.field if clause.operator is Operator.IS else f"{clause.field}|{clause.operator.value}"
    key = sigma_text.quoted(key) if "|" not in key else key
    if clause.operator is Operator.PRESENT:
        return key, f"    {key}: {'false' if clause.negated else 'true'}"
    values = [_scalar(clause.operator, value) for value in clause.values]
    said = values[0] if len(values) == 1 else f"[{', '.join(values)}]"
    return key, f"    {key}: {said}"


def _scalar(operator: Operator, value: str) -> str:
    if _WHOLE.fullmatch(value) and operator is Operator.IS:
        return value
    if _NUMBER.fullmatch(value) and operator in _COMPARED.values():
        return value
    if operator in _TEXTS:
        value = re.sub(r"([\\*?])", r"\\\1", value)  # Sigma's wildcards, meant as themselves
    plain = sigma_text.quoted(value)
    return plain if plain != value or not set(value) & set("[]{},") else f"'{value}'"


def excepted(text: str, clauses: Group) -> str:
    """The text with one more exception, its comments kept. Raises Unsayable where its condition is not one text."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    tables = root.value if isinstance(root, yaml.MappingNode) else []
    detection = next((node for key, node in tables if key.value == "detection"), None)
    pairs = detection.value if isinstance(detection, yaml.MappingNode) else []
    found = [(key, node) for key, node in pairs if key.value == "condition" and isinstance(node, yaml.ScalarNode)]
    if not found:
        raise Unsayable("several")
    key, node = found[0]
    taken = {str(one.value) for one, _ in pairs}
    name = next(f"except_{number}" for number in range(1, 1_000) if f"except_{number}" not in taken)
    block, expression = _selection(name, clauses)
    margin = " " * key.start_mark.column
    inserted = "".join(f"{margin}{line[2:]}\n" for line in block)
    before = text[: key.start_mark.index - key.start_mark.column] + inserted
    condition = f"({str(node.value).strip()}) and not {_bracketed(expression)}"
    return f"{before}{margin}condition: {condition}\n{text[node.end_mark.index :].lstrip(chr(10))}"


def is_number(value: str) -> bool:
    return _NUMBER.fullmatch(value) is not None


_NAMED_BY: Final = (
    ("finding_info.analytic.uid", "finding_info.analytic.name", "finding_info.title"),
    ("device.hostname", "device.ip", "resources.uid", "src_endpoint.ip"),
    ("actor.user.name",),
)


def told_apart(normal: dict[str, object]) -> Group:
    """What an alert like this one is known by: what was found, on what, by whom; as far as it says."""
    found = []
    for names in _NAMED_BY:
        named = next(((name, value) for name in names if (value := _value(normal, name))), None)
        if named is not None:
            found.append(Clause(named[0], Operator.IS, (named[1],)))
    return tuple(found)


def _value(normal: object, name: str) -> str:
    value = normal
    for key in name.split("."):
        value = value[0] if isinstance(value, list) and value else value
        value = value.get(key) if isinstance(value, dict) else None
    return str(value) if isinstance(value, str | int) and str(value).strip() and "\n" not in str(value) else ""
