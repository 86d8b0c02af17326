"""The conversation with whoever reported: public replies and questions, answers, the end, and what they thought of it.

Nothing here touches notes: what is written to the reporter and what is written for the desk are different verbs, rows
and pages.
"""

from uuid import UUID

from hikeshi.incidents import facts
from hikeshi.incidents.actions import course, deciding, saving
from hikeshi.incidents.actions.receiving import readable, reporter_of, write
from hikeshi.incidents.actions.times import mark_once
from hikeshi.incidents.codes import MomentKind, PhaseState, RecordClass, Status
from hikeshi.incidents.models import Incident, Message, Phase, Rating, Reporter
from hikeshi.incidents.queries import reports as queries
from hikeshi.incidents.queries.merging import survivor
from hikeshi.incidents.reporting import Side, Writing, writing
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import commit
from hikeshi.kernel.refusals import Invalid, NotFound
from hikeshi.ledger.acts import action

LIGHT = "light"
ANSWER = "answer"


@action
def reply(*, by: Actor, ref: str, text: str, asks: bool = False, closes: bool = False) -> Message:
    """Writes to the reporter. ``asks``: a question, open until answered; ``closes``: the answer that ends a request.
    What the reporter wrote before counts as read. Raises NotFound, NotAllowed, Invalid, Unmet.
    """
    incident = saving.hold(by, ref, merged_too=True)
    reporter_of(incident)
    words = readable(text, "text")
    if closes and (asks or incident.course != LIGHT):
        raise Invalid("closes", "only_a_request")

    row = _ask(incident, by, words) if asks else write(incident, by, Side.DESK, words)
    _read(incident)
    mark_once(incident, by, MomentKind.ACKNOWLEDGED, row.at)
    if closes:
        _close(incident, by, words)
    return row


def _ask(incident: Incident, by: Actor, words: str) -> Message:
    row = Message.objects.create(
        incident=incident, side=Side.DESK, text=words, author=by.ref, at=clock.now(), asks=True
    )
    saving.save(incident)
    digest = commit(words, row.secret)
    asked = facts.QuestionAsked(incident=incident.uuid, message=row.uuid, text=digest, author=by.ref)
    saving.tell(incident, by, asked)
    return row


def _close(incident: Incident, by: Actor, words: str) -> None:
    """Through the phase of answering, so that the course tells what happened."""
    answering = Phase.objects.filter(incident=incident, code=ANSWER, in_course=True).first()
    if answering is not None and answering.state == PhaseState.PENDING and incident.status == Status.OPEN:
        course.move(by=by, ref=incident.ref, phase=ANSWER)
    course.close(by=by, ref=incident.ref, resolution=words, record_class=RecordClass(incident.record_class))


def _read(incident: Incident) -> list[UUID]:
    new = Message.objects.filter(incident=incident, side=Side.REPORTER, read_at__isnull=True)
    found = list(new.values_list("uuid", flat=True))
    new.update(read_at=clock.now())
    return found


@action
def mark_read(*, by: Actor, ref: str) -> int:
    """Takes note of what the reporter wrote, where it needs no answer. Raises NotFound, NotAllowed."""
    incident = saving.hold(by, ref, merged_too=True)
    found = _read(incident)
    if found:
        saving.save(incident)
        fact = facts.MessagesRead(incident=incident.uuid, messages=tuple(found), count=len(found))
        saving.tell(incident, by, fact)
    return len(found)


@action
def withdraw_question(*, by: Actor, ref: str, message: UUID) -> None:
    """The answer is no longer needed. Raises NotFound, NotAllowed."""
    incident = saving.hold(by, ref, merged_too=True)
    row = _question(incident, message)
    row.settled_at = clock.now()
    row.save(update_fields=["settled_at"])
    saving.save(incident)
    saving.tell(incident, by, facts.QuestionWithdrawn(incident=incident.uuid, message=row.uuid))


def _question(incident: Incident, message: UUID) -> Message:
    found = Message.objects.filter(incident=incident, uuid=message, asks=True, settled_at__isnull=True).first()
    if found is None:
        raise NotFound("message")
    return found


def _own(by: Actor, report: UUID) -> tuple[Reporter, Incident]:
    """One's own report, its record locked. Raises NotFound."""
    row = queries.reports_of(by).filter(uuid=report).first()
    if row is None:
        raise NotFound("report")
    return row, Incident.objects.select_for_update(of=("self",)).get(pk=row.incident_id)


def _going(incident: Incident) -> Incident:
    """Merged into another, it is that one that goes on and ends."""
    last = survivor(incident)
    return incident if last.pk == incident.pk else Incident.objects.select_for_update(of=("self",)).get(pk=last.pk)


@action
def write_to_desk(
    *, by: Actor, report: UUID, text: str, question: UUID | None = None, reopens: bool = False, nonce: str = ""
) -> Message:
    """The reporter writes, answers a question, or says that it is not over. ``nonce`` names the form: sent twice it is
    one message. Raises NotFound, Invalid.
    """
    _, incident = _own(by, report)
    words = readable(text, "text")
    known = queries.nonce_digest(f"{report} {nonce}") if nonce else None
    before = Message.objects.filter(nonce=known).first() if known else None
    if before is not None:
        return before
    going = _going(incident)
    may = _in_time(going, "text")
    asked = _question(incident, question) if question is not None else None

    row = _answer(incident, by, asked, words) if asked is not None else write(incident, by, Side.REPORTER, words)
    if known:
        row.nonce = known
        row.save(update_fields=["nonce"])
    if reopens and may is Writing.REOPENS:
        course.take_up_again(going, by, saving.say(going, "reason", words))
    return row


def _answer(incident: Incident, by: Actor, asked: Message, words: str) -> Message:
    asked.settled_at = clock.now()
    asked.save(update_fields=["settled_at"])
    return write(incident, by, Side.REPORTER, words, answers=asked)


@action
def rate(*, by: Actor, report: UUID, score: int, words: str = "") -> Rating:
    """How satisfied the reporter is, 1 to 5; once for each time it ended, and changed as often as they like while they
    may still write. Raises NotFound, Invalid.
    """
    _, incident = _own(by, report)
    said = readable(words, "words", required=False)
    going = _going(incident)
    if going.status == Status.OPEN:
        raise Invalid("score", "not_closed")
    if not 1 <= score <= 5:
        raise Invalid("score", "out_of_range", low=1, high=5)
    before = Rating.objects.filter(incident=incident, round=going.reopened).first()
    if before is not None and (before.score, before.words) == (score, said):
        return before
    _in_time(going, "score")

    row = before or Rating(incident=incident, round=going.reopened)
    row.score, row.words, row.at = score, said, clock.now()
    row.save()
    saving.save(incident)
    digest = commit(said, row.secret)
    saving.tell(incident, by, facts.Rated(incident=incident.uuid, rating=row.uuid, score=score, words=digest))
    return row


def _in_time(going: Incident, field: str) -> Writing:
    """What the reporter may still do. Raises Invalid where that is nothing."""
    days = queries.reporting().answer_days
    may = writing(Status(going.status), queries.ended_at(going), days=days, now=clock.now())
    if may is Writing.OVER:
        raise Invalid(field, "answer_period_over", limit=days)
    return may


@action
def turn_into_incident(
    *,
    by: Actor,
    ref: str,
    kind: str,
    reason: str,
    impact: int | None = None,
    effect: int | None = None,
    urgency: int | None = None,
    record_class: RecordClass = RecordClass.INCIDENT,
    version: int | None = None,
) -> Incident:
    """A request (or any lesser record) turns out to be an incident: class, kind, course and priority in one act, under
    the same reference, with everything it has been through. One that had ended is taken up again.

    Raises NotFound, NotAllowed, Invalid, Conflict.
    """
    incident = saving.hold(by, ref)
    saving.unseen(incident, version, kind=kind)
    if incident.status != Status.OPEN:
        course.reopen(by=by, ref=ref, reason=reason)
    deciding.set_kind(by=by, ref=ref, kind=kind, reason=reason)
    if any(level is not None for level in (impact, effect, urgency)):
        deciding.set_priority(by=by, ref=ref, impact=impact, effect=effect, urgency=urgency, reason=reason)
    return deciding.declare(by=by, ref=ref, reason=reason, record_class=record_class)
