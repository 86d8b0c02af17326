"""The settings in force."""

from dataclasses import dataclass
from datetime import datetime

from hikeshi.accounts import queries as accounts
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.prepared import Settled
from hikeshi.load.book import Book, decode
from hikeshi.load.models import BookVersion
from hikeshi.load.permissions import Verb


@dataclass(frozen=True, slots=True)
class InForce:
    """``number`` 0: nobody settled anything yet."""

    number: int
    book: Book
    made_by: str = ""
    at: datetime | None = None


_NEWEST = Settled(lambda: BookVersion.objects.order_by("-number")[:1])


def by_hand_only() -> bool:
    """Nothing is given to anybody by itself here."""
    return not in_force().book.automatic


def in_force() -> InForce:
    row = next(iter(_NEWEST()), None)
    if row is None:
        return InForce(0, Book())
    return InForce(row.number, decode(row.content), row.made_by, row.at)


def settings(by: Actor) -> InForce:
    """Raises NotAllowed."""
    by.must(Verb.VIEW)
    return in_force()


def may_configure(by: Actor) -> bool:
    return by.may(Verb.CONFIGURE, accounts.root().pk)
