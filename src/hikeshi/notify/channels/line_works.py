"""LINE WORKS, API 2.0: a bot that speaks as a service account (https://developers.worksmobile.com/jp/docs/bot-api).

The account signs a JWT (RS256), exchanges it for a token (RFC 7523) and posts the message with it. A token is used
until shortly before it ends.
"""

import json
import threading
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import quote, urlencode

from hikeshi.kernel import clock
from hikeshi.kernel.http import Answer, Barred, request
from hikeshi.notify.assertions import assertion
from hikeshi.notify.channels.answers import fault_of, fault_of_call, wait_of
from hikeshi.notify.channels.mentions import silenced
from hikeshi.notify.handing import Failed, Fault, Handed, Parcel, Setup
from hikeshi.notify.wording import Form

BASE: Final = "https://www.worksapis.com/v1.0"
TOKENS: Final = "https://auth.worksmobile.com/oauth2/v2.0/token"
GRANT: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
LONGEST: Final = 2_000
_EARLY: Final = timedelta(minutes=5)


class LineWorks:
    """Plain: client_id, service_account, bot. Secret: client_secret, private_key (PEM).

    The address is a user's id or mail address; ``channel:<id>`` for a talk room.
    """

    form = Form.FULL
    makes_ready = True

    def __init__(self, base: str = BASE, tokens: str = TOKENS) -> None:
        self.base = base
        self.tokens = tokens
        self._lock = threading.Lock()
        self._known: dict[str, tuple[str, datetime]] = {}

    def send(self, parcel: Parcel, setup: Setup) -> Handed:
        answer = self._post(parcel, setup, self.token(setup))
        if answer.status == 401:  # revoked before its time: once more with a fresh one
            self.forget(setup)
            answer = self._post(parcel, setup, self.token(setup))
        fault = fault_of(answer.status, wait_of(answer.headers), address_at_fault=False)
        if fault is not None:
            raise Failed(fault)
        return Handed(answer.headers.get("x-works-request-id", "")[:200], answer.status)

    def _post(self, parcel: Parcel, setup: Setup, token: str) -> Answer:
        kind, _, place = parcel.way.address.rpartition(":")
        where = "channels" if kind == "channel" else "users"
        body = {"content": {"type": "text", "text": silenced(f"{parcel.title}\n\n{parcel.text}")[:LONGEST]}}
        bot = quote(setup.plain.get("bot", ""), safe="")
        return self._call(
            f"{self.base}/bots/{bot}/{where}/{quote(place, safe='@')}/messages",
            setup,
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
            body=json.dumps(body).encode(),
        )

    def token(self, setup: Setup) -> str:
        account = setup.plain.get("service_account", "")
        with self._lock:
            known = self._known.get(account)
            if known and known[1] > clock.now():
                return known[0]
            fresh, seconds = self._fetch(setup)
            self._known[account] = (fresh, clock.now() + timedelta(seconds=seconds) - _EARLY)
            return fresh

    def forget(self, setup: Setup) -> None:
        with self._lock:
            self._known.pop(setup.plain.get("service_account", ""), None)

    def _fetch(self, setup: Setup) -> tuple[str, int]:
        asked = {
            "assertion": _signed(setup, clock.now()),
            "grant_type": GRANT,
            "client_id": setup.plain.get("client_id", ""),
            "client_secret": setup.secret.get("client_secret", ""),
            "scope": "bot.message",
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = self._call(self.tokens, setup, headers=headers, body=urlencode(asked).encode())
        if answer.status in {400, 401, 403}:
            raise Failed(Fault("unauthorised", status=answer.status))
        fault = fault_of(answer.status, wait_of(answer.headers), address_at_fault=False)
        if fault is not None:
            raise Failed(fault)
        try:
            said = json.loads(answer.body)
            return str(said["access_token"]), int(said["expires_in"])
        except (ValueError, KeyError, TypeError):
            raise Failed(Fault("provider", passing=True)) from None

    def _call(self, url: str, setup: Setup, *, headers: dict[str, str], body: bytes) -> Answer:
        try:
            return request("POST", url, headers=headers, body=body, permitted=setup.permitted, seconds=12)
        except Barred as barred:
            raise Failed(fault_of_call(barred, address_at_fault=False)) from None


def _signed(setup: Setup, now: datetime) -> str:
    """Valid for half an hour. Raises Failed where the key cannot be read."""
    at = int(now.timestamp())
    account, client = setup.plain.get("service_account", ""), setup.plain.get("client_id", "")
    claims = {"iss": client, "sub": account, "iat": at, "exp": at + 1800}
    try:
        return assertion(claims, setup.secret.get("private_key", ""))
    except ValueError:
        raise Failed(Fault("unauthorised")) from None
