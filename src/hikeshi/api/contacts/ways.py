"""How people and outside parties are reached, how far that is proven, and whom to call first."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from hikeshi.accounts import actions, contacts, queries, reaching, sheets, stale
from hikeshi.accounts import addresses as spelling
from hikeshi.accounts.drafts import CallLineDraft
from hikeshi.accounts.permissions import Verb
from hikeshi.accounts.ways import Kind
from hikeshi.api.callers import Request
from hikeshi.api.shapes import Code, Cursor, Input, Limit, Line, Listed, Output, Time
from hikeshi.kernel.paging import Page, paginate

router = Router(tags=["contacts"], by_alias=True)


class Way(Output):
    uuid: UUID
    owner: str = Field(description="`person:<uuid>` or `party:<uuid>`.")
    kind: str
    address: str = Field(description="Numbers as E.164, with `;ext=`; what could be written to with it is cut short.")
    label: str
    language: str
    hours: str = Field(description="`mon-fri 09:00-18:00; sat 10:00-12:00`; empty is at any time.")
    standing: str = Field(description="`proven`, `stale`, `never`, or `trouble`.")
    proven_at: Time | None
    proof: str = Field(description="`answered`, `called`, `confirmed`, or empty.")
    trouble: str = Field(description="`bounced`, `silent`, `wrong`, or empty.")


class Ways(Output):
    """In the order they are tried."""

    items: list[Way]


class WayNew(Input):
    kind: Code
    address: Line
    label: Line = ""
    language: Code = ""
    hours: Line = ""


class WayChange(Input):
    """What is left out is emptied, but for the address."""

    address: Line | None = None
    label: Line = ""
    language: Code = ""
    hours: Line = ""


class WayOrder(Input):
    order: list[UUID] = Field(max_length=50)


class WayProof(Input):
    how: Code = "called"


class WayDoubt(Input):
    why: Code


class StaleWays(Listed[Way]):
    pass


class Called(Output):
    owner: str
    name: str
    purpose: str
    duty: str
    hours: str
    time_zone: str
    deputy: str
    active: bool
    ways: list[Way]


class CallSheet(Output):
    proposed: bool = Field(description="Nobody has chosen an order yet; this is a proposal.")
    called: list[Called]


class CallLine(Input):
    owner: Line
    purpose: Line = ""


class CallOrder(Input):
    lines: list[CallLine] = Field(max_length=40)


def shown(row: contacts.StoredWay, after: timedelta | None = None) -> Way:
    """``after``: when a proof is too old, asked once where several are shown."""
    kind, owner = Kind(row.kind), contacts.holder(row)
    return Way(
        uuid=row.uuid,
        owner=owner.ref if isinstance(owner, contacts.Party) else f"person:{owner.uuid}",
        kind=row.kind,
        address=spelling.hidden(kind, reaching.address_of(row)),
        label=row.label,
        language=row.language,
        hours=row.hours,
        standing=stale.standing_of(row, after or stale.stale_after()),
        proven_at=row.proven_at,
        proof=row.proof,
        trouble=row.trouble,
    )


@router.get("/contacts/people/{uuid}/ways", response=Ways, summary="How somebody is reached")
def list_person_ways(request: Request, uuid: UUID) -> Ways:
    after = stale.stale_after()
    return Ways(items=[shown(one, after) for one in contacts.ways_of_person(request.auth, uuid)])


@router.post("/contacts/people/{uuid}/ways", response={201: Way}, summary="Add a way to reach somebody")
def add_person_way(request: Request, uuid: UUID, new: WayNew, response: HttpResponse) -> Way:
    made = actions.add_way(by=request.auth, owner=f"person:{uuid}", **dict(new))
    response["Location"] = f"/api/v1/contacts/ways/{made.uuid}"
    return shown(made)


@router.put("/contacts/people/{uuid}/ways/order", response=Ways, summary="Which way is tried first")
def order_person_ways(request: Request, uuid: UUID, wanted: WayOrder) -> Ways:
    actions.order_ways(by=request.auth, owner=f"person:{uuid}", order=wanted.order)
    return list_person_ways(request, uuid)


@router.get("/contacts/ways/{way}", response=Way, summary="One way")
def show_way(request: Request, way: UUID) -> Way:
    return shown(contacts.stored_way(request.auth, way))


@router.put("/contacts/ways/{way}", response=Way, summary="Change a way; another address has to be proven anew")
def change_way(request: Request, way: UUID, change: WayChange) -> Way:
    return shown(actions.change_way(by=request.auth, way=way, **dict(change)))


@router.delete("/contacts/ways/{way}", response={204: None}, summary="Take a way out")
def remove_way(request: Request, way: UUID) -> None:
    actions.remove_way(by=request.auth, way=way)


@router.post("/contacts/ways/{way}/prove", response=Way, summary="Somebody answered there, now")
def prove_way(request: Request, way: UUID, proof: WayProof) -> Way:
    return shown(actions.prove_way(by=request.auth, way=way, how=proof.how))


@router.post("/contacts/ways/{way}/doubt", response=Way, summary="It leads nowhere, or to somebody else")
def doubt_way(request: Request, way: UUID, doubt: WayDoubt) -> Way:
    return shown(actions.doubt_way(by=request.auth, way=way, why=doubt.why))


@router.get("/contacts/stale", response=StaleWays, summary="Ways in doubt, never proven, or not for long")
def list_stale(request: Request, cursor: Cursor = None, limit: Limit = 50) -> StaleWays:
    """The worst first."""
    request.auth.must(Verb.VIEW)
    page = paginate(stale.ways(request.auth), order=stale.ORDER, cursor=cursor, limit=limit)
    return _stale(page)


def _stale(page: Page[contacts.StoredWay]) -> StaleWays:
    after = stale.stale_after()
    items = [shown(one, after) for one in page.items]
    return StaleWays(items=items, next=page.next, total=page.total, total_exact=page.total_exact)


@router.get("/contacts/sheets/{organisation}", response=CallSheet, summary="Whom to call, in which order")
def show_call_sheet(request: Request, organisation: UUID) -> CallSheet:
    found = sheets.sheet(request.auth, queries.organisation(request.auth, organisation))
    after = stale.stale_after()
    called = [
        Called(
            owner=one.owner,
            name=one.name,
            purpose=one.purpose,
            duty=one.duty,
            hours=one.hours,
            time_zone=one.zone,
            deputy=one.deputy,
            active=one.active,
            ways=[shown(way, after) for way in one.ways],
        )
        for one in found.called
    ]
    return CallSheet(proposed=found.proposed, called=called)


@router.put("/contacts/sheets/{organisation}", response=CallSheet, summary="Settle whom to call, in which order")
def set_call_sheet(request: Request, organisation: UUID, wanted: CallOrder) -> CallSheet:
    lines = [CallLineDraft(one.owner, one.purpose) for one in wanted.lines]
    actions.set_call_sheet(by=request.auth, organisation=organisation, lines=lines)
    return show_call_sheet(request, organisation)
