"""Calling for help about a subject, and answering. The subject is opaque: whoever keeps it has checked that the actor
may see it; here it is asked whether they may answer.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from hikeshi.accounts.models import Organisation, Person
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.prepared import Prepared
from hikeshi.kernel.refusals import Invalid, NotAllowed
from hikeshi.kernel.worlds import World
from hikeshi.ledger import keeping
from hikeshi.ledger.acts import action, rouse
from hikeshi.notify import actions as notify
from hikeshi.oncall import escalation, facts
from hikeshi.oncall.actions.calling import (
    ESCALATE,
    Caller,
    Post,
    first,
    keep,
    plan_due,
    purpose,
    tell,
    told_topic,
    topic,
)
from hikeshi.oncall.escalation import UNANSWERED, Circumstances, DueKind, Plan, State, Target, TargetKind
from hikeshi.oncall.models.runs import Due, How, Run
from hikeshi.oncall.permissions import Verb
from hikeshi.oncall.queries import policies, runs
from hikeshi.oncall.queries.targets import PERSON, Book, Found
from hikeshi.oncall.refusals import AnsweredAlready

CALLING: Final = (DueKind.STEP, DueKind.RUN_OUT)


@action
def begin(
    *, by: Actor, subject: str, world: World, circumstances: Circumstances, at: datetime | None = None
) -> Run | None:
    """Copies the plan of the policy that suits and starts it; None where none does. Begun before and not graver now, it
    is left alone; graver, it gives way to the new one, and whoever has answered still has. For the desk's own loops;
    nothing is called about a demonstration. Raises NotAllowed, NotFound.
    """
    _must_be_the_desk(by)
    before = _held(subject)
    if world is World.DEMO or (before is not None and before.priority <= circumstances.priority):
        return before
    now = at or clock.now()
    chosen = policies.choose(circumstances, now)
    if chosen.plan is None:
        return before

    if before is not None:
        _end(before, by, "replaced")
    place = chosen.place
    run, dues = _started(
        place, chosen.plan, subject=subject, world=world, case=circumstances, code=chosen.code, now=now
    )
    run.began_by = by.ref
    if before is not None and before.answered_by and run.state == State.CALLING:
        run.state, run.answered_by, run.answered_at = State.ANSWERED, before.answered_by, before.answered_at
        dues = tuple(one for one in dues if one.kind is DueKind.ANYWAY)
    keeping.keep_new([run])
    lay(run, dues)

    told = facts.RunBegan(
        run=run.uuid,
        state=State(run.state),
        policy=run.policy,
        plan=digest(run.plan),
        priority=run.priority,
        organisation=run.organisation.uuid,
    )
    tell(run, by, told)
    return run


def _started(
    place: Organisation, plan: Plan, *, subject: str, world: World, case: Circumstances, code: str, now: datetime
) -> tuple[Run, tuple[escalation.Due, ...]]:
    """A run of the copied plan, not yet kept, and all that is due of it from the beginning on."""
    state, dues = escalation.begin(plan, now)
    run = Run(
        subject=subject,
        ref=case.ref,
        world=world,
        organisation=place,
        priority=case.priority,
        kind=case.kind,
        policy=code,
        plan=msgspec.to_builtins(plan),
        state=state,
        began_at=now,
    )
    return run, dues


def digest(plan: object) -> str:
    """Stands in the ledger for the plan that was copied."""
    return hashlib.sha256(msgspec.json.encode(plan, order="deterministic")).hexdigest()


@action
def acknowledge(*, by: Actor, subject: str, person: str = "") -> Run | None:
    """Says: I have it. The first one counts; nobody else is called. None where no help was called for. ``person``:
    whose answer it is, where the desk itself says so. Raises NotAllowed, AnsweredAlready naming who was first.
    """
    run = _answering(by, subject)
    who = person if person and by.unlimited else by.ref
    if run is None or run.answered_by == who or run.state == State.TELLING:
        return run
    now = clock.now()
    free = Run.objects.filter(pk=run.pk, state__in=UNANSWERED)
    if not free.update(state=State.ANSWERED, answered_by=who, answered_at=now, trouble=""):
        raise _taken(run)
    run.refresh_from_db()

    _call_off(run)
    timeout = escalation.timed_out(runs.plan_of(run), now)
    if timeout is not None:
        plan_due(run, timeout)
    notify.withdraw(by=by, subject=topic(run), purpose=purpose(run), why="acknowledged")
    tell(run, by, facts.Acknowledged(run=run.uuid, state=State.ANSWERED, person=who, at=now))
    return run


def _taken(run: Run) -> AnsweredAlready:
    run.refresh_from_db()
    name = runs.names_of([run.answered_by]).get(run.answered_by, "")
    return AnsweredAlready(person=run.answered_by, name=name, at=run.answered_at or clock.now())


@action
def hand_over(*, by: Actor, subject: str, to: str = "") -> Run | None:
    """To this person (``person:<uuid>``), or to whoever is next, called at once. Until they answer nobody has it.
    Raises NotAllowed, Invalid.
    """
    run = _answering(by, subject)
    if run is None or run.state == State.TELLING:
        return run
    person = _person(to) if to else ""
    now = clock.now()
    plan = runs.plan_of(run)

    _call_off(run)
    notify.withdraw(by=by, subject=topic(run), purpose=purpose(run), why="handed_over")
    run.state, run.answered_by, run.answered_at, run.trouble = State.CALLING, "", None, ""
    tell(run, by, facts.HandedOver(run=run.uuid, state=State.CALLING, to=person))
    post = Post()
    caller = Caller(run, Book(now), now, post)
    found = caller.call(Target(TargetKind.PERSON, person), How.HANDED) if person else None
    if found is not None and found.reached:
        post.plan(run, escalation.after_handing(plan, run.position, now))
    else:
        post.plan(run, escalation.next_now(plan, run.position, now))
    post.send(by)
    run.save()
    return run


@action
def ask_help(*, by: Actor, subject: str, to: str = "") -> Found | None:
    """Calls this person, or whoever is next, as well; who has it keeps it. Raises NotAllowed, Invalid."""
    run = _answering(by, subject)
    if run is None:
        return None
    person = _person(to) if to else ""
    now = clock.now()
    turns = [one for one in escalation.turns(runs.plan_of(run)) if one.step.target.kind is not TargetKind.RAISE]
    post = Post()
    caller = Caller(run, Book(now), now, post)

    found = Found((), ())
    if person:
        found = caller.call(Target(TargetKind.PERSON, person), How.HELP)
    else:
        for turn in (*turns[run.position :], *turns[: run.position]):
            found = caller.call(turn.step.target, How.HELP, turn)
            if any(one.owner != by.ref for one in found.reached):
                break
    post.send(by)
    run.save()
    told = facts.HelpAsked(run=run.uuid, state=State(run.state), to=first(found.reached), count=len(found.reached))
    tell(run, by, told)
    for one in () if found.reached else found.missed:
        _in_vain(run, by, one.owner, one.trouble)
    return found


def _in_vain(run: Run, by: Actor, who: str, trouble: str) -> None:
    tell(run, by, facts.AskedInVain(run=run.uuid, state=State(run.state), who=who, trouble=trouble))


@action
def call_again(*, by: Actor, subject: str) -> Run | None:
    """Everybody from the first step on, at once: nobody was reached, or nobody answered. Raises NotAllowed."""
    run = _answering(by, subject)
    if run is None or run.state == State.TELLING:
        return run
    now = clock.now()
    _call_off(run)
    run.state, run.answered_by, run.answered_at, run.position = State.CALLING, "", None, 0
    run.reached = 0
    run.save()
    plan_due(run, escalation.again(runs.plan_of(run), now))
    tell(run, by, facts.CalledAgain(run=run.uuid, state=State.CALLING))
    return run


@action
def stop(*, by: Actor, subject: str, why: str = "closed") -> None:
    """Nobody is called any more: it is over, or was merged. For whoever keeps the subject. Raises NotAllowed."""
    _must_be_the_desk(by)
    run = _held(subject)
    if run is not None:
        _end(run, by, why)


def _end(run: Run, by: Actor, why: str) -> None:
    run.state, run.ended_at, run.trouble = State.STOPPED, clock.now(), ""
    run.save()
    Due.objects.filter(run=run, taken_at__isnull=True).delete()
    for about in (topic(run), told_topic(run)):
        notify.withdraw(by=by, subject=about, purpose=purpose(run), why=why)
    tell(run, by, facts.RunStopped(run=run.uuid, state=State.STOPPED, why=why))


@action
def take_failure(*, by: Actor, message: UUID) -> None:
    """A message of ours reached nobody. Where that was the last hope of a step, the next one comes at once. For the
    desk's own loop. Raises NotAllowed.
    """
    _must_be_the_desk(by)
    call = runs.of_message(message)
    if call is None or call.trouble:
        return
    run = Run.objects.select_for_update(of=("self",)).get(pk=call.run_id)
    call.trouble = "failed"
    call.save(update_fields=["trouble"])
    asked = call.how in {How.HELP, How.HANDED}
    if asked:
        _in_vain(run, by, call.owner, call.trouble)
    run.reached = max(run.reached - 1, 0) if call.how != How.ALARM else run.reached
    beside = run.calls.filter(how=call.how, step=call.step, round=call.round, trouble="")
    if call.how == How.ALARM or beside.exists():
        run.save()
        return
    if not run.reached and State(run.state) in UNANSWERED:
        run.trouble = "failed"
    run.save()
    if not asked:
        where = {"step": call.step, "round": call.round}
        tell(run, by, facts.NobodyReached(run=run.uuid, state=State(run.state), **where, trouble="failed"))
    if run.state == State.CALLING and call.how != How.ANYWAY:
        Due.objects.filter(run=run, taken_at__isnull=True, kind__in=CALLING).update(due_at=clock.now())
        rouse(ESCALATE)


def _must_be_the_desk(by: Actor) -> None:
    if not by.unlimited:
        raise NotAllowed(Verb.MANAGE)


_HELD: Final = Prepared(
    lambda subject: (
        Run.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .filter(runs.LIVE, subject=subject)
        .order_by("pk")[:1]
    ),
    subject=str,
)


def _held(subject: str) -> Run | None:
    return next(iter(_HELD(subject=subject)), None)


def _answering(by: Actor, subject: str) -> Run | None:
    """The run under way, locked. Raises NotAllowed for whoever may not answer."""
    run = _held(subject)
    if run is None:
        if not by.may(Verb.ANSWER):
            raise NotAllowed(Verb.ANSWER)
        return None
    if not runs.may_answer(by, run):
        raise NotAllowed(Verb.ANSWER)
    return run


def _person(to: str) -> str:
    """Raises Invalid for somebody who is not here any more."""
    try:
        uuid = UUID(to.removeprefix(PERSON))
    except ValueError as error:
        raise Invalid("to", "unknown") from error
    if not Person.objects.filter(uuid=uuid, is_active=True).exists():
        raise Invalid("to", "unknown")
    return f"{PERSON}{uuid}"


def _call_off(run: Run) -> None:
    """What was to come of the calling; what is told anyway stays."""
    kinds = (*CALLING, DueKind.TIMEOUT)
    Due.objects.filter(run=run, taken_at__isnull=True, kind__in=kinds).delete()


def lay(run: Run, dues: Sequence[escalation.Due]) -> None:
    """Part of other verbs: rows for what is due of it."""
    keep([Due(run=run, kind=one.kind, position=one.position, due_at=one.at, priority=run.priority) for one in dues])
