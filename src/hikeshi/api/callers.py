"""Who calls: whoever bears an API token, or the person signed in to the browser."""

import re

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.http import HttpRequest
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from hikeshi.accounts import queries as accounts
from hikeshi.api.barred import Forged, ProofMissing, SecondFactorMissing
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import JSON

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
KEYS = re.compile(r"/api/v1/(people|roles|tokens|organisations)\b")
"""What changes who can get in, and to what. The pages ask for a proof there, so an unlocked browser must not find its
way past it here. A token is its own proof.
"""


class Request(HttpRequest):
    """A request that passed the door (door.py). ``auth`` is its caller, on every route that asks for one."""

    auth: Actor
    caller: Actor | None
    json: JSON


def identify(request: HttpRequest) -> Actor | None:
    """A token that is presented decides alone: a bad one is not made good by a cookie. Raises Forged, ProofMissing,
    SecondFactorMissing.
    """
    presented = request.headers.get("Authorization")
    if presented is not None:
        scheme, _, secret = presented.partition(" ")
        return accounts.actor_of_token(secret.strip(), "api") if scheme.lower() == "bearer" else None
    if not request.user.is_authenticated:
        return None
    if request.method not in SAFE and check_csrf(request) is not None:
        raise Forged
    standing = accounts.standing_of(request.user)
    if standing.second_factor_asked and not accounts.has_second_factor(request.user):
        raise SecondFactorMissing
    if request.method not in SAFE and KEYS.match(request.path) and not did_recently_reauthenticate(request):
        raise ProofMissing
    return standing.actor


class _Known(AuthBase):
    """Says in the API's description how to be known; the door has already looked."""

    def __call__(self, request: HttpRequest) -> Actor | None:
        caller: Actor | None = getattr(request, "caller", None)
        return caller


class Token(_Known):
    openapi_type = "http"
    openapi_scheme = "bearer"
    openapi_description = "A token of scope `api`: `hikeshi token create --scope api --user NAME`."


class Session(_Known):
    openapi_type = "apiKey"
    openapi_in = "cookie"
    openapi_name = "session"
    openapi_description = "Signed in (`__Host-session` over TLS). Changes carry the CSRF token in `X-CSRFToken`."
