"""Mattermost, API v4, with a bot's token (https://developers.mattermost.com/api-documentation/)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

from hikeshi.notify.handing import Failed, Fault
from hikeshi.rooms import escaping
from hikeshi.rooms.clients.calling import PAGES, Made, Unable, called, names, rows, text, tree
from hikeshi.rooms.results import Looked, Written

A_PAGE: Final = 200
LONGEST: Final = 1_000
TAKEN: Final = ("exists.app_error", "previously.app_error")
"""How the name of a channel that is there, or was, is refused."""
RESTORED: Final = "restored.app_error"


@dataclass(frozen=True, slots=True)
class Mattermost(Unable):
    def check(self) -> None:
        self._do("GET", "/users/me")

    def make(self, name: str, people: tuple[str, ...], purpose: str) -> Made:
        """Private, as at Slack. What it is for is said in the very act: one of ours is known again."""
        team = quote(self.setup.plain.get("team", ""), safe="")
        where = text(self._do("GET", f"/teams/{team}"), "name")
        for wanted in names(name):
            place = self._create(wanted, purpose) or self._own(team, wanted, purpose)
            if place:
                return Made(place, f"{self._server}/{where}/channels/{wanted}")
        raise Failed(Fault("name_taken"))

    def _create(self, name: str, purpose: str) -> str:
        """Empty where the name is taken."""
        said = {
            "team_id": self.setup.plain.get("team", ""),
            "name": name,
            "display_name": name.upper(),
            "type": "P",
            "purpose": purpose,
        }
        made = self._do("POST", "/channels", said, fine=frozenset({400}))
        if "status_code" not in made:
            return text(made, "id")
        if not text(made, "id").endswith(TAKEN):
            raise Failed(Fault("refused", status=400))
        return ""

    def _own(self, team: str, name: str, purpose: str) -> str:
        found = self._do("GET", f"/teams/{team}/channels/name/{quote(name, safe='')}", fine=frozenset({403, 404}))
        own = text(self._do("GET", "/users/me"), "id")
        mine = text(found, "creator_id") == own and text(found, "purpose") == purpose and not found.get("delete_at")
        return text(found, "id") if mine else ""

    def describe(self, place: str, topic: str) -> None:
        self._do("PUT", f"/channels/{place}/patch", {"header": escaping.mattermost(topic)[:LONGEST]})

    def people(self, place: str) -> frozenset[str]:
        own, known = text(self._do("GET", "/users/me"), "id"), set[str]()
        for page in range(PAGES):
            found = rows(self._do("GET", f"/channels/{place}/members?page={page}&per_page={A_PAGE}"), "items")
            known |= {text(one, "user_id") for one in found}
            if len(found) < A_PAGE:
                return frozenset(known - {own, ""})
        raise Failed(Fault("too_many"))

    def invite(self, place: str, who: str) -> None:
        self._do("POST", f"/channels/{place}/members", {"user_id": who})

    def remove(self, place: str, who: str) -> None:
        self._do("DELETE", f"/channels/{place}/members/{quote(who, safe='')}", fine=frozenset({404}))

    def say(self, place: str, text: str, link: str) -> str:
        words = f"{escaping.mattermost(text)}\n{link}".strip()
        return str(self._do("POST", "/posts", {"channel_id": place, "message": words}).get("id") or "")

    def read(self, place: str, message: str) -> Written:
        """Of this room alone: the bot may stand in others too."""
        found = self._do("GET", f"/posts/{quote(message, safe='')}", fine=frozenset({400, 403, 404}))
        if text(found, "channel_id") != place or found.get("delete_at"):
            raise Failed(Fault("not_there"))
        at = found.get("create_at")
        when = datetime.fromtimestamp(at / 1000, UTC) if isinstance(at, int) else None
        return Written(text(found, "message"), text(found, "user_id"), when, _wording(found))

    def look(self, place: str, message: str) -> Looked:
        """A post that was deleted is not there any more; one the bot may not see any more is another matter."""
        found = self._do("GET", f"/posts/{quote(message, safe='')}", fine=frozenset({404}))
        if "status_code" in found or found.get("delete_at"):
            return Looked(gone=True)
        if text(found, "channel_id") != place:
            raise Failed(Fault("not_there"))
        return Looked(_wording(found))

    def close(self, place: str) -> None:
        self._do("DELETE", f"/channels/{place}")

    def reopen(self, place: str) -> bool:
        """Needs the right to manage the team; a bot without it makes a new one."""
        said = self._do("POST", f"/channels/{place}/restore", fine=frozenset({400, 403, 404}))
        return "status_code" not in said or text(said, "id").endswith(RESTORED)

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
        return tree(called(self.setup, method, f"{self._server}/api/v4{path}", headers, body, fine=fine))


def _wording(post: Mapping[str, object]) -> str:
    """When its words were last changed; reactions and replies change nothing here."""
    edited = post.get("edit_at")
    return str(edited) if isinstance(edited, int) and edited else ""
