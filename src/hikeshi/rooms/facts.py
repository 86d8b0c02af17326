"""What happened around chat tools. No name or id of a person there: commitments stand for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from hikeshi.kernel.facts import Commitment, Fact, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceSet(Fact):
    """How a workspace is connected was said or changed; its secrets are sealed in the row."""

    workspace: UUID
    maker: str
    on: bool
    content: str
    """Digest of all that is kept, sealed secrets too: who points it elsewhere behind the desk is found."""

    def sets(self) -> Mapping[str, Row]:
        return {f"rooms.workspace:{self.workspace}": {"maker": self.maker, "on": self.on, "content": self.content}}


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceRemoved(Fact):
    """The desk no longer knows it, nor anybody there. ``links`` are those that went with it."""

    workspace: UUID
    maker: str
    links: tuple[UUID, ...] = ()

    def sets(self) -> Mapping[str, Row]:
        gone: dict[str, Row] = {f"rooms.workspace:{self.workspace}": None}
        return gone | {f"rooms.link:{one}": None for one in self.links}


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLinked(Fact):
    """What comes from this account of the workspace is done by this person, once they have ``confirmed`` it."""

    link: UUID
    workspace: UUID
    maker: str
    person: str
    account: Commitment
    confirmed: bool
    replaced: tuple[UUID, ...] = ()

    def sets(self) -> Mapping[str, Row]:
        columns: Row = {
            "workspace": str(self.workspace),
            "person": self.person,
            "account": self.account.digest,
            "confirmed": self.confirmed,
        }
        return {f"rooms.link:{one}": None for one in self.replaced} | {f"rooms.link:{self.link}": columns}


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkConfirmed(Fact):
    """The person said that the account somebody else wrote down is theirs."""

    link: UUID
    maker: str
    person: str

    def sets(self) -> Mapping[str, Row]:
        return {f"rooms.link:{self.link}": {"confirmed": True}}


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonUnlinked(Fact):
    link: UUID
    maker: str
    person: str

    def sets(self) -> Mapping[str, Row]:
        return {f"rooms.link:{self.link}": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomMade(Fact):
    room: UUID
    maker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomFailed(Fact):
    """``why`` is a code."""

    room: UUID
    maker: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomClosed(Fact):
    room: UUID
    maker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomReopened(Fact):
    room: UUID
    maker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomAsked(Fact):
    """Somebody wanted a room for the record; whether there is one, the next facts say."""

    room: UUID
    maker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomDismissed(Fact):
    """Somebody wanted it closed before the record is."""

    room: UUID
    maker: str
