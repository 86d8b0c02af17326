"""The canary's page: how it stands, the last ones, and what they came to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.dates import WEEKDAYS

from hikeshi.accounts import queries as accounts
from hikeshi.canary import queries
from hikeshi.canary.queries import Arrangement, Canary, History
from hikeshi.kernel.acting import Actor
from hikeshi.phrases import labels


@dataclass(frozen=True, slots=True)
class Step:
    """A stage, and the seconds since the beginning; None: not passed."""

    name: str
    seconds: float | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Line:
    canary: Canary
    target: str
    answered_by: str
    steps: Sequence[Step]


@dataclass(frozen=True, slots=True)
class Page:
    lines: Sequence[Line]
    history: History
    figures: Sequence[tuple[str, float, float]]
    plan: Arrangement
    plan_target: str
    days: Sequence[str]
    failed: Canary | None
    would_send: bool
    may_run: bool

    @property
    def now(self) -> Line | None:
        going = self.history.under_way
        return next((one for one in self.lines if going is not None and one.canary.pk == going.pk), None)


def page(by: Actor) -> Page:
    found, plan = queries.history(by), queries.arrangement()
    named = queries.names([(plan.to, plan.value), *((one.to, one.value) for one in found.lines)])
    people = accounts.names_of([one.answered_by for one in found.lines])
    return Page(
        lines=[_line(one, named, people) for one in found.lines],
        history=found,
        figures=[(labels.label("canary_stage", one.stage), one.median, one.worst) for one in found.figures],
        plan=plan,
        plan_target=named.get((plan.to, plan.value), ""),
        days=[str(WEEKDAYS[day]) for day in plan.days],
        failed=queries.last_failed(),
        would_send=queries.would_send(),
        may_run=queries.may_run(by),
    )


def _line(one: Canary, named: Mapping[tuple[str, str], str], people: Mapping[str, str]) -> Line:
    steps = [Step(labels.label("canary_stage", stage), _since(one, at), at) for stage, at in one.times.items()]
    return Line(one, named.get((one.to, one.value), ""), people.get(one.answered_by, ""), steps)


def _since(one: Canary, at: datetime | None) -> float | None:
    return (at - one.asked_at).total_seconds() if at is not None else None
