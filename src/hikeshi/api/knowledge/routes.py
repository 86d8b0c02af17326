"""Answers to common questions: for whoever writes them, and as they are read."""

from datetime import date
from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import get_language
from ninja import Query, Router
from pydantic import Field

from hikeshi.api.callers import Request
from hikeshi.api.incidents.saving import GUARDED, current, tag
from hikeshi.api.shapes import Code, Input, Line, Listed, Output, Reason, Text, Time, Words, whole
from hikeshi.kernel.versions import Version
from hikeshi.knowledge import actions, queries
from hikeshi.knowledge.drafts import AnswerDraft, Audience

router = Router(tags=["answers"], by_alias=True)
Stand = Annotated[str, Query("", max_length=12, description="`published`, `unpublished`, `newer` or `due`.")]


class Said(Output):
    question_ja: str
    question_en: str
    answer_ja: str = Field(description="Markdown.")
    answer_en: str = Field(description="Markdown.")
    keywords: str = Field(description="What people may call it besides.")
    audience: Audience
    owner: str = Field(description="`person:<uuid>` or `team:<uuid>`; empty: nobody's.")
    review: date | None = Field(description="To be looked at again by.")


class Answer(Said):
    """As its newest version says; ``published``: the version people read."""

    uuid: UUID
    version: int
    published: int | None
    helped: int
    unhelped: int
    solved: int = Field(description="No report was needed.")
    due: bool = Field(description="The day of its review has come.")


class Answers(Listed[Answer]):
    pass


class AnswerVersion(Output):
    number: int
    said: Said
    why: str
    made_by: str
    at: Time | None


class AnswerVersions(Listed[AnswerVersion]):
    pass


class Read(Output):
    uuid: UUID
    question: str
    answer: str = Field(description="Markdown.")
    changed: date


class Reads(Listed[Read]):
    pass


class AnswerNew(Input):
    question_ja: Line
    question_en: Line
    answer_ja: Text
    answer_en: Text
    keywords: Line = ""
    audience: Audience = Audience.SIGNED_IN
    owner: Code = Field(default="", description="`person:<uuid>` or `team:<uuid>`.")
    review: date | None = None
    why: Reason = Field(default="", description="Why it changes.")

    @property
    def draft(self) -> AnswerDraft:
        return AnswerDraft(**self.model_dump(exclude={"why", "version"}))


class AnswerChanged(AnswerNew):
    version: int | None = Field(default=None, strict=True, description="The version you read; see Saving.")


class Number(Input):
    version: int = Field(ge=1, le=2_000_000_000, strict=True)


@router.get("/faq", response=Reads, summary="Published answers in your language; with words, the nearest first")
def read_answers(request: Request, q: Words = "") -> Reads:
    language = get_language() or "ja"
    if q:
        return whole(Reads, queries.nearest(request.auth, q, language, most=queries.FOUND))
    return whole(Reads, queries.published(request.auth, language))


@router.get("/answers", response=Answers, summary="Answers to common questions, published or not")
def list_answers(request: Request, q: Words = "", stand: Stand = "") -> Answers:
    return whole(Answers, [_line(one) for one in queries.lines(request.auth, q=q, stand=stand)])


@router.post("/answers", response={201: Answer}, summary="Write an answer; nobody reads it before it is published")
def write_answer(request: Request, new: AnswerNew, response: HttpResponse) -> Answer:
    made = actions.write_answer(by=request.auth, draft=new.draft, why=new.why)
    response["Location"] = f"/api/v1/answers/{made.answer.uuid}"
    return _shown(request, made.answer.uuid, response)


@router.get("/answers/{answer}", response=Answer, summary="One of them, as its newest version says")
def show_answer(request: Request, answer: UUID, response: HttpResponse) -> Answer:
    return _shown(request, answer, response)


@router.put("/answers/{answer}", response=Answer, summary="Its next version", openapi_extra=GUARDED)
def change_answer(request: Request, answer: UUID, said: AnswerChanged, response: HttpResponse) -> Answer:
    read = current(request, said.version, lambda: queries.whole(request.auth, answer).newest.number)
    actions.write_answer(by=request.auth, draft=said.draft, answer=answer, why=said.why, version=read)
    return _shown(request, answer, response)


@router.get("/answers/{answer}/versions", response=AnswerVersions, summary="All it ever said, newest first")
def list_answer_versions(request: Request, answer: UUID) -> AnswerVersions:
    found = queries.whole(request.auth, answer)
    return whole(AnswerVersions, [_version(one, found.names.get(one.made_by, "")) for one in found.versions])


@router.post("/answers/{answer}/publish", response=Answer, summary="People read this version from now on")
def publish_answer(request: Request, answer: UUID, wanted: Number, response: HttpResponse) -> Answer:
    actions.publish_answer(by=request.auth, answer=answer, number=wanted.version)
    return _shown(request, answer, response)


@router.post("/answers/{answer}/withdraw", response=Answer, summary="Nobody reads it any more")
def withdraw_answer(request: Request, answer: UUID, response: HttpResponse) -> Answer:
    actions.withdraw_answer(by=request.auth, answer=answer)
    return _shown(request, answer, response)


def _shown(request: Request, answer: UUID, response: HttpResponse) -> Answer:
    found = queries.whole(request.auth, answer)
    line = queries.line(found.line, found.newest.terms)
    response["ETag"] = tag(line.newest)
    return _line(line)


def _line(one: queries.Line) -> Answer:
    counted = {name: getattr(one, name) for name in ("uuid", "published", "helped", "unhelped", "solved", "due")}
    return Answer(**Said.model_validate(one.said).model_dump(), version=one.newest, **counted)


def _version(one: Version[AnswerDraft], made_by: str) -> AnswerVersion:
    said = Said.model_validate(one.terms)
    return AnswerVersion(number=one.number, said=said, why=one.why, made_by=made_by, at=one.at)
