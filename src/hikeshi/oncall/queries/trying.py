"""A dry run: who would be told, when, by which way, if this opened at that time. Nothing is written, nobody called."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Organisation
from hikeshi.accounts.ways import Way
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.oncall import escalation
from hikeshi.oncall.escalation import Circumstances, Target, TargetKind, Turn
from hikeshi.oncall.models.policies import Policy
from hikeshi.oncall.permissions import Verb
from hikeshi.oncall.queries import policies, runs
from hikeshi.oncall.queries.policies import Chosen
from hikeshi.oncall.queries.targets import Book, Reached


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody a step would call, ``owner`` as ways have it. ``trouble``: nobody, and why. ``away``: they are not there
    and would be called all the same.
    """

    owner: str
    name: str
    instead_of: str
    ways: tuple[Way, ...]
    trouble: str
    away: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """``asks``: it calls nobody and asks the record for a priority."""

    turn: Turn
    at: datetime
    skipped: bool
    people: tuple[Who, ...]

    @property
    def asks(self) -> bool:
        return self.turn.step.target.kind is TargetKind.RAISE

    @property
    def reaches_nobody(self) -> bool:
        return not self.skipped and not self.asks and all(one.trouble for one in self.people)


@dataclass(frozen=True, slots=True)
class DryRun:
    """``lines`` in time; ``ends_at``: when nobody would be left. ``reached``: anybody at all would be."""

    chosen: Chosen
    lines: Sequence[Line]
    ends_at: datetime | None

    @property
    def reached(self) -> bool:
        return any(not line.skipped and not line.asks and not line.reaches_nobody for line in self.lines)


def dry_run(by: Actor, case: Circumstances, at: datetime, *, language: str = "") -> DryRun:
    """Who is on call and who may be reached is worked out for the time each step would be taken. Queries grow with the
    steps of the plan. Raises NotAllowed, NotFound.
    """
    by.must(Verb.VIEW)
    chosen = policies.choose(case, at, language=language)
    if chosen.plan is None:
        return DryRun(chosen, (), None)
    place = Organisation.objects.get(uuid=case.organisation)
    by.must(Verb.VIEW, place.pk)
    looking = _Looking(place)
    planned = escalation.foreseen(chosen.plan, at, looking.reaches)
    lines = [Line(one.turn, one.at, one.skipped, looking.people(one.turn, one.at)) for one in planned if one.turn]
    return DryRun(chosen, lines, next((one.at for one in planned if one.turn is None), None))


def meant(row: Policy, targets: Sequence[Target]) -> list[tuple[Target, list[tuple[str, tuple[Way, ...]]]]]:
    """Whom each of these means now for the policy's organisation, whether or not they can be told, and their ways."""
    place, book = row.organisation or accounts.root(), Book(clock.now())
    asked = [one for one in dict.fromkeys(targets) if one.kind is not TargetKind.RAISE]
    return [(one, [(_name(book, who), book.ways(who)) for who in book.owners(one, place)]) for one in asked]


@dataclass(slots=True)
class _Looking:
    """Asks about each moment once."""

    place: Organisation
    _books: dict[datetime, Book] = field(default_factory=dict)

    def _book(self, at: datetime) -> Book:
        return self._books.setdefault(at, Book(at))

    def reaches(self, turn: Turn, at: datetime) -> bool:
        target = turn.step.target
        return target.kind is TargetKind.RAISE or bool(self._book(at).find(target, self.place).reached)

    def people(self, turn: Turn, at: datetime) -> tuple[Who, ...]:
        if turn.step.target.kind is TargetKind.RAISE:
            return ()
        book = self._book(at)
        found = book.find(turn.step.target, self.place)
        there = [_who(book, one) for one in found.reached]
        gone = [Who(one.owner, _name(book, one.owner), "", (), one.trouble) for one in found.missed]
        return (*there, *gone)


def _who(book: Book, one: Reached) -> Who:
    ways = tuple(way for way in book.ways(one.owner) if not one.ways or way.ref in one.ways)
    return Who(one.owner, _name(book, one.owner), _name(book, one.instead_of), ways, "", one.away)


def _name(book: Book, owner: str) -> str:
    if not owner:
        return ""
    found = book.recipient(owner)
    return found.name if found is not None else runs.names_of([owner]).get(owner, "")
