"""A call that tries the way to people: begun like any other, by rota, policy or person, and marked as a test."""

from datetime import timedelta
from typing import Final
from uuid import UUID

import msgspec

from hikeshi.accounts import queries as accounts
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotAllowed
from hikeshi.kernel.worlds import World
from hikeshi.ledger.acts import action
from hikeshi.oncall import escalation, facts
from hikeshi.oncall.actions.calling import CANARY, tell
from hikeshi.oncall.actions.runs import digest, lay
from hikeshi.oncall.escalation import Chapter, Plan, State, Step, Target, TargetKind
from hikeshi.oncall.models.policies import Policy
from hikeshi.oncall.models.runs import Run
from hikeshi.oncall.permissions import Verb
from hikeshi.oncall.queries import policies, runs

POLICY: Final = "policy"
PEOPLE: Final = frozenset({TargetKind.PERSON, TargetKind.ROTA, TargetKind.TEAM, TargetKind.ROLE})
"""Outside parties, executives and machines are left in peace; no priority is raised."""
GRAVE: Final = 2
"""As urgent as a real call of that priority, so that the way it takes is the way of a real one."""


@action
def begin_canary(*, by: Actor, subject: str, ref: str, kind: str, value: str, patience: timedelta) -> Run:
    """``kind``: person, rota or policy. Begun before, it is left alone. For the desk's own loop.
    Raises NotAllowed, Invalid.
    """
    if not by.unlimited:
        raise NotAllowed(Verb.MANAGE)
    before = runs.live(subject)
    if before is not None:
        return before
    place = accounts.root()
    plan = Plan(_chapters(kind, value, patience), accounts.calendar_of(place))
    state, dues = escalation.begin(plan, clock.now())
    if state is not State.CALLING:
        raise Invalid("target", "nobody_to_call")

    run = Run.objects.create(
        subject=subject,
        ref=ref,
        world=World.REAL,
        organisation=place,
        priority=GRAVE,
        kind=CANARY,
        policy=value,
        plan=msgspec.to_builtins(plan),
        state=state,
        began_by=by.ref,
        began_at=clock.now(),
    )
    lay(run, dues)
    told = facts.RunBegan(
        run=run.uuid, state=state, policy=value, plan=digest(run.plan), priority=GRAVE, organisation=place.uuid
    )
    tell(run, by, told)
    return run


def _chapters(kind: str, value: str, patience: timedelta) -> tuple[Chapter, ...]:
    """Of a policy its steps that call people, at their times. Hours do not count: what is tried is the way."""
    if kind != POLICY:
        return (Chapter(value, "", (Step(timedelta(), Target(TargetKind(kind), value)),), patience=patience),)
    rows = list(Policy.objects.filter(retired_at__isnull=True).select_related("organisation", "follow"))
    row = next((one for one in rows if one.uuid == UUID(value)), None)
    if row is None:
        raise Invalid("target", "gone")
    found = policies.plan_of(row, rows, accounts.calendar_of(accounts.root())).chapters
    return tuple(
        Chapter(one.policy, one.name, steps, one.repeats, one.patience)
        for one in found
        if (steps := _people(one.steps))
    )


def _people(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    return tuple(Step(one.after, one.target) for one in steps if one.target.kind in PEOPLE)
