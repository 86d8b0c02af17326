"""A browser remembers, signed and out of reach of scripts, whose accounts have signed in from it.

It opens nothing: it only lets the right password through at once while strangers' tries at the account are slowed
(accounts.throttle).
"""

import secrets
from typing import Final

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from hikeshi.accounts import queries as accounts

COOKIE: Final = "device"
PATH: Final = "/sign-in/"
SALT: Final = "hikeshi.device"
LASTS: Final = 180 * 24 * 60 * 60
ACCOUNTS: Final = 8
"""A shared machine in a control room has several; the oldest falls out."""


def known(request: HttpRequest, username: str) -> str:
    """The name of this device if the account has signed in from it, else nothing."""
    return _read(request).get(_short(username), "")


def remember(request: HttpRequest, response: HttpResponse, username: str) -> None:
    kept = _read(request)
    name = kept.pop(_short(username), "") or secrets.token_hex(8)
    latest = [*kept.items(), (_short(username), name)][-ACCOUNTS:]
    response.set_cookie(
        COOKIE,
        signing.dumps(dict(latest), salt=SALT),
        max_age=LASTS,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
        path=PATH,
    )


def _short(username: str) -> str:
    return accounts.account_key(username)[:16]


def _read(request: HttpRequest) -> dict[str, str]:
    try:
        found = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return {}
    return {str(account): str(name) for account, name in found.items()}
