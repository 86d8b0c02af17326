"""Microsoft Teams: posts into one channel, by the address of a workflow there. No channel is made, everybody there
reads them (https://learn.microsoft.com/power-automate/teams/send-a-message-in-teams).
"""

import json
from dataclasses import dataclass

from hikeshi.rooms import escaping
from hikeshi.rooms.clients.calling import Made, Unable, called


@dataclass(frozen=True, slots=True)
class Teams(Unable):
    def make(self, name: str, people: tuple[str, ...], purpose: str) -> Made:
        return Made(name)

    def say(self, place: str, text: str, link: str) -> str:
        block = {"type": "TextBlock", "text": f"{escaping.teams_card(text)}\n\n{link}".strip(), "wrap": True}
        card = {"type": "AdaptiveCard", "version": "1.4", "body": [block]}
        content = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
        body = json.dumps({"type": "message", "attachments": [content]}).encode()
        called(self.setup, "POST", self.setup.secret.get("webhook", ""), {"Content-Type": "application/json"}, body)
        return ""
