"""Outages that people at the portal are told of."""

from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import BeforeValidator, Field

from hikeshi.api.callers import Request
from hikeshi.api.incidents.saving import GUARDED, Ref, current, tag
from hikeshi.api.shapes import Cursor, Input, Limit, Line, Listed, Output, Text, Time, Words, listed, related
from hikeshi.kernel.paging import paginate
from hikeshi.notices import actions, queries
from hikeshi.notices.drafts import Audience, News, OutageDraft

router = Router(tags=["known outages"], by_alias=True)
Stand = Annotated[str, Query("", max_length=8, description="`going`, `late` or `over`; empty: all.")]


class NoticePiece(Output):
    uuid: UUID
    text_ja: str
    text_en: str
    at: Time


class OutageShort(Output):
    uuid: UUID
    ref: str = Field(description="The record it is told of.")
    title_ja: str
    title_en: str
    services_ja: str = Field(description="What does not work, as people call it.")
    services_en: str
    since: Time
    expected_end: Time | None
    audience: Audience
    published_at: Time
    ended_at: Time | None
    ended_because: str = Field(description="`said`, `closed`, `merged` or `restricted`; empty while it goes on.")
    also: int = Field(description="How many said that they have it too.")
    version: int


class Outages(Listed[OutageShort]):
    pass


class Outage(OutageShort):
    news: Annotated[list[NoticePiece], BeforeValidator(related)] = Field(
        description="What people were told, oldest first."
    )


class NewsWritten(Input):
    text_ja: Text = Field(description="What people should know and do.")
    text_en: Text


class OutageWritten(NewsWritten):
    title_ja: Line = Field(description="What people call it.")
    title_en: Line
    since: Time
    services_ja: Line = ""
    services_en: Line = ""
    expected_end: Time | None = None
    audience: Audience = Audience.SIGNED_IN

    @property
    def draft(self) -> OutageDraft:
        return OutageDraft(**self.model_dump(exclude={"version"}))


class OutageUpdated(OutageWritten):
    version: int | None = Field(default=None, strict=True, description="The version you read; see Saving.")


@router.get("/outages", response=Outages, summary="Outage notices, newest first")
def list_outages(
    request: Request, q: Words = "", stand: Stand = "", cursor: Cursor = None, limit: Limit = 50
) -> Outages:
    rows = queries.listed(request.auth, q=q, stand=stand)
    return listed(Outages, paginate(rows, order=queries.NEWEST, cursor=cursor, limit=limit))


@router.get("/outages/{outage}", response=Outage, summary="One of them, with all that was told")
def show_outage(request: Request, outage: UUID, response: HttpResponse) -> Outage:
    return _shown(response, queries.one(request.auth, outage))


@router.get("/incidents/{ref}/outage", response=Outage, summary="What people are told of this record now")
def show_going_outage(request: Request, ref: Ref, response: HttpResponse) -> Outage:
    return _shown(response, queries.going_on(request.auth, ref))


@router.post("/incidents/{ref}/outage", response={201: Outage}, summary="Tell people of this outage")
def publish_outage(request: Request, ref: Ref, new: OutageWritten, response: HttpResponse) -> Outage:
    made = actions.publish_outage(by=request.auth, ref=ref, draft=new.draft)
    response["Location"] = f"/api/v1/outages/{made.uuid}"
    return _shown(response, made)


@router.put("/incidents/{ref}/outage", response=Outage, summary="Tell people what is new", openapi_extra=GUARDED)
def update_outage(request: Request, ref: Ref, news: OutageUpdated, response: HttpResponse) -> Outage:
    read = current(request, news.version, lambda: queries.going_on(request.auth, ref).version)
    return _shown(response, actions.update_outage(by=request.auth, ref=ref, draft=news.draft, version=read))


@router.post("/incidents/{ref}/outage/end", response=Outage, summary="Tell people that it is over")
def end_outage(request: Request, ref: Ref, news: NewsWritten, response: HttpResponse) -> Outage:
    return _shown(response, actions.end_outage(by=request.auth, ref=ref, news=News(news.text_ja, news.text_en)))


def _shown(response: HttpResponse, row: queries.Outage) -> Outage:
    response["ETag"] = tag(row.version)
    return Outage.model_validate(row)
