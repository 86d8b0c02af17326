"""Calendars of others, read at their addresses: subscribed, read again and again, ended.

The call itself is made between two acts, so that no provider that hangs keeps a writer waiting. What the calendar says
is compared with what stands from it: what came is put in, what vanished is taken back, what is past stays. What
somebody took back by hand stays out until the calendar says something else of it.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from cryptography.fernet import InvalidToken

from hikeshi.accounts import actions as places
from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Person
from hikeshi.accounts.permissions import Verb as PlaceVerb
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor, system
from hikeshi.kernel.refusals import Invalid, NotAllowed, NotFound
from hikeshi.kernel.texts import words
from hikeshi.kernel.worlds import World
from hikeshi.ledger.acts import action, record, unit
from hikeshi.notify import actions as notify
from hikeshi.notify import setups
from hikeshi.notify.messages import Message, Purpose
from hikeshi.oncall import fetching, ical, ical_apart, subscribing
from hikeshi.oncall.actions import comparing, covers
from hikeshi.oncall.actions.reminding import planners
from hikeshi.oncall.actions.rotas import TOPICS
from hikeshi.oncall.facts import subscriptions as facts
from hikeshi.oncall.fetching import Fetched, Unfetched
from hikeshi.oncall.ical import Shift
from hikeshi.oncall.models import Rota, Subscription
from hikeshi.oncall.permissions import Verb
from hikeshi.oncall.queries import rotas, shifts, subscriptions

MOST: Final = 20
"""Calendars of one rota, person or business calendar."""
LONGEST_ADDRESS: Final = 2_000
SEALED: Final = "calendar_sealed"
HARDLY_OPEN: Final = "calendar_hardly_open"
HOLIDAYS_AHEAD: Final = timedelta(days=2 * 366)
"""Due times in business days reach further than anybody's turns are planned."""
DESK: Final = system("calendars")


@action
def subscribe_calendar(
    *,
    by: Actor,
    address: str,
    rota: UUID | None = None,
    person: UUID | None = None,
    calendar: UUID | None = None,
    containing: str = "",
) -> Subscription:
    """The events at this address are turns in ``rota``, holidays of the business calendar ``calendar``, or absences of
    ``person`` (none of them: of who asks); only those with the words ``containing``, where there are any. One's own, or
    by who plans the duty or looks after the calendars concerned. Raises NotAllowed, NotFound, Invalid.
    """
    by.must(Verb.VIEW)
    whose = _whose(by, rota, person, calendar)
    spelled = _spelled(address)
    text = words(containing, field="containing", most=100, required=False)
    digest = subscriptions.digest(spelled)
    there = Subscription.objects.filter(rota=whose.rota, person=whose.person, calendar=whose.calendar)
    if len(there) >= MOST:
        raise Invalid("address", "too_many", limit=MOST)
    if there.filter(digest=digest).exists():
        raise Invalid("address", "calendar_known")

    made = Subscription.objects.create(
        rota=whose.rota,
        person=whose.person,
        calendar=whose.calendar,
        address=subscriptions.sealed(spelled),
        digest=digest,
        hint=subscribing.hint(spelled),
        containing=text,
        made_by=by.ref,
    )

    record(_subscribed(made), subject=_about(made), by=by, topics=TOPICS)
    return made


def _subscribed(made: Subscription) -> facts.CalendarSubscribed:
    return facts.CalendarSubscribed(
        subscription=made.uuid,
        rota=made.rota.uuid if made.rota else None,
        person=made.person.uuid if made.person else None,
        digest=made.digest,
        calendar=made.calendar,
    )


@dataclass(frozen=True, slots=True)
class _Whose:
    """One of them."""

    rota: Rota | None = None
    person: Person | None = None
    calendar: UUID | None = None


def _whose(by: Actor, rota: UUID | None, person: UUID | None, calendar: UUID | None) -> _Whose:
    """Raises NotAllowed, NotFound, Invalid."""
    if rota is not None:
        return _Whose(rota=rotas.rota(by, rota, Verb.MANAGE))
    if calendar is not None:
        by.must(PlaceVerb.MANAGE, accounts.root().pk)
        return _Whose(calendar=accounts.calendar(by, calendar).uuid)
    who = covers.person_of(by, person, "person")
    if who.pk != by.person_id:
        by.must(Verb.MANAGE, who.organisation_id)
    return _Whose(person=who)


def _spelled(address: str) -> str:
    spelled = subscribing.spelled(address) if len(address) <= LONGEST_ADDRESS else ""
    if not spelled:
        raise Invalid("address", "calendar_address")
    if not spelled.startswith("https:") and not fetching.is_open(spelled, setups.read().permitted):
        raise Invalid("address", "calendar_unencrypted")
    return spelled


@action
def end_subscription(*, by: Actor, subscription: UUID) -> None:
    """It is read no more, and what it said of the time to come is taken back. Raises NotAllowed, NotFound."""
    row = _mine(by, subscription)

    gone = comparing.keep(row, {}, by) if row.calendar is None else _publish(row, {}, by)
    notify.withdraw(by=by, subject=_message(row), why="withdrawn")
    about = _about(row)
    row.delete()

    record(facts.SubscriptionEnded(subscription=subscription, gone=gone[1]), subject=about, by=by, topics=TOPICS)


@action
def end_with_calendar(*, by: Actor, calendar: UUID) -> None:
    """The business calendar is gone, and what was read for it with it. For the desk's own loop. Raises NotAllowed."""
    if not by.unlimited:
        raise NotAllowed(Verb.MANAGE)
    for row in Subscription.objects.select_for_update().filter(calendar=calendar).order_by("pk"):
        notify.withdraw(by=by, subject=_message(row), why="withdrawn")
        gone, about, uuid = len(subscribing.read_lines(row.days)), _about(row), row.uuid
        row.delete()
        record(facts.SubscriptionEnded(subscription=uuid, gone=gone), subject=about, by=by, topics=TOPICS)


@action
def read_calendar(*, by: Actor, subscription: UUID) -> Subscription:
    """As soon as the desk comes to it, whenever it was due. Raises NotAllowed, NotFound."""
    row = _mine(by, subscription)
    row.due_at, row.whole_at = clock.now(), None
    row.save(update_fields=["due_at", "whole_at"])
    record(facts.CalendarAskedFor(subscription=row.uuid), subject=_about(row), by=by)
    return row


def _mine(by: Actor, uuid: UUID) -> Subscription:
    """One's own, or by who plans the duty concerned: nobody else sees it."""
    _lock_together(subscriptions.subscription(by, uuid))
    rows = Subscription.objects.select_for_update(of=("self",)).select_related("rota", "person")
    found = rows.filter(uuid=uuid).first()
    if found is None:
        raise NotFound("calendar")  # somebody else ended it meanwhile
    return found


def read_next(now: datetime) -> bool:
    """Reads the calendar that has waited longest, if one is due. Looks before it asks for the pen; a desk that is held
    or for trying things out calls nobody. True where one was read.
    """
    row = subscriptions.due(now)
    here = setups.read() if row is not None else None
    leased = now + subscribing.LEASE
    if row is None or here is None or here.permitted.shut or not _claimed(row, leased):
        return False
    etag, modified = ("", "") if subscribing.must_be_whole(now, row.whole_at) else (row.etag, row.modified)
    try:
        address = subscriptions.address_of(row)
        said = fetching.fetch(address, etag=etag, modified=modified, permitted=here.permitted)
        found = None if said.body is None else _read(row, said.body)
        _worked(row, said, found, leased)
    except Unfetched as refused:
        _failed(row, refused.fault, leased)
    except InvalidToken:
        _failed(row, SEALED, leased)
    except ical.Unreadable as error:
        _failed(row, error.fault, leased)
    except Invalid:
        _failed(row, HARDLY_OPEN, leased)
    return True


def _claimed(row: Subscription, until: datetime) -> bool:
    """By one conditional UPDATE: of two engines the second finds it taken. A desk that dies now tries again then."""
    with unit():
        free = Subscription.objects.filter(pk=row.pk, due_at=row.due_at)
        return free.update(due_at=until) == 1


def _read(row: Subscription, body: bytes) -> tuple[Shift, ...]:
    """In a process of its own. Raises Unreadable."""
    now = clock.now()
    zone = _zone(row)
    ahead = shifts.AHEAD if row.calendar is None else HOLIDAYS_AHEAD
    found = ical_apart.read(body, zone, now, now + ahead, limits=ical.ADDRESS)
    wanted = row.containing.casefold()
    return tuple(one for one in found if wanted in _said(row, one) and one.end - one.begin <= covers.LONGEST)


def _zone(row: Subscription) -> str:
    if row.rota is not None:
        return row.rota.time_zone
    if row.calendar is not None:
        return accounts.calendar(DESK, row.calendar).time_zone
    return _person(row).time_zone or accounts.site().time_zone


def _said(row: Subscription, one: Shift) -> str:
    """Of a holiday also what describes it: some write only there whether it is one by law."""
    return (one.title if row.calendar is None else f"{one.title}\n{one.note}").casefold()


def _person(row: Subscription) -> Person:
    if row.person is None:
        raise LookupError(f"subscription {row.uuid} is a rota's")
    return row.person


def _lock_together(row: Subscription) -> None:
    """Of a business calendar all at once and in one order, since what it keeps is put together of what each says."""
    if row.calendar is not None:
        list(Subscription.objects.select_for_update().filter(calendar=row.calendar).order_by("pk"))


def _locked(row: Subscription) -> Subscription | None:
    """As it is now; None where it was ended meanwhile."""
    _lock_together(row)
    rows = Subscription.objects.select_for_update(of=("self",)).select_related("rota__organisation", "person")
    return rows.filter(pk=row.pk, digest=row.digest).first()


def _worked(row: Subscription, said: Fetched, found: tuple[Shift, ...] | None, leased: datetime) -> None:
    """Keeps what came of it: ``found`` None where nothing changed. Raises Invalid where nothing of it can hold."""
    now = clock.now()
    with unit():
        kept = _locked(row)
        if kept is None:
            return
        if kept.failures:
            notify.withdraw(by=DESK, subject=_message(kept), why="answered")
        kept.tried_at = kept.read_at = now
        kept.fault, kept.failures, kept.failing_since, kept.told_at = "", 0, None, None
        _next(kept, leased, now)
        if found is not None:
            _take(kept, found, now)
            tags = (said.etag, said.modified)
            kept.etag, kept.modified = (one if len(one) <= 300 and one.isprintable() else "" for one in tags)
        kept.save()


def _next(kept: Subscription, due_at: datetime, now: datetime) -> None:
    """Unless it is due at another time than when it was read, ``due_at``: somebody asked for it meanwhile."""
    if kept.due_at == due_at:
        share = random.random()  # noqa: S311  # spreads load, guards nothing
        kept.due_at = subscribing.next_time(now, kept.failures, share)


def _take(row: Subscription, found: tuple[Shift, ...], now: datetime) -> None:
    if row.calendar is not None:
        days = subscribing.holidays(found, accounts.calendar(DESK, row.calendar).time_zone)
        came, went = _publish(row, days, DESK)
        row.taken, row.aside = len(days), sum(1 for one in found if not one.days)
    else:
        said, row.aside = comparing.meant(row, found)
        wanted = comparing.wanted(row, said)
        came, went = comparing.keep(row, wanted, DESK)
        row.taken = len(wanted)
    row.whole_at = now
    if came or went:
        fact = facts.CalendarRead(subscription=row.uuid, came=came, gone=went)
        record(fact, subject=_about(row), by=DESK, topics=TOPICS)


def _publish(row: Subscription, said: Mapping[date, str], by: Actor) -> tuple[int, int]:
    """Puts these days beside what other calendars say of the same business calendar. How many came and how many went.
    Raises Invalid where next to nothing would be left open.
    """
    if not subscribing.are_plausible(said, clock.now().date()):
        raise Invalid("address", HARDLY_OPEN)
    if row.calendar is None:
        raise LookupError(f"subscription {row.uuid} is no business calendar's")
    before = subscribing.read_lines(row.days)
    others = Subscription.objects.filter(calendar=row.calendar).exclude(pk=row.pk).order_by("-pk")
    days: dict[date, str] = {}
    for text in others.values_list("days", flat=True):
        days.update(subscribing.read_lines(text))
    places.publish_holidays(by=DESK, calendar=row.calendar, holidays={**days, **said})
    row.days = subscribing.lines(said)
    row.save(update_fields=["days"])
    return len(said.keys() - before.keys()), len(before.keys() - said.keys())


def _failed(row: Subscription, fault: str, leased: datetime) -> None:
    """What it said last stays. After a day of it those concerned are told, once."""
    now = clock.now()
    with unit():
        kept = _locked(row)
        if kept is None:
            return
        kept.tried_at, kept.fault = now, fault
        kept.failures += 1
        kept.failing_since = kept.failing_since or now
        _next(kept, leased, now)
        if subscribing.must_be_told(now, kept.failing_since, kept.told_at):
            kept.told_at = now
            _tell(kept)
        kept.save()


def _tell(row: Subscription) -> None:
    since = row.failing_since or clock.now()
    fact = facts.CalendarFailing(subscription=row.uuid, since=since, why=row.fault)
    record(fact, subject=_about(row), by=DESK, topics=TOPICS)
    for one in _concerned(row):
        to = f"person:{one.uuid}"
        key = f"{_message(row)}:{since.isoformat()}:{to}"
        world = World(accounts.site().world)
        notify.queue(by=DESK, message=Message(Purpose.TOLD, _message(row), world, to, key, {}, urgency=2))


def _concerned(row: Subscription) -> list[Person]:
    if row.calendar is not None:
        return list(accounts.people_who_may(PlaceVerb.MANAGE, accounts.root()))
    return planners(row.rota) if row.rota is not None else [_person(row)]


def _message(row: Subscription) -> str:
    return f"calendar:{row.uuid}"


def _about(row: Subscription) -> str:
    if row.calendar is not None:
        return f"calendar:{row.calendar}"
    return rotas.ref_of(row.rota) if row.rota is not None else f"person:{_person(row).uuid}"
