"""The forms of a site: for whoever makes them, for whoever fills them in, and what was answered."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import F, Prefetch

from hikeshi.accounts import queries as accounts
from hikeshi.forms.definitions import CHOOSING, NAMING, Audience, Definition, Field, FieldKind, Text, Use, read
from hikeshi.forms.models import Form, FormVersion
from hikeshi.forms.permissions import Verb
from hikeshi.incidents.models import Reporter
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import JSON
from hikeshi.kernel.refusals import NotFound
from hikeshi.kernel.versions import History, Version

__all__ = [
    "Answers",
    "Form",
    "FormVersion",
    "Line",
    "Offered",
    "Question",
    "Told",
    "Whole",
    "begun_form",
    "given",
    "lines",
    "link_of",
    "must_make",
    "offered",
    "offered_form",
    "plain",
    "questions",
    "said",
    "told",
    "told_by",
    "whole",
]
Whole = History[Form, Definition]
MOST: Final = 60
"""Forms of one site; few enough to be read in one go."""


@dataclass(frozen=True, slots=True)
class Line:
    """One form in the list of those who make them: its newest words, and whether people see it."""

    uuid: UUID
    title: Text
    use: Use
    audience: Audience
    fields: int
    newest: int
    offered: int | None


@dataclass(frozen=True, slots=True)
class Offered:
    """A form as people are shown it."""

    uuid: UUID
    number: int
    definition: Definition


@dataclass(frozen=True, slots=True)
class Told:
    """A question and its answer, as they are read. ``kind`` says what sort of answer it is; ``thing``, which asset,
    department or person was chosen, as ``asset:<uuid>``.
    """

    key: str
    label: Text
    kind: FieldKind
    answers: tuple[Text, ...]
    thing: str = ""


def must_make(by: Actor) -> None:
    """Raises NotAllowed."""
    by.must(Verb.CONFIGURE, accounts.root().pk)


def lines(by: Actor) -> list[Line]:
    """Raises NotAllowed."""
    must_make(by)
    newest = Prefetch("versions", FormVersion.objects.filter(number=F("form__newest")), to_attr="now")
    rows = Form.objects.prefetch_related(newest).order_by("pk")[:MOST]
    return [_line(row, read(vars(row)["now"][0].definition)) for row in rows]


def _line(row: Form, said: Definition) -> Line:
    return Line(row.uuid, said.title, said.use, said.audience, len(said.fields), row.newest, row.offered)


def whole(by: Actor, form: UUID) -> Whole:
    """Raises NotAllowed, NotFound."""
    must_make(by)
    row = Form.objects.filter(uuid=form).first()
    if row is None:
        raise NotFound("form")
    kept = list(row.versions.all())
    names = accounts.names_of({one.made_by for one in kept})
    versions = tuple(Version(one.number, read(one.definition), one.why, one.made_by, one.at) for one in kept)
    return History(row, versions, names)


def offered(by: Actor, use: Use | None = None) -> list[Offered]:
    """What this person may fill in, in the order they were made. At most three queries, however many there are."""
    rows = FormVersion.objects.filter(number=F("form__offered")).select_related("form").order_by("form__pk")[:MOST]
    found = [Offered(row.form.uuid, row.number, read(row.definition)) for row in rows]
    wanted = [one for one in found if use is None or one.definition.use is use]
    above = _above(by) if any(one.definition.audience is Audience.ORGANISATION for one in wanted) else frozenset()
    return [one for one in wanted if _may_use(by, one.definition, above)]


def offered_form(by: Actor, form: UUID) -> Offered:
    """Raises NotFound where it is not offered, or not to this person."""
    found = next((one for one in offered(by) if one.uuid == form), None)
    if found is None:
        raise NotFound("form")
    return found


def begun_form(by: Actor, form: UUID, number: int) -> Offered:
    """A version people have been shown, even where another has taken its place since. Raises NotFound."""
    row = FormVersion.objects.select_related("form").filter(form__uuid=form, number=number).first()
    if row is None or row.offered_at is None:
        raise NotFound("form")
    definition = read(row.definition)
    if not _may_use(by, definition, _above(by)):
        raise NotFound("form")
    return Offered(row.form.uuid, row.number, definition)


def _above(by: Actor) -> frozenset[str]:
    """The person's organisation and those it lies in."""
    person = accounts.myself(by)
    return frozenset(accounts.uuids_above(person.organisation)) if person is not None else frozenset()


def _may_use(by: Actor, definition: Definition, above: Collection[str]) -> bool:
    if definition.audience is Audience.EVERYONE:
        return True
    if by.person_id is None:
        return False
    return definition.audience is Audience.SIGNED_IN or definition.organisation in above


@dataclass(frozen=True, slots=True)
class Question:
    """Of a form, as it now stands, offered or not: what was answered before stays."""

    form: UUID
    title: Text
    field: Field

    @property
    def code(self) -> str:
        return f"{self.form}.{self.field.key}"


def questions() -> list[Question]:
    """Of all forms. One query."""
    rows = FormVersion.objects.filter(number=F("form__newest")).select_related("form").order_by("form__pk")[:MOST]
    said = ((row.form.uuid, read(row.definition)) for row in rows)
    return [Question(form, one.title, each) for form, one in said for each in one.fields]


Answers = Mapping[int, Mapping[str, JSON]]
"""By record and question, as they are kept."""


def given(records: Collection[int], wanted: Collection[Question]) -> Answers:
    """What was answered to these questions. One query; nothing of whoever was erased."""
    rows = Reporter.objects.filter(incident__in=records, form__in={one.form for one in wanted}, erased_at__isnull=True)
    return {
        incident: {one.code: kept[one.field.key] for one in wanted if one.form == form and one.field.key in kept}
        for incident, form, kept in rows.values_list("incident", "form", "answers")
    }


def told(row: Reporter) -> list[Told]:
    """What was asked and answered beside the report's own words, in the words it was asked in. No query where no form
    was used, else one.
    """
    if row.form is None or not row.answers:
        return []
    version = FormVersion.objects.filter(form__uuid=row.form, number=row.form_version).first()
    return told_by(read(version.definition).fields, row.answers) if version is not None else []


def told_by(fields: Sequence[Field], kept: Mapping[str, JSON]) -> list[Told]:
    return [
        Told(one.key, one.label, one.kind, said(one, kept[one.key]), link_of(kept[one.key]))
        for one in fields
        if one.key in kept
    ]


def plain(answer: JSON) -> str:
    """For machines: codes and words as they are kept."""
    return ", ".join(_named(one) for one in (answer if isinstance(answer, list) else [answer]))


def _named(answer: JSON) -> str:
    """A thing of the site by the name it had."""
    return str(answer.get("name", "")) if isinstance(answer, dict) else str(answer)


def link_of(answer: JSON) -> str:
    """``asset:<uuid>``, ``department:`` or ``person:`` where a thing of the site was chosen; else empty."""
    pairs = answer.items() if isinstance(answer, dict) else ()
    return next((f"{kind}:{uuid}" for kind, uuid in pairs if kind in NAMING), "")


def said(one: Field, answer: JSON) -> tuple[Text, ...]:
    """In words; of a choice that is gone, its code."""
    given = [_named(each) for each in (answer if isinstance(answer, list) else [answer])]
    if one.kind in CHOOSING:
        words = {choice.code: choice.label for choice in one.choices}
        return tuple(words.get(code, Text(code, code)) for code in given)
    return tuple(Text(text, text) for text in given)
