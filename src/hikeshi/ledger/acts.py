"""The one door for writes: a verb is an ``@action``, and what it did is ``record``ed inside it.

Facts wait in memory until the outermost action is about to commit; then the head is locked, they are numbered, hashed
and inserted. Locking earlier would put every writer of the site in one queue; letting the database number rows would
let a reader see entry 8 before entry 7 and skip it for good.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import connection, transaction

from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import Fact
from hikeshi.kernel.worlds import World
from hikeshi.ledger import chain, turns, wake
from hikeshi.ledger.models import Entry, Head

P = ParamSpec("P")
R = TypeVar("R")
ACTIONS: list[Callable[..., object]] = []
"""Every verb of the product, for the test that calls each as a stranger."""


class OutsideAction(RuntimeError):
    """A fact was recorded where no action is under way: a mistake of the programmer, not of the user."""


@dataclass(slots=True)
class _Unit:
    waiting: list[chain.Content] = field(default_factory=list)


_unit: ContextVar[_Unit | None] = ContextVar("ledger_unit", default=None)


@contextmanager
def unit() -> Iterator[None]:
    """A unit of work: one transaction, its facts appended as its last act. Inside another, a savepoint of it."""
    outer = _unit.get()
    if outer is not None:
        mark = len(outer.waiting)
        try:
            with transaction.atomic():
                yield
        except BaseException:
            del outer.waiting[mark:]  # what was undone did not happen
            raise
        return
    current = _Unit()
    token = _unit.set(current)
    try:
        with turns.turn(connection.vendor), transaction.atomic():
            yield
            if current.waiting:
                _append(current.waiting)
    finally:
        _unit.reset(token)


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


def _append(waiting: list[chain.Content]) -> None:
    head = Head.objects.select_for_update().filter(pk=1).first() or Head(pk=1, number=0, hash=chain.GENESIS)
    number, previous = head.number, head.hash
    entries = []
    for content in waiting:
        number += 1
        digest = chain.digest(content)
        own = chain.link(number, previous, digest)
        entries.append(_entry(number, content, digest, previous, own))
        previous = own
    Entry.objects.bulk_create(entries, batch_size=500)
    Head.objects.update_or_create(pk=1, defaults={"number": number, "hash": previous})
    wake.at_commit(connection)


def _entry(number: int, content: chain.Content, digest: str, previous: str, own: str) -> Entry:
    return Entry(
        number=number,
        fact=content.fact,
        version=content.version,
        body=content.body,
        subject=content.subject,
        actor=content.actor,
        at=content.at,
        world=content.world,
        topics=content.topics,
        digest=digest,
        previous_hash=previous,
        hash=own,
    )
