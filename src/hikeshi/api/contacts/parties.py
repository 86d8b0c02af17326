"""Outside parties: police, forensic firm, lawyers, insurer, cloud, contractors; and who does what."""

from datetime import date, timedelta
from uuid import UUID

from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from hikeshi.accounts import actions, contacts, public_desks, queries, stale
from hikeshi.accounts.drafts import PartyDraft, ResponsibilityDraft
from hikeshi.accounts.permissions import Verb
from hikeshi.api.callers import Request
from hikeshi.api.contacts.ways import Way, WayNew, shown
from hikeshi.api.shapes import Code, Cursor, Input, Limit, Line, Listed, Output, Text, Words
from hikeshi.kernel.paging import paginate

router = Router(tags=["contacts"], by_alias=True)


class Party(Output):
    uuid: UUID
    kind: str
    name: str
    duty: str
    language: str
    time_zone: str
    hours: str
    contract: str
    contract_until: date | None
    note: str
    version: int


class Parties(Listed[Party]):
    pass


class Responsibility(Output):
    service: str
    task: str
    who: str
    note: str


class PartyWhole(Party):
    ways: list[Way]
    desks: list["PartyWhole"] = Field(default=[], description="Desks and contact persons, each with its own ways.")
    responsibilities: list[Responsibility] = []


class PartyEdit(Input):
    """As a whole: what is left out is emptied."""

    name: Line
    kind: Code = "other"
    duty: Line = ""
    language: Code = Field(default="", description="Empty: the site's.")
    time_zone: Code = Field(default="", description="Empty: the site's.")
    hours: Line = ""
    contract: Text = ""
    contract_until: date | None = None
    note: Text = ""
    deputy: UUID | None = None
    keeper: UUID | None = None
    version: int | None = Field(default=None, description="The one you read; none saves over whatever is there.")

    @property
    def draft(self) -> PartyDraft:
        return PartyDraft(**self.model_dump(include=set(PartyDraft.__dataclass_fields__)))


class PartyNew(PartyEdit):
    organisation: UUID | None = Field(default=None, description="Whose contact; none: the topmost.")
    under: UUID | None = Field(default=None, description="A desk or contact person of this party.")


class ResponsibilityLine(Input):
    service: Line
    task: Line
    who: Code = Field(description="`us`, `them` or `shared`.")
    note: Line = ""


class Responsibilities(Input):
    lines: list[ResponsibilityLine] = Field(max_length=200)


def _whole(request: Request, uuid: UUID) -> PartyWhole:
    found = contacts.whole_party(request.auth, uuid)
    after = stale.stale_after()
    desks = [_with_ways(one, after) for one in found.desks.all()]
    lines = [Responsibility.model_validate(one) for one in found.responsibilities.all()]
    return _with_ways(found, after).model_copy(update={"desks": desks, "responsibilities": lines})


def _with_ways(party: contacts.Party, after: timedelta) -> PartyWhole:
    brief = Party.model_validate(party).model_dump()
    return PartyWhole(**brief, ways=[shown(one, after) for one in party.ways.all()])


@router.get("/contacts/parties", response=Parties, summary="Outside parties")
def list_parties(request: Request, q: Words = "", kind: Code = "", cursor: Cursor = None, limit: Limit = 50) -> Parties:
    request.auth.must(Verb.VIEW)
    page = paginate(contacts.parties(request.auth, q=q, kind=kind), order=("id",), cursor=cursor, limit=limit)
    items = [Party.model_validate(one) for one in page.items]
    return Parties(items=items, next=page.next, total=page.total, total_exact=page.total_exact)


@router.post("/contacts/parties", response={201: PartyWhole}, summary="Add an outside party, or a desk of one")
def add_party(request: Request, new: PartyNew, response: HttpResponse) -> PartyWhole:
    made = actions.add_party(by=request.auth, draft=new.draft, organisation=new.organisation, under=new.under)
    response["Location"] = f"/api/v1/contacts/parties/{made.uuid}"
    return _whole(request, made.uuid)


@router.get("/contacts/parties/{party}", response=PartyWhole, summary="One, with its desks, ways and who does what")
def show_party(request: Request, party: UUID) -> PartyWhole:
    return _whole(request, party)


@router.put("/contacts/parties/{party}", response=PartyWhole, summary="Say anew what is known of it")
def edit_party(request: Request, party: UUID, change: PartyEdit) -> PartyWhole:
    actions.edit_party(by=request.auth, party=party, draft=change.draft, version=change.version)
    return _whole(request, party)


@router.post("/contacts/parties/{party}/retire", response=PartyWhole, summary="Put out of use")
def retire_party(request: Request, party: UUID) -> PartyWhole:
    actions.retire_party(by=request.auth, party=party)
    return _whole(request, party)


@router.post("/contacts/parties/{party}/reinstate", response=PartyWhole, summary="Put in use again")
def reinstate_party(request: Request, party: UUID) -> PartyWhole:
    actions.reinstate_party(by=request.auth, party=party)
    return _whole(request, party)


@router.post("/contacts/parties/{party}/ways", response={201: Way}, summary="Add a way to reach it")
def add_party_way(request: Request, party: UUID, new: WayNew) -> Way:
    return shown(actions.add_way(by=request.auth, owner=f"party:{party}", **dict(new)))


@router.put("/contacts/parties/{party}/responsibilities", response=PartyWhole, summary="Who does what")
def set_responsibilities(request: Request, party: UUID, wanted: Responsibilities) -> PartyWhole:
    lines = [ResponsibilityDraft(**one.model_dump()) for one in wanted.lines]
    actions.set_responsibilities(by=request.auth, party=party, lines=lines)
    return _whole(request, party)


class PublicDesk(Output):
    code: str
    edition: int
    name: str
    duty: str
    note: str
    source: str = Field(description="Where it was read.")
    as_of: date | None = Field(description="The date the source bears.")
    read: date
    party: UUID | None = Field(description="What this site made of it.")
    newer: bool = Field(description="Taken up, and said otherwise by now.")


class PublicDesks(Output):
    items: list[PublicDesk]


class TakeUp(Input):
    organisation: UUID | None = Field(default=None, description="Whose contact; none: the topmost.")


@router.get("/contacts/public_desks", response=PublicDesks, summary="Police, IPA, JPCERT/CC and others to take up")
def list_public_desks(request: Request) -> PublicDesks:
    request.auth.must(Verb.VIEW)
    language = queries.site().language
    return PublicDesks(items=[_public(one, language) for one in public_desks.offers(request.auth)])


def _public(one: public_desks.Offer, language: str) -> PublicDesk:
    desk = one.desk
    return PublicDesk(
        code=one.code,
        edition=desk.edition,
        **{name: desk.text(name, language) for name in public_desks.TEXTS},
        source=desk.source,
        as_of=desk.as_of,
        read=desk.read,
        party=one.party.uuid if one.party else None,
        newer=one.is_newer,
    )


@router.post("/contacts/public_desks/{code}/take_up", response=PartyWhole, summary="Make it a contact, or renew it")
def take_up_desk(request: Request, code: str, wanted: TakeUp) -> PartyWhole:
    made = actions.take_up_desk(by=request.auth, desk=code, organisation=wanted.organisation)
    return _whole(request, made.uuid)
