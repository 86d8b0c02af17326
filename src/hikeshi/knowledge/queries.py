"""Answers to common questions: for those who write them, and for whoever looks for one at the portal."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import F, Prefetch

from hikeshi.accounts import queries as accounts
from hikeshi.accounts import sealing
from hikeshi.incidents import queries as incidents
from hikeshi.incidents.models import Incident
from hikeshi.incidents.reporting import Side
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import NotFound
from hikeshi.kernel.versions import History, Version
from hikeshi.knowledge.drafts import AnswerDraft, Audience, read
from hikeshi.knowledge.likeness import Words, ranked
from hikeshi.knowledge.models import Answer, AnswerMark, AnswerVersion
from hikeshi.knowledge.permissions import Verb
from hikeshi.search import apart, tokens

__all__ = [
    "FOUND",
    "Answer",
    "AnswerVersion",
    "Line",
    "Read",
    "alike",
    "for_reply",
    "line",
    "lines",
    "may_write",
    "must_write",
    "nearest",
    "one",
    "published",
    "reviews",
    "whole",
    "words_of",
]
MOST: Final = 300
"""Answers of one site: few enough to be weighed in one go while somebody types."""
SHOWN: Final = 4
FOUND: Final = 20
BODY: Final = 2_000
TYPED: Final = 500
SHORTEST: Final = 2


@dataclass(frozen=True, slots=True)
class Line:
    """One answer in the list of those who write them."""

    uuid: UUID
    said: AnswerDraft
    newest: int
    published: int | None
    helped: int
    unhelped: int
    solved: int

    @property
    def due(self) -> bool:
        """To be looked at again, by its own word."""
        return self.said.review is not None and self.said.review <= clock.now().date()


@dataclass(frozen=True, slots=True)
class Read:
    """An answer in the reader's language. ``mark``: what this reader has said of it."""

    uuid: UUID
    question: str
    answer: str
    changed: date
    mark: str = ""


def must_write(by: Actor) -> None:
    """Raises NotAllowed."""
    by.must(Verb.WRITE, accounts.root().pk)


def lines(by: Actor, *, q: str = "", stand: str = "") -> list[Line]:
    """The newest first, or those the words come near. ``stand``: ``published``, ``unpublished``, ``newer`` (people read
    an older version), ``due``. Raises NotAllowed. Two queries.
    """
    must_write(by)
    newest = Prefetch("versions", AnswerVersion.objects.filter(number=F("answer__newest")), to_attr="now")
    rows = Answer.objects.prefetch_related(newest).order_by("-pk")[:MOST]
    kept: list[AnswerVersion] = [vars(row)["now"][0] for row in rows]
    if q.strip():
        kept = [kept[place] for place in alike(q, [_words(one.uuid.hex, *_texts(one)) for one in kept])]
    found = [line(one.answer, read(one.texts)) for one in kept]
    meant = _STANDS.get(stand)
    return found if meant is None else [one for one in found if meant(one)]


def line(row: Answer, said: AnswerDraft) -> Line:
    return Line(row.uuid, said, row.newest, row.published, row.helped, row.unhelped, row.solved)


_STANDS: Final[Mapping[str, Callable[[Line], bool]]] = {
    "published": lambda one: one.published is not None,
    "unpublished": lambda one: one.published is None,
    "newer": lambda one: one.published is not None and one.published < one.newest,
    "due": lambda one: one.due,
}


def whole(by: Actor, answer: UUID) -> History[Answer, AnswerDraft]:
    """Raises NotAllowed, NotFound."""
    must_write(by)
    row = Answer.objects.filter(uuid=answer).first()
    if row is None:
        raise NotFound("answer")
    kept = list(row.versions.all())
    names = accounts.names_of({one.made_by for one in kept})
    versions = tuple(Version(one.number, read(one.texts), one.why, one.made_by, one.at) for one in kept)
    return History(row, versions, names)


def _rows(by: Actor | None) -> list[AnswerVersion]:
    """What this reader may read, the most helpful first. One query. ``by`` None: somebody without an account."""
    rows = AnswerVersion.objects.filter(number=F("answer__published")).select_related("answer")
    if by is None:
        rows = rows.filter(texts__audience=Audience.EVERYONE)
    return list(rows.order_by(-F("answer__solved") - F("answer__helped") + F("answer__unhelped"), "answer__pk")[:MOST])


def published(by: Actor | None, language: str) -> list[Read]:
    return [_read(row, language) for row in _rows(by)]


def nearest(by: Actor | None, text: str, language: str, *, most: int = SHOWN) -> list[Read]:
    """Those that what was typed comes near, in either language. One query, and none for next to nothing."""
    if len(text.strip()) < SHORTEST:
        return []
    rows = _rows(by)
    found = alike(text, [_words(row.uuid.hex, *_texts(row)) for row in rows]) if rows else []
    return [_read(rows[place], language) for place in found[:most]]


def for_reply(by: Actor, record: Incident) -> list[Read]:
    """What whoever reported this may read, in their language, the nearest to their words first. Nothing where nobody
    did.
    """
    talk = incidents.conversation_with(record)
    if talk is None:
        return []
    rows = _rows(by if talk.reporter.person else None)
    theirs = [one.text for one in talk.messages if one.side == Side.REPORTER][-1:]
    near = alike(" ".join([*theirs, record.description]), [_words(row.uuid.hex, *_texts(row)) for row in rows])
    order = [*near, *(place for place in range(len(rows)) if place not in near)]
    return [_read(rows[place], talk.reporter.language) for place in order]


def reviews(by: Actor) -> list[Line]:
    """What people read and somebody is to look at again: all of it for whoever writes answers, else what is one's own.
    Two queries.
    """
    rows = AnswerVersion.objects.filter(number=F("answer__newest"), answer__published__isnull=False)
    found = [line(row.answer, read(row.texts)) for row in rows.select_related("answer").order_by("answer__pk")[:MOST]]
    every = may_write(by)
    return [one for one in found if one.said.review is not None and (every or one.said.owner == by.ref)]


def may_write(by: Actor) -> bool:
    return by.may(Verb.WRITE, accounts.root().pk)


def one(by: Actor | None, answer: UUID, language: str, place: str = "") -> Read:
    """Raises NotFound where it is not published, or not for this reader."""
    row = next((row for row in _rows(by) if row.answer.uuid == answer), None)
    if row is None:
        raise NotFound("answer")
    kept = AnswerMark.objects.filter(answer=row.answer, place=place_of(place)).first() if place else None
    return _read(row, language, kept.mark if kept else "")


def alike(text: str, of: Sequence[Words]) -> list[int]:
    """Which of these come near what was typed, the nearest first."""
    return ranked(words_of(text[:TYPED]), of)


def words_of(text: str) -> frozenset[str]:
    """What the search knows it by. Where Japanese cannot be read just now: by its letters alone."""
    try:
        return frozenset(tokens.of_texts([text])[0])
    except apart.NoReader:
        return frozenset(pair for run in tokens.japanese_runs(text) for pair in tokens.pairs(run))


def _texts(row: AnswerVersion) -> tuple[str, str]:
    said = read(row.texts)
    heading = " ".join((said.question_ja, said.question_en, said.keywords))
    return heading, f"{said.answer_ja[:BODY]} {said.answer_en[:BODY]}"


@lru_cache(maxsize=2 * MOST)
def _words(version: str, heading: str, body: str) -> Words:
    """Kept by version: what a version says never changes."""
    return Words(words_of(heading), words_of(body))


def _read(row: AnswerVersion, language: str, mark: str = "") -> Read:
    code = "en" if language.startswith("en") else "ja"
    said = read(row.texts)
    question, answer = getattr(said, f"question_{code}"), getattr(said, f"answer_{code}")
    return Read(row.answer.uuid, question, answer, row.at.date(), mark)


def place_of(what: str) -> str:
    """Stands for a person or browser among those who said whether it helped."""
    return sealing.keyed(settings.MASTER_KEY, "answer-marks", what)
