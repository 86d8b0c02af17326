"""The makers' interfaces, as far as rooms need them. They run outside transactions and touch no row."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol
from urllib.parse import quote, urlencode

from hikeshi.kernel.http import Answer, Barred, Permitted, request
from hikeshi.notify.channels.answers import fault_of, fault_of_call, seconds
from hikeshi.notify.channels.line_works import BASE as WORKS_BASE
from hikeshi.notify.channels.line_works import LineWorks
from hikeshi.notify.handing import Failed, Fault, Setup
from hikeshi.rooms import escaping

SLACK: Final = "https://slack.com/api"
SECONDS: Final = 10.0
NAMES: Final = 5
"""So many names are tried where the first is taken."""
_KNOWN: Final[Mapping[str, str]] = {
    "invalid_auth": "invalid_auth",
    "not_authed": "invalid_auth",
    "account_inactive": "invalid_auth",
    "token_revoked": "invalid_auth",
    "token_expired": "invalid_auth",
    "missing_scope": "missing_scope",
    "name_taken": "name_taken",
    "channel_not_found": "not_there",
    "user_not_found": "not_there",
    "is_archived": "not_there",
}
_FINE: Final = frozenset({"already_in_channel", "already_archived", "not_in_channel", "cant_invite_self"})


@dataclass(frozen=True, slots=True)
class Made:
    place: str
    url: str = ""


class Client(Protocol):
    """All raise Failed."""

    def check(self) -> None: ...
    def make(self, name: str, people: tuple[str, ...]) -> Made: ...
    def people(self, place: str) -> frozenset[str]: ...
    def invite(self, place: str, who: str) -> None: ...
    def remove(self, place: str, who: str) -> None: ...
    def say(self, place: str, text: str, link: str) -> str: ...
    def close(self, place: str) -> None: ...
    def tell(self, who: str, text: str) -> str: ...


def called(
    setup: Setup,
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes = b"",
    *,
    fine: frozenset[int] = frozenset(),
) -> Answer:
    """Raises Failed; ``fine`` are statuses the caller reads by itself."""
    try:
        answer = request(method, url, headers=headers, body=body, permitted=setup.permitted, seconds=SECONDS)
    except Barred as barred:
        raise Failed(fault_of_call(barred, address_at_fault=False)) from None
    fault = fault_of(answer.status, answer.headers.get("retry-after", ""), address_at_fault=False)
    if fault is not None and answer.status not in fine:
        raise Failed(fault)
    return answer


def _tree(answer: Answer) -> dict[str, object]:
    try:
        read = json.loads(answer.body or b"{}")
    except ValueError:
        raise Failed(Fault("provider", passing=True)) from None
    return read if isinstance(read, dict) else {"items": read}


def _text(found: object, *path: str) -> str:
    for step in path:
        found = found.get(step) if isinstance(found, dict) else None
    return found if isinstance(found, str) else ""


@dataclass(frozen=True, slots=True)
class Unable:
    """What a tool cannot do."""

    setup: Setup

    def check(self) -> None:
        raise Failed(Fault("not_possible"))

    def people(self, place: str) -> frozenset[str]:
        return frozenset()

    def invite(self, place: str, who: str) -> None:
        raise Failed(Fault("not_possible"))

    def remove(self, place: str, who: str) -> None:
        raise Failed(Fault("not_possible"))

    def close(self, place: str) -> None:
        return

    def tell(self, who: str, text: str) -> str:
        raise Failed(Fault("not_possible"))


@dataclass(frozen=True, slots=True)
class Slack(Unable):
    """Web API: 200 with ``ok`` false and an ``error`` (https://docs.slack.dev/apis/web-api/); 429 with Retry-After."""

    base: str = SLACK

    def check(self) -> None:
        self._do("auth.test")

    def make(self, name: str, people: tuple[str, ...]) -> Made:
        """Private: whoever is not asked in does not even see that it is there."""
        for number in range(1, NAMES + 1):
            said = {"name": name if number == 1 else f"{name}-{number}", "is_private": "true"}
            try:
                made = self._do("conversations.create", said)
            except Failed as failed:
                if failed.fault.code != "name_taken" or number == NAMES:
                    raise
                continue
            place = _text(made, "channel", "id")
            return Made(place, f"{_text(self._do('auth.test'), 'url')}archives/{place}")
        raise Failed(Fault("name_taken"))

    def people(self, place: str) -> frozenset[str]:
        """Without the desk's own."""
        found = self._do("conversations.members", {"channel": place, "limit": "1000"})
        own = _text(self._do("auth.test"), "user_id")
        members = found.get("members")
        return frozenset(str(one) for one in members if one != own) if isinstance(members, list) else frozenset()

    def invite(self, place: str, who: str) -> None:
        self._do("conversations.invite", {"channel": place, "users": who})

    def remove(self, place: str, who: str) -> None:
        self._do("conversations.kick", {"channel": place, "user": who})

    def say(self, place: str, text: str, link: str) -> str:
        words = f"{escaping.slack(text)}\n{link}".strip()
        return _text(self._do("chat.postMessage", {"channel": place, "text": words, "unfurl_links": "false"}), "ts")

    def close(self, place: str) -> None:
        self._do("conversations.archive", {"channel": place})

    def _do(self, method: str, said: Mapping[str, str] | None = None) -> dict[str, object]:
        headers = {
            "Authorization": f"Bearer {self.setup.secret.get('bot_token', '')}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        answer = called(self.setup, "POST", f"{self.base}/{method}", headers, urlencode(said or {}).encode())
        read, error = _tree(answer), ""
        if read.get("ok") is not True:
            error = _text(read, "error")
        if error == "ratelimited":
            wait = seconds(answer.headers.get("retry-after", ""))
            raise Failed(Fault("busy", passing=True, retry_after=wait))
        if read.get("ok") is not True and error not in _FINE:
            raise Failed(Fault(_KNOWN.get(error, "refused")))
        return read


@dataclass(frozen=True, slots=True)
class Mattermost(Unable):
    """API v4 with a bot's token (https://developers.mattermost.com/api-documentation/)."""

    def check(self) -> None:
        self._do("GET", "/users/me")

    def make(self, name: str, people: tuple[str, ...]) -> Made:
        """Private, as there."""
        team = self.setup.plain.get("team", "")
        where = _text(self._do("GET", f"/teams/{quote(team, safe='')}"), "name")
        for number in range(1, NAMES + 1):
            called_ = name if number == 1 else f"{name}-{number}"
            said = {"team_id": team, "name": called_, "display_name": called_.upper(), "type": "P"}
            made = self._do("POST", "/channels", said, fine=frozenset({400}))
            if place := _text(made, "id") if "status_code" not in made else "":
                return Made(place, f"{self._server}/{where}/channels/{called_}")
            if not _text(made, "id").endswith("exists.app_error"):
                raise Failed(Fault("refused", status=400))
        raise Failed(Fault("name_taken"))

    def people(self, place: str) -> frozenset[str]:
        found = self._do("GET", f"/channels/{place}/members?per_page=200").get("items")
        own = _text(self._do("GET", "/users/me"), "id")
        members = [_text(one, "user_id") for one in found] if isinstance(found, list) else []
        return frozenset(one for one in members if one != own)

    def invite(self, place: str, who: str) -> None:
        self._do("POST", f"/channels/{place}/members", {"user_id": who})

    def remove(self, place: str, who: str) -> None:
        self._do("DELETE", f"/channels/{place}/members/{quote(who, safe='')}")

    def say(self, place: str, text: str, link: str) -> str:
        words = f"{escaping.mattermost(text)}\n{link}".strip()
        return _text(self._do("POST", "/posts", {"channel_id": place, "message": words}), "id")

    def close(self, place: str) -> None:
        self._do("DELETE", f"/channels/{place}")

    @property
    def _server(self) -> str:
        return self.setup.plain.get("server", "").rstrip("/")

    def _do(
        self, method: str, path: str, said: Mapping[str, str] | None = None, fine: frozenset[int] = frozenset()
    ) -> dict[str, object]:
        headers = {
            "Authorization": f"Bearer {self.setup.secret.get('bot_token', '')}",
            "Content-Type": "application/json",
        }
        body = json.dumps(said).encode() if said is not None else b""
        return _tree(called(self.setup, method, f"{self._server}/api/v4{path}", headers, body, fine=fine))


_WORKS: Final = LineWorks()


@dataclass(frozen=True, slots=True)
class Works(Unable):
    """LINE WORKS API 2.0 (https://developers.worksmobile.com/en/docs/bot-channel-create). A talk room takes its people
    when it is made; nobody is added or archived afterwards.
    """

    base: str = WORKS_BASE
    account: LineWorks = _WORKS

    def check(self) -> None:
        self.account.token(self.setup)

    def make(self, name: str, people: tuple[str, ...]) -> Made:
        made = self._post("channels", {"members": list(people[:100]), "title": name.upper()})
        return Made(_text(made, "channelId"))

    def say(self, place: str, text: str, link: str) -> str:
        self._post(f"channels/{quote(place, safe='')}/messages", _message(f"{text}\n{link}".strip()))
        return ""

    def tell(self, who: str, text: str) -> str:
        self._post(f"users/{quote(who, safe='@')}/messages", _message(text))
        return ""

    def _post(self, path: str, said: Mapping[str, object]) -> dict[str, object]:
        bot = quote(self.setup.plain.get("bot", ""), safe="")
        headers = {"Authorization": f"Bearer {self.account.token(self.setup)}", "Content-Type": "application/json"}
        url, body = f"{self.base}/bots/{bot}/{path}", json.dumps(said).encode()
        return _tree(called(self.setup, "POST", url, headers, body))


def _message(text: str) -> dict[str, object]:
    return {"content": {"type": "text", "text": text[:2_000]}}


@dataclass(frozen=True, slots=True)
class Teams(Unable):
    """Posts into one channel, by the address of a workflow there: no channel is made, everybody there reads them
    (https://learn.microsoft.com/power-automate/teams/send-a-message-in-teams).
    """

    def make(self, name: str, people: tuple[str, ...]) -> Made:
        return Made(name)

    def say(self, place: str, text: str, link: str) -> str:
        block = {"type": "TextBlock", "text": f"{text}\n\n{link}".strip(), "wrap": True}
        card = {"type": "AdaptiveCard", "version": "1.4", "body": [block]}
        content = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
        body = json.dumps({"type": "message", "attachments": [content]}).encode()
        called(self.setup, "POST", self.setup.secret.get("webhook", ""), {"Content-Type": "application/json"}, body)
        return ""


def client(setup: Setup) -> Client:
    kinds: dict[str, type[Slack] | type[Mattermost] | type[Works] | type[Teams]] = {
        "slack": Slack,
        "mattermost": Mattermost,
        "line_works": Works,
        "teams": Teams,
    }
    return kinds[setup.kind](setup)


def permitted(hosts: str) -> Permitted:
    return Permitted.read(hosts.split())
