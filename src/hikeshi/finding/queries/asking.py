"""A question, read: what is wanted, of which kinds, and which rows of each this reader may be shown at all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from hikeshi.finding import marking, operators, reader
from hikeshi.finding.kinds.all import KINDS
from hikeshi.finding.kinds.findable import Findable
from hikeshi.finding.queries.settings import in_force
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid
from hikeshi.search import matching, queries, vocabulary
from hikeshi.search.models import Document
from hikeshi.search.question import FIELD, Operator, Question, parse

TYPE = "type"


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A kind, and those of its rows that this reader may see and the operators let pass."""

    kind: Findable
    rows: QuerySet[Model]
    span: queries.Span | None = None

    def documents(
        self, wanted: matching.Wanted, heading: bool | None = None, before: int | None = None
    ) -> QuerySet[Document]:
        """Who may see a row is asked in the same query; what is gone since is not found."""
        seen = self.rows.order_by().filter(uuid=OuterRef("uuid"))
        found = queries.documents(self.kind.kind, wanted, heading=heading, before=before, span=self.span)
        return found.filter(Exists(seen))


@dataclass(frozen=True, slots=True)
class Asked:
    question: Question
    wanted: matching.Wanted
    marks: marking.Marks
    kinds: tuple[Narrowed, ...]

    @property
    def empty(self) -> bool:
        return self.question.empty

    def spelled_out(self) -> "Asked":
        """For an index that stands."""
        spans = queries.spans([one.kind.kind for one in self.kinds])
        kinds = tuple(replace(one, span=spans.get(one.kind.kind)) for one in self.kinds)
        return replace(self, wanted=vocabulary.spelled_out(self.wanted), kinds=kinds)


def asked(by: Actor, q: str, types: Sequence[str] = ()) -> Asked:
    """Raises Invalid."""
    question = parse(q, operators.names())
    terms = question.terms
    wanted = matching.wanted(terms, reader.read, reader.book(in_force().content)) if terms else matching.Wanted()
    typed = [term.text for term in terms if not term.minus]
    return Asked(question, wanted, marking.marks(wanted, typed), _narrowed(by, question, types))


def _narrowed(by: Actor, question: Question, types: Sequence[str]) -> tuple[Narrowed, ...]:
    chosen = [kind for kind in _kinds(question, types) if not kind.verb or by.may(kind.verb)]
    found, unknown = [], []
    for kind in chosen:
        try:
            rows = _rows(by, kind, question)
        except operators.UnknownValue as error:
            unknown.append((kind, error))
            continue
        if rows is not None:
            found.append(Narrowed(kind, rows))
    if unknown and not found:
        _refuse(question, *unknown[0])
    return tuple(found)


def _refuse(question: Question, kind: Findable, error: operators.UnknownValue) -> None:
    wrong = next(one for one in question.operators if one.name in kind.narrowing)
    raise Invalid(
        FIELD, "unknown_value", name=wrong.name, value=wrong.value, choices=", ".join(error.choices)
    ) from error


def _kinds(question: Question, types: Sequence[str]) -> Iterator[Findable]:
    if not set(types) <= KINDS.keys():
        raise Invalid("types", "not_a_choice", choices=", ".join(KINDS))
    asked_for = [one for one in question.operators if one.name == TYPE]
    wanted = {_type(one) for one in asked_for if not one.minus}
    without = {_type(one) for one in asked_for if one.minus}
    for code, kind in KINDS.items():
        if (not types or code in types) and (not wanted or code in wanted) and code not in without:
            yield kind


def _type(one: Operator) -> str:
    try:
        return operators.choice(one.value, KINDS)
    except operators.UnknownValue as error:
        raise Invalid(FIELD, "unknown_value", name=TYPE, value=one.value, choices=", ".join(KINDS)) from error


def _rows(by: Actor, kind: Findable, question: Question) -> QuerySet[Model] | None:
    """None: an operator means nothing to this kind. Raises operators.UnknownValue, Invalid."""
    rows = kind.visible(by)
    narrowing = [one for one in question.operators if one.name != TYPE]
    if any(one.name not in kind.narrowing for one in narrowing):
        return None
    for one in narrowing:
        condition = kind.narrowing[one.name](by, one.value)
        rows = rows.exclude(condition) if one.minus else rows.filter(condition)
    for term in question.terms:
        if term.exact and term.text and not term.minus:
            rows = rows.filter(_as_written(kind, term.text))
    return rows


def _as_written(kind: Findable, letters: str) -> Q:
    return kind.holding(letters)
