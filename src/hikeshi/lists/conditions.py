"""A filter as one value: alternatives of conditions, `kind:is:phishing,malware;owner:is:none|phase:was:contain:7d`.

`;` is "and", `|` begins another alternative ("or"); a condition is `field:operator:values:period`, values are set
off by commas. The same text stands in an address, in a saved filter and in the API. Pure.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import unquote
from uuid import UUID

from hikeshi.incidents.answered import NUMBER
from hikeshi.kernel import clock
from hikeshi.kernel.refusals import Invalid
from hikeshi.lists.fields import FIELDS, Field, Op, Shape, Taking
from hikeshi.lists.periods import Period

FIELD: Final = "filter"
LONGEST: Final = 2_000
MOST: Final = 12
MOST_VALUES: Final = 30
MOST_DAYS: Final = 3_660
QUESTION: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[a-z][a-z0-9_]{0,7}", re.ASCII)
_APART: Final = str.maketrans({one: f"%{ord(one):02X}" for one in "%:;,|"})


@dataclass(frozen=True, slots=True)
class Condition:
    field: Field
    op: Op
    values: tuple[str, ...] = ()
    period: str = ""

    @property
    def taking(self) -> Taking:
        return FIELDS[self.field][self.op]

    @property
    def number(self) -> int:
        return int(self.values[0])

    @property
    def question(self) -> str:
        """Of a condition on what was answered: `form.question`."""
        return ".".join(self.values[0].split(".", 2)[:2]) if self.values else ""

    @property
    def said(self) -> str:
        """What is given beside the operator, without the question it is about."""
        value = self.values[0] if self.values else ""
        return "".join(value.split(".", 2)[2:]) if self.taking.of else value

    @property
    def text(self) -> str:
        values = ",".join(one.translate(_APART) for one in self.values)
        return ":".join((self.field, self.op, values, self.period)).rstrip(":")


@dataclass(frozen=True, slots=True)
class Conditions:
    """What holds for a record if all conditions of one alternative hold. Without any, everything is meant."""

    alternatives: tuple[tuple[Condition, ...], ...] = ()

    @property
    def text(self) -> str:
        return "|".join(";".join(one.text for one in alternative) for alternative in self.alternatives)

    def __iter__(self) -> Iterator[Condition]:
        return (one for alternative in self.alternatives for one in alternative)

    def __bool__(self) -> bool:
        return bool(self.alternatives)

    def about(self, field: Field) -> bool:
        return any(one.field == field for one in self)

    @property
    def remembering(self) -> bool:
        """Asks what was, not only what is."""
        return any(one.taking.when for one in self)


def as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def parse(text: str) -> Conditions:
    """Raises Invalid, with the piece that cannot be read."""
    if len(text) > LONGEST:
        raise Invalid(FIELD, "too_long", limit=LONGEST)
    parts = [[one for one in part.split(";") if one.strip()] for part in text.split("|")]
    found = Conditions(tuple(tuple(_condition(one) for one in part) for part in parts if part))
    if sum(1 for _ in found) > MOST:
        raise Invalid(FIELD, "too_many_conditions", limit=MOST)
    return found


def _condition(text: str) -> Condition:
    pieces = [*text.strip().split(":"), "", "", ""]
    name, op, values, period = pieces[:4]
    if len(pieces) > 7 or name not in set(Field) or op not in set(Op) or Op(op) not in FIELDS[Field(name)]:
        raise Invalid(FIELD, "condition_unknown", piece=text[:80])
    given = tuple(dict.fromkeys(unquote(one).strip() for one in values.split(",") if one.strip()))
    return checked(Condition(Field(name), Op(op), given, period.strip()))


def checked(one: Condition) -> Condition:
    """As it can be asked; without a period, at any time. Raises Invalid."""
    shape = one.taking.shape
    fits = {Shape.NOTHING: not one.values, Shape.CHOICES: 0 < len(one.values) <= MOST_VALUES}
    if not fits.get(shape, len(one.values) == 1):
        raise Invalid(FIELD, "condition_value", piece=one.text[:80])
    check = _GIVEN.get(shape)
    if (check is not None and not check(one.said)) or (one.taking.of and not _of_a_question(one)):
        raise Invalid(FIELD, "condition_value", piece=one.text[:80])
    if one.period not in ({"", *Period} if one.taking.when else {""}):
        raise Invalid(FIELD, "condition_value", piece=one.text[:80])
    return Condition(one.field, one.op, one.values, (one.period or Period.EVER) if one.taking.when else "")


def _of_a_question(one: Condition) -> bool:
    return QUESTION.fullmatch(one.question) is not None and bool(one.said.strip())


def _count(said: str) -> bool:
    return said.isascii() and said.isdecimal() and 0 < int(said) <= MOST_DAYS


def _number(said: str) -> bool:
    return NUMBER.fullmatch(said) is not None


def _day(said: str) -> bool:
    try:
        return clock.everywhere(date.fromisoformat(said))
    except ValueError:
        return False


_GIVEN: Final[Mapping[Shape, Callable[[str], bool]]] = {
    Shape.HOURS: _count,
    Shape.DAYS: _count,
    Shape.NUMBER: _number,
    Shape.DAY: _day,
}
