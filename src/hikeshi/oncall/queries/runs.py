"""Calls for help under way. Who sees one is decided by whoever keeps its subject: reads here ask for the subject."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Final
from uuid import UUID

import msgspec
from django.db.models import Q, QuerySet

from hikeshi.accounts import queries as accounts
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.prepared import Prepared
from hikeshi.notify.models import Delivery
from hikeshi.oncall import drafts, escalation
from hikeshi.oncall.escalation import UNANSWERED, DueKind, Plan, State
from hikeshi.oncall.models.runs import Call as Call
from hikeshi.oncall.models.runs import Due, Run
from hikeshi.oncall.permissions import Verb

CALLS_SHOWN: Final = 100
LIVE: Final = ~Q(state=State.STOPPED)


@cache
def _dues(limit: int) -> Prepared[int]:
    def build(now: datetime) -> QuerySet[Due, int]:
        rows = Due.objects.filter(taken_at__isnull=True, due_at__lte=now)
        return rows.order_by("priority", "-run_id", "id").values_list("pk", flat=True)[:limit]

    return Prepared(build, now=datetime)


def due(now: datetime, limit: int) -> list[int]:
    """What is due, the most severe first, of these the newest."""
    return _dues(limit)(now=now)


def live(subject: str) -> Run | None:
    return Run.objects.filter(LIVE, subject=subject).first()


_LATEST = Prepared(lambda subject: Run.objects.filter(subject=subject).order_by("-id")[:1], subject=str)


def latest(subject: str) -> Run | None:
    """The one under way, else the last one."""
    return next(iter(_LATEST(subject=subject)), None)


def plan_of(run: Run) -> Plan:
    return msgspec.convert(run.plan, Plan)


def was_called(run: Run, ref: str) -> bool:
    return Call.objects.filter(run=run, owner=ref).exists()


def calling(by: Actor, most: int = 5) -> list[Run]:
    """Those that called the reader and that nobody has answered, the gravest first."""
    mine = Run.objects.filter(LIVE, state__in=UNANSWERED, calls__owner=by.ref).distinct()
    return list(mine.order_by("priority", "-id")[:most])


def may_answer(by: Actor, run: Run) -> bool:
    return by.may(Verb.ANSWER, run.organisation_id) or was_called(run, by.ref)


def in_trouble() -> QuerySet[Run]:
    """Those that reached nobody, or that nobody answered. Whoever keeps the subjects says which a reader sees."""
    return Run.objects.filter(LIVE).exclude(trouble="")


@dataclass(frozen=True, slots=True)
class Sent:
    """One message on one way: what kind of way, where it has come to, when it was taken."""

    kind: str
    leg: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class CallLine:
    """Somebody who was called. ``name`` is empty where the target itself meant nobody; ``target`` says which."""

    call: Call
    name: str
    instead_of: str
    target: escalation.Target
    sent: Sequence[Sent]


@dataclass(frozen=True, slots=True)
class RunView:
    """``next_at``: when the next step is due, ``next`` which; ``calls``: newest first, at most 100 of ``called``."""

    run: Run
    name: str
    names: Mapping[str, str]  # of a policy that came with the desk, by language
    why: Mapping[str, str]
    answered_by: str
    calls: Sequence[CallLine]
    next: escalation.Turn | None
    next_at: datetime | None
    total: int
    may_answer: bool

    @property
    def unanswered(self) -> bool:
        return State(self.run.state) in UNANSWERED

    @property
    def over(self) -> bool:
        return self.run.state == State.STOPPED


def view(by: Actor, subject: str) -> RunView | None:
    """For whoever may see the subject. Six queries, and one for each outside party that was called."""
    run = latest(subject)
    if run is None:
        return None
    calls = list(Call.objects.filter(run=run).order_by("-id")[:CALLS_SHOWN])
    waiting = Due.objects.filter(run=run, taken_at__isnull=True, kind__in=[DueKind.STEP, DueKind.RUN_OUT]).first()
    plan = plan_of(run)
    turns = escalation.turns(plan)
    proof = _proof([one.message for one in calls if one.message])
    names = names_of({run.answered_by, *(one.owner for one in calls), *(one.instead_of for one in calls)})
    return RunView(
        run=run,
        name=plan.chapters[0].name,
        names=drafts.names(run.policy),
        why=plan.why or {},
        answered_by=names.get(run.answered_by, ""),
        calls=[_line(one, names, proof.get(one.message, ())) for one in calls],
        next=turns[waiting.position] if waiting is not None and waiting.position < len(turns) else None,
        next_at=waiting.due_at if waiting is not None else None,
        total=len(turns),
        may_answer=by.may(Verb.ANSWER, run.organisation_id) or any(one.owner == by.ref for one in calls),
    )


def _line(call: Call, names: Mapping[str, str], sent: Sequence[Sent]) -> CallLine:
    target = msgspec.convert(call.target, escalation.Target)
    return CallLine(call, names.get(call.owner, ""), names.get(call.instead_of, ""), target, sent)


def _proof(messages: Sequence[str]) -> dict[str, list[Sent]]:
    """What became of these messages, way by way."""
    found: dict[str, list[Sent]] = defaultdict(list)
    rows = Delivery.objects.filter(outgoing__uuid__in=messages).order_by("id")
    for message, kind, leg, at in rows.values_list("outgoing__uuid", "kind", "leg", "sent_at"):
        found[str(message)].append(Sent(kind, leg, at))
    return found


def names_of(owners: Iterable[str]) -> dict[str, str]:
    """People and parties by their owner strings."""
    wanted = {one for one in owners if one}
    found = accounts.names_of(wanted)
    for party in sorted(one for one in wanted if one.startswith("party:")):
        known = accounts.recipient(party)
        found[party] = known.name if known is not None else ""
    return found


def of_message(message: UUID) -> Call | None:
    return Call.objects.filter(message=str(message)).select_related("run").first()


_RUN = Prepared(lambda uuid: Run.objects.filter(uuid=uuid)[:1], uuid=UUID)


def run_of(topic: str) -> Run | None:
    """By the subject of its messages: ``run:<uuid>`` or ``told:<uuid>``."""
    return next(iter(_RUN(uuid=UUID(topic.partition(":")[2]))), None)


def topics_of(subjects: Collection[str]) -> list[str]:
    """What messages of the calls for help about these subjects are about."""
    runs = Run.objects.filter(subject__in=subjects).values_list("uuid", flat=True) if subjects else []
    return [f"{head}:{uuid}" for uuid in runs for head in ("run", "told")]


def subjects_behind(topics: Iterable[str]) -> dict[str, str]:
    """What each topic of a call for help is about in the end; one query."""
    asked = {one: one.partition(":")[2] for one in topics if one.partition(":")[0] in {"run", "told"}}
    rows = Run.objects.filter(uuid__in=set(asked.values())).values_list("uuid", "subject") if asked else []
    known = {str(uuid): subject for uuid, subject in rows}
    return {topic: known[uuid] for topic, uuid in asked.items() if uuid in known}
