"""A dry run: who would be told, when, by which way, if this opened at that time. Nothing is written, nobody called."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hikeshi.accounts.models import Organisation
from hikeshi.accounts.ways import Way
from hikeshi.kernel.acting import Actor
from hikeshi.oncall import escalation
from hikeshi.oncall.escalation import Circumstances, Plan, Planned, TargetKind
from hikeshi.oncall.permissions import Verb
from hikeshi.oncall.queries import policies, runs
from hikeshi.oncall.queries.policies import Chosen
from hikeshi.oncall.queries.targets import Book, Reached


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody a step would call. ``trouble``: nobody, and why."""

    name: str
    instead_of: str
    ways: tuple[Way, ...]
    trouble: str


@dataclass(frozen=True, slots=True)
class Line:
    planned: Planned
    people: tuple[Who, ...]

    @property
    def reaches_nobody(self) -> bool:
        return not self.planned.skipped and not any(not one.trouble for one in self.people)


@dataclass(frozen=True, slots=True)
class DryRun:
    """``lines`` in time; ``ends_at``: when nobody would be left. ``reached``: anybody at all would be."""

    chosen: Chosen
    lines: Sequence[Line]
    ends_at: datetime | None

    @property
    def reached(self) -> bool:
        return any(not line.planned.skipped and not line.reaches_nobody for line in self.lines)


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
    return DryRun(chosen, _lines(chosen.plan, at, place), escalation.ends_at(chosen.plan, at))


def _lines(plan: Plan, at: datetime, place: Organisation) -> list[Line]:
    books: dict[datetime, Book] = {}
    lines = []
    for planned in escalation.foreseen(plan, at):
        book = books.setdefault(planned.at, Book(planned.at))
        target = planned.turn.step.target
        if planned.skipped or target.kind is TargetKind.RAISE:
            lines.append(Line(planned, ()))
            continue
        found = book.find(target, place)
        there = [_who(book, one) for one in found.reached]
        gone = [Who(_name(book, one.owner), "", (), one.trouble) for one in found.missed]
        lines.append(Line(planned, (*there, *gone)))
    return lines


def _who(book: Book, one: Reached) -> Who:
    ways = tuple(way for way in book.ways(one.owner) if not one.ways or way.ref in one.ways)
    return Who(_name(book, one.owner), _name(book, one.instead_of), ways, "")


def _name(book: Book, owner: str) -> str:
    if not owner:
        return ""
    found = book.recipient(owner)
    return found.name if found is not None else runs.names_of([owner]).get(owner, "")
