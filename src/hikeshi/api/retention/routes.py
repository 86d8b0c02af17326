"""How long data is kept, and which records are held."""

from ninja import Router
from pydantic import Field

from hikeshi.api.callers import Request
from hikeshi.api.incidents.saving import Ref
from hikeshi.api.shapes import Input, Listed, Output, Reason, Time, whole
from hikeshi.incidents import actions as incidents
from hikeshi.incidents import queries as records
from hikeshi.retention import actions, queries

router = Router(tags=["retention"], by_alias=True)


class Waiting(Output):
    """What is over at this moment."""

    count: int = Field(description="Exact to 10,000.")
    exact: bool
    oldest: Time | None


class Category(Output):
    code: str
    days: int | None = Field(description="Null: kept until somebody decides.")
    least: int | None = Field(description="Days that a law or standard asks of those it applies to.")
    floor: int = Field(description="Days below which nobody can set it.")
    version: int
    waiting: Waiting
    next_at: Time | None
    ran_at: Time | None
    gone: int = Field(description="Rows the last run took away.")


class Categories(Listed[Category]):
    pass


class Period(Input):
    days: int | None = Field(ge=1, le=36_525)
    sure: bool = Field(default=False, strict=True, description="Needed where rows would go, or below `least`.")
    version: int | None = None


class Hold(Output):
    """``since`` null: none stands."""

    since: Time | None = None
    by: str = ""
    reason: str = ""


class HoldChange(Input):
    reason: Reason


def _shown(kept: queries.Kept) -> Category:
    least = kept.category.least
    names = ("code", "days", "version", "next_at", "ran_at", "gone")
    said = {name: getattr(kept, name) for name in names}
    waiting = Waiting.model_validate(kept.waiting)
    return Category(**said, least=least.days if least else None, floor=kept.category.floor, waiting=waiting)


@router.get("/retention", response=Categories, summary="How long each kind of data is kept, and what would go now")
def list_periods(request: Request) -> Categories:
    return whole(Categories, [_shown(one) for one in queries.kept(request.auth)])


@router.put("/retention/{code}", response=Category, summary="Keep a kind of data for so many days")
def set_period(request: Request, code: str, period: Period) -> Category:
    actions.set_period(by=request.auth, category=code, **period.model_dump())
    return _shown(queries.kept_of(request.auth, code))


@router.get("/incidents/{ref}/hold", response=Hold, summary="The hold that keeps a record from deletion")
def show_hold(request: Request, ref: Ref) -> Hold:
    return _held(request, ref)


@router.put("/incidents/{ref}/hold", response=Hold, summary="Keep all of a record, whatever its periods say")
def hold_record(request: Request, ref: Ref, change: HoldChange) -> Hold:
    incidents.hold_record(by=request.auth, ref=ref, reason=change.reason)
    return _held(request, ref)


@router.post("/incidents/{ref}/hold/lift", response={204: None}, summary="Let the periods count again")
def release_record(request: Request, ref: Ref, change: HoldChange) -> None:
    incidents.release_record(by=request.auth, ref=ref, reason=change.reason)


def _held(request: Request, ref: str) -> Hold:
    found = records.hold_of(request.auth, ref)
    return Hold() if found is None else Hold.model_validate(found)
