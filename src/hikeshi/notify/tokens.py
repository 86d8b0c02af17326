"""Tokens by which a mail server lets the desk in where it takes no password: OAuth 2.0, shown as SASL XOAUTH2.

Microsoft 365: the application's own access (RFC 6749 4.4), scope ``.default`` of Exchange Online (Microsoft,
"Authenticate an IMAP, POP or SMTP connection using OAuth"). Google: a service account that acts for the mailbox
(RFC 7523), or the refresh token of one account (RFC 6749 6); scope ``https://mail.google.com/`` (Google, "OAuth 2.0
mechanism").
A token is used until shortly before it ends, and no longer than it is taken. It is kept in memory alone.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from urllib.parse import quote, urlencode

from hikeshi.kernel import clock
from hikeshi.kernel.http import Answer, Barred, request
from hikeshi.kernel.http.guard import Why
from hikeshi.kernel.refusals import Invalid
from hikeshi.notify.assertions import assertion
from hikeshi.notify.handing import Failed, Fault, Setup

MICROSOFT: Final = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"
GOOGLE: Final = "https://oauth2.googleapis.com/token"
EXCHANGE: Final = "https://outlook.office365.com/.default"
GMAIL: Final = "https://mail.google.com/"
JWT_BEARER: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
SECONDS: Final = 10.0
_DIGITS: Final = 20
_EARLY: Final = timedelta(minutes=5)
_TENANT: Final = re.compile(r"[A-Za-z0-9.-]{1,253}")
_TOKEN: Final = re.compile(r"[\x21-\x7e]{1,16384}")
_CODE: Final = re.compile(r"[A-Za-z0-9_.-]{1,60}")
_MICROSOFTS: Final = re.compile(r"\bAADSTS\d{3,9}\b")


class Way(StrEnum):
    """How the desk shows a mail server that it may come in."""

    PASSWORD = "password"  # noqa: S105  # the name of a way
    MICROSOFT = "microsoft"
    GOOGLE_SERVICE = "google_service"
    GOOGLE_ACCOUNT = "google_account"


NEEDED: Final[Mapping[Way, tuple[str, ...]]] = {
    Way.PASSWORD: (),
    Way.MICROSOFT: ("oauth_tenant", "oauth_client_id", "oauth_client_secret"),
    Way.GOOGLE_SERVICE: ("oauth_service_key",),
    Way.GOOGLE_ACCOUNT: ("oauth_client_id", "oauth_client_secret", "oauth_refresh_token"),
}


@dataclass(frozen=True, slots=True)
class Ask:
    """For whose mailbox a token is wanted, and by which way."""

    way: Way
    user: str
    setup: Setup

    @property
    def key(self) -> str:
        said = [self.way, self.user, sorted(self.setup.plain.items()), sorted(self.setup.secret.items())]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Token:
    text: str
    until: datetime


class NoToken(Failed):
    """The service refused. ``said`` are its codes alone: its sentences may quote what it was sent."""

    def __init__(self, said: str, status: int) -> None:
        super().__init__(Fault("token_refused", status=status))
        self.said = said


_AT_HAND: Final[dict[str, Token]] = {}


def way_of(plain: Mapping[str, str], field: str) -> Way:
    return Way(plain.get(field) or Way.PASSWORD)


def check(plain: Mapping[str, str], secret: Mapping[str, str], *, auth: str, security: str, user: str) -> None:
    """Whether all is there to sign in by tokens; the last three name the fields. Raises Invalid."""
    way = way_of(plain, auth)
    if way is Way.PASSWORD:
        return
    for name in (*NEEDED[way], user):
        if not (plain.get(name) or secret.get(name)):
            raise Invalid(name, "required")
    if plain.get(security) == "none":
        raise Invalid(security, "token_in_clear")
    if way is Way.MICROSOFT and not _TENANT.fullmatch(plain["oauth_tenant"]):
        raise Invalid("oauth_tenant", "not_a_tenant")
    if way is Way.GOOGLE_SERVICE and not _account(secret["oauth_service_key"]):
        raise Invalid("oauth_service_key", "not_a_service_key")
    if not plain.get("oauth_token_url", "https://").startswith("https://"):
        raise Invalid("oauth_token_url", "not_https")


def let_in(ask: Ask, tries: Callable[[str], bool], *, fetching: Callable[[], None] = lambda: None) -> bool:
    """Whether the server took a token: the one at hand or, where that is refused, a fresh one. One with which the line
    broke is not used again. Raises Failed where none is given, and what ``tries`` raises.
    """
    known = _AT_HAND.get(ask.key)
    if known is not None and known.until > clock.now() and _taken(ask, known, tries):
        return True
    fetching()
    fresh = _fetch(ask, clock.now())
    for key, one in tuple(_AT_HAND.items()):  # as it is now: others fetch theirs beside this one
        if one.until <= clock.now():
            _AT_HAND.pop(key, None)
    _AT_HAND[ask.key] = fresh
    return _taken(ask, fresh, tries)


def forget(ask: Ask) -> None:
    _AT_HAND.pop(ask.key, None)


def _taken(ask: Ask, token: Token, tries: Callable[[str], bool]) -> bool:
    taken = False
    try:
        taken = tries(token.text)
    finally:
        if not taken:
            forget(ask)
    return taken


def xoauth2(user: str, token: str) -> str:
    """What SASL XOAUTH2 says first; whatever is asked after it has failed, and is answered with nothing."""
    return f"user={user}\x01auth=Bearer {token}\x01\x01"


def _fetch(ask: Ask, now: datetime) -> Token:
    url, asked = _question(ask, now)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    body, permitted = urlencode(asked).encode(), ask.setup.permitted
    try:
        answer = request("POST", url, headers=headers, body=body, permitted=permitted, seconds=SECONDS)
    except Barred as barred:
        away = barred.why in {Why.UNREACHABLE, Why.TIMEOUT}
        raise Failed(Fault("token_unreachable" if away else barred.why.value, passing=True)) from None
    return _read(answer, now)


def _question(ask: Ask, now: datetime) -> tuple[str, dict[str, str]]:
    plain, secret = ask.setup.plain, ask.setup.secret
    tenant = quote(plain.get("oauth_tenant", ""), safe="")
    url = plain.get("oauth_token_url") or (MICROSOFT.format(tenant=tenant) if ask.way is Way.MICROSOFT else GOOGLE)
    if ask.way is Way.GOOGLE_SERVICE:
        return url, {"grant_type": JWT_BEARER, "assertion": _claimed(ask, url, now)}
    known = {"client_id": plain.get("oauth_client_id", ""), "client_secret": secret.get("oauth_client_secret", "")}
    if ask.way is Way.MICROSOFT:
        return url, {"grant_type": "client_credentials", "scope": EXCHANGE, **known}
    return url, {"grant_type": "refresh_token", "refresh_token": secret.get("oauth_refresh_token", ""), **known}


def _claimed(ask: Ask, url: str, now: datetime) -> str:
    account, at = _account(ask.setup.secret.get("oauth_service_key", "")), int(now.timestamp())
    claims = {"iss": account.get("client_email", ""), "sub": ask.user, "scope": GMAIL, "aud": url, "iat": at}
    try:
        return assertion({**claims, "exp": at + 3600}, account.get("private_key", ""))
    except ValueError:
        raise Failed(Fault("token_refused")) from None


def _account(key: str) -> dict[str, str]:
    """The file that Google gives for a service account; empty where it is none."""
    try:
        said = json.loads(key)
        return {name: str(said[name]) for name in ("client_email", "private_key")}
    except (ValueError, KeyError, TypeError, RecursionError):
        return {}


def _read(answer: Answer, now: datetime) -> Token:
    try:
        said = json.loads(answer.body)
        said = said if isinstance(said, dict) else {}
    except (ValueError, RecursionError):
        said = {}
    if answer.status in {400, 401, 403}:
        raise NoToken(_codes(said), answer.status)
    token, life = said.get("access_token"), str(said.get("expires_in", ""))
    if answer.status != 200 or not isinstance(token, str) or not _TOKEN.fullmatch(token):
        raise Failed(Fault("provider", passing=True, status=answer.status))
    seconds = min(int(life), 86_400) if life.isdecimal() and len(life) <= _DIGITS else 600
    lasting = timedelta(seconds=seconds)
    return Token(token, now + lasting - min(_EARLY, lasting / 2))


def _codes(said: Mapping[str, object]) -> str:
    named = said.get("error")
    codes = [named] if isinstance(named, str) and _CODE.fullmatch(named) else []
    return " ".join([*codes, *_MICROSOFTS.findall(str(said.get("error_description", "")))[:1]])
