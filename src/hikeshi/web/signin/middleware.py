"""What must hold of a signed-in browser before any page: a second factor where a role asks for one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from hikeshi.accounts import queries
from hikeshi.accounts.sessions import ORIGIN
from hikeshi.kernel import clock

Answer = Callable[[HttpRequest], HttpResponse]
ON_THE_WAY: Final = frozenset(
    {
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_view_recovery_codes",
        "account_reauthenticate",
        "account_logout",
        "preferences",
    }
)
COARSE: Final = timedelta(minutes=5)


class SecondFactorAsked:
    """Nothing else opens until it is set up. Tokens are not asked: they are keys of their own."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], arguments: object, named: object
    ) -> HttpResponse | None:
        here = request.resolver_match.url_name if request.resolver_match else None
        if here in ON_THE_WAY or not request.user.is_authenticated or not getattr(view, "login_required", True):
            return None
        standing: queries.Standing = request.standing  # type: ignore[attr-defined]  # set by hikeshi.web.middleware.reader
        if not standing.second_factor_asked or queries.has_second_factor(request.user):
            return None
        messages.error(request, _("Your role asks for a second factor. Set one up to go on."))
        return redirect("mfa_index")


def note_acting(answer: Answer) -> Answer:
    """When this browser last did something, to the nearest five minutes; looking at pages is not doing."""

    def middleware(request: HttpRequest) -> HttpResponse:
        origin = request.session.get(ORIGIN) if request.method == "POST" else None
        if origin and origin["acted_at"] < (clock.now() - COARSE).timestamp():
            request.session[ORIGIN] = {**origin, "acted_at": clock.now().timestamp()}
        return answer(request)

    return middleware
