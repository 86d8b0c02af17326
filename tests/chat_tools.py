"""Local stand-ins for the interfaces of chat tools in which rooms are made, written from what their makers publish and
not from our clients: they check who calls, what is asked, and answer and refuse as documented.
"""

import itertools
import re
from collections.abc import Mapping
from urllib.parse import unquote

from tests.receivers import Account, Answer, Receiver, Request, tokens

Room = dict[str, object]
BOT = "UBOT"
OK = {"ok": True}


def _error(code: str) -> dict[str, object]:
    return {"ok": False, "error": code}


def _create(rooms: dict[str, Room], said: Mapping[str, str]) -> dict[str, object]:
    name = said["name"]
    if not re.fullmatch(r"[a-z0-9_-]{1,80}", name):
        return _error("invalid_name")
    if any(one["name"] == name for one in rooms.values()):
        return _error("name_taken")
    place = f"C{len(rooms) + 1}"
    rooms[place] = {
        "name": name,
        "private": said.get("is_private") == "true",
        "people": {BOT},
        "said": [],
        "purpose": "",
        "topic": "",
        "archived": False,
        "written": {},
        "creator": BOT,
    }
    return OK | {"channel": {"id": place, "name": name, "creator": BOT}}


def _list(rooms: dict[str, Room], said: Mapping[str, str]) -> dict[str, object]:
    """One to a page, so that whoever reads the first alone is found out. A private one is shown to its members."""
    if said.get("types") != "private_channel":
        return OK | {"channels": []}
    hidden = said.get("exclude_archived") == "true"
    seen = [
        {"id": place, "name": room["name"], "creator": room["creator"], "purpose": {"value": room["purpose"]}}
        for place, room in rooms.items()
        if BOT in room["people"] and not (hidden and room["archived"])
    ]
    at = int(said.get("cursor") or 0)
    more = str(at + 1) if at + 1 < len(seen) else ""
    return OK | {"channels": seen[at : at + 1], "response_metadata": {"next_cursor": more}}


def _members(room: Room, said: Mapping[str, str]) -> dict[str, object]:
    people, at = sorted(room["people"]), int(said.get("cursor") or 0)
    more = str(at + 2) if at + 2 < len(people) else ""
    return OK | {"members": people[at : at + 2], "response_metadata": {"next_cursor": more}}


def _invite(room: Room, said: Mapping[str, str]) -> dict[str, object]:
    if said["users"] == BOT:
        return _error("cant_invite_self")
    if said["users"] == "U404":
        return _error("user_not_found")
    if said["users"] in room["people"]:
        return _error("already_in_channel")
    room["people"].add(said["users"])
    return OK


def _kick(room: Room, said: Mapping[str, str]) -> dict[str, object]:
    if said["user"] not in room["people"]:
        return _error("not_in_channel")
    room["people"].discard(said["user"])
    return OK


def _post(room: Room, said: Mapping[str, str]) -> dict[str, object]:
    if not said.get("text"):
        return _error("no_text")
    room["said"].append(said["text"])
    return OK | {"ts": f"1700000000.{len(room['said']):06d}", "channel": said["channel"]}


def _set(name: str):
    def act(room: Room, said: Mapping[str, str]) -> dict[str, object]:
        if len(said[name]) > 250:
            return _error("too_long")
        room[name] = said[name]
        return OK

    return act


def _archive(room: Room, said: Mapping[str, str]) -> dict[str, object]:
    if room["archived"]:
        return _error("already_archived")
    room["archived"] = True
    return OK


def _history(room: Room, said: Mapping[str, str]) -> dict[str, object]:
    """Those of the channel itself; replies in threads are not among them."""
    found = [
        {"type": "message", "ts": ts, "user": one[0], "text": one[1]}
        for ts, one in room["written"].items()
        if said.get("inclusive") == "true" and said["oldest"] <= ts <= said["latest"] and not one[2]
    ]
    return OK | {"messages": found[: int(said["limit"])]}


def _replies(room: Room, said: Mapping[str, str]) -> dict[str, object]:
    one = room["written"].get(said["ts"])
    if one is None:
        return _error("thread_not_found")
    return OK | {"messages": [{"type": "message", "ts": said["ts"], "user": one[0], "text": one[1]}]}


IN_ROOM = {
    "conversations.members": _members,
    "conversations.invite": _invite,
    "conversations.kick": _kick,
    "conversations.setPurpose": _set("purpose"),
    "conversations.setTopic": _set("topic"),
    "conversations.archive": _archive,
    "conversations.history": _history,
    "conversations.replies": _replies,
    "chat.postMessage": _post,
}
OF_WORKSPACE = {
    "auth.test": lambda *_: OK | {"url": "https://talk.slack.com/", "user_id": BOT, "team_id": "T1"},
    "conversations.create": _create,
    "conversations.list": _list,
}
AFTER_END = {"conversations.members", "conversations.history", "conversations.replies"}


def slack(token: str = "xoxb-1") -> Receiver:
    """Slack's Web API (docs.slack.dev/reference/methods): 200 with ok and error, whatever happened. A bot cannot
    unarchive (api.slack.com/methods/conversations.unarchive). The first thing taken is its rooms by id.
    """
    rooms: dict[str, Room] = {}

    def serve(request: Request) -> Answer:
        if request.headers.get("authorization") != f"Bearer {token}":
            return 200, _error("invalid_auth")
        method = request.path.removeprefix("/")
        if method in IN_ROOM:
            return 200, _in_room(rooms, method, request.form())
        return 200, OF_WORKSPACE.get(method, lambda *_: _error("unknown_method"))(rooms, request.form())

    receiver = Receiver(serve)
    receiver.taken.append(rooms)
    return receiver


def _in_room(rooms: dict[str, Room], method: str, said: Mapping[str, str]) -> dict[str, object]:
    room = rooms.get(said.get("channel", ""))
    if room is None:
        return _error("channel_not_found")
    if room["archived"] and method not in AFTER_END | {"conversations.archive"}:
        return _error("is_archived")
    return IN_ROOM[method](room, said)


TEAM = "t" * 26
MATTERMOST_BOT = "b" * 26


def _refused(status: int, code: str) -> Answer:
    return status, {"id": code, "message": "Refused.", "detailed_error": "", "request_id": "r", "status_code": status}


class Mattermost:
    """API v4 (developers.mattermost.com/api-documentation): a bot's token, JSON, errors with an id and a status_code.
    ``manages``: the bot may manage the team, which restoring a channel needs.
    """

    def __init__(self, token: str, *, manages: bool) -> None:
        self.token, self.manages = token, manages
        self.channels: dict[str, Room] = {}
        self.posts: dict[str, dict[str, object]] = {}
        self.receiver = Receiver(self.serve)
        self.receiver.taken.append(self.channels)

    def serve(self, request: Request) -> Answer:
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return _refused(401, "api.context.session_expired.app_error")
        if not request.path.startswith("/api/v4/"):
            return 404, b"404 page not found"
        for method, pattern, act in self.routes():
            found = re.fullmatch(pattern, request.path.removeprefix("/api/v4"))
            if found and method == request.method:
                return act(request, *(unquote(one) for one in found.groups()))
        return _refused(404, "api.context.404.app_error")

    def routes(self):
        return (
            ("GET", "/users/me", lambda request: (200, {"id": MATTERMOST_BOT, "is_bot": True})),
            ("GET", "/teams/([^/]+)", self.team),
            ("GET", "/teams/([^/]+)/channels/name/([^/]+)", self.by_name),
            ("POST", "/channels", self.create),
            ("DELETE", "/channels/([^/]+)", self.delete),
            ("PUT", "/channels/([^/]+)/patch", self.patch),
            ("POST", "/channels/([^/]+)/restore", self.restore),
            ("GET", "/channels/([^/]+)/members", self.members),
            ("POST", "/channels/([^/]+)/members", self.add),
            ("DELETE", "/channels/([^/]+)/members/([^/]+)", self.drop),
            ("POST", "/posts", self.post),
            ("GET", "/posts/([^/]+)", self.one_post),
        )

    def team(self, request: Request, team: str) -> Answer:
        return (200, {"id": TEAM, "name": "csirt"}) if team == TEAM else _refused(404, "app.team.get.find.app_error")

    def by_name(self, request: Request, team: str, name: str) -> Answer:
        found = next((one for one in self.channels.values() if one["name"] == name and not one["delete_at"]), None)
        if found is None or MATTERMOST_BOT not in found["people"]:
            return _refused(404, "app.channel.get_by_name.missing.app_error")
        return 200, {key: value for key, value in found.items() if key not in {"people", "said"}}

    def create(self, request: Request) -> Answer:
        said = request.json()
        named = re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,63}", said.get("name", ""))
        if said.get("team_id") != TEAM or not named or not said.get("display_name") or said.get("type") not in "OP":
            return _refused(400, "model.channel.is_valid.1_or_more.app_error")
        same = [one for one in self.channels.values() if one["name"] == said["name"]]
        if same:
            code = "previously" if same[0]["delete_at"] else "exists"
            return _refused(400, f"store.sql_channel.save_channel.{code}.app_error")
        place = f"{len(self.channels) + 1}".rjust(26, "c")
        known = {"id": place, "creator_id": MATTERMOST_BOT, "delete_at": 0, "header": "", "purpose": ""}
        self.channels[place] = {**known, **said, "people": {MATTERMOST_BOT}, "said": []}
        return 201, {"id": place, "name": said["name"], "creator_id": MATTERMOST_BOT}

    def delete(self, request: Request, place: str) -> Answer:
        self.channels[place]["delete_at"] = 1_700_000_000_000
        return 200, {"status": "OK"}

    def patch(self, request: Request, place: str) -> Answer:
        said = request.json()
        if len(said.get("header", "")) > 1024 or len(said.get("purpose", "")) > 250:
            return _refused(400, "model.channel.is_valid.header.app_error")
        self.channels[place].update(said)
        return 200, {"id": place}

    def restore(self, request: Request, place: str) -> Answer:
        if not self.manages:
            return _refused(403, "api.context.permissions.app_error")
        if not self.channels[place]["delete_at"]:
            return _refused(400, "api.channel.restore_channel.restored.app_error")
        self.channels[place]["delete_at"] = 0
        return 200, {"id": place}

    def members(self, request: Request, place: str) -> Answer:
        page, size = int(request.query["page"][0]), min(int(request.query["per_page"][0]), 200)
        people = sorted(self.channels[place]["people"])[page * size : (page + 1) * size]
        return 200, [{"channel_id": place, "user_id": one} for one in people]

    def add(self, request: Request, place: str) -> Answer:
        if not request.json().get("user_id"):
            return _refused(400, "api.context.invalid_body_param.app_error")
        self.channels[place]["people"].add(request.json()["user_id"])
        return 201, {"channel_id": place, "user_id": request.json()["user_id"]}

    def drop(self, request: Request, place: str, who: str) -> Answer:
        if who not in self.channels[place]["people"]:
            return _refused(404, "app.channel.get_member.missing.app_error")
        self.channels[place]["people"].discard(who)
        return 200, {"status": "OK"}

    def post(self, request: Request) -> Answer:
        said = request.json()
        channel = self.channels.get(said.get("channel_id", ""))
        if channel is None or channel["delete_at"] or not said.get("message"):
            return _refused(400, "api.post.create_post.can_not_post_to_deleted.error")
        channel["said"].append(said["message"])
        return 201, {"id": f"p{len(channel['said'])}", "channel_id": said["channel_id"]}

    def one_post(self, request: Request, post: str) -> Answer:
        found = self.posts.get(post)
        return (200, found) if found is not None else _refused(404, "app.post.get.app_error")


def mattermost(token: str = "mm-1", *, manages: bool = True) -> Receiver:
    made = Mattermost(token, manages=manages)
    made.receiver.posts = made.posts  # type: ignore[attr-defined]  # a test writes messages there
    return made.receiver


def works(account: Account) -> Receiver:
    """LINE WORKS: the token service, then POST /v1.0/bots/{botId}/channels, which is 201 with a channelId
    (developers.worksmobile.com/en/docs/bot-channel-create), and messages to channels and users, 201. 429 with
    rateLimit-reset (…/docs/rate-limits). The first thing taken is its talk rooms by id.
    """
    made, known = Works(account), tokens(account)
    receiver = Receiver(lambda request: known(request) or made.serve(request))
    receiver.taken.append(made.rooms)
    return receiver


class Works:
    def __init__(self, account: Account) -> None:
        self.account = account
        self.rooms: dict[str, Room] = {}
        self.numbers = itertools.count(1)

    def serve(self, request: Request) -> Answer:
        if request.method != "POST" or request.headers.get("content-type") != "application/json":
            return 415, {"code": "UNSUPPORTED_MEDIA_TYPE", "description": "application/json"}
        parts = request.path.strip("/").split("/")
        if parts == ["v1.0", "bots", self.account.bot, "channels"]:
            return self.make(request)
        if parts[:4] == ["v1.0", "bots", self.account.bot, "channels"] and parts[5:] == ["messages"]:
            return self.message(request, parts[4])
        return 404, {"code": "NOT_FOUND", "description": "API not exist"}

    def make(self, request: Request) -> Answer:
        said = request.json()
        members = said.get("members")
        whole = isinstance(members, list) and 1 <= len(members) <= 100 and len(set(members)) == len(members)
        if not whole or not set(members) <= set(self.account.users) or len(said.get("title", "")) > 1000:
            return 400, {"code": "INVALID_PARAMETER", "description": "members"}
        place = f"12345a12-b12c-12d3-e123fgh{next(self.numbers)}"
        self.rooms[place] = {"name": said.get("title", ""), "people": set(members), "said": []}
        return 201, {"channelId": place, "title": said.get("title", "")}

    def message(self, request: Request, place: str) -> Answer:
        content = request.json()["content"]
        if place not in self.rooms or content["type"] != "text" or not 0 < len(content["text"]) <= 2000:
            return 404, {"code": "NOT_FOUND", "description": "channel not found"}
        self.rooms[place]["said"].append(content["text"])
        return 201, b""
