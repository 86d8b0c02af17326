"""What chat tools send, made as their makers publish it and not as our door reads it."""

import base64
import hashlib
import hmac
import itertools
import json
from urllib.parse import urlencode

from django.http import HttpResponse
from django.test import Client

from hikeshi.accounts.models import Person
from hikeshi.kernel import clock
from hikeshi.kernel.acting import system
from hikeshi.rooms import actions
from hikeshi.rooms.makers import Maker
from hikeshi.rooms.models import Workspace
from tests import world

KEY = "8f742231b10e8888abcd99yyyzzz85a5"
TEAMS_KEY = base64.b64encode(b"a security token of thirty bytes").decode()
GIVEN = {
    Maker.SLACK: {"signing_secret": KEY},
    Maker.MATTERMOST: {"command_token": KEY},
    Maker.TEAMS: {"security_token": TEAMS_KEY},
    Maker.LINE_WORKS: {
        "bot_secret": KEY,
        "bot": "2000001",
        "client_id": "c",
        "client_secret": "s",
        "service_account": "a@b",
        "private_key": "k",
    },
}
_numbers = itertools.count(1)


def workspace(maker: Maker = Maker.SLACK, *, on: bool = True, **more: object) -> Workspace:
    keeper = world.admin()
    made = actions.set_workspace(by=keeper, name="Talk", maker=maker)
    given = {**GIVEN[maker], **more.pop("given", {})}
    return actions.set_workspace(by=keeper, workspace=made.uuid, name="Talk", on=on, given=given, **more)


def known(row: Workspace, person: Person, chat_id: str) -> None:
    code = actions.make_link_code(by=world.actor(person.username))
    actions.link_by_code(by=system("chat"), workspace=row.uuid, chat_id=chat_id, code=code)


def post(row: Workspace, body: bytes, kind: str, **headers: str) -> HttpResponse:
    return Client().post(f"/chat/v1/{row.uuid}", body, content_type=kind, headers=headers)


def slack_headers(body: bytes, *, key: str = KEY, shift: int = 0) -> dict[str, str]:
    at = str(int(clock.now().timestamp()) + shift)
    proof = hmac.new(key.encode(), f"v0:{at}:".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={proof}"}


def slack(
    row: Workspace, text: str, who: str = "U1", *, trigger: str = "", place: str = "D1", **signed: object
) -> HttpResponse:
    said = {"command": "/hikeshi", "text": text, "user_id": who, "channel_id": place, "team_id": "T1"}
    body = urlencode({**said, "trigger_id": trigger or f"t{next(_numbers)}"}).encode()
    return post(row, body, "application/x-www-form-urlencoded", **slack_headers(body, **signed))


def slack_event(row: Workspace, document: dict[str, object]) -> HttpResponse:
    body = json.dumps(document).encode()
    return post(row, body, "application/json", **slack_headers(body))


def mattermost(
    row: Workspace, text: str, who: str = "u1", *, token: str = KEY, header: str = "", place: str = "c1"
) -> HttpResponse:
    said = {"command": "/hikeshi", "text": text, "user_id": who, "token": token, "trigger_id": f"m{next(_numbers)}"}
    said["channel_id"] = place
    more = {"Authorization": header} if header else {}
    return post(row, urlencode(said).encode(), "application/x-www-form-urlencoded", **more)


def teams(row: Workspace, text: str, who: str = "aad-1", *, key: str = TEAMS_KEY, at: str = "") -> HttpResponse:
    body = json.dumps(
        {
            "type": "message",
            "id": f"17{next(_numbers)}",
            "timestamp": at or clock.now().isoformat().replace("+00:00", "Z"),
            "text": f"<at>hikeshi</at> {text}\n",
            "from": {"id": "29:x", "name": "Somebody", "aadObjectId": who},
            "conversation": {"id": "19:abc@thread.skype;messageid=1"},
        }
    ).encode()
    proof = base64.b64encode(hmac.new(base64.b64decode(key), body, hashlib.sha256).digest()).decode()
    return post(row, body, "application/json; charset=utf-8", Authorization=f"HMAC {proof}")


def line_works(row: Workspace, text: str, who: str = "w1", *, key: str = KEY, at: str = "") -> HttpResponse:
    body = json.dumps(
        {
            "type": "message",
            "source": {"userId": who, "domainId": 1},
            "issuedTime": at or clock.now().isoformat(timespec="microseconds").replace("+00:00", "Z"),
            "content": {"type": "text", "text": text},
        }
    ).encode()
    proof = base64.b64encode(hmac.new(key.encode(), body, hashlib.sha256).digest()).decode()
    headers = {"X-WORKS-Signature": proof, "X-WORKS-BotId": "2000001"}
    return post(row, body, "application/json; charset=UTF-8", **headers)


SAY = {Maker.SLACK: slack, Maker.MATTERMOST: mattermost, Maker.TEAMS: teams, Maker.LINE_WORKS: line_works}
