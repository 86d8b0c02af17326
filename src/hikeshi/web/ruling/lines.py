"""The lines of a rule's form: each a field, how it is compared, and values; joined by and, or, unless."""

from collections.abc import Iterator, Mapping

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hikeshi.intake import conditions, field_names, site_rules
from hikeshi.intake.bad_rule import BadRule
from hikeshi.intake.conditions import Clause, Conditions, Operator
from hikeshi.intake.site_rules import Terms
from hikeshi.kernel.refusals import Invalid
from hikeshi.web.choosing import offer

NOT = "not:"
LARGEST = 60
_JOINTS: tuple[tuple[str, Promise], ...] = (("and", _("and")), ("or", _("or else")), ("unless", _("but not if")))
_OPERATORS: Mapping[str, Promise] = {
    Operator.IS: _("is"),
    NOT + Operator.IS: _("is not"),
    Operator.CONTAINS: _("contains"),
    NOT + Operator.CONTAINS: _("does not contain"),
    Operator.STARTS: _("begins with"),
    Operator.ENDS: _("ends with"),
    Operator.NETWORK: _("is in the network"),
    NOT + Operator.NETWORK: _("is not in the network"),
    Operator.AT_LEAST: _("is at least"),
    Operator.ABOVE: _("is above"),
    Operator.AT_MOST: _("is at most"),
    Operator.BELOW: _("is below"),
    Operator.PATTERN: _("matches the pattern"),
    Operator.PRESENT: _("is there"),
    NOT + Operator.PRESENT: _("is not there"),
}
_RARE: Mapping[str, Promise] = {
    NOT + Operator.STARTS: _("does not begin with"),
    NOT + Operator.ENDS: _("does not end with"),
    NOT + Operator.AT_LEAST: _("is not at least"),
    NOT + Operator.ABOVE: _("is not above"),
    NOT + Operator.AT_MOST: _("is not at most"),
    NOT + Operator.BELOW: _("is not below"),
    NOT + Operator.PATTERN: _("does not match the pattern"),
}
SINGLE = frozenset({Operator.AT_LEAST, Operator.ABOVE, Operator.AT_MOST, Operator.BELOW})


LONGEST = 8_000


class Line(forms.Form):
    """A line without a field is no line."""

    joint = forms.ChoiceField(label=_("Joined"), required=False)
    field = forms.CharField(label=_("Field"), required=False, max_length=200)
    operator = forms.ChoiceField(label=_("Comparison"), required=False)
    values = forms.CharField(
        label=_("Values, one per line"),
        required=False,
        max_length=LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 1}),
    )

    def __init__(self, number: int, data: QueryDict | None = None, initial: dict[str, object] | None = None) -> None:
        super().__init__(data, prefix=f"line-{number}", initial=initial)
        self.number = number + 1
        chosen = self["operator"].value() or ""
        rare = [(code, word) for code, word in _RARE.items() if code == chosen]
        offer(self, "joint", list(_JOINTS))
        offer(self, "operator", [*_OPERATORS.items(), *rare])
        self.fields["field"].widget.attrs.update({"list": "rule-fields", "autocomplete": "off", "spellcheck": "false"})

    @property
    def first(self) -> bool:
        return self.number == 1

    @property
    def empty(self) -> bool:
        said = self.cleaned_data if self.is_bound else {}
        return not said.get("field", "").strip()

    def clause(self) -> Clause:
        """Raises Invalid with the number of the line where a rule asks for the line of its text."""
        said = self.cleaned_data
        code = said["operator"] or Operator.IS.value
        operator = Operator(code.removeprefix(NOT))
        values = tuple(dict.fromkeys(value.strip() for value in said["values"].splitlines() if value.strip()))
        name = said["field"].strip()
        self._check(name, operator, values)
        clause = Clause(name, operator, () if operator is Operator.PRESENT else values, code.startswith(NOT))
        try:
            alone = Terms(title_en="x", title_ja="x", reason_en="x", reason_ja="x", sigma=_alone(clause))
            site_rules.compiled("x", 1, alone)
        except BadRule as problem:
            raise Invalid("lines", problem.code, **{**problem.params, "line": str(self.number)}) from None
        return clause

    def _check(self, name: str, operator: Operator, values: tuple[str, ...]) -> None:
        line = str(self.number)
        if not field_names.known(name):
            meant = field_names.nearest(name)
            raise Invalid("lines", "rule_field_near" if meant else "rule_field", line=line, name=name, meant=meant)
        if operator is not Operator.PRESENT and not values:
            raise Invalid("lines", "rule_empty", line=line, name=name)
        if operator in SINGLE and (len(values) != 1 or not conditions.is_number(values[0])):
            raise Invalid("lines", "rule_not_a_number", line=line)


def _alone(clause: Clause) -> str:
    return conditions.written("", Conditions(((clause,),)))


def of(said: Conditions) -> list[dict[str, object]]:
    """The lines that say this, to begin a form with."""
    return [
        {"joint": joint, "field": one.field, "operator": _code(one), "values": "\n".join(one.values)}
        for joint, one in _joined(said)
    ]


def _joined(said: Conditions) -> Iterator[tuple[str, Clause]]:
    for opens, groups in (("or", said.groups), ("unless", said.exceptions)):
        for place, group in enumerate(groups):
            for number, clause in enumerate(group):
                first = number == 0 and (place > 0 or opens == "unless")
                yield opens if first else "and", clause


def _code(clause: Clause) -> str:
    return f"{NOT if clause.negated else ''}{clause.operator.value}"


def said(lines: list[Line], source: str) -> Conditions:
    """What the lines say together. Raises Invalid."""
    groups: list[list[Clause]] = []
    exceptions: list[list[Clause]] = []
    target = groups
    for line in lines:
        if line.errors:
            raise Invalid("lines", "rule_line", line=str(line.number), limit=LONGEST)
        if line.empty:
            continue
        joint = line.cleaned_data["joint"]
        if joint == "unless" and groups:
            target = exceptions
        if joint == "or":
            target = groups
        if joint != "and" or not target:
            target.append([])
        target[-1].append(line.clause())
    if not groups:
        raise Invalid("lines", "rule_lines")
    return Conditions(tuple(map(tuple, groups)), tuple(map(tuple, exceptions)), source)
