"""The inbox of this site, whichever of its kinds it is: what the door, the digest and the figures ask of it."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from functools import cache
from importlib import import_module
from typing import Protocol

from django.conf import settings

from hikeshi.intake.inbox import appending, claims, purging, tables, totals
from hikeshi.intake.inbox.appending import DIGEST, Outcome, Post
from hikeshi.intake.inbox.claims import Taken
from hikeshi.intake.inbox.totals import Totals
from hikeshi.ledger import wake
from hikeshi.ledger.wake import Waker


class Inbox(Protocol):
    """What is accepted stays until it is digested, is given to one digester at a time, and comes back if that one dies.
    Whatever cannot be reached raises django.db.OperationalError or InterfaceError.
    """

    def append(self, posts: Sequence[Post]) -> list[Outcome]:
        """Returns when they are kept durably; what could not be kept is said by NotKept, each by itself."""

    def pending(self) -> bool:
        """Whether anything may be there to take."""

    def waiting_since(self, moment: datetime) -> bool:
        """Whether anything accepted before ``moment`` is still here."""

    def take(self, owner: str, *, done: Taken | None = None) -> Taken | None:
        """Lets go of what ``done`` held and claims the next. None where nothing is free."""

    def together(self, taken: Taken) -> AbstractContextManager[None]:
        """What is digested within it is let go of in the same transaction, where the inbox has its claims there."""

    def give_back(self, taken: Taken) -> None:
        """Nothing was wrong with the bodies: whoever comes next may have them, and no try is counted."""

    def totals(self) -> Totals: ...

    def purge_keys(self) -> bool:
        """Forgets a step's worth of keys that are over; True where more may be left."""

    def ring(self) -> None:
        """Wakes whoever digests. Raises OSError."""

    def listen(self) -> Waker: ...

    def begin_afresh(self) -> None:
        """After a failure: the next try begins with a fresh connection."""


class Tables:
    """One PostgreSQL table, or a SQLite file of its own."""

    def append(self, posts: Sequence[Post]) -> list[Outcome]:
        return [*appending.append(posts)]

    def pending(self) -> bool:
        return claims.pending()

    def waiting_since(self, moment: datetime) -> bool:
        return claims.waiting_since(moment)

    def take(self, owner: str, *, done: Taken | None = None) -> Taken | None:
        return claims.take(owner, done=done)

    def together(self, taken: Taken) -> AbstractContextManager[None]:
        """The rows go with the next claim: the two files of SQLite share no transaction."""
        return nullcontext()

    def give_back(self, taken: Taken) -> None:
        claims.give_back(taken)

    def totals(self) -> Totals:
        return totals.totals()

    def purge_keys(self) -> bool:
        return purging.purge_keys()

    def ring(self) -> None:
        wake.ring(DIGEST)

    def listen(self) -> Waker:
        return wake.listen(DIGEST, own=True)

    def begin_afresh(self) -> None:
        tables.connection().close()


@cache
def inbox() -> Inbox:
    """Read once: what a site is made of does not change while it runs."""
    if settings.INBOX is None:
        return Tables()
    # Loaded only where it is used: sites with tables keep the memory.
    found: Inbox = import_module("hikeshi.intake.inbox.jetstream.stream").StreamInbox(settings.INBOX)
    return found
