"""The site itself."""

from typing import Annotated

from ninja import Router
from pydantic import Field, StringConstraints

from hikeshi.accounts import actions
from hikeshi.accounts import queries as accounts
from hikeshi.accounts.permissions import Verb
from hikeshi.api.callers import Request
from hikeshi.api.shapes import Code, Input, Line, Output
from hikeshi.ledger.acts import unit

router = Router(tags=["site"], by_alias=True)
Notice = Annotated[str, StringConstraints(max_length=10_000)]


class Site(Output):
    name: str
    world: str = Field(description="`real`, `drill` or `demo`.")
    live: bool = Field(description="False: nothing leaves this machine.")
    language: str
    languages: list[str] = Field(description="Those offered.")
    time_zone: str
    notice: str = Field(description="The message of the day; empty for none.")
    version: int


class SiteChange(Input):
    name: Line | None = None
    language: Code | None = None
    languages: list[Code] | None = Field(default=None, max_length=10)
    time_zone: Code | None = None
    notice: Notice | None = None
    live: bool | None = Field(default=None, strict=True)
    version: int | None = None


@router.get("/site", response=Site, summary="Name, languages, time zone, world, and whether messages may leave")
def show_site(request: Request) -> Site:
    request.auth.must(Verb.VIEW)
    return Site.model_validate(accounts.site())


@router.patch("/site", response=Site, summary="Change the site; `live` false holds it, true releases it")
def change_site(request: Request, change: SiteChange) -> Site:
    with unit():  # all or nothing
        now = accounts.site()
        named = {field: getattr(change, field) for field in ("name", "language", "time_zone")}
        known = {field: getattr(now, field) if value is None else value for field, value in named.items()}
        actions.edit_site(
            by=request.auth, languages=change.languages, notice=change.notice, version=change.version, **known
        )
        if change.live is not None:
            (actions.release_site if change.live else actions.hold_site)(by=request.auth)
    return Site.model_validate(accounts.site())
