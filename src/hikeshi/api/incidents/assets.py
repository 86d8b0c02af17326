"""What of ours a record has hit."""

from uuid import UUID

from django.http import HttpResponse
from ninja import Router
from pydantic import BaseModel, Field

from hikeshi.api.assets.schemas import AssetBrief
from hikeshi.api.callers import Request
from hikeshi.api.incidents.saving import Ref, shown
from hikeshi.api.incidents.schemas import Because
from hikeshi.api.incidents.shapes import Incident
from hikeshi.api.shapes import Input, Output, Reason, Time
from hikeshi.incidents import actions
from hikeshi.incidents import queries as incidents
from hikeshi.phrases.urgency import raised

router = Router(tags=["parts of an incident"], by_alias=True)


class LinkedAsset(Output):
    asset: AssetBrief
    how: str = Field(description="What of it was named: `called` (its name), `name`, `address`, … or `person`.")
    value: str = Field(description="What an alert called it.")
    linked_at: Time
    restore_stale: bool


class RaisedUrgency(Output):
    asset: AssetBrief | None = Field(description="Null where you may not see it.")
    criticality: int
    asked: int = Field(description="What the urgency would be without it.")
    sentence: str = Field(description="In the reader's language.")


class Struck(Output):
    items: list[LinkedAsset]
    nearby: list[AssetBrief] = Field(description="Possibly affected, since they need what is hit.")
    raised: RaisedUrgency | None


class AssetLink(Input):
    asset: UUID
    reason: Reason = ""


@router.get("/incidents/{ref}/assets", response=Struck, summary="Assets that are hit, and what they do to the urgency")
def show_assets(request: Request, ref: Ref) -> BaseModel:
    found = incidents.struck(request.auth, incidents.incident(request.auth, ref))
    items = [
        {
            "asset": line.asset,
            "how": line.link.how,
            "value": line.link.value,
            "linked_at": line.link.linked_at,
            "restore_stale": line.restore_stale,
        }
        for line in found.linked
    ]
    why = found.raised and {
        "asset": found.raised.asset,
        "criticality": found.raised.criticality,
        "asked": found.raised.asked,
        "sentence": raised(found.raised.name, found.raised.criticality),
    }
    return Struck.model_validate({"items": items, "nearby": found.nearby, "raised": why})


@router.post("/incidents/{ref}/assets", response=Incident, summary="Say that an asset is hit")
def link_asset(request: Request, ref: Ref, new: AssetLink, response: HttpResponse) -> Incident:
    actions.link_asset(by=request.auth, ref=ref, asset=new.asset, reason=new.reason)
    return shown(response, incidents.incident(request.auth, ref))


@router.post("/incidents/{ref}/assets/{asset}/unlink", response=Incident, summary="Say that it is not hit after all")
def unlink_asset(request: Request, ref: Ref, asset: UUID, because: Because, response: HttpResponse) -> Incident:
    actions.unlink_asset(by=request.auth, ref=ref, asset=asset, reason=because.reason)
    return shown(response, incidents.incident(request.auth, ref))
