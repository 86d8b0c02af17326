"""Reports by people, and the conversation with whoever reported."""

import secrets
from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from hikeshi.api.callers import Request
from hikeshi.api.forms.schemas import WordsShown
from hikeshi.api.incidents import shapes
from hikeshi.api.incidents.saving import Ref, shown
from hikeshi.api.incidents.schemas import Level
from hikeshi.api.shapes import Code, Input, Line, Output, Reason, Text, Time
from hikeshi.forms import queries as forms
from hikeshi.incidents import actions
from hikeshi.incidents import queries as incidents
from hikeshi.incidents.codes import RecordClass
from hikeshi.incidents.reporting import Purpose, Via

router = Router(tags=["reports"], by_alias=True)


class ReportNew(Input):
    """As the form asks it. Nobody is asked how grave it is."""

    purpose: Purpose
    what: Text
    when: Line = Field(default="", description="In the reporter's words.")
    where: Line = Field(default="", description="In the reporter's words.")
    did: list[Code] = Field(default=[], max_length=10, description="`clicked`, `opened`, `entered`, `paid` …")
    likeness: Code = Field(default="", description="What it is most like: `message`, `locked`, `lost` …")
    name: Line = ""
    contact: Line = ""
    language: Code = Field(default="", description="`ja` or `en`; yours if left out.")


class Report(Output):
    ref: str
    report: UUID
    follow_code: str = Field(description="Shown once. With it, the report is followed at `/report/follow/`.")


class MessageNew(Input):
    """The reporter will read it. At most one of the two."""

    text: Text
    asks: bool = Field(default=False, strict=True, description="A question; open until answered.")
    closes: bool = Field(default=False, strict=True, description="The answer that ends a request.")


class Message(Output):
    uuid: UUID
    side: str = Field(description="`desk` or `reporter`.")
    text: str
    at: Time
    asks: bool
    spoken: bool = Field(description="Said on the telephone.")
    settled_at: Time | None
    read_at: Time | None


class Reporter(Output):
    uuid: UUID
    purpose: str
    via: str
    name: str
    contact: str
    language: str
    when_said: str
    where_said: str
    did: list[str]
    likeness: str
    at: Time
    erased_at: Time | None


class Told(Output):
    """To a question of the form that was used, in its words; of a choice, the words of the choice."""

    key: str
    kind: str
    question: WordsShown
    answers: list[WordsShown]
    thing: str = Field(description="Which one was chosen: `asset:<uuid>`, `department:` or `person:`; else empty.")


class Rating(Output):
    score: int
    words: str
    at: Time


class Conversation(Output):
    """What the reporter sees; notes are not among it. The latest 200, newest first."""

    reporter: Reporter
    told: list[Told] = Field(description="What a form of the site asked besides, and what was answered.")
    messages: list[Message]
    total: int
    unread: int = Field(description="What the reporter wrote and nobody has taken note of.")
    rating: Rating | None


class TurnIntoIncident(Input):
    kind: Code
    reason: Reason
    impact: Level | None = None
    effect: Level | None = None
    urgency: Level | None = None
    record_class: Annotated[RecordClass, Field(alias="class")] = RecordClass.INCIDENT
    version: Annotated[int | None, Field(ge=0, le=2_000_000_000, strict=True)] = None


@router.post("/reports", response={201: Report}, summary="Report something")
def report(request: Request, new: ReportNew) -> Report:
    """Yours, as at the form. Send it again with the same ``Idempotency-Key`` and it is the same report."""
    received = actions.report(by=request.auth, via=Via.API, nonce=secrets.token_hex(16), **new.model_dump())
    return Report(ref=received.incident.ref, report=received.reporter.uuid, follow_code=received.code)


@router.get("/incidents/{ref}/messages", response=Conversation, summary="The conversation with the reporter")
def show_conversation(request: Request, ref: Ref) -> Conversation:
    found = incidents.conversation(request.auth, ref)
    told = [
        Told(
            key=one.key,
            kind=one.kind,
            question=WordsShown.model_validate(one.label),
            answers=[WordsShown.model_validate(each) for each in one.answers],
            thing=one.thing,
        )
        for one in forms.told(found.reporter)
    ]
    names = ("reporter", "messages", "total", "unread", "rating")
    return Conversation.model_validate({**{name: getattr(found, name) for name in names}, "told": told})


@router.post("/incidents/{ref}/messages", response={201: Message}, summary="Write to the reporter")
def reply(request: Request, ref: Ref, new: MessageNew) -> Message:
    return Message.model_validate(actions.reply(by=request.auth, ref=ref, **new.model_dump()))


@router.post("/incidents/{ref}/messages/read", response={204: None}, summary="Take note of what the reporter wrote")
def mark_read(request: Request, ref: Ref) -> None:
    actions.mark_read(by=request.auth, ref=ref)


@router.post("/incidents/{ref}/messages/{message}/withdraw", response={204: None}, summary="Withdraw a question")
def withdraw_question(request: Request, ref: Ref, message: UUID) -> None:
    actions.withdraw_question(by=request.auth, ref=ref, message=message)


@router.post("/incidents/{ref}/turn_into_incident", response=shapes.Incident, summary="It is an incident after all")
def turn_into_incident(request: Request, ref: Ref, new: TurnIntoIncident, response: HttpResponse) -> shapes.Incident:
    return shown(response, actions.turn_into_incident(by=request.auth, ref=ref, **new.model_dump()))
