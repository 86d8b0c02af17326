"""Decisions that people are asked for: the question, who answers it, why."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from hikeshi.incidents import decided, facts
from hikeshi.incidents.actions import saving
from hikeshi.incidents.models import Decision, Incident, person_ref
from hikeshi.incidents.permissions import Verb
from hikeshi.incidents.queries.choices import deciders
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import commit
from hikeshi.kernel.refusals import Conflict, Invalid, NotFound
from hikeshi.ledger.acts import action


@action
def ask_decision(
    *, by: Actor, ref: str, question: str, options: Sequence[str], of: str = "", due_at: datetime | None = None
) -> Decision:
    """``of``: the person who should answer; anybody else who may decide can do it in their place. Raises NotFound,
    NotAllowed, Invalid.
    """
    incident = saving.hold(by, ref)
    words, offered = saving.words(question, "question", most=saving.TITLE), decided.answers(options)
    person = deciders(incident).filter(uuid=_uuid(of)).first() if of else None
    if of and person is None:
        raise Invalid("of", "unknown")
    saving.planned(due_at, "due_at")

    row = Decision.objects.create(
        incident=incident,
        question=words,
        options=offered,
        of=person,
        due_at=due_at,
        asked_by=by.ref,
        asked_at=clock.now(),
    )
    saving.save(incident)
    fact = facts.DecisionAsked(
        incident=incident.uuid,
        decision=row.uuid,
        content=commit(decided.content(words, offered), row.secret),
        of=person_ref(person),
        due_at=due_at,
    )
    saving.tell(incident, by, fact)
    return row


@action
def decide(*, by: Actor, ref: str, decision: UUID, choice: int, reason: str) -> Decision:
    """``choice`` counts the answers from 0. What is decided stays so: whoever thinks otherwise asks again. Raises
    NotFound, NotAllowed, Invalid, Conflict.
    """
    incident = saving.hold(by, ref, Verb.DECIDE)
    row = _open(incident, decision)
    if not 0 <= choice < len(row.options):
        raise Invalid("choice", "not_a_choice", choices=", ".join(row.options))
    why = saving.words(reason, "reason")
    if row.decided_at is not None and row.choice is not None:
        yours, theirs = ({"choice": row.options[one]} for one in (choice, row.choice))
        raise Conflict(yours=yours, theirs=theirs, version=incident.version)

    row.choice, row.why, row.decided_by, row.decided_at = choice, why, by.ref, clock.now()
    row.save(update_fields=["choice", "why", "decided_by", "decided_at"])
    saving.save(incident)
    fact = facts.DecisionMade(
        incident=incident.uuid,
        decision=row.uuid,
        number=choice + 1,
        why=commit(why, row.secret),
        decided_by=by.ref,
    )
    saving.tell(incident, by, fact)
    return row


@action
def withdraw_decision(*, by: Actor, ref: str, decision: UUID, reason: str) -> Decision:
    """The question is settled otherwise. Raises NotFound, NotAllowed, Invalid."""
    incident = saving.hold(by, ref)
    row = _open(incident, decision)
    if row.decided_at is not None:
        raise Invalid("decision", "is_decided")
    why = saving.words(reason, "reason")

    row.withdrawn_at = clock.now()
    row.save(update_fields=["withdrawn_at"])
    saving.save(incident)
    said = saving.say(incident, "reason", why)
    saving.tell(incident, by, facts.DecisionWithdrawn(incident=incident.uuid, decision=row.uuid, reason=said))
    return row


def _open(incident: Incident, decision: UUID) -> Decision:
    """Raises NotFound."""
    row = Decision.objects.filter(incident=incident, uuid=decision, withdrawn_at=None).first()
    if row is None:
        raise NotFound("decision")
    return row


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid("of", "unknown") from error
