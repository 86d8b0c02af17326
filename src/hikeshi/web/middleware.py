"""What holds for every page: headers, the reader's language and zone, and refusals turned into pages."""

import secrets
import zoneinfo
from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject

from hikeshi.accounts import queries as accounts
from hikeshi.incidents import queries as incidents
from hikeshi.kernel.refusals import Refusal
from hikeshi.web import access, bundles, errors

Answer = Callable[[HttpRequest], HttpResponse]

# Nothing inline, nothing from elsewhere: a title that smuggles markup past the templates still runs no code.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def headers(answer: Answer) -> Answer:
    """Outermost. A view that must differ (an API description with its own page) sets its header itself. By the
    edition a page that was opened before an upgrade knows that it is old.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        request.incident_code = secrets.token_hex(4)  # type: ignore[attr-defined]  # what a person quotes when a page failed
        response = answer(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers["Hikeshi-Edition"] = bundles.edition()
        return response

    return middleware


def reader(answer: Answer) -> Answer:
    """After authentication: ``request.standing`` and ``request.actor`` (asked for only when used), language and time
    zone of the person.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        person = request.user
        if isinstance(person, AnonymousUser) or not person.is_authenticated:
            return answer(request)
        request.standing = standing = SimpleLazyObject(lambda: accounts.standing_of(person))  # type: ignore[attr-defined]  # ours
        request.actor = SimpleLazyObject(lambda: standing.actor)  # type: ignore[attr-defined]  # ours
        translation.activate(person.language)
        with timezone.override(zoneinfo.ZoneInfo(person.time_zone)):
            response = answer(request)
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "private, no-store"
        return response

    return middleware


def vocabulary(answer: Answer) -> Answer:
    """Another process may have changed kinds, courses or words: each request speaks as the site does now."""

    def middleware(request: HttpRequest) -> HttpResponse:
        incidents.in_use()
        return answer(request)

    return middleware


class Pages:
    """Turns strangers away before a view runs. A refusal that a view let through becomes its page."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], arguments: object, named: object
    ) -> HttpResponse | None:
        """Our pages are for people who signed in; the API has keys of its own."""
        ours = view.__module__.startswith(("hikeshi.web.", "hikeshi.portal."))
        if not ours or request.user.is_authenticated or not getattr(view, "login_required", True):
            return None
        return access.turned_away(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, Refusal):
            return errors.refused(request, error)
        return None
