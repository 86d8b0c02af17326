"""The one door for writes: a verb is an ``@action``, and what it did is ``record``ed inside it.

Facts wait in memory until the outermost action is about to commit; then the head is locked, they are numbered, hashed
and inserted. Locking earlier would put every writer of the site in one queue; letting the database number rows would
let a reader see entry 8 before entry 7 and skip it for good.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Final, ParamSpec, TypeAlias, TypeVar

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from hikeshi.kernel import clock, straight
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import Fact
from hikeshi.kernel.worlds import World
from hikeshi.ledger import chain, turns, wake
from hikeshi.ledger.models import Head

P = ParamSpec("P")
R = TypeVar("R")
ACTIONS: list[Callable[..., object]] = []
"""Every verb of the product, for the test that calls each as a stranger."""


class OutsideAction(RuntimeError):
    """A fact was recorded where no action is under way: a mistake of the programmer, not of the user."""


@dataclass(slots=True)
class _Unit:
    waiting: list[chain.Content] = field(default_factory=list)
    last: list[Callable[[], None]] = field(default_factory=list)
    called: set[str] = field(default_factory=set)


_unit: ContextVar[_Unit | None] = ContextVar("ledger_unit", default=None)
Hearer: TypeAlias = Callable[[int, Sequence[chain.Content]], None]
"""Takes the number of the first of these entries, and the entries."""
_hearer: ContextVar[Hearer | None] = ContextVar("ledger_hearer", default=None)


_told: Counter[str] = Counter()


_called: Counter[str] = Counter()


def called_here(loop: str) -> int:
    """How often this process has told a loop that there is work for it."""
    return _called[loop]


def told_here(domain: str) -> int:
    """How often this process has told facts of a domain: a figure kept in mind is good while this stands still, as far
    as this process is concerned.
    """
    return _told[domain]


@contextmanager
def unit() -> Iterator[None]:
    """A unit of work: one transaction, its facts appended as its last act. Inside another, a savepoint of it."""
    outer = _unit.get()
    if outer is not None:
        mark, last = len(outer.waiting), len(outer.last)
        try:
            with transaction.atomic():
                yield
        except BaseException:
            del outer.waiting[mark:], outer.last[last:]  # what was undone did not happen
            raise
        return
    current = _Unit()
    token = _unit.set(current)
    try:
        with turns.turn(connection.vendor), transaction.atomic():
            yield
            _tell(current)
            for finish in current.last:
                finish()
            _called.update(current.called)
            for name in sorted(current.called):
                wake.at_commit(connection, name)
            if current.waiting:
                wake.at_commit(connection)
        _told.update({content.fact.partition(".")[0] for content in current.waiting})
    finally:
        _unit.reset(token)


@contextmanager
def heard(hearer: Hearer) -> Iterator[None]:
    """What acts record within it is told to ``hearer`` as the last thing before their commit: what that records in turn
    is true with the same commit, and is told to nobody here.
    """
    token = _hearer.set(hearer)
    try:
        yield
    finally:
        _hearer.reset(token)


def _tell(current: _Unit) -> None:
    if not current.waiting:
        return
    first, count = _append(current.waiting), len(current.waiting)
    hearer = _hearer.get()
    if hearer is not None:
        hearer(first, tuple(current.waiting))
        if current.waiting[count:]:
            _append(current.waiting[count:])


def action(verb: Callable[P, R]) -> Callable[P, R]:
    """Marks a verb of a domain: it runs in a unit of work."""

    @wraps(verb)
    def act(*args: P.args, **kwargs: P.kwargs) -> R:
        with unit():
            return verb(*args, **kwargs)

    ACTIONS.append(act)
    return act


def record(fact: Fact, *, subject: str, by: Actor, world: World = World.REAL, topics: tuple[str, ...] = ()) -> None:
    """Says that this happened. ``topics`` name the lists whose open pages should look again; the subject always does.

    Raises OutsideAction.
    """
    current = _unit.get()
    if current is None:
        raise OutsideAction(fact.name)
    content = chain.Content(
        fact=fact.name,
        version=fact.version,
        body=fact.body().decode(),
        subject=subject,
        actor=by.ref,
        at=clock.now(),
        world=world.value,
        topics=" ".join(topics),
    )
    current.waiting.append(content)


def rouse(loop: str) -> None:
    """There is work for this loop as soon as the unit under way is true. Raises OutsideAction."""
    current = _unit.get()
    if current is None:
        raise OutsideAction(loop)
    current.called.add(loop)


def at_last(finish: Callable[[], None]) -> None:
    """Called once all that the unit under way records is written down, right before its commit. It records nothing.
    Raises OutsideAction.
    """
    current = _unit.get()
    if current is None:
        raise OutsideAction("at_last")
    current.last.append(finish)


_COLUMNS: Final = (
    *("number", "fact", "version", "body", "subject", "actor"),
    *("at", "world", "topics", "digest", "previous_hash", "hash"),
)
_INSERT: Final = f"INSERT INTO ledger_entry ({', '.join(_COLUMNS)}) VALUES ({', '.join(['%s'] * len(_COLUMNS))})"  # noqa: S608  # marks only
Value: TypeAlias = int | str | datetime | None
_MOVE: Final = "UPDATE ledger_head SET number = %s, hash = %s WHERE id = 1"


def _append(waiting: Sequence[chain.Content]) -> int:
    """The number of the first. In three statements, written out: this is the one thing that every act does."""
    here = straight.main()
    number, previous = _locked_head(here)
    first = number + 1
    rows = []
    for content in waiting:
        number += 1
        digest = chain.digest(content)
        own = chain.link(number, previous, digest)
        rows.append((number, *_columns(content, here), digest, previous, own))
        previous = own
    straight.run_each(here, _INSERT, rows)
    straight.run(here, _MOVE, [number, previous])
    return first


def _locked_head(here: BaseDatabaseWrapper) -> tuple[int, str]:
    """SQLite's writer holds the whole file already."""
    wait = " FOR UPDATE" if here.features.has_select_for_update else ""
    found = straight.run(here, f"SELECT number, hash FROM ledger_head WHERE id = 1{wait}").fetchone()  # noqa: S608  # no words of anybody
    if found is None:
        head, _ = Head.objects.get_or_create(pk=1, defaults={"number": 0, "hash": chain.GENESIS})
        return _locked_head(here) if head.number else (0, chain.GENESIS)
    return int(found[0]), str(found[1])


def _columns(content: chain.Content, here: BaseDatabaseWrapper) -> tuple[Value, ...]:
    """In the order of the columns."""
    return (
        content.fact,
        content.version,
        content.body,
        content.subject,
        content.actor,
        here.ops.adapt_datetimefield_value(content.at),
        content.world,
        content.topics,
    )
