"""Mailboxes whose mail becomes reports or alerts. Passwords are written and never read."""

from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from hikeshi.api.callers import Request
from hikeshi.api.shapes import Code, Input, Line, Listed, Output, Text, Time, whole
from hikeshi.mailboxes import actions, queries, trying
from hikeshi.mailboxes.codes import Carries
from hikeshi.mailboxes.queries import Mailbox as Row

router = Router(tags=["mailboxes"], by_alias=True)
_PLAIN = ("imap_host", "imap_port", "imap_security", "imap_auth", "imap_username", "imap_folder")
_TOKEN = ("oauth_tenant", "oauth_client_id", "oauth_token_url")
_SECRET = ("imap_password", "oauth_client_secret", "oauth_service_key", "oauth_refresh_token")


class Mailbox(Output):
    uuid: UUID
    name: str
    address: str
    carries: Carries
    source: str = Field(description="For alerts: whose mapping reads them.")
    on: bool
    answers: bool = Field(description="Whether whoever reports is told that it arrived.")
    trusted: str
    senders: str
    imap_host: str = Field(description="Empty: its mail comes by the receiver alone.")
    imap_port: str
    imap_security: str
    imap_auth: str
    imap_username: str
    imap_folder: str
    oauth_tenant: str
    oauth_client_id: str
    oauth_token_url: str
    has_password: bool = Field(description="Whether a password or another secret is kept.")
    read_at: Time | None
    trouble: str = Field(description="Why it cannot be read: a code, or empty.")
    version: int


class Mailboxes(Listed[Mailbox]):
    pass


class MailboxNew(Input):
    name: Line
    address: Line
    carries: Carries
    source: Code = ""
    on: bool = False
    answers: bool = True
    trusted: Text = Field("", description="Servers whose word about a sender counts, one a line.")
    senders: Text = Field("", description="Addresses or domains whose alerts count, one a line. Empty: everybody's.")
    imap_host: Line = ""
    imap_port: Annotated[str, Field(max_length=5)] = ""
    imap_security: Code = Field("tls", description="`tls` (993), `starttls` (143, before the password) or `none`.")
    imap_auth: Code = Field(
        "password",
        description=(
            "`password`, or a token: `microsoft` (tenant, client and its secret), `google_service` (key of a service"
            " account) or `google_account` (client, its secret, refresh token)."
        ),
    )
    imap_username: Line = ""
    imap_password: Line = Field("", description="Empty keeps the one that is set.")
    imap_folder: Line = "INBOX"
    oauth_tenant: Line = ""
    oauth_client_id: Line = ""
    oauth_client_secret: Line = Field("", description="Empty keeps the one that is set, as with the next two.")
    oauth_service_key: Text = Field("", description="The JSON file that Google gives.")
    oauth_refresh_token: Annotated[str, Field(max_length=4_000)] = ""
    oauth_token_url: Line = Field("", description="Empty: Microsoft's or Google's own.")


class MailboxChange(MailboxNew):
    version: int | None = Field(None, description="The number that was read; an older one answers 409.")


class MailboxStep(Output):
    step: str = Field(
        description="`name`, `reach`, `tls`, `greeting`, `token`, `sign_in` or `folder`, in the order they are taken."
    )
    state: str = Field(description="`done`, `failed`, or `left` for what was not come to.")


class MailboxTrial(Output):
    works: bool
    steps: list[MailboxStep]
    trouble: str = Field(description="A code, or empty.")
    detail: str = Field(description="What TLS says of the certificate, or the codes of whoever gives tokens.")


@router.get("/mailboxes", response=Mailboxes, summary="Every mailbox, and whether it can be read")
def list_mailboxes(request: Request) -> Mailboxes:
    return whole(Mailboxes, [_told(row) for row in queries.mailboxes(request.auth)])


@router.get("/mailboxes/{mailbox}", response=Mailbox, summary="One mailbox")
def show_mailbox(request: Request, mailbox: UUID) -> Mailbox:
    return _told(queries.mailbox(request.auth, mailbox).row)


@router.post("/mailboxes", response={201: Mailbox}, summary="Connect a mailbox")
def add_mailbox(request: Request, new: MailboxNew, response: HttpResponse) -> Mailbox:
    given = new.model_dump()
    imap = {name: given.pop(name) for name in (*_PLAIN, *_TOKEN, *_SECRET)}
    made = actions.set_mailbox(by=request.auth, given=imap, **given)
    response["Location"] = f"/api/v1/mailboxes/{made.uuid}"
    return _told(made)


@router.put("/mailboxes/{mailbox}", response=Mailbox, summary="Write a mailbox anew")
def change_mailbox(request: Request, mailbox: UUID, change: MailboxChange) -> Mailbox:
    given = change.model_dump()
    imap = {name: given.pop(name) for name in (*_PLAIN, *_TOKEN, *_SECRET)}
    return _told(actions.set_mailbox(by=request.auth, mailbox=mailbox, given=imap, **given))


@router.delete("/mailboxes/{mailbox}", response={204: None}, summary="Forget a mailbox; what its mails became stays")
def remove_mailbox(request: Request, mailbox: UUID) -> None:
    actions.remove_mailbox(by=request.auth, mailbox=mailbox)


@router.post("/mailboxes/{mailbox}/look", response=Mailbox, summary="Open it anew and read at once")
def look_mailbox(request: Request, mailbox: UUID) -> Mailbox:
    return _told(actions.try_mailbox(by=request.auth, mailbox=mailbox))


@router.post(
    "/mailboxes/{mailbox}/test", response=MailboxTrial, summary="Which step of connecting fails; changes nothing"
)
def test_mailbox(request: Request, mailbox: UUID) -> MailboxTrial:
    found = trying.attempt(request.auth, mailbox)
    steps = [MailboxStep(step=step.value, state=state) for step, state in found.steps]
    return MailboxTrial(works=found.failed is None, steps=steps, trouble=found.trouble, detail=found.detail)


def _told(row: Row) -> Mailbox:
    plain = {name: str(row.plain.get(name, "")) for name in (*_PLAIN, *_TOKEN)}
    plain["imap_auth"] = plain["imap_auth"] or "password"
    own = ("uuid", "name", "address", "carries", "source", "on", "answers", "trusted", "senders")
    more = {name: getattr(row, name) for name in (*own, "read_at", "trouble", "version")}
    return Mailbox.model_validate({**more, **plain, "has_password": bool(row.sealed)})
