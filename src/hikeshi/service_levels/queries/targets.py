"""The book in force, every one before it, and what is wrong with a target before anybody waits for it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from hikeshi.accounts import hours
from hikeshi.accounts import queries as accounts
from hikeshi.calendars.calendar import Calendar
from hikeshi.calendars.working import NeverOpen, next_open
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor, system
from hikeshi.kernel.prepared import Prepared
from hikeshi.kernel.refusals import NotFound
from hikeshi.ledger.models import Entry
from hikeshi.service_levels import stopwatch
from hikeshi.service_levels.book import Book, Books, Target, decode, shipped
from hikeshi.service_levels.codes import ALWAYS, OWN_HOURS
from hikeshi.service_levels.facts import TargetsSet
from hikeshi.service_levels.models import BookVersion, Renewal
from hikeshi.service_levels.permissions import Verb

DESK = system("clocks")


@dataclass(slots=True)
class _Held:
    """What this process has read; ``hash`` is the ledger's, so that another site's book is never taken for it."""

    hash: str = ""
    books: Books = field(default_factory=Books)


_held = _Held()


_LAST = Prepared(
    lambda: Entry.objects.filter(fact=TargetsSet.name).order_by("-number").values_list("hash", flat=True)[:1]
)


def nothing_promised() -> bool:
    """Nobody has ever set a target here."""
    return not _LAST()


def books() -> Books:
    """Every version with the entry that put it in force: one query, and two more after a change."""
    last = next(iter(_LAST()), "")
    if last != _held.hash:
        told = Entry.objects.filter(fact=TargetsSet.name).order_by("number")
        contents = dict(BookVersion.objects.values_list("number", "content"))
        numbers = [
            (number, msgspec.json.decode(body, type=TargetsSet).number)
            for number, body in told.values_list("number", "body")
        ]
        _held.books = Books([(entry, decode(contents[number])) for entry, number in numbers if number in contents])
        _held.hash = last
    return _held.books


@dataclass(frozen=True, slots=True)
class InForce:
    """``number`` 0: as shipped, with nothing switched on."""

    number: int
    book: Book
    made_by: str = ""
    at: datetime | None = None


_NEWEST = Prepared(lambda: BookVersion.objects.order_by("-number")[:1])


def book_in_force() -> InForce:
    row = next(iter(_NEWEST()), None)
    if row is None:
        return InForce(0, shipped())
    return InForce(row.number, decode(row.content), row.made_by, row.at)


def may_configure(by: Actor) -> bool:
    return by.may(Verb.CONFIGURE, accounts.root().pk)


def targets(by: Actor) -> InForce:
    """Raises NotAllowed."""
    by.must(Verb.VIEW)
    return book_in_force()


def renewal_going() -> Renewal | None:
    """The one under way."""
    return Renewal.objects.filter(done_at=None).order_by("-pk").first()


def calendar_named(choice: str) -> Calendar | None:
    """The calendar of that uuid; None where it is gone."""
    try:
        row = accounts.calendar(DESK, UUID(choice))
    except (NotFound, ValueError):
        return None
    return hours.read(row)


def _calendar(choice: str) -> Calendar | None:
    """What a choice of hours means to somebody at the top of the site. Raises NotFound."""
    if choice == ALWAYS:
        return None
    found = accounts.calendar_of(accounts.root()) if choice == OWN_HOURS else calendar_named(choice)
    if found is None:
        raise NotFound("calendar")
    return found


def without_calendar(targets: Iterable[Target]) -> frozenset[str]:
    """Those whose calendar was removed: their clocks run by the organisation's own hours from the next change on. One
    query where any names a calendar, else none.
    """
    named = {one.code: one.hours for one in targets if one.hours not in {ALWAYS, OWN_HOURS}}
    if not named:
        return frozenset()
    known = {str(uuid) for uuid in accounts.calendars(DESK).values_list("uuid", flat=True)}
    return frozenset(code for code, choice in named.items() if choice not in known)


@dataclass(frozen=True, slots=True)
class Trouble:
    """``reason``: ``gone`` (its calendar was removed) or ``never_open``."""

    target: str
    reason: str


def troubles(book: Book) -> list[Trouble]:
    """Targets whose clocks could not run."""
    found = []
    for choice in {one.hours for one in book.targets}:
        reason = _trouble(choice)
        found += [Trouble(one.code, reason) for one in book.targets if reason and one.hours == choice]
    return found


def _trouble(choice: str) -> str:
    try:
        found = _calendar(choice)
        if found is not None:
            next_open(found, clock.now())
    except NotFound:
        return "gone"
    except NeverOpen:
        return "never_open"
    return ""


@dataclass(frozen=True, slots=True)
class Example:
    """When it would run out for a record opened now; None: never."""

    priority: int
    minutes: int
    due_at: datetime | None
    always: bool


def example(target: Target) -> Sequence[Example]:
    """By the calendar of the topmost organisation, where the target names none."""
    now = clock.now()
    found = []
    for priority, minutes in enumerate(target.minutes, start=1):
        if minutes is None:
            continue
        choice = target.hours_for(priority)
        try:
            due = stopwatch.used_up_at(_calendar(choice), [(now, None)], timedelta(minutes=minutes))
        except (NeverOpen, NotFound):
            due = None
        found.append(Example(priority, minutes, due, choice == ALWAYS))
    return found
