"""What forms of the site were answered, as columns of a list and as what it is narrowed by."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hikeshi.accounts import queries as accounts
from hikeshi.assets import queries as assets
from hikeshi.forms import queries as forms
from hikeshi.forms.definitions import DECIDING, NAMING, FieldKind
from hikeshi.incidents.queries import Incident
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import JSON
from hikeshi.lists import queries
from hikeshi.lists.codes import ANSWER
from hikeshi.lists.conditions import Condition, as_uuid
from hikeshi.lists.fields import Field, Op
from hikeshi.phrases import labels
from hikeshi.phrases.wording import listed

COLUMN = "answer."


def _language() -> str:
    return (get_language() or "ja")[:2]


def called(one: forms.Question) -> str:
    """By its form and its own words: two forms may ask the same."""
    title, label = (text.said(_language()) for text in (one.title, one.field.label))
    return _("%(form)s: %(question)s") % {"form": title, "question": label}


def columns() -> list[tuple[str, str]]:
    """To choose from: every question but those for a file."""
    asked = (one for one in forms.questions() if one.field.kind is not FieldKind.FILE)
    return [(f"{COLUMN}{one.code}", called(one)) for one in asked]


def headings(codes: Collection[str]) -> Mapping[str, str]:
    """Of those among these columns that show answers. No query where none does."""
    return {code: called(one) for code, one in asked_by(codes).items()}


def asked_by(codes: Collection[str]) -> Mapping[str, forms.Question]:
    """The questions whose answers these columns show, by column. No query where none does."""
    wanted = {one for one in codes if ANSWER.fullmatch(one)}
    known = {f"{COLUMN}{one.code}": one for one in forms.questions()} if wanted else {}
    return {code: known[code] for code in codes if code in known}


def shown(codes: Collection[str], records: Sequence[Incident]) -> Mapping[int, Mapping[str, str]]:
    """By record and column. Two queries, none where no column shows answers."""
    asked = asked_by(codes)
    found = forms.given([one.pk for one in records], list(asked.values())) if asked else {}
    return {
        pk: {code: said(one, given[one.code]) for code, one in asked.items() if one.code in given}
        for pk, given in found.items()
    }


def said(one: forms.Question, answer: JSON) -> str:
    """In the reader's language."""
    return listed(_word(one, text.said(_language())) for text in forms.said(one.field, answer))


def _word(one: forms.Question, text: str) -> str:
    return labels.label("yes_no", text) if one.field.kind is FieldKind.YES_NO else text


def _values() -> Mapping[str, str]:
    """What can be chosen: `form.question.choice`, in words."""
    return {
        f"{one.code}.{value}": _("%(question)s = %(answer)s") % {"question": called(one), "answer": word}
        for one in forms.questions()
        if one.field.kind in DECIDING
        for value, word in _choices(one)
    }


OFFERED = (FieldKind.DEPARTMENT, FieldKind.PERSON)
MOST = 200
"""Departments or people to choose from, the first by name; of more, and of assets, one looks for the words."""


def _things(by: Actor, kinds: Collection[FieldKind], uuids: Collection[UUID] | None = None) -> Mapping[str, str]:
    """Things of the site that the reader sees, as answers: `form.question.uuid`, in words. A query for each kind that
    some form asks for. ``uuids``: those alone.
    """
    asked = [one for one in forms.questions() if one.field.kind in kinds]
    known = {kind: _called(by, kind, uuids) for kind in {one.field.kind for one in asked}}
    return {
        f"{one.code}.{uuid}": _("%(question)s = %(answer)s") % {"question": called(one), "answer": name}
        for one in asked
        for uuid, name in known[one.field.kind]
    }


def _called(by: Actor, kind: FieldKind, uuids: Collection[UUID] | None) -> list[tuple[UUID, str]]:
    """Who has left is still named where they were answered, and no longer offered."""
    rows = assets.visible(by) if kind is FieldKind.ASSET else _staff(by, kind, here=True if uuids is None else None)
    wanted = rows if uuids is None else rows.filter(uuid__in=uuids)
    return list(wanted.order_by("name", "pk").values_list("uuid", "name")[:MOST])


def _staff(
    by: Actor, kind: FieldKind, *, here: bool | None
) -> QuerySet[accounts.Organisation] | QuerySet[accounts.Person]:
    return accounts.organisations(by) if kind is FieldKind.DEPARTMENT else accounts.people(by, active=here)


def _meant(about: Collection[Condition]) -> list[UUID]:
    """Things that these conditions name by their uuid."""
    last = (value.rpartition(".")[2] for one in about if not one.taking.of for value in one.values)
    return [uuid for text in last if (uuid := as_uuid(text)) is not None]


def _choices(one: forms.Question) -> list[tuple[str, str]]:
    if one.field.kind is FieldKind.YES_NO:
        return [(code, str(word)) for code, word in labels.choices("yes_no")]
    return [(each.code, each.label.said(_language())) for each in one.field.choices]


WRITTEN = NAMING | {FieldKind.SHORT, FieldKind.LONG, FieldKind.MAIL, FieldKind.PHONE}
_ASKED_OF: Mapping[Op, Collection[FieldKind]] = {
    **dict.fromkeys((Op.HAS, Op.LACKS), WRITTEN),
    **dict.fromkeys((Op.FROM, Op.UPTO), (FieldKind.NUMBER,)),
    **dict.fromkeys((Op.BEFORE, Op.AFTER), (FieldKind.MOMENT,)),
}
"""Which questions each operator can be about."""


def _questions() -> Mapping[Op, Mapping[str, str]]:
    every = forms.questions()
    return {op: {one.code: called(one) for one in every if one.field.kind in kinds} for op, kinds in _ASKED_OF.items()}


def choices(by: Actor) -> queries.Choices:
    """What a filter can be put together from."""
    every = {**_values(), **_things(by, OFFERED)}
    return replace(queries.choices(by), answers=every, questions=_questions())


def named(by: Actor, asked: Collection[Condition]) -> queries.Choices:
    """What these conditions name; forms are looked at only where one asks for an answer."""
    found = queries.named(by, asked)
    about = [one for one in asked if one.field == Field.ANSWER]
    if not about:
        return found
    things = _meant(about)
    every = {**_values(), **(_things(by, NAMING, things) if things else {})}
    return replace(found, answers=every, questions=_questions() if any(one.taking.of for one in about) else {})
