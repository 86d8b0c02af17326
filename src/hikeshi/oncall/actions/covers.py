"""Who is put in for a time, and who is away."""

from datetime import datetime, timedelta
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
from hikeshi.oncall.actions import announcing
from hikeshi.oncall.actions.rotas import TOPICS
from hikeshi.oncall.facts import rotas as facts
from hikeshi.oncall.models import Absence, Cover, LeftOut, Rota, Subscription, Swap
from hikeshi.oncall.permissions import Verb
from hikeshi.oncall.queries import duty, rotas

LONGEST: Final = timedelta(days=400)
LONGEST_REASON: Final = 500
FURTHEST: Final = timedelta(days=3 * 366)


@action
def add_cover(
    *, by: Actor, rota: UUID, begins_at: datetime, ends_at: datetime, person: UUID | None = None, reason: str = ""
) -> Cover:
    """Puts ``person`` (none: who asks) in for this time, over all layers. Whoever stands in the rota puts themself in;
    others are put in by who plans it. Raises NotAllowed, NotFound, Invalid.
    """
    row = rotas.rota(by, rota)
    who = person_of(by, person, "person")
    if not (who.pk == by.person_id and duty.in_rota(by, row)):
        by.must(Verb.MANAGE, row.organisation_id)
    must_last(begins_at, ends_at)
    text = words(reason, field="reason", most=LONGEST_REASON, required=False)
    made = put_in(by, row, who, (begins_at, ends_at), reason=text)
    if who.pk != by.person_id:
        announcing.tell_put_in(by, made)
    return made


def put_in(
    by: Actor,
    row: Rota,
    who: Person,
    time: Stretch,
    *,
    reason: str = "",
    swap: Swap | None = None,
    subscription: Subscription | None = None,
    mark: str = "",
) -> Cover:
    """The write itself, for the verbs of this package."""
    begins_at, ends_at = time
    made = Cover.objects.create(
        rota=row,
        person=who,
        begins_at=begins_at,
        ends_at=ends_at,
        reason=reason,
        swap=swap,
        subscription=subscription,
        mark=mark,
        said_by=by.ref,
    )
    fact = facts.CoverSaid(cover=made.uuid, rota=row.uuid, person=who.uuid, begins_at=begins_at, ends_at=ends_at)
    record(fact, subject=rotas.ref_of(row), by=by, topics=TOPICS)
    return made


@action
def take_back_cover(*, by: Actor, cover: UUID) -> None:
    """Turns are as the layers say again; what a calendar of others said stays out until it says something else. By who
    plans the rota, or who said it. Raises NotAllowed, NotFound.
    """
    gone = duty.cover(by, cover)
    if gone.said_by != by.ref:
        by.must(Verb.MANAGE, gone.rota.organisation_id)
    _leave_out(gone)
    put_out(by, gone)


def _leave_out(gone: Cover | Absence) -> None:
    if gone.subscription is not None:
        LeftOut.objects.update_or_create(
            subscription=gone.subscription,
            person=gone.person,
            begins_at=gone.begins_at,
            ends_at=gone.ends_at,
            defaults={"mark": gone.mark},
        )


def put_out(by: Actor, gone: Cover) -> None:
    """As ``put_in``."""
    gone.delete()
    announcing.take_back(by, f"cover:{gone.uuid}")
    fact = facts.CoverTakenBack(cover=gone.uuid, rota=gone.rota.uuid)
    record(fact, subject=rotas.ref_of(gone.rota), by=by, topics=TOPICS)


@action
def add_absence(
    *, by: Actor, begins_at: datetime, ends_at: datetime, person: UUID | None = None, substitute: UUID | None = None
) -> Absence:
    """``person`` (none: who asks) is away, whatever rota asks for them; without a substitute each turn is a gap. One's
    own, or by who plans the rotas of the organisation they belong to. Raises NotAllowed, NotFound, Invalid.
    """
    by.must(Verb.VIEW)
    who = person_of(by, person, "person")
    if who.pk != by.person_id:
        by.must(Verb.MANAGE, who.organisation_id)
    other = accounts.person(by, substitute) if substitute else None
    if other is not None and (other.pk == who.pk or not other.is_active):
        raise Invalid("substitute", "not_a_substitute")
    must_last(begins_at, ends_at)

    made = note_away(by, who, (begins_at, ends_at), substitute=other)
    if other is not None and other.pk != by.person_id:
        announcing.tell_substitute(by, made)
    return made


def note_away(
    by: Actor,
    who: Person,
    time: Stretch,
    *,
    substitute: Person | None = None,
    subscription: Subscription | None = None,
    mark: str = "",
) -> Absence:
    """The write itself, for the verbs of this package."""
    begins_at, ends_at = time
    made = Absence.objects.create(
        person=who,
        begins_at=begins_at,
        ends_at=ends_at,
        substitute=substitute,
        subscription=subscription,
        mark=mark,
        said_by=by.ref,
    )
    fact = facts.AbsenceSaid(
        absence=made.uuid,
        person=who.uuid,
        begins_at=begins_at,
        ends_at=ends_at,
        substitute=substitute.uuid if substitute else None,
    )
    record(fact, subject=f"person:{who.uuid}", by=by, topics=TOPICS)
    return made


@action
def take_back_absence(*, by: Actor, absence: UUID) -> None:
    """They are there after all, as ``take_back_cover``. Raises NotAllowed, NotFound."""
    by.must(Verb.VIEW)
    gone = duty.absence(by, absence)
    _leave_out(gone)
    note_there(by, gone)


def note_there(by: Actor, gone: Absence) -> None:
    """As ``note_away``."""
    gone.delete()
    announcing.take_back(by, f"absence:{gone.uuid}")
    fact = facts.AbsenceTakenBack(absence=gone.uuid, person=gone.person.uuid)
    record(fact, subject=f"person:{gone.person.uuid}", by=by, topics=TOPICS)


def person_of(by: Actor, person: UUID | None, field: str) -> Person:
    """Raises NotAllowed where nobody asks in person, NotFound, Invalid where they can no longer be called."""
    if person is None:
        found = accounts.myself(by)
        if found is None:
            raise NotAllowed(Verb.VIEW)
        return found
    found = accounts.people(by).filter(uuid=person).first()
    if found is None:
        raise NotFound("person")
    if not found.is_active:
        raise Invalid(field, "has_left")
    return found


def must_last(begins_at: datetime, ends_at: datetime) -> None:
    """Raises Invalid for a time that is over, ends before it begins, or is longer than a year."""
    if ends_at <= begins_at:
        raise Invalid("ends_at", "ends_before")
    if ends_at <= clock.now():
        raise Invalid("ends_at", "past")
    if ends_at - begins_at > LONGEST or ends_at > clock.now() + FURTHEST:
        raise Invalid("ends_at", "not_plausible")
