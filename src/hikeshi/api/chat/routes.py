"""Chat tools that are connected, who is who there, and the rooms of a record. No secret is ever read back."""

from typing import Self
from uuid import UUID

from ninja import Router
from pydantic import Field

from hikeshi.api.callers import Request
from hikeshi.api.shapes import Listed, Output, Time, whole
from hikeshi.incidents import queries as incidents
from hikeshi.incidents.queries import visibility
from hikeshi.kernel.refusals import NotFound
from hikeshi.rooms import actions, queries

router = Router(tags=["chat"], by_alias=True)


class ChatTool(Output):
    """One workspace of a chat tool, without its secrets."""

    uuid: UUID
    maker: str = Field(description="`slack`, `teams`, `mattermost` or `line_works`.")
    name: str
    on: bool
    makes_rooms: bool
    threshold: int = Field(description="Rooms are made for records of this priority or graver.")
    archives: bool = Field(description="Rooms are closed with their records.")
    people: int = Field(description="So many accounts there are tied to people here.")
    trouble: str = Field(description="A code; empty where it works.")
    worked_at: Time | None
    heard_at: Time | None
    version: int


class ChatTools(Listed[ChatTool]):
    pass


class ChatTie(Output):
    """An account of a chat tool and who it is here."""

    uuid: UUID
    person: UUID
    name: str
    account: str
    confirmed: bool = Field(description="Not before the person has said so does the account act as theirs.")
    since: Time

    @classmethod
    def of(cls, row: queries.Link) -> Self:
        return cls(
            uuid=row.uuid,
            person=row.person.uuid,
            name=row.person.name,
            account=row.chat_id,
            confirmed=row.confirmed,
            since=row.linked_at,
        )


class ChatTies(Listed[ChatTie]):
    pass


class ChatRoom(Output):
    tool: UUID
    maker: str
    name: str
    state: str = Field(description="`none`, `making`, `open`, `failed` or `closed`.")
    url: str
    trouble: str
    can_make: bool = Field(description="Whether one may be asked for now.")

    @classmethod
    def of(cls, found: queries.PlaceOfRecord) -> Self:
        row, room = found.row, found.room
        url, trouble = (room.url, room.trouble) if room is not None else ("", "")
        said = {"tool": row.uuid, "maker": row.maker, "name": row.name, "state": found.state}
        return cls.model_validate({**said, "url": url, "trouble": trouble, "can_make": found.can_make})


class ChatRooms(Listed[ChatRoom]):
    pass


@router.get("/chat-tools", response=ChatTools, summary="Chat tools that are connected")
def list_chat_tools(request: Request) -> ChatTools:
    return whole(ChatTools, [ChatTool.model_validate(one) for one in queries.workspaces(request.auth)])


@router.get("/chat-tools/{tool}/ties", response=ChatTies, summary="Who is who in a chat tool")
def list_chat_ties(request: Request, tool: UUID) -> ChatTies:
    row = queries.workspace(request.auth, tool).row
    return whole(ChatTies, [ChatTie.of(one) for one in queries.links(request.auth, row)])


@router.delete("/chat-ties/{tie}", response={204: None}, summary="Untie an account from its person")
def remove_chat_tie(request: Request, tie: UUID) -> None:
    """Your own, or anybody's for whoever looks after chat tools."""
    actions.unlink(by=request.auth, link=tie)


@router.get("/incidents/{ref}/chat-rooms", response=ChatRooms, summary="Where a record has a chat room or may have one")
def list_chat_rooms(request: Request, ref: str) -> ChatRooms:
    found = incidents.incident(request.auth, ref)
    visibility.note_reading(request.auth, found, "chat_rooms")
    return whole(ChatRooms, [ChatRoom.of(one) for one in queries.of_record(found.subject)])


@router.post("/incidents/{ref}/chat-rooms/{tool}", response=ChatRoom, summary="Open a chat room, or try again")
def make_chat_room(request: Request, ref: str, tool: UUID) -> ChatRoom:
    """It is made soon after: ask for the list to see it."""
    actions.make_room(by=request.auth, ref=ref, workspace=tool)
    return _room(request, ref, tool)


@router.delete("/incidents/{ref}/chat-rooms/{tool}", response=ChatRoom, summary="Close a chat room")
def close_chat_room(request: Request, ref: str, tool: UUID) -> ChatRoom:
    actions.close_room(by=request.auth, ref=ref, workspace=tool)
    return _room(request, ref, tool)


def _room(request: Request, ref: str, tool: UUID) -> ChatRoom:
    found = incidents.incident(request.auth, ref)
    for one in queries.of_record(found.subject):
        if one.row.uuid == tool:
            return ChatRoom.of(one)
    raise NotFound("room")
