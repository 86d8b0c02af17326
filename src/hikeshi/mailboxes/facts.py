"""What happened around mailboxes. No word of any letter: what became of one stands in the record it became."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from hikeshi.kernel.facts import Fact, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxSet(Fact):
    """What a mailbox is for and how it is read was said or changed."""

    mailbox: UUID
    carries: str
    on: bool
    content: str
    """Digest of all that is kept, the sealed password too."""

    def sets(self) -> Mapping[str, Row]:
        row: Row = {"carries": self.carries, "on": self.on, "content": self.content}
        return {f"mailboxes.mailbox:{self.mailbox}": row}


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxRemoved(Fact):
    mailbox: UUID

    def sets(self) -> Mapping[str, Row]:
        return {f"mailboxes.mailbox:{self.mailbox}": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxBroken(Fact):
    """It cannot be read; ``why`` is a code."""

    mailbox: UUID
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxMended(Fact):
    mailbox: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterParked(Fact):
    """A letter is kept, and somebody must look at why nothing became of it."""

    mailbox: UUID
    letter: UUID
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterTriedAgain(Fact):
    mailbox: UUID
    letter: UUID
