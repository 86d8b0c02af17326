"""Somebody answers, by the link or the reply that only they were sent."""

from typing import Final

from hikeshi.accounts import actions as accounts
from hikeshi.accounts import queries
from hikeshi.accounts.models import Person
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotAllowed, Refusal
from hikeshi.kernel.worlds import World
from hikeshi.ledger.acts import action, record
from hikeshi.notify import answering, answers, composing, facts, links
from hikeshi.notify.answering import BESIDE, LASTING, Asking, Still
from hikeshi.notify.composing import TAKEN
from hikeshi.notify.messages import Purpose
from hikeshi.notify.models import Answer, Course, Delivery, Leg, Outgoing
from hikeshi.notify.permissions import Verb
from hikeshi.notify.refusals import LinkOver, LinkUsed

DOORS: Final = frozenset({"link", "mail"})


@action
def answer(*, by: Actor, token: str, choice: str, door: str = "link") -> Delivery:
    """For the desk's own doors: who holds the token acts as the one it was sent to, and for this alone.

    Raises NotAllowed, NotFound, LinkUsed, LinkOver, Invalid, and what the act itself refuses.
    """
    if not by.unlimited:
        raise NotAllowed(Verb.VIEW)
    asked = answering.asking(token)
    # Two at once stand in line here; the second then sees what the first has answered.
    said = Outgoing.objects.select_for_update().get(pk=asked.delivery.outgoing_id)
    asked = answering.asking(token)
    _must_be_open(asked, choice)

    Answer.objects.create(delivery=asked.delivery, choice=choice, door=door if door in DOORS else "link")
    now = clock.now()
    if choice not in LASTING:
        said.course, said.answer, said.answered_at, said.due_at = Course.ANSWERED, choice, now, None
        said.ended_at = now
        said.save(update_fields=["course", "answer", "answered_at", "due_at", "ended_at"])
        Delivery.objects.filter(outgoing=said, leg=Leg.WAITING).update(leg=Leg.WITHDRAWN)

    who = _who(said.to, asked.to.name)
    fact = facts.MessageAnswered(
        message=said.uuid,
        key=said.key,
        purpose=Purpose(said.purpose),
        to=said.to,
        way=asked.delivery.way,
        choice=choice,
    )
    record(fact, subject=said.subject, by=who, world=World(said.world))
    answers.act(by=who, message=composing.queued(said), choice=choice)
    _prove(by, asked.delivery.way)
    return asked.delivery


def answer_all(*, by: Actor, token: str, door: str = "link", most: int = BESIDE) -> int:
    """Whoever holds the token takes what it asks and what the same message told them besides, as far as nobody else
    has: the link of a bundle is the link of each in it. Each is an act of its own, so that what one of them refuses
    leaves the others taken. How many were taken. For the desk's own doors.

    Raises NotAllowed, NotFound.
    """
    if not by.unlimited:
        raise NotAllowed(Verb.VIEW)
    asked = answering.asking(token)
    taken = 0
    for one in (asked, *answering.beside(asked, most)):
        try:
            answer(by=by, token=links.token(one.delivery.uuid), choice=TAKEN, door=door)
        except Refusal:
            continue
        taken += 1
    return taken


def _must_be_open(asked: Asking, choice: str) -> None:
    if asked.still is Still.USED or choice in asked.given:
        raise LinkUsed
    if asked.still is not Still.OPEN:
        raise LinkOver
    if choice not in asked.choices:
        raise Invalid("choice", "not_a_choice", choices=", ".join(asked.choices))


def _who(to: str, name: str) -> Actor:
    """A person with the rights they hold now; an outside party with none."""
    uuid = answering.owner_uuid(to)
    person = Person.objects.filter(uuid=uuid, is_active=True).first() if uuid else None
    return queries.actor_of(person) if person else Actor(ref=to, name=name)


def _prove(by: Actor, way: str) -> None:
    """Whatever was answered: the way has reached them. It may have been removed since."""
    try:
        accounts.prove_way(by=by, way=way, how="answered")
    except Refusal:
        return
