"""Slack's Web API (https://docs.slack.dev/apis/web-api/): 200 with ``ok`` false and an error; 429 with Retry-After."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode

from hikeshi.notify.channels.answers import seconds, wait_of
from hikeshi.notify.handing import Failed, Fault
from hikeshi.rooms import escaping
from hikeshi.rooms.clients.calling import PAGES, Made, Unable, called, names, rows, text, tree
from hikeshi.rooms.results import Written

SLACK: Final = "https://slack.com/api"
LONGEST: Final = 250
"""Signs of a topic or a purpose."""
_KNOWN: Final[Mapping[str, str]] = {
    "invalid_auth": "invalid_auth",
    "not_authed": "invalid_auth",
    "account_inactive": "invalid_auth",
    "token_revoked": "invalid_auth",
    "token_expired": "invalid_auth",
    "missing_scope": "missing_scope",
    "name_taken": "name_taken",
    "channel_not_found": "not_there",
    "message_not_found": "not_there",
    "thread_not_found": "not_there",
    "user_not_found": "not_there",
    "not_in_channel": "not_there",
    "is_archived": "not_there",
}
_FINE: Final[Mapping[str, frozenset[str]]] = {
    "conversations.invite": frozenset({"already_in_channel", "cant_invite_self"}),
    "conversations.kick": frozenset({"not_in_channel"}),
    "conversations.archive": frozenset({"already_archived"}),
}


@dataclass(frozen=True, slots=True)
class Slack(Unable):
    base: str = SLACK

    def check(self) -> None:
        self._do("auth.test")

    def make(self, name: str, people: tuple[str, ...], purpose: str) -> Made:
        """Private: whoever is not asked in does not even see that it is there. A name that is taken may be ours, from
        a try whose end nobody wrote down.
        """
        own = self._do("auth.test")
        for wanted in names(name):
            place = self._create(wanted) or self._own(wanted, text(own, "user_id"), purpose)
            if place:
                self._do("conversations.setPurpose", {"channel": place, "purpose": purpose})
                return Made(place, f"{text(own, 'url')}archives/{place}")
        raise Failed(Fault("name_taken"))

    def _create(self, name: str) -> str:
        """Empty where the name is taken."""
        try:
            return text(self._do("conversations.create", {"name": name, "is_private": "true"}), "channel", "id")
        except Failed as failed:
            if failed.fault.code != "name_taken":
                raise
            return ""

    def _own(self, name: str, own: str, purpose: str) -> str:
        said = {"types": "private_channel", "exclude_archived": "true", "limit": "1000"}
        for one in self._pages("conversations.list", "channels", said):
            mine = text(one, "creator") == own and text(one, "purpose", "value") in {"", escaping.slack(purpose)}
            if text(one, "name") == name and mine:
                return text(one, "id")
        return ""

    def describe(self, place: str, topic: str) -> None:
        self._do("conversations.setTopic", {"channel": place, "topic": escaping.slack(topic)[:LONGEST]})

    def people(self, place: str) -> frozenset[str]:
        """Without the desk's own."""
        own = text(self._do("auth.test"), "user_id")
        found = self._pages("conversations.members", "members", {"channel": place, "limit": "1000"})
        return frozenset(str(one) for one in found if one != own)

    def invite(self, place: str, who: str) -> None:
        self._do("conversations.invite", {"channel": place, "users": who})

    def remove(self, place: str, who: str) -> None:
        self._do("conversations.kick", {"channel": place, "user": who})

    def say(self, place: str, text: str, link: str) -> str:
        words = f"{escaping.slack(text)}\n{link}".strip()
        said = self._do("chat.postMessage", {"channel": place, "text": words, "unfurl_links": "false"})
        return str(said.get("ts") or "")

    def read(self, place: str, message: str) -> Written:
        """The message, or the reply in a thread, that was written at that very time."""
        asked = {"channel": place, "latest": message, "oldest": message, "inclusive": "true", "limit": "1"}
        found = rows(self._do("conversations.history", asked), "messages")
        if not any(text(one, "ts") == message for one in found):
            found = rows(self._do("conversations.replies", {**asked, "ts": message}), "messages")
        for one in found:
            if text(one, "ts") == message:
                at = datetime.fromtimestamp(float(message), UTC)
                return Written(text(one, "text"), text(one, "user"), at)
        raise Failed(Fault("not_there"))

    def close(self, place: str) -> None:
        self._do("conversations.archive", {"channel": place})

    def reopen(self, place: str) -> bool:
        """Slack does not let the token of a bot unarchive (https://api.slack.com/methods/conversations.unarchive)."""
        return False

    def _pages(self, method: str, name: str, said: Mapping[str, str]) -> Iterator[object]:
        cursor = ""
        for _ in range(PAGES):
            found = self._do(method, {**said, **({"cursor": cursor} if cursor else {})})
            yield from rows(found, name)
            cursor = text(found, "response_metadata", "next_cursor")
            if not cursor:
                return
        raise Failed(Fault("too_many"))

    def _do(self, method: str, said: Mapping[str, str] | None = None) -> dict[str, object]:
        headers = {
            "Authorization": f"Bearer {self.setup.secret.get('bot_token', '')}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        answer = called(self.setup, "POST", f"{self.base}/{method}", headers, urlencode(said or {}).encode())
        read, error = tree(answer), ""
        if read.get("ok") is not True:
            error = text(read, "error")
        if error == "ratelimited":
            wait = seconds(wait_of(answer.headers))
            raise Failed(Fault("busy", passing=True, retry_after=wait))
        if read.get("ok") is not True and error not in _FINE.get(method, frozenset()):
            raise Failed(Fault(_KNOWN.get(error, "refused")))
        return read
