"""Versions on the way in and out."""

from collections.abc import Callable
from typing import Annotated, Final

from django.http import HttpResponse
from pydantic import AfterValidator, BaseModel

from hikeshi.accounts import queries as accounts
from hikeshi.api.callers import Request
from hikeshi.api.incidents.shapes import Incident
from hikeshi.api.problems import Stale
from hikeshi.incidents import queries as incidents
from hikeshi.incidents import refs

Ref = Annotated[str, AfterValidator(lambda typed: refs.tidy(typed) or typed)]
"""As people type or paste it."""

GUARDED: Final = {
    "parameters": [
        {
            "in": "header",
            "name": "If-Match",
            "required": False,
            "schema": {"type": "string"},
            "description": "The ETag of the record you read: any other change since is answered with 412.",
        }
    ],
    "responses": {412: {"description": "Somebody changed the record since; see Saving."}},
}
"""What routes that call ``version_read`` add to their description."""


def version_read(request: Request, ref: str, wanted: BaseModel) -> int | None:
    """The version the caller saves over: by ``If-Match``, which allows no other change since, or by the body.

    Raises Stale, NotFound.
    """
    named: int | None = getattr(wanted, "version", None)
    condition = request.headers.get("If-Match", "").strip()
    if condition in {"", "*"}:
        return named
    now = incidents.incident(request.auth, ref)
    if tag(now.version) not in [one.strip() for one in condition.split(",")]:
        sent = {name: str(value) for name, value in dict(wanted).items() if value is not None and hasattr(now, name)}
        yours = {name: text for name, text in sent.items() if name != "version"}
        raise Stale(yours=yours, theirs={name: str(getattr(now, name)) for name in yours}, version=now.version)
    return now.version if named is None else named


def current(request: Request, named: int | None, now: Callable[[], int]) -> int | None:
    """The same for what is kept version by version; ``now`` says the newest. Raises Stale, and what ``now`` does."""
    condition = request.headers.get("If-Match", "").strip()
    if condition in {"", "*"}:
        return named
    newest = now()
    if tag(newest) not in [one.strip() for one in condition.split(",")]:
        raise Stale(yours={}, theirs={}, version=newest)
    return newest if named is None else named


def tag(version: int) -> str:
    return f'"{version}"'


def shown(response: HttpResponse, record: object) -> Incident:
    """The record as the act left it, with its new tag. Not read anew: who gives a record away may see it no more."""
    found = Incident.model_validate(record)
    response["ETag"] = tag(found.version)
    return found


def owner_named(request: Request, owner: str | None) -> str:
    """As the verbs take it: a user name or uuid, empty for nobody."""
    if owner != "me":
        return owner or ""
    me = accounts.myself(request.auth)
    return str(me.uuid) if me else ""
