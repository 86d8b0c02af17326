"""Records by what their reporters answered in forms of the site: `form.question.choice`, or a question and what is said
of it. Of whoever was erased nothing is known.

Cost: what was answered is kept by question. Choices, numbers and days stand in an index; words are looked for in one
pass over what was said to that question, in an index of its short answers.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Final

from django.db.models import Q, TextField, Value
from django.db.models.functions import Coalesce, StrIndex

from hikeshi.incidents.answered import looked_for
from hikeshi.incidents.models import Answer, Question
from hikeshi.kernel.gathering import records_of
from hikeshi.kernel.refusals import Invalid
from hikeshi.lists.conditions import FIELD, Condition, as_uuid
from hikeshi.lists.fields import Op

_COLUMNS: Final = {
    Op.FROM: "number__gte",
    Op.UPTO: "number__lte",
    Op.BEFORE: "moment__lt",
    Op.AFTER: "moment__gte",
}


def answered(one: Condition) -> Q:
    """Whether the record's reporter said so, whatever the condition makes of that. Raises Invalid."""
    return _said(one) if one.taking.of else _chosen(one)


def _said(one: Condition) -> Q:
    """Text, a number or a day and time, as people wrote it; a thing of the site by the name it had. What an earlier
    version of the form asked otherwise is no number and no day.
    """
    known = list(_questions({one.question}).values())
    if one.op in {Op.FROM, Op.UPTO}:
        return _of(known, {_COLUMNS[one.op]: float(one.said)})
    if one.op in {Op.BEFORE, Op.AFTER}:
        return _of(known, {_COLUMNS[one.op]: datetime.fromisoformat(one.said).replace(tzinfo=UTC)})
    words = looked_for(one.said)
    return _of(known, {"words__gt": ""}, _holding("words", words)) | _of(known, {"words": ""}, _holding("long", words))


def _of(known: Collection[int], told: Mapping[str, object], places: Mapping[str, StrIndex] | None = None) -> Q:
    """Where the record is known its own answers are read, few: a database that took the index of a question for it
    would walk through half of what was ever answered, for each record that it meets. ``places``: all above zero.
    """
    there = {f"{name}__gt": 0 for name in places or {}}
    rows = Answer.objects.alias(**places or {}).filter(**told, **there)
    of_one = rows.alias(asked=Coalesce("question_id", "question_id")).filter(asked__in=known)
    return records_of(rows.filter(question__in=known), of_one=of_one)


def _holding(column: str, words: Collection[str]) -> Mapping[str, StrIndex]:
    return {f"at{place}": StrIndex(column, Value(word, TextField())) for place, word in enumerate(words)}


def _chosen(one: Condition) -> Q:
    pairs = [_pair(value, one) for value in one.values]
    known = _questions({question for question, _ in pairs})
    wanted = Q(pk__in=[])
    for question, code in pairs:
        if question in known:
            wanted |= Q(question=known[question], code=code)
    return records_of(Answer.objects.filter(wanted))


def _pair(value: str, one: Condition) -> tuple[str, str]:
    """`form.question`, and what was chosen. Raises Invalid."""
    form, key, code = (*value.split(".", 2), "", "")[:3]
    uuid = as_uuid(form)
    if uuid is None or not key or not code:
        raise Invalid(FIELD, "condition_value", piece=one.text[:80])
    return f"{uuid}.{key}", code


def _questions(wanted: Collection[str]) -> Mapping[str, int]:
    """Their keys; of what nobody ever answered, none. One query."""
    pairs = [one.split(".") for one in wanted]
    asked = Question.objects.filter(form__in={form for form, _ in pairs}, key__in={key for _, key in pairs})
    return {f"{form}.{key}": pk for form, key, pk in asked.values_list("form", "key", "pk")}
