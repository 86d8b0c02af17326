"""A filter put together on a page, row by row, by plain selects: what is chosen stands in the address."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from hikeshi.kernel.refusals import Invalid
from hikeshi.lists import conditions, queries
from hikeshi.lists.conditions import Condition, Conditions
from hikeshi.lists.fields import FIELDS, Field, Op, Shape
from hikeshi.lists.periods import Period
from hikeshi.phrases import labels
from hikeshi.phrases import refusals as sentences
from hikeshi.web.filters import words

AND: Final = "and"
OR: Final = "or"
CARRIED: Final = ("saved", "status", "order", "group", "columns")
"""What else an address of the list says, and keeps."""


@dataclass(frozen=True, slots=True)
class Row:
    """One condition, maybe not finished. ``join``: ``or`` begins another alternative."""

    number: int
    join: str
    condition: Condition
    trouble: str = ""

    @property
    def code(self) -> str:
        return f"{self.condition.field}:{self.condition.op}"

    @property
    def shape(self) -> Shape:
        return self.condition.taking.shape

    @property
    def value(self) -> str:
        return self.condition.said

    @property
    def name(self) -> str:
        field = labels.label("list_field", self.condition.field)
        return _("%(field)s: %(how)s") % {"field": field, "how": labels.label("list_op", self.condition.op)}


@dataclass(frozen=True, slots=True)
class Draft:
    """``whole``: every row can be asked."""

    rows: tuple[Row, ...]

    @property
    def whole(self) -> bool:
        return not any(one.trouble for one in self.rows)

    @property
    def full(self) -> bool:
        return len(self.rows) >= conditions.MOST

    @property
    def asked(self) -> Conditions:
        alternatives: list[list[Condition]] = []
        for row in self.rows:
            if row.join == OR or not alternatives:
                alternatives.append([])
            alternatives[-1].append(row.condition)
        return Conditions(tuple(tuple(one) for one in alternatives))


def read(sent: QueryDict) -> Draft:
    """What was sent: rows, less the one taken away, and the new one; at first, the filter to begin with.

    Raises Invalid for a filter that cannot be read.
    """
    if "row0" not in sent and "new" not in sent and "drop" not in sent:
        return Draft(tuple(_of(conditions.parse(sent.get("filter", "")))))
    rows = [row for row in _rows(sent) if str(row.number) != sent.get("drop")]
    if sent.get("new") and "add" in sent and len(rows) < conditions.MOST:
        fresh = _begun(sent.get("new", ""))
        rows += [Row(len(rows), sent.get("newjoin", AND), fresh)] if fresh else []
    asked_now = "show" in sent or "keep" in sent
    numbered = (replace(row, number=place) for place, row in enumerate(rows))
    return Draft(tuple(_looked_at(row) if asked_now else row for row in numbered))


def _of(asked: Conditions) -> Iterator[Row]:
    number = 0
    for alternative in asked.alternatives:
        for place, one in enumerate(alternative):
            yield Row(number, AND if place else OR, one)
            number += 1


def _rows(sent: QueryDict) -> Iterator[Row]:
    for number in range(conditions.MOST):
        begun = _begun(sent.get(f"row{number}", ""))
        if begun is None:
            continue
        given = tuple(value.strip() for value in sent.getlist(f"value{number}") if value.strip())
        if begun.taking.of:
            about = sent.get(f"of{number}", "")
            given = (f"{about or '.'}.{''.join(given[:1])}",) if about or given else ()
        period = sent.get(f"period{number}", "") if begun.taking.when else ""
        known = period if period in set(Period) else ""
        join = OR if sent.get(f"join{number}") == OR else AND
        yield Row(number, join, replace(begun, values=given, period=known))


def _begun(code: str) -> Condition | None:
    field, _colon, op = code.partition(":")
    if field not in set(Field) or op not in set(Op) or Op(op) not in FIELDS[Field(field)]:
        return None
    return Condition(Field(field), Op(op))


def _looked_at(row: Row) -> Row:
    try:
        return replace(row, condition=conditions.checked(row.condition))
    except Invalid as refusal:
        missing = _("Choose or write a value.") if not row.value else sentences.sentence(refusal)
        return replace(row, trouble=missing)


def offered() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every condition there is, under its field."""
    return [
        (
            labels.label("list_field", field),
            [(f"{field}:{op}", _kind_of(field, op)) for op in ops],
        )
        for field, ops in FIELDS.items()
    ]


def _kind_of(field: Field, op: Op) -> str:
    said = {"field": labels.label("list_field", field), "how": labels.label("list_op", op)}
    return _("%(field)s: %(how)s") % said


def periods() -> list[tuple[str, str]]:
    return [(one.value, labels.label("list_period", one)) for one in Period]


@dataclass(frozen=True, slots=True)
class Shown:
    """A row with what can be chosen in it: value, word, whether it is chosen."""

    row: Row
    options: Sequence[tuple[str, str, bool]]
    questions: Sequence[tuple[str, str, bool]] = ()

    @property
    def many(self) -> bool:
        """Too many for boxes to tick."""
        return len(self.options) > 30


def shown(draft: Draft, choices: queries.Choices, phases: str) -> list[Shown]:
    found = []
    for row in draft.rows:
        chosen = set(row.condition.values)
        known = words.options(row.condition.field, choices, phases)
        about = choices.questions.get(row.condition.op, {}) if row.condition.taking.of else {}
        questions = [(code, word, code == row.condition.question) for code, word in about.items()]
        found.append(Shown(row, [(code, word, code in chosen) for code, word in known], questions))
    return found


def carried(sent: QueryDict) -> dict[str, str]:
    return {name: said for name in CARRIED if (said := sent.get(name, ""))}


def address(asked: Conditions, kept: dict[str, str]) -> str:
    """The list's address with this filter."""
    said = QueryDict(mutable=True)
    said.update({**kept, "filter": asked.text} if asked else kept)
    return said.urlencode()
