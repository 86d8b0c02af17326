"""Swaps: one person asks, another answers; nothing changes until somebody has said yes."""

from datetime import datetime
from typing import Final
from uuid import UUID

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Person
from hikeshi.calendars.wall import Stretch
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotAllowed, NotFound
from hikeshi.kernel.texts import words
from hikeshi.ledger.acts import action, record
from hikeshi.oncall import rota as pure
from hikeshi.oncall.actions import reminding
from hikeshi.oncall.actions.covers import must_last, put_in
from hikeshi.oncall.actions.rotas import TOPICS
from hikeshi.oncall.facts import rotas as facts
from hikeshi.oncall.models import Rota, Swap, SwapState
from hikeshi.oncall.permissions import Verb
from hikeshi.oncall.queries import duty, rotas

LONGEST_NOTE: Final = 500
AT_ONCE: Final = 200


@action
def ask_swap(
    *,
    by: Actor,
    rota: UUID,
    begins_at: datetime,
    ends_at: datetime,
    asked: UUID | None = None,
    back_begins_at: datetime | None = None,
    back_ends_at: datetime | None = None,
    note: str = "",
) -> Swap:
    """Offers one's own turn to ``asked``, or to whoever of the rota takes it, and may take one of theirs in return. The
    request is over when the first of the two begins. Raises NotAllowed, NotFound, Invalid.
    """
    row = rotas.rota(by, rota)
    asker, other = _asker(by), _asked(by, row, asked)
    _must_be_ahead(begins_at, ends_at)
    _must_be_on(row, asker, (begins_at, ends_at), Invalid("begins_at", "not_your_turn"))
    back = _back(row, other, back_begins_at, back_ends_at)
    text = words(note, field="note", most=LONGEST_NOTE, required=False)

    made = Swap.objects.create(
        rota=row,
        asker=asker,
        asked=other,
        begins_at=begins_at,
        ends_at=ends_at,
        back_begins_at=back[0] if back else None,
        back_ends_at=back[1] if back else None,
        note=text,
        asked_at=clock.now(),
        expires_at=min(begins_at, back[0]) if back else begins_at,
    )

    fact = facts.SwapAsked(
        swap=made.uuid, rota=row.uuid, asker=asker.uuid, asked=asked, begins_at=begins_at, ends_at=ends_at
    )
    record(fact, subject=rotas.ref_of(row), by=by, topics=TOPICS)
    reminding.tell_asked(by, made)
    return made


@action
def accept_swap(*, by: Actor, swap: UUID) -> Swap:
    """Both turns change hands at once; of two who take the same offer, the first. Raises NotAllowed, NotFound, Invalid
    where it was answered or has expired, or where the plan has changed so that the turns are no longer theirs.
    """
    by.must(Verb.VIEW)
    found, taker = duty.swap(by, swap), _asker(by)
    _must_be_theirs(by, found)
    row = found.rota
    changed, given, back = Invalid("swap", "plan_changed"), (found.begins_at, found.ends_at), _return_of(found)
    _must_be_on(row, found.asker, given, changed)
    if back:
        _must_be_on(row, taker, back, changed)
    _answer(found, SwapState.ACCEPTED)

    found.asked = taker
    found.save(update_fields=["asked"])
    put_in(by, row, taker, given, swap=found)
    if back:
        put_in(by, row, found.asker, back, swap=found)

    fact = facts.SwapAccepted(swap=found.uuid, rota=row.uuid, person=taker.uuid)
    record(fact, subject=rotas.ref_of(row), by=by, topics=TOPICS)
    reminding.tell_answer(by, found)
    return found


@action
def decline_swap(*, by: Actor, swap: UUID) -> Swap:
    """Only by who was asked: an offer to all is simply not taken. Raises NotAllowed, NotFound, Invalid."""
    by.must(Verb.VIEW)
    found = duty.swap(by, swap)
    _must_be_theirs(by, found)
    if found.asked_id is None:
        raise Invalid("swap", "offered_to_all")
    _answer(found, SwapState.DECLINED)
    record(facts.SwapDeclined(swap=swap, rota=found.rota.uuid), subject=rotas.ref_of(found.rota), by=by, topics=TOPICS)
    reminding.tell_answer(by, found)
    return found


@action
def withdraw_swap(*, by: Actor, swap: UUID) -> Swap:
    """By who asked, or who plans the rota; while nobody has answered. Raises NotAllowed, NotFound, Invalid."""
    by.must(Verb.VIEW)
    found = duty.swap(by, swap)
    if found.asker_id != by.person_id:
        by.must(Verb.MANAGE, found.rota.organisation_id)
    _answer(found, SwapState.WITHDRAWN)
    record(facts.SwapWithdrawn(swap=swap, rota=found.rota.uuid), subject=rotas.ref_of(found.rota), by=by, topics=TOPICS)
    reminding.take_back(by, found)
    return found


@action
def expire_swaps(*, by: Actor, at: datetime) -> int:
    """Requests whose turn has begun unanswered: who asked hears that the turn is still theirs. For the desk itself. How
    many. Raises NotAllowed.
    """
    if not by.unlimited:
        raise NotAllowed(Verb.MANAGE)
    over = Swap.objects.filter(state=SwapState.ASKED, expires_at__lte=at).select_related("rota", "asker", "asked")
    found = list(over.order_by("expires_at", "id")[:AT_ONCE])
    for one in found:
        one.state, one.answered_at = SwapState.EXPIRED, at
        if Swap.objects.filter(pk=one.pk, state=SwapState.ASKED).update(state=one.state, answered_at=at):
            told = facts.SwapExpired(swap=one.uuid, rota=one.rota.uuid)
            record(told, subject=rotas.ref_of(one.rota), by=by, topics=TOPICS)
            reminding.tell_answer(by, one, why="withdrawn")
    return len(found)


def _asker(by: Actor) -> Person:
    found = accounts.myself(by)
    if found is None:
        raise NotAllowed(Verb.VIEW)
    return found


def _asked(by: Actor, row: Rota, asked: UUID | None) -> Person | None:
    if asked is None:
        return None
    found = next((one for one in duty.candidates(by, row) if one.uuid == asked), None)
    if found is None:
        raise NotFound("person")
    if found.pk == by.person_id:
        raise Invalid("asked", "not_a_substitute")
    return found


def _back(row: Rota, other: Person | None, begins_at: datetime | None, ends_at: datetime | None) -> Stretch | None:
    if begins_at is None and ends_at is None:
        return None
    if other is None:
        raise Invalid("asked", "required")
    if begins_at is None or ends_at is None:
        raise Invalid("back_begins_at" if begins_at is None else "back_ends_at", "required")
    _must_be_ahead(begins_at, ends_at, "back_")
    _must_be_on(row, other, (begins_at, ends_at), Invalid("back_begins_at", "not_their_turn"))
    return begins_at, ends_at


def _return_of(swap: Swap) -> Stretch | None:
    return (swap.back_begins_at, swap.back_ends_at) if swap.back_begins_at and swap.back_ends_at else None


def _must_be_ahead(begins_at: datetime, ends_at: datetime, prefix: str = "") -> None:
    try:
        must_last(begins_at, ends_at)
    except Invalid as error:
        raise Invalid(f"{prefix}{error.field}", error.reason) from error
    if begins_at <= clock.now():
        raise Invalid(f"{prefix}begins_at", "past")


def _must_be_on(row: Rota, person: Person, time: Stretch, refusal: Invalid) -> None:
    """Raises it unless they are on call all that time. Whoever is away still may give the turn away."""
    plan, ref = rotas.plans([row], *time)[row.uuid], f"person:{person.uuid}"
    for watch in pure.watches(plan, *time):
        if ref not in (watch.person, watch.instead):
            raise refusal


def _must_be_theirs(by: Actor, swap: Swap) -> None:
    if duty.may_take(by, swap):
        return
    if swap.state != SwapState.ASKED:
        raise Invalid("swap", "answered")
    if swap.expires_at <= clock.now():
        raise Invalid("swap", "expired")
    raise NotAllowed(Verb.VIEW)


def _answer(swap: Swap, state: SwapState) -> None:
    """The first answer counts: one conditional UPDATE. Raises Invalid."""
    waiting = Swap.objects.filter(pk=swap.pk, state=SwapState.ASKED, expires_at__gt=clock.now())
    if not waiting.update(state=state, answered_at=clock.now()):
        raise Invalid("swap", "answered" if swap.expires_at > clock.now() else "expired")
    swap.refresh_from_db()
