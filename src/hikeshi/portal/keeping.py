"""What the portal leaves in a reporter's browser: for an hour, which report is open here; for a quarter, its code; and
for a month, once somebody there said what counts once for each, a number that stands for this browser.

All are cookies of the portal's own path, signed, out of reach of scripts; the code is sealed besides. None opens
anything once the report has got a new code.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from hikeshi.accounts import sealing
from hikeshi.incidents import queries as incidents
from hikeshi.incidents.actions import Received
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor

FOLLOWING: Final = "following"
BROWSER: Final = "browser"
SENT: Final = "sent"
PATH: Final = "/report/"
SALT: Final = "hikeshi.portal."
OPEN_FOR: Final = timedelta(hours=1)
CODE_FOR: Final = timedelta(minutes=15)
BROWSER_FOR: Final = timedelta(days=30)
PURPOSE: Final = "portal-sent"


@dataclass(frozen=True, slots=True)
class Sent:
    """What is shown once after sending."""

    ref: str
    code: str


def open_report(response: HttpResponse, by: Actor) -> None:
    """From now on, for an hour, this browser may read the report that ``by`` made."""
    _put(response, FOLLOWING, incidents.sign_of(by), OPEN_FOR)


def close_report(response: HttpResponse) -> None:
    for name in (FOLLOWING, SENT):
        response.delete_cookie(name, path=PATH, samesite="Strict")


def reader(request: HttpRequest, report: UUID) -> Actor | None:
    """Who reads this report here: its reporter by code, or the person whose it is. None for anybody else."""
    sign = _kept(request, FOLLOWING)
    found = incidents.reporter_of_sign(report, sign) if sign else None
    if found is not None:
        return found
    person: Actor | None = getattr(request, "actor", None)
    return person if person is not None and incidents.reports_of(person).filter(uuid=report).exists() else None


def show_code(response: HttpResponse, received: Received) -> None:
    text = f"{received.incident.ref} {received.code}"
    _put(response, SENT, sealing.seal(settings.MASTER_KEY, PURPOSE, text), CODE_FOR)


def shown_code(request: HttpRequest) -> Sent | None:
    try:
        ref, _, code = sealing.unseal(settings.MASTER_KEY, PURPOSE, _kept(request, SENT)).partition(" ")
    except InvalidToken:
        return None
    return Sent(ref, code)


def voice(request: HttpRequest) -> str:
    """Whose word counts once: the person's, or this browser's. Empty where this browser has said nothing so far."""
    if request.user.is_authenticated:
        return f"person:{request.user.uuid}"
    kept = _kept(request, BROWSER)
    return f"browser:{kept}" if kept else ""


def give_voice(request: HttpRequest) -> str:
    """The same, made where there was none; ``remember_voice`` leaves it in the browser."""
    return voice(request) or f"browser:{secrets.token_hex(16)}"


def remember_voice(response: HttpResponse, said: str) -> None:
    kind, _, number = said.partition(":")
    if kind == "browser":
        _put(response, BROWSER, number, BROWSER_FOR)


def _put(response: HttpResponse, name: str, text: str, lasts: timedelta) -> None:
    ends = clock.now() + lasts
    response.set_cookie(
        name,
        signing.dumps([text, int(ends.timestamp())], salt=SALT + name),
        max_age=int(lasts.total_seconds()),
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Strict",
        path=PATH,
    )


def _kept(request: HttpRequest, name: str) -> str:
    """Empty where it was never ours or its time is over, whatever the browser says."""
    try:
        text, ends = signing.loads(request.COOKIES.get(name, ""), salt=SALT + name)
    except (signing.BadSignature, ValueError):
        return ""
    return str(text) if clock.now().timestamp() < ends else ""
