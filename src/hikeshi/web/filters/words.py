"""Conditions as people read and choose them."""

from collections.abc import Sequence
from functools import reduce

from django.utils.translation import gettext as _

from hikeshi.lists.conditions import Condition, Conditions
from hikeshi.lists.fields import Field, Shape
from hikeshi.lists.queries import ME, NOBODY, Choices, codes_of
from hikeshi.phrases import labels
from hikeshi.phrases.lists import CONDITIONS, JOINTS
from hikeshi.phrases.wording import told

GROUPS = {
    Field.PRIORITY: "priority",
    Field.STATUS: "status",
    Field.KIND: "kind",
    Field.CLASS: "record_class",
    Field.WORLD: "world",
}


def value_word(field: Field, value: str, named: Choices, phases: str) -> str:
    """``phases``: the label group in which the reader is shown phases."""
    if field == Field.PHASE:
        return labels.label(phases, value)
    if field == Field.WAITING:
        return _("nothing") if value == NOBODY else labels.label("waiting", value)
    if field == Field.OWNER and value in {ME, NOBODY}:
        return _("me") if value == ME else _("nobody")
    if field in GROUPS:
        return labels.label(GROUPS[field], value)
    return named.of(field).get(value, value)


def options(field: Field, choices: Choices, phases: str) -> list[tuple[str, str]]:
    """What can be chosen of a field, with its words."""
    codes: Sequence[str] = codes_of(field) or [
        *((ME, NOBODY) if field == Field.OWNER else ()),
        *choices.of(field),
    ]
    return [(one, value_word(field, one, choices, phases)) for one in codes]


def _joined(pieces: Sequence[str], joint: str) -> str:
    return reduce(lambda one, other: told(str(JOINTS[joint]), one=one, other=other), pieces) if pieces else ""


def one_condition(one: Condition, named: Choices, phases: str) -> str:
    words = [
        value_word(one.field, value, named, phases) if one.taking.shape in {Shape.CHOICES, Shape.CHOICE} else value
        for value in one.values
    ]
    if one.taking.of:
        said = named.questions.get(one.op, {}).get(one.question, one.question)
        return told(str(CONDITIONS[one.op]), field=said, values=one.said, period="")
    field, period = labels.label("list_field", one.field), labels.label("list_period", one.period)
    return told(str(CONDITIONS[one.op]), field=field, values=_joined(words, "values"), period=period)


def sentence(asked: Conditions, named: Choices, phases: str) -> str:
    """The whole filter in one line."""
    parts = [_joined([one_condition(one, named, phases) for one in part], "and") for part in asked.alternatives]
    return _joined(parts, "or")
