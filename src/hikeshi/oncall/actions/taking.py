"""What is due of calls for help. Claim, calls and what comes next are one transaction: cut anywhere, all of it is done
again, and the key of each message keeps it from being queued twice.
"""

import logging
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import msgspec
from django.db import InterfaceError, OperationalError
from django.db.models import F, Q, QuerySet

from hikeshi.accounts import queries as accounts
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.prepared import Prepared, asked_once
from hikeshi.kernel.refusals import NotAllowed
from hikeshi.ledger import keeping
from hikeshi.ledger.acts import action, unit
from hikeshi.oncall import escalation, facts
from hikeshi.oncall.actions.calling import CANARY, Caller, Post, first, tell
from hikeshi.oncall.escalation import DueKind, Plan, State, Target, TargetKind, Turn, Verdict
from hikeshi.oncall.models.runs import Due, How, Run
from hikeshi.oncall.permissions import Verb
from hikeshi.oncall.queries.runs import plan_of
from hikeshi.oncall.queries.targets import Book, Found, Trouble

ADMINISTRATORS: Final = Target(TargetKind.ROLE, "administrator")
FIRST_RETRY: Final = timedelta(seconds=5)
LONGEST_RETRY: Final = timedelta(minutes=2)
CHANGED: Final = ["state", "position", "called", "reached", "trouble", "answered_by", "answered_at"]
LIVE_RUN: Final = ~Q(run__state=State.STOPPED)
log = logging.getLogger(__name__)


@action
@asked_once()
def take_due(*, by: Actor, dues: Sequence[int], book: Book) -> None:
    """Takes these together; where one of them fails, each by itself: that one is tried again soon and holds up no
    other. For the desk's own loop. Raises NotAllowed.
    """
    if not by.unlimited:
        raise NotAllowed(Verb.MANAGE)
    try:
        with unit():
            _take(by, dues, book)
    except (OperationalError, InterfaceError):
        raise  # the database itself: all of it is tried again
    except Exception:  # what one run raises must not silence the others
        log.warning("of several steps of calls for help one failed, each is taken by itself", exc_info=True)
        for pk in dues:
            _take_alone(by, pk, book)


_OF_SUBJECT = Prepared(
    lambda subject, now: (
        Due.objects.filter(LIVE_RUN, run__subject=subject, taken_at__isnull=True, due_at__lte=now)
        .order_by("pk")
        .values_list("pk")
    ),
    subject=str,
    now=datetime,
)


@action
def take_first(*, by: Actor, subject: str) -> None:
    """What is due of a call at the moment it begins, in the act that begins it: whoever is to be called need not wait
    for another loop. A desk that is held leaves it to its release. For the desk's own loop. Raises NotAllowed.
    """
    if not by.unlimited:
        raise NotAllowed(Verb.MANAGE)
    now = clock.now()
    dues = [pk for (pk,) in _OF_SUBJECT(subject=subject, now=now)]
    if dues and accounts.site().live:
        take_due(by=by, dues=dues, book=Book(now))


def _take_alone(by: Actor, pk: int, book: Book) -> None:
    try:
        with unit():
            _take(by, [pk], book)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("a step of a call for help failed and is tried again, %s", pk)
        _put_off(pk)


def _put_off(pk: int) -> None:
    tried = Due.objects.filter(pk=pk).values_list("attempts", flat=True).first() or 0
    wait = min(FIRST_RETRY * 2 ** min(tried, 8), LONGEST_RETRY)
    Due.objects.filter(pk=pk, taken_at__isnull=True).update(attempts=F("attempts") + 1, due_at=clock.now() + wait)


def _take(by: Actor, wanted: Sequence[int], book: Book) -> None:
    """About a dozen queries, however many they are."""
    now = clock.now()
    dues = _claimed(wanted, now)
    found = {run.pk: run for run in _locked({due.run_id for due in dues})}
    post, plans = Post(), _Plans()
    for due in dues:
        run = found[due.run_id]
        one = _Taking(run, plans.of(run), Caller(run, book, now, post), by, now)
        match due.kind:
            case DueKind.STEP if run.state == State.CALLING:
                one.step(due.position)
            case DueKind.ANYWAY if run.state != State.STOPPED:
                one.tell_anyway(due.position)
            case DueKind.RUN_OUT if run.state == State.CALLING:
                one.run_out()
            case DueKind.TIMEOUT if run.state == State.ANSWERED:
                one.time_out()
    post.send(by)
    _keep(list(found.values()))


def _claimed(wanted: Sequence[int], now: datetime) -> list[Due]:
    """Those that nobody else has taken or called off, in the order asked for. Locked row by row: of two engines the
    second waits, looks again and finds them taken.
    """
    free = {due.pk: due for due in _free(wanted, now)}
    if len(free) <= keeping.FEW:
        for due in free.values():
            due.taken_at = now
            keeping.keep_change(due, "taken_at")
    else:
        Due.objects.filter(pk__in=free, taken_at__isnull=True).update(taken_at=now)
    return [free[pk] for pk in wanted if pk in free]


def _open(now: datetime) -> QuerySet[Due]:
    return Due.objects.select_for_update().filter(taken_at__isnull=True, due_at__lte=now).order_by("pk")


_ONE_DUE = Prepared(lambda pk, now: _open(now).filter(pk=pk), pk=int, now=datetime)
_ONE_RUN = Prepared(
    lambda pk: Run.objects.select_for_update(of=("self",)).select_related("organisation").filter(pk=pk), pk=int
)


def _free(wanted: Sequence[int], now: datetime) -> list[Due]:
    if len(wanted) == 1:
        return _ONE_DUE(pk=wanted[0], now=now)
    return list(_open(now).filter(pk__in=wanted))


def _locked(runs: Set[int]) -> list[Run]:
    if len(runs) == 1:
        return _ONE_RUN(pk=next(iter(runs)))
    rows = Run.objects.select_for_update(of=("self",)).select_related("organisation")
    return list(rows.filter(pk__in=runs).order_by("pk"))


def _keep(changed: list[Run]) -> None:
    """What taking a step changes of its run."""
    if len(changed) == 1:
        keeping.keep_change(changed[0], *CHANGED)
    elif changed:
        Run.objects.bulk_create(changed, update_conflicts=True, unique_fields=["id"], update_fields=CHANGED)


@dataclass(slots=True)
class _Plans:
    """Many runs have copied the same plan: it is read once."""

    _known: dict[bytes, Plan] = field(default_factory=dict)

    def of(self, run: Run) -> Plan:
        said = msgspec.json.encode(run.plan)
        if said not in self._known:
            self._known[said] = plan_of(run)
        return self._known[said]


@dataclass(slots=True)
class _Taking:
    run: Run
    plan: Plan
    caller: Caller
    by: Actor
    now: datetime

    def step(self, position: int) -> None:
        """The turn at this position, and whatever follows at the same moment."""
        turns = escalation.turns(self.plan)
        while True:
            turn = turns[position]
            reached = False
            if escalation.verdict(self.plan, turn.step, self.now) is Verdict.CALL:
                reached = self._turn(turn, How.STEP)
            following = escalation.after(self.plan, position, self.now, reached=reached)
            self.run.position = position = following.position
            if following.at > self.now:
                self.caller.post.plan(self.run, following)
                return
            if following.kind is DueKind.RUN_OUT:
                self.run_out()
                return

    def _turn(self, turn: Turn, how: How) -> bool:
        """Whether it is worth waiting for what comes of it."""
        target = turn.step.target
        if target.kind is TargetKind.RAISE:
            tell(self.run, self.by, facts.SeverityAsked(run=self.run.uuid, priority=int(target.value)))
            return True
        found = self.caller.call(target, how, turn)
        self._say(turn, found)
        if target.kind is TargetKind.EXECUTIVES and found.reached:
            people = tuple(one.owner for one in found.reached)
            told = facts.ExecutivesAsked(run=self.run.uuid, first=people[0], count=len(people), people=people)
            tell(self.run, self.by, told)
        return bool(found.reached)

    def _say(self, turn: Turn, found: Found) -> None:
        state = State(self.run.state)
        if not found.reached:
            if not self.run.reached and state is not State.ANSWERED:
                self.run.trouble = found.trouble
            lost = facts.NobodyReached(
                run=self.run.uuid, state=state, step=turn.number, round=turn.round, trouble=found.trouble
            )
            tell(self.run, self.by, lost)
            return
        if state is not State.RAN_OUT:
            self.run.trouble = ""
        called = facts.StepTaken(
            run=self.run.uuid,
            state=state,
            step=turn.number,
            round=turn.round,
            first=first(found.reached),
            count=len(found.reached),
        )
        tell(self.run, self.by, called)

    def tell_anyway(self, position: int) -> None:
        turn = escalation.anyway(self.plan)[position]
        if escalation.verdict(self.plan, turn.step, self.now) is Verdict.CALL and not self._turn(turn, How.ANYWAY):
            self.caller.call(ADMINISTRATORS, How.ALARM)  # whoever had to hear of it did not

    def run_out(self) -> None:
        """Nobody is left: the loudest thing there is, and the administrators hear of it."""
        self.run.state = State.RAN_OUT
        self.run.trouble = Trouble.UNANSWERED if self.run.reached else self.run.trouble or Trouble.NO_WAY
        over = facts.RanOut(run=self.run.uuid, state=State.RAN_OUT, reached=self.run.reached, trouble=self.run.trouble)
        tell(self.run, self.by, over)
        if self.run.kind != CANARY:  # whoever tries the way tells of it by another
            self.caller.call(ADMINISTRATORS, How.ALARM)

    def time_out(self) -> None:
        person = self.run.answered_by
        self.run.state, self.run.answered_by, self.run.answered_at = State.CALLING, "", None
        tell(self.run, self.by, facts.AnswerTimedOut(run=self.run.uuid, state=State.CALLING, person=person))
        self.step(escalation.again(self.plan, self.now).position)
