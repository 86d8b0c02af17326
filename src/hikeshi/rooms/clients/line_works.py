"""LINE WORKS, API 2.0 (https://developers.worksmobile.com/en/docs/bot-channel-create). A talk room takes its people
when it is made; nobody is added, removed or archived afterwards, and none is found by its name.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from hikeshi.notify.channels.line_works import BASE, LONGEST, LineWorks
from hikeshi.notify.channels.mentions import silenced
from hikeshi.rooms.clients.calling import Made, Unable, called, text, tree

MOST: Final = 100
"""People a talk room is made with."""
_WORKS: Final = LineWorks()


@dataclass(frozen=True, slots=True)
class Works(Unable):
    base: str = BASE
    account: LineWorks = _WORKS

    def check(self) -> None:
        self.account.token(self.setup)

    def make(self, name: str, people: tuple[str, ...], purpose: str) -> Made:
        made = self._post("channels", {"members": list(people[:MOST]), "title": name.upper()})
        return Made(text(made, "channelId"))

    def say(self, place: str, text: str, link: str) -> str:
        self._post(f"channels/{quote(place, safe='')}/messages", _message(f"{text}\n{link}".strip()))
        return ""

    def tell(self, who: str, text: str) -> str:
        self._post(f"users/{quote(who, safe='@')}/messages", _message(text))
        return ""

    def _post(self, path: str, said: Mapping[str, object]) -> dict[str, object]:
        bot = quote(self.setup.plain.get("bot", ""), safe="")
        url, body = f"{self.base}/bots/{bot}/{path}", json.dumps(said).encode()
        answer = called(self.setup, "POST", url, self._headers(), body, fine=frozenset({401}))
        if answer.status == 401:  # revoked before its time: once more with a fresh one
            self.account.forget(self.setup)
            answer = called(self.setup, "POST", url, self._headers(), body)
        return tree(answer)

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.account.token(self.setup)}", "Content-Type": "application/json"}


def _message(said: str) -> dict[str, object]:
    return {"content": {"type": "text", "text": silenced(said)[:LONGEST]}}
