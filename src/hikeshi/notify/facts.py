"""What became of messages. Ways by their refs, people by theirs: no address and no word of a message."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from hikeshi.kernel.facts import Fact, Row
from hikeshi.notify.messages import Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageQueued(Fact):
    """``to``: ``person:<ref>`` or ``party:<ref>``."""

    message: UUID
    key: str
    purpose: Purpose
    to: str
    urgency: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSent(Fact):
    """The provider took it. ``repeated``: it may have gone out before."""

    message: UUID
    key: str
    purpose: Purpose
    to: str
    way: str
    kind: str
    repeated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFailed(Fact):
    """It reached nobody: no way, or each that was tried refused it. ``why`` is a code."""

    message: UUID
    key: str
    purpose: Purpose
    to: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageAnswered(Fact):
    """``way`` is empty where the answer came by another door than a message of ours."""

    message: UUID
    key: str
    purpose: Purpose
    to: str
    way: str
    choice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageWithdrawn(Fact):
    """What had not gone out yet does not go out any more. ``why`` is a code."""

    message: UUID
    key: str
    purpose: Purpose
    to: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageBounced(Fact):
    """A mail that had been taken came back undelivered."""

    message: UUID
    key: str
    purpose: Purpose
    to: str
    way: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyNotTaken(Fact):
    """They replied, and it did nothing; they are told so, once. ``why`` is a code."""

    message: UUID
    key: str
    purpose: Purpose
    to: str
    way: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxBroken(Fact):
    """Replies are no longer read; ``why`` is a code. Administrators are told by something else than mail."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxMended(Fact):
    """Replies are read again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WayBroken(Fact):
    """A channel refuses again and again; ``why`` is a code. Administrators are told through others."""

    kind: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WayMended(Fact):
    """The channel carries messages again."""

    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSet(Fact):
    """How a channel is reached was changed; its secrets are sealed in the row."""

    kind: str
    on: bool
    content: str
    """Digest of all that is kept, sealed secrets too: who points a channel elsewhere behind the desk is found."""

    def sets(self) -> Mapping[str, Row]:
        return {f"notify.channel:{self.kind}": {"on": self.on, "content": self.content}}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRemoved(Fact):
    """How a channel is reached was forgotten, its secrets with it."""

    kind: str

    def sets(self) -> Mapping[str, Row]:
        return {f"notify.channel:{self.kind}": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class HostsSet(Fact):
    """Which hosts inside the network may be called, and for how long messages to one way are gathered."""

    hosts: tuple[str, ...]
    window: int

    def sets(self) -> Mapping[str, Row]:
        return {"notify.bounds:1": {"hosts": list(self.hosts), "window": self.window}}


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRulesSet(Fact):
    """Somebody chose which of their ways is taken when."""

    person: UUID
    lines: int
