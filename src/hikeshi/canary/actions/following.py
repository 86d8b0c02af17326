"""What the engine does with a canary under way: follows it from stage to stage, each time as it was written down where
it happened, until it is answered or its time is over.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from hikeshi.accounts import actions as accounts
from hikeshi.accounts import queries as people
from hikeshi.accounts import reaching
from hikeshi.canary import facts, queries
from hikeshi.canary.actions.arranging import TOPICS
from hikeshi.canary.models import Arrangement, Canary
from hikeshi.canary.stages import Stage, State, Why, stuck_at
from hikeshi.intake import actions as intake
from hikeshi.intake.rulebook import CANARY
from hikeshi.intake.sources import book
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotAllowed
from hikeshi.kernel.worlds import World
from hikeshi.ledger.acts import action, record
from hikeshi.ledger.models import Reading
from hikeshi.notify import actions as notify
from hikeshi.notify import setups
from hikeshi.notify.answering import OPENED
from hikeshi.notify.messages import Message, Purpose
from hikeshi.notify.models import Delivery, Try
from hikeshi.notify.permissions import Verb
from hikeshi.oncall import actions as oncall
from hikeshi.oncall.actions.calling import topic
from hikeshi.oncall.escalation import State as Calling
from hikeshi.oncall.models import Call, Run
from hikeshi.oncall.queries.targets import Trouble

AGAIN: Final = timedelta(seconds=5)
SENT: Final = "sent"


def _must_be_the_desk(by: Actor) -> None:
    if not by.unlimited:
        raise NotAllowed(Verb.CONFIGURE)


@action
def take_key(*, by: Actor) -> str:
    """The token with which the desk knocks at its own door: the one it has, or a new one where that was revoked. For
    the desk's own loop. Raises NotAllowed.
    """
    _must_be_the_desk(by)
    row = Arrangement.objects.select_for_update().filter(pk=1).first() or Arrangement(pk=1)
    kept = setups.unseal(row.key).get("key", "") if row.key else ""
    if kept and people.actor_of_token(kept, "intake") is not None:
        return kept
    secret = accounts.create_token(by=by, scope="intake", source=book.CANARY, name="Canary")
    row.key = setups.seal({"key": secret})
    row.save()
    return secret


@action
def note_knock(*, by: Actor, canary: UUID, receipt: UUID | None = None, why: str = "") -> None:
    """The door took it, or did not and is tried again in a moment. For the desk's own loop. Raises NotAllowed."""
    _must_be_the_desk(by)
    now = clock.now()
    going = Canary.objects.filter(uuid=canary, state=State.UNDER_WAY, posted_at__isnull=True)
    if receipt is not None:
        going.update(receipt=receipt, posted_at=now, why="")
    else:
        going.update(knock_at=now + AGAIN, why=why)


@action
def advance(*, by: Actor, canary: UUID) -> bool:
    """Whether it has ended. For the desk's own loop. Raises NotAllowed."""
    _must_be_the_desk(by)
    row = Canary.objects.select_for_update().get(uuid=canary)
    if row.state != State.UNDER_WAY:
        return True
    if row.posted_at and not row.judged_at:
        _judge(row, by)
    if row.judged_at and row.run is None:
        _call(row, by)
    run = Run.objects.filter(uuid=row.run).first() if row.run is not None else None
    if run is not None:
        _follow(row, run)
    _end(row, run, by)
    row.save()
    return row.state != State.UNDER_WAY


def _judge(row: Canary, by: Actor) -> None:
    if row.receipt is None:
        return
    sent = intake.canary_body(row.uuid, row.asked_at)
    found = intake.take_canary(by=by, receipt=row.receipt, sent=sent, organisation=people.root().pk)
    if found is None:
        return
    row.digested_at, row.judged_at = found.digested_at, found.judged_at
    if found.rule != CANARY.code:
        row.why = Why.OTHER_RULE if found.rule else Why.NOT_DIGESTED


def _call(row: Canary, by: Actor) -> None:
    try:
        run = oncall.begin_canary(
            by=by,
            subject=row.subject,
            ref=row.ref,
            kind=row.to,
            value=row.value,
            patience=timedelta(minutes=row.minutes),
        )
    except Invalid as refusal:
        row.why = refusal.reason
        return
    row.run = run.uuid


def _follow(row: Canary, run: Run) -> None:
    """Reads off the rows of the call and of its messages what has happened so far."""
    calls = Call.objects.filter(run=run).order_by("id")
    told = [one for one in calls if one.message]
    row.called_at = told[0].at if told else None
    row.why = "" if told else run.trouble
    deliveries = Delivery.objects.filter(outgoing__uuid__in=[one.message for one in told])
    taken = Try.objects.filter(delivery__in=deliveries, result=SENT).order_by("id").first()
    if taken is not None:
        row.sent_at, row.taken_at = taken.started_at, taken.ended_at
    else:
        row.why = row.why or deliveries.exclude(error="").values_list("error", flat=True).first() or ""
    if taken is not None and row.opened_at is None:
        seen = Reading.objects.filter(subject=topic(run), what=OPENED).order_by("at").first()
        row.opened_at = seen.at if seen is not None else None
    if run.state == Calling.ANSWERED:
        row.answered_at, row.answered_by = run.answered_at, run.answered_by


def _end(row: Canary, run: Run | None, by: Actor) -> None:
    """Where it was answered, or can no longer be."""
    now = clock.now()
    if row.answered_at is not None:
        row.state, row.ended_at, row.why = State.ANSWERED, now, ""
        took = round((row.answered_at - row.asked_at).total_seconds())
        fact = facts.Answered(canary=row.uuid, person=row.answered_by, seconds=took)
        record(fact, subject=row.subject, by=by, topics=TOPICS)
        oncall.stop(by=by, subject=row.subject, why="canary")
    elif _is_over(row, run, now):
        _fail(row, by, now)


def _is_over(row: Canary, run: Run | None, now: datetime) -> bool:
    """At the end of its time; sooner where nothing more can come of it."""
    broken = row.judged_at is None and row.why in {Why.NOT_DIGESTED, Why.OTHER_RULE}
    nobody = row.judged_at is not None and (run is None or (run.state == Calling.RAN_OUT and not run.reached))
    return broken or nobody or now >= row.asked_at + timedelta(minutes=row.minutes)


def _fail(row: Canary, by: Actor, now: datetime) -> None:
    row.state, row.ended_at, row.stage = State.FAILED, now, stuck_at(row.times)
    row.why = row.why or _unknown(Stage(row.stage))
    fact = facts.Failed(canary=row.uuid, stage=Stage(row.stage), why=row.why)
    record(fact, subject=row.subject, by=by, topics=(*TOPICS, "alarms"))
    oncall.stop(by=by, subject=row.subject, why="canary")
    _tell(row, by)


def _unknown(stage: Stage) -> str:
    if not queries.would_send():
        return Why.HELD
    return Trouble.UNANSWERED if stage is Stage.ANSWERED else Why.LATE


def _tell(row: Canary, by: Actor) -> None:
    """Administrators hear of it, each by other kinds of ways than the one that failed, where they have any."""
    calls = Call.objects.filter(run__uuid=row.run).exclude(message="") if row.run is not None else Call.objects.none()
    messages = list(calls.values_list("message", flat=True))
    used = set(Delivery.objects.filter(outgoing__uuid__in=messages).values_list("kind", flat=True))
    owners = [f"person:{one.uuid}" for one in people.people_who_may(Verb.CONFIGURE, people.root())]
    known, standing = reaching.ways_of(owners), setups.read().standing
    other = standing.open - standing.broken - used
    for owner in owners:
        others = tuple(one.ref for one in known.get(owner, ()) if one.kind in other)
        message = Message(
            purpose=Purpose.TOLD,
            subject=row.subject,
            world=World.REAL,
            to=owner,
            key=f"{row.subject}:{owner}",
            about={"stage": row.stage, "why": row.why},
            urgency=1,
            ways=others,
        )
        notify.queue(by=by, message=message)
