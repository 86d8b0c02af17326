"""What happens between the desk and whoever reported."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from hikeshi.incidents.facts.rows import Said, row, said
from hikeshi.incidents.reporting import Purpose, Via
from hikeshi.kernel.facts import JSON, Commitment, Fact, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportReceived(Fact):
    """``person`` is empty where whoever reported has no account. What they did (``did``) are codes."""

    incident: UUID
    reporter: UUID
    purpose: Purpose
    via: Via
    person: str
    language: str
    title: Commitment
    contact: Commitment
    when_said: Commitment
    where_said: Commitment
    likeness: str
    did: tuple[str, ...]
    form: str = ""
    form_version: int = 0
    answers: Commitment | None = None

    def sets(self) -> Mapping[str, Row]:
        plain: dict[str, JSON] = {"purpose": self.purpose, "via": self.via, "person": self.person}
        texts: dict[str, JSON] = {"name": self.title.digest, "contact": self.contact.digest}
        said_so: dict[str, JSON] = {"when_said": self.when_said.digest, "where_said": self.where_said.digest}
        asked: dict[str, JSON] = {"form": self.form, "form_version": self.form_version}
        asked |= {"answers": self.answers.digest} if self.answers is not None else {}
        whole: Row = {"incident": str(self.incident), **plain, **texts, **said_so, **asked}
        return {row("reporter", self.reporter): whole}


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSent(Fact):
    """The desk wrote to the reporter."""

    incident: UUID
    message: UUID
    text: Commitment
    author: str
    spoken: bool = False

    def sets(self) -> Mapping[str, Row]:
        return _message(self.incident, self.message, "desk", self.text, self.author, asks=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAsked(Fact):
    """The desk asked the reporter; an open point until answered or withdrawn."""

    incident: UUID
    message: UUID
    text: Commitment
    author: str

    def sets(self) -> Mapping[str, Row]:
        return _message(self.incident, self.message, "desk", self.text, self.author, asks=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReceived(Fact):
    """The reporter wrote; ``answers`` is the question that settles."""

    incident: UUID
    message: UUID
    text: Commitment
    author: str
    answers: UUID | None = None

    def sets(self) -> Mapping[str, Row]:
        settled: dict[str, Row] = {} if self.answers is None else {row("message", self.answers): {"settled": True}}
        return {**_message(self.incident, self.message, "reporter", self.text, self.author, asks=False), **settled}


def _message(incident: UUID, message: UUID, side: str, text: Commitment, author: str, *, asks: bool) -> dict[str, Row]:
    columns: dict[str, JSON] = {"side": side, "text": text.digest, "author": author, "asks": asks, "settled": False}
    return {row("message", message): {"incident": str(incident), **columns}}


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionWithdrawn(Fact):
    """The desk no longer needs the answer."""

    incident: UUID
    message: UUID

    def sets(self) -> Mapping[str, Row]:
        return {row("message", self.message): {"settled": True}}


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagesRead(Fact):
    """The desk took note of what the reporter wrote, without answering."""

    incident: UUID
    messages: tuple[UUID, ...]
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowCodeRenewed(Fact):
    """The code given out before no longer opens the report."""

    incident: UUID
    reporter: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ReporterErased(Fact):
    """Without a reason: the period of such data was over."""

    incident: UUID
    reporter: UUID
    reason: Said | None = None

    def sets(self) -> Mapping[str, Row]:
        gone: Row = dict.fromkeys(("name", "contact", "when_said", "where_said", "answers"), None)
        return {row("reporter", self.reporter): gone, **said(self.reason)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated(Fact):
    """The reporter said how satisfied they were."""

    incident: UUID
    rating: UUID
    score: int
    words: Commitment

    def sets(self) -> Mapping[str, Row]:
        whose: dict[str, JSON] = {"incident": str(self.incident)}
        return {row("rating", self.rating): {**whose, "score": self.score, "words": self.words.digest}}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportingSet(Fact):
    """How the site takes reports from now on."""

    rules: UUID
    number: int
    open_to_all: bool
    organisation: UUID
    answer_days: int

    def sets(self) -> Mapping[str, Row]:
        columns: dict[str, JSON] = {"number": self.number, "open_to_all": self.open_to_all}
        return {
            row("reporting", self.rules): {
                **columns,
                "organisation": str(self.organisation),
                "answer_days": self.answer_days,
            }
        }
