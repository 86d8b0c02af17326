"""How a package above hears of a fact below: its own cursor, at least once, in its own transaction.

A fact whose reaction fails is parked with its error and tried again later; later facts of the same subject wait behind
it, for that reaction only. Nothing is skipped: a legal clock never silently fails to start.
"""

import logging
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final, TypeVar

from django.db import transaction
from django.db.models import F, QuerySet

from hikeshi.kernel import straight
from hikeshi.kernel.acting import system
from hikeshi.kernel.facts import Fact
from hikeshi.kernel.prepared import Prepared
from hikeshi.kernel.worlds import World
from hikeshi.ledger.acts import heard, record, unit
from hikeshi.ledger.chain import Content
from hikeshi.ledger.facts import ReactionParked
from hikeshi.ledger.models import Cursor, Entry, Head, Parked

F_ = TypeVar("F_", bound=Fact)
BATCH = 200
FIRST_RETRY = timedelta(seconds=10)
LAST_RETRY = timedelta(hours=1)
MOVE_EVERY: Final = 1.0
"""Seconds between two times that cursors pass over what does not concern their reactions."""
_moved = -MOVE_EVERY
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class EntryView:
    """The entry around a fact, as a reaction may see it."""

    number: int
    subject: str
    actor: str
    at: datetime
    world: World


@dataclass(frozen=True, slots=True)
class Reaction:
    """``unless``: whether no fact asks anything of it as the site is set up; asked after the facts were read.
    ``prompt``: somebody may be waiting for it.
    """

    name: str
    facts: Mapping[str, type[Fact]]
    run: Callable[[Fact, EntryView], None]
    unless: Callable[[], bool] | None = None
    prompt: bool = False


_reactions: dict[str, Reaction] = {}


def when(
    fact: type[F_], *, unless: Callable[[], bool] | None = None, prompt: bool = False
) -> Callable[[Callable[[F_, EntryView], None]], Callable[[F_, EntryView], None]]:
    """Declares a reaction. It must be idempotent: it may see the same fact again after a crash. ``unless``: true while
    the site uses nothing of it; one short query, so that nothing is written for facts that change nothing. ``prompt``:
    it may run in the act that records the fact, as ``promptly`` says.
    """

    def declare(run: Callable[[F_, EntryView], None]) -> Callable[[F_, EntryView], None]:
        # The registry holds reactions to all facts; the entry's name guarantees that run gets the kind it asked for.
        _declare(run, (fact,), unless, prompt=prompt)  # type: ignore[arg-type]  # see above
        return run

    return declare


def when_any(
    *facts: type[Fact], unless: Callable[[], bool] | None = None
) -> Callable[[Callable[[Fact, EntryView], None]], Callable[[Fact, EntryView], None]]:
    """As ``when``, for one reaction that hears several facts: in the order they were recorded."""

    def declare(run: Callable[[Fact, EntryView], None]) -> Callable[[Fact, EntryView], None]:
        _declare(run, facts, unless)
        return run

    return declare


def _declare(
    run: Callable[[Fact, EntryView], None],
    facts: tuple[type[Fact], ...],
    unless: Callable[[], bool] | None,
    *,
    prompt: bool = False,
) -> None:
    name = f"{run.__module__.removeprefix('hikeshi.')}.{run.__name__}"
    _reactions[name] = Reaction(name, {fact.name: fact for fact in facts}, run, unless, prompt)


def begin() -> None:
    """Gives every reaction without a cursor one at the head, so that it never replays the past by surprise.

    Run before anything is taken in, or a fact recorded meanwhile would lie behind the new cursor.
    """
    head = Head.objects.filter(pk=1).values_list("number", flat=True).first() or 0
    wanted = [Cursor(reaction=name, number=head) for name in _reactions]
    Cursor.objects.bulk_create(wanted, ignore_conflicts=True)


_HEAD = Prepared(lambda: Head.objects.filter(pk=1).values_list("number", flat=True))
_CURSORS = Prepared(lambda: Cursor.objects.values_list("reaction", "number"))
_DUE = Prepared(lambda now: Parked.objects.filter(due_at__lte=now).order_by("number")[:BATCH], now=datetime)
_BEHIND_IT = Prepared(
    lambda reaction, subject: Parked.objects.filter(reaction=reaction, subject=subject).values_list("pk", flat=True)[
        :1
    ],
    reaction=str,
    subject=str,
)


@lru_cache(maxsize=64)
def _unread(heard: frozenset[str]) -> Prepared[Entry]:
    """Nearly always those of all reactions, for they move on together."""

    def build(above: int, upto: int) -> QuerySet[Entry, Entry]:
        rows = Entry.objects.filter(fact__in=heard, number__gt=above, number__lte=upto)
        return rows.order_by("number")[:BATCH]

    return Prepared(build, above=int, upto=int)


def step(now: datetime) -> bool:
    """One round over every reaction. True when there may be more to do at once. What is new is read once for all of
    them, and those it does not concern move on together, at most each second and once a round has nothing to do: a
    round costs three queries and what is really done.
    """
    head = next(iter(_HEAD()), 0)
    cursors = dict(_CURSORS())
    if not cursors.keys() >= _reactions.keys():
        begin()
    behind = {name: cursors[name] for name in _reactions if cursors.get(name, head) < head}
    more = bool(behind) and _advance(behind, head, now)
    return _retry(now) or more


def _advance(behind: Mapping[str, int], head: int, now: datetime) -> bool:
    heard = frozenset(fact for name in behind for fact in _reactions[name].facts)
    found = _unread(heard)(above=min(behind.values()), upto=head)
    done = False
    for name, number in behind.items():
        reaction = _reactions[name]
        concerned = [entry for entry in found if entry.number > number and entry.fact in reaction.facts]
        if concerned and not (reaction.unless and reaction.unless()):
            done = True
            for entry in concerned:
                _take(reaction, entry, now)
    full = len(found) == BATCH
    if full or (not done and _may_move()):
        _move_on(behind, found[-1].number if full else head)
    return full or done


def _may_move() -> bool:
    """Whether the last time is a second ago. What concerns nobody is read again as cheaply as it is passed over, and a
    commit for it would stand between a call for help and whoever sends it.
    """
    return time.monotonic() >= _moved + MOVE_EVERY


def _move_on(behind: Iterable[str], reached: int) -> None:
    global _moved  # noqa: PLW0603  # when this process last moved them; nothing but speed hangs on it
    with unit():  # in its turn to write, as everybody
        Cursor.objects.filter(reaction__in=list(behind), number__lt=reached).update(number=reached)
    _moved = time.monotonic()


def _take(reaction: Reaction, entry: Entry, now: datetime) -> None:
    """Runs the reaction and moves its cursor in one transaction; parks the entry if that fails."""
    try:
        with unit():
            if _claim(reaction, entry):
                if _blocked(reaction, entry.subject):
                    _park(reaction, entry, now=now)
                else:
                    _run(reaction, entry)
    except Exception:  # whatever a reaction raises must not stop the others; it is kept and shown
        log.exception("reaction %s failed on entry %s", reaction.name, entry.number)
        with unit():
            if _claim(reaction, entry):
                _park(reaction, entry, now=now, error=traceback.format_exc(limit=-5))


_CLAIM: Final = "UPDATE ledger_cursor SET number = %s WHERE reaction = %s AND number < %s"


def _claim(reaction: Reaction, entry: Entry) -> bool:
    """Moves the cursor over this entry, unless another engine already has. The row lock holds until commit."""
    done = straight.run(straight.main(), _CLAIM, [entry.number, reaction.name, entry.number])
    return bool(done.rowcount == 1)


def _blocked(reaction: Reaction, subject: str) -> bool:
    return bool(_BEHIND_IT(reaction=reaction.name, subject=subject))


def _run(reaction: Reaction, entry: Entry) -> None:
    view = EntryView(entry.number, entry.subject, entry.actor, entry.at, World(entry.world))
    reaction.run(reaction.facts[entry.fact].read(entry.body), view)


def _park(reaction: Reaction, entry: Entry, *, now: datetime, error: str = "") -> None:
    Parked.objects.create(
        reaction=reaction.name,
        number=entry.number,
        subject=entry.subject,
        error=error,
        attempts=1 if error else 0,
        parked_at=now,
        due_at=now + FIRST_RETRY if error else now,
    )
    if error:
        fact = ReactionParked(reaction=reaction.name, entry=entry.number)
        record(fact, subject=entry.subject, by=system("react"), world=World(entry.world), topics=("alarms",))


PROMPTLY: Final = 3
"""Facts of one act. More would hold SQLite's one pen for longer than others may be kept waiting."""
_NEXT: Final = """
UPDATE ledger_cursor SET number = %s WHERE reaction = %s AND number < %s AND NOT EXISTS (
    SELECT 1 FROM ledger_entry WHERE number > ledger_cursor.number AND number < %s AND fact IN ({facts})
)
"""


@contextmanager
def promptly() -> Iterator[None]:
    """Of what acts record within it, the first facts are heard with the same commit by those reactions that are
    ``prompt``: nobody has to be woken, and there is one commit less to wait for. Whatever stands against it, an earlier
    fact that is still to be heard or a reaction that fails, the round hears it as any other.

    Where each row has a lock of its own they wait for the round: the ledger's end would be locked before the rows of
    others, and whoever holds such a row and asks for the ledger's end would wait for us, as we for them.
    """
    if straight.main().vendor != "sqlite":
        yield
        return
    with heard(_hear):
        yield


def _hear(first: int, told: Sequence[Content]) -> None:
    heard = 0
    for number, content in enumerate(told, first):
        for reaction in [one for one in _reactions.values() if one.prompt and content.fact in one.facts]:
            heard += 1
            if heard > PROMPTLY or not _heard_at_once(reaction, number, content):
                return


def _heard_at_once(reaction: Reaction, number: int, content: Content) -> bool:
    """In a savepoint of the act under way. False where it was left to the round, and later facts with it."""
    try:
        with unit():
            _must_be_next(reaction, number, content.subject)
            view = EntryView(number, content.subject, content.actor, content.at, World(content.world))
            reaction.run(reaction.facts[content.fact].read(content.body), view)
    except _LeftToTheRound:
        return False
    except Exception:  # the round tries it again, and keeps and shows what fails there
        log.warning("reaction %s waits for the round with entry %s", reaction.name, number, exc_info=True)
        return False
    return True


class _LeftToTheRound(Exception):
    """Takes the cursor back to where it stood."""


def _must_be_next(reaction: Reaction, number: int, subject: str) -> None:
    """Moves the cursor over this entry, where nothing that concerns the reaction lies before it. Raises
    _LeftToTheRound.
    """
    marks = ", ".join(["%s"] * len(reaction.facts))
    values = [number, reaction.name, number, number, *reaction.facts]
    moved = straight.run(straight.main(), _NEXT.format(facts=marks), values).rowcount == 1
    if not moved or _blocked(reaction, subject):
        raise _LeftToTheRound


def _retry(now: datetime) -> bool:
    """Tries what is due again, oldest entry of a subject first. True when a parked entry went through."""
    done = False
    for parked in _DUE(now=now):
        reaction = _reactions.get(parked.reaction)
        earlier = Parked.objects.filter(reaction=parked.reaction, subject=parked.subject, number__lt=parked.number)
        if reaction is not None and not earlier.exists():
            done |= _try_again(reaction, parked, now)
    return done


def _try_again(reaction: Reaction, parked: Parked, now: datetime) -> bool:
    try:
        with unit():
            if not Parked.objects.filter(pk=parked.pk).delete()[0]:
                return False  # another engine has just done it
            _run(reaction, Entry.objects.get(number=parked.number))
    except Exception:  # as in _take
        log.exception("reaction %s failed again on entry %s", parked.reaction, parked.number)
        wait = min(FIRST_RETRY * 2 ** min(parked.attempts, 12), LAST_RETRY)
        with transaction.atomic():
            Parked.objects.filter(pk=parked.pk).update(
                attempts=F("attempts") + 1, due_at=now + wait, error=traceback.format_exc(limit=-5)
            )
        return False
    return True


def waiting() -> int:
    """How many entries are parked: not zero is a reason to wake an administrator."""
    return Parked.objects.count()


def names() -> tuple[str, ...]:
    return tuple(_reactions)
