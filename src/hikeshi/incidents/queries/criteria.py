"""Criteria as they are read: beside a field, on their own page, and when somebody must look at them again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from hikeshi.accounts import queries as accounts
from hikeshi.incidents import criteria, names
from hikeshi.incidents.catalogue import Catalogue
from hikeshi.incidents.criteria import CriteriaField, Texts
from hikeshi.incidents.models import Criteria, CriteriaVersion
from hikeshi.incidents.permissions import Verb
from hikeshi.intake.queries import ruling
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.prepared import Prepared
from hikeshi.kernel.refusals import NotFound
from hikeshi.kernel.versions import History, Version
from hikeshi.phrases import labels


def field_named(name: str) -> CriteriaField:
    """Raises NotFound."""
    try:
        return CriteriaField(name)
    except ValueError:
        raise NotFound("criteria") from None


def values(of: CriteriaField) -> tuple[str, ...]:
    """What the field may hold, in the order it is offered."""
    if of is CriteriaField.KIND:
        return tuple(code for code, one in names.in_use().kinds.items() if not one.retired)
    if of is CriteriaField.ESCALATION:
        return tuple(criteria.shipped().escalations)
    return tuple(code for code, _word in labels.choices(of))


def word(of: CriteriaField, value: str) -> str:
    return labels.label(of, value)


def written(of: CriteriaField) -> Texts:
    """The texts in force. One small query."""
    found = (
        CriteriaVersion.objects.filter(criteria__field=of).order_by("-number").values_list("texts", flat=True).first()
    )
    return found or criteria.shipped().texts(of)


def beside(of: CriteriaField, language: str) -> list[tuple[str, str]]:
    """Value and text in the reader's language, where there is one: for the form that sets the field."""
    texts = written(of)
    shown = ((value, _said(of, value, texts.get(value, {}).get(language, ""), language)) for value in values(of))
    return [(value, text) for value, text in shown if text]


def _said(of: CriteriaField, value: str, text: str, language: str) -> str:
    """A kind also says in a line when it is chosen: that stands first where the site wrote it, and alone where nothing
    more was written. As shipped both say the same.
    """
    if of is not CriteriaField.KIND:
        return text
    hint, ours = _hint(names.in_use(), value, language), _hint(names.SHIPPED.known, value, language)
    parts = (hint if hint != ours or not text else "", text)
    return "\n\n".join(part for part in parts if part)


def _hint(known: Catalogue, kind: str, language: str) -> str:
    found = known.kinds.get(kind)
    return (found.hint_ja if language == "ja" else found.hint_en) if found else ""


@dataclass(frozen=True, slots=True)
class Keeping:
    field: CriteriaField
    number: int
    owner: str
    owner_name: str
    review: date | None
    overdue: bool


Whole: TypeAlias = History[Keeping, Texts]
"""The criteria of one field and all they ever said, newest first; the shipped texts stand last, as version 0."""


def keepings(by: Actor) -> list[Keeping]:
    """Every field that has criteria, with who answers for them. For anybody who may see incidents."""
    by.must(Verb.VIEW)
    rows = {row.field: row for row in Criteria.objects.all()}
    owners = ruling.owner_names(by, [row.owner for row in rows.values()])
    today = clock.now().date()
    return [_keeping(one, rows.get(one), owners, today) for one in CriteriaField]


def _keeping(of: CriteriaField, row: Criteria | None, owners: Mapping[str, str], today: date) -> Keeping:
    owner = row.owner if row and row.owner else criteria.shipped().owner
    review = row.review if row and row.review else criteria.shipped().review
    return Keeping(of, row.newest if row else 0, owner, owners.get(owner, owner), review, review < today)


def whole(by: Actor, of: CriteriaField) -> Whole:
    keeping = next(one for one in keepings(by) if one.field is of)
    rows = CriteriaVersion.objects.filter(criteria__field=of).order_by("-number")
    found = [Version(one.number, one.texts, one.why, one.made_by, one.at) for one in rows]
    known = accounts.names_of(one.made_by for one in found)
    return History(keeping, (*found, Version(0, criteria.shipped().texts(of))), known)


def due(by: Actor) -> list[CriteriaField]:
    """Those whose review is due."""
    return [one.field for one in keepings(by) if one.overdue] if by.may(Verb.VIEW) else []


_REVIEWS = Prepared(lambda: Criteria.objects.exclude(review=None).values_list("field", "review"))


def due_count(by: Actor) -> int:
    """For the badge: one query."""
    if not by.may(Verb.VIEW):
        return 0
    today = clock.now().date()
    said = dict(_REVIEWS())
    return sum((said.get(one) or criteria.shipped().review) < today for one in CriteriaField)


def may_write(by: Actor) -> bool:
    return by.may(Verb.CONFIGURE, accounts.root().pk)


def must_write(by: Actor) -> None:
    """Raises NotAllowed."""
    by.must(Verb.CONFIGURE, accounts.root().pk)
