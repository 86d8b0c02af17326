"""The API as a whole: its routers, its ways in, its description."""

from typing import Final, NoReturn

from django.http import Http404, HttpRequest
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.operation import Operation
from ninja.parser import Parser

from hikeshi.api import (
    accounts,
    alerts,
    assets,
    canary,
    chat,
    contacts,
    escalation,
    figures,
    forms,
    incidents,
    knowledge,
    ledger,
    lists,
    load,
    mailboxes,
    notices,
    oncall,
    problem_pages,
    reports,
    retention,
    ruling,
    search,
    service_levels,
    sources,
)
from hikeshi.api.callers import Request, Session, Token
from hikeshi.api.messages import routes as messages
from hikeshi.api.rendering import Renderer
from hikeshi.kernel.facts import JSON

PREFIX: Final = "api/v1/"
_DESCRIPTION: Final = """\
Everything the pages of the desk do, for programs.

**Way in.** `Authorization: Bearer <token>` with a token of scope `api`, or the signed-in browser's session, whose
changes carry the CSRF token in `X-CSRFToken`. The caller sees and does what the person may, no more.

**Lists** answer `items`, `next` (a cursor, null at the end), `total` (exact to 10,000) and `total_exact`. A page's
cursor stands for a place in the order, so rows that arrive meanwhile neither repeat nor hide others.

**Saving.** A record carries `version`, and its `ETag`. `If-Match` with an older one answers 412. Without `If-Match`,
`version` in the body names what you read: a field that somebody else changed since answers 409 with both texts, changes
elsewhere in the record do not hinder. With neither, the change is made on what is there.

**Once.** A change with an `Idempotency-Key` (1 to 255 printable ASCII characters, kept for 24 hours) acts once, however
often it is sent; later answers carry `Idempotency-Replayed: true`. The same key for another request answers 422. What
was refused is not kept.

**Refusals** are `application/problem+json` (RFC 9457) in the language of `Accept-Language` (ja, en). `code` is stable,
`detail` is for people. What you may not see reads exactly like what is not there.

**Bodies** are JSON in UTF-8, at most 1 MiB and 32 levels deep. A field nobody knows, a name twice in one object, NUL
and half surrogate pairs are refused. Times are RFC 3339 with a zone; answers are in UTC.
"""


class _Body(Parser):
    def parse_body(self, request: HttpRequest) -> JSON:  # type: ignore[override]  # ninja says dict; JSON may be any value
        """The door has read it."""
        return request.json if isinstance(request, Request) else getattr(request, "json", None)


def _raise(request: HttpRequest, error: Exception | type[Exception]) -> NoReturn:
    """The door answers, outside the unit of work that the refusal undoes."""
    raise error


class _Api(NinjaAPI):
    def get_openapi_operation_id(self, operation: Operation) -> str:
        """What client generators call the method."""
        return operation.view_func.__name__


def build() -> NinjaAPI:
    api = _Api(
        title="Hikeshi",
        version="1",
        description=_DESCRIPTION,
        openapi_url=None,
        docs_url=None,
        urls_namespace="api",
        auth=[Token(), Session()],
        renderer=Renderer(),
        parser=_Body(),
    )
    for kind in (Exception, HttpError, ValidationError, Http404):
        api.add_exception_handler(kind, _raise)
    detected = (*alerts.ROUTERS, *sources.ROUTERS, *ruling.ROUTERS)
    records = (*detected, *incidents.ROUTERS, *escalation.ROUTERS, *reports.ROUTERS)
    people = (*accounts.ROUTERS, *contacts.ROUTERS, *load.ROUTERS)
    kept = (*people, *assets.ROUTERS, *oncall.ROUTERS, *service_levels.ROUTERS, *retention.ROUTERS, *canary.ROUTERS)
    found = (*search.ROUTERS, *lists.ROUTERS, *figures.ROUTERS, *chat.ROUTERS, *mailboxes.ROUTERS)
    told = (*notices.ROUTERS, *knowledge.ROUTERS, *forms.ROUTERS)
    for router in (*records, *kept, *found, *told, messages.router, ledger.router, problem_pages.router):
        api.add_router("", router)
    return api


API: Final = build()
