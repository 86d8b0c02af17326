"""Calendars of others, read at their addresses from a real server: what came, what vanished, what cannot be read."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import pytest
from django.db import connection

from hikeshi.accounts import actions as accounts
from hikeshi.accounts import queries as people
from hikeshi.accounts.models import Person
from hikeshi.accounts.reaching import recipient
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor, system
from hikeshi.kernel.refusals import Invalid, NotAllowed, NotFound
from hikeshi.kernel.worlds import World
from hikeshi.ledger.models import Entry
from hikeshi.ledger.verify import verify
from hikeshi.notify import actions as notify
from hikeshi.notify import wording
from hikeshi.notify.messages import Purpose, Queued
from hikeshi.notify.models import Outgoing
from hikeshi.notify.wording import Form, Words
from hikeshi.oncall import actions
from hikeshi.oncall.actions.subscriptions import _claimed
from hikeshi.oncall.models import Absence, Cover, LeftOut, Rota, Subscription
from hikeshi.oncall.queries import rotas
from hikeshi.oncall.queries import subscriptions as queries
from hikeshi.oncall.subscribing import LEASE
from tests import receivers
from tests.at_once import at_once
from tests.domains.oncall import SATURDAY, planner, ref, responders, rota

DESK = system("test")
SECRET = "/private-3f9c1e77d2a4/basic.ics"
DAY = timedelta(days=1)


def event(uid: str, title: str, begin: str, end: str, more: str = "") -> str:
    return f"BEGIN:VEVENT\r\nUID:{uid}\r\nSUMMARY:{title}\r\nDTSTART:{begin}\r\nDTEND:{end}\r\n{more}END:VEVENT\r\n"


@dataclass
class Calendar:
    """A calendar program's server: an ETag for what it says, 304 for whoever knows that."""

    events: list[str] = field(default_factory=list)
    answers: int = 0
    unchanged: int = 0

    def body(self) -> bytes:
        return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{''.join(self.events)}END:VCALENDAR\r\n".encode()

    def serve(self, request: receivers.Request) -> receivers.Answer:
        if request.path != SECRET:
            return 404, b"no such calendar"
        tag = f'"{hash(self.body())}"'
        if request.headers.get("if-none-match") == tag:
            self.unchanged += 1
            return 304, b""
        self.answers += 1
        return 200, self.body(), {"Content-Type": "text/calendar", "ETag": tag}


@contextmanager
def served(*events: str) -> Iterator[tuple[Calendar, receivers.Receiver, str]]:
    """The calendar, its server, and the address of it."""
    calendar = Calendar(list(events))
    with receivers.running(receivers.Receiver(calendar.serve)) as there:
        notify.set_hosts(by=DESK, hosts=f"127.0.0.1:{there.port}")
        yield calendar, there, f"{there.url}{SECRET}"


def reads(hours: float = 0) -> int:
    """So much time passes, and the desk reads what is due."""
    clock.fast_forward(timedelta(hours=hours))
    count = 0
    while actions.read_next(clock.now()):
        count += 1
    return count


def said(row: Outgoing) -> Words:
    to = recipient(row.to)
    queued = Queued(str(row.uuid), Purpose(row.purpose), row.subject, World.REAL, row.to, row.about, 2, clock.now())
    words = wording.words(queued, to, Form.FULL) if to else None
    assert words is not None
    return words


def _person(username: str) -> UUID:
    return Person.objects.get(username=username).uuid


def night() -> tuple[Rota, Actor]:
    abe, _ito = responders("abe", "ito")
    return rota(abe), planner()


def on_duty(row: Rota, hours: float) -> str:
    at = SATURDAY + timedelta(hours=hours)
    return rotas.watch(rotas.ref_of(row), at, at + timedelta(minutes=1))[0].person


ITO = event("1", "ito: night", "20261121T120000Z", "20261121T180000Z")


def test_events_of_a_rotas_calendar_are_turns_and_those_that_vanish_are_taken_back() -> None:
    row, keeper = night()
    ito = ref(Person.objects.get(username="ito"))
    other = event("2", "all hands", "20261122T000000Z", "20261122T010000Z")
    with served(ITO, other) as (calendar, _, address):
        actions.subscribe_calendar(by=keeper, address=address, rota=row.uuid)
        assert (reads(), on_duty(row, 13)) == (1, ito)
        kept = Subscription.objects.get()
        assert (kept.taken, kept.aside, kept.fault, kept.read_at is not None) == (1, 1, "", True)
        calendar.events[0] = event("1", "ito: night", "20261121T140000Z", "20261121T180000Z")
        assert (reads(2), Cover.objects.count()) == (1, 1)
        assert (on_duty(row, 13) != ito, on_duty(row, 15)) == (True, ito)
        calendar.events.clear()
        reads(2)
    assert Cover.objects.count() == 0
    assert not verify(state=True).findings


def test_what_has_not_changed_is_not_sent_again_but_once_a_day_all_is_asked_for() -> None:
    row, keeper = night()
    weekly = event("1", "ito", "20261121T120000Z", "20261121T180000Z", "RRULE:FREQ=WEEKLY\r\n")
    with served(weekly) as (calendar, _, address):
        actions.subscribe_calendar(by=keeper, address=address, rota=row.uuid)
        reads()
        turns = Cover.objects.count()
        assert turns in {52, 53}
        assert (reads(2), reads(2), calendar.answers, calendar.unchanged) == (1, 1, 1, 2)
        reads(24 * 7)
        assert calendar.answers == 2
        assert Cover.objects.filter(ends_at__gt=clock.now()).count() == turns
    assert Cover.objects.count() == turns + 1  # what is past stays


def test_events_of_ones_own_calendar_are_absences_where_their_title_says_so() -> None:
    (abe,) = responders("abe")
    row = rota(abe)
    leave = event("1", "有給休暇", "20261123", "20261125").replace("DTSTART:", "DTSTART;VALUE=DATE:")
    leave = leave.replace("DTEND:", "DTEND;VALUE=DATE:")
    lunch = event("2", "Lunch", "20261121T030000Z", "20261121T040000Z")
    with served(leave, lunch) as (_, _, address):
        actions.subscribe_calendar(by=people.actor_of(abe), address=address, containing="休暇")
        reads()
    away = Absence.objects.get()
    begin, end = datetime.fromisoformat("2026-11-23T00:00+09:00"), datetime.fromisoformat("2026-11-25T00:00+09:00")
    assert (away.person, away.begins_at, away.ends_at) == (abe, begin, end)
    assert (on_duty(row, 24 * 3), on_duty(row, 1)) == ("", ref(abe))


def test_a_calendar_that_cannot_be_read_keeps_what_it_said_and_is_told_of_after_a_day_once() -> None:
    row, keeper = night()
    with served(ITO) as (_, there, address):
        actions.subscribe_calendar(by=keeper, address=address, rota=row.uuid)
        reads()
        there.before = lambda request: (500, b"")
        assert reads(2) == 1
        first = Subscription.objects.get()
        assert (first.fault, first.failures, Cover.objects.count()) == ("calendar_answer", 1, 1)
        assert clock.now() < first.due_at < clock.now() + timedelta(minutes=6)
        for _ in range(8):
            reads(4)
        assert Outgoing.objects.filter(subject=f"calendar:{first.uuid}").count() == 1
        told = Outgoing.objects.get(subject=f"calendar:{first.uuid}")
        assert told.to == keeper.ref
        words = said(told)
        assert ("Night" in words.title, "127.0.0.1" in words.text, SECRET in words.text) == (True, True, False)
        there.before = lambda request: None
        reads(7)
    back = Subscription.objects.get()
    assert (back.fault, back.failures, back.failing_since, back.told_at) == ("", 0, None, None)
    told.refresh_from_db()
    assert told.course == "withdrawn"


def test_no_address_leads_inside_or_to_where_nothing_is_encrypted() -> None:
    row, keeper = night()
    for address in (
        "",
        "ftp://x.example/a.ics",
        "https://",
        "https://me:word@x.example/a",
        "file:///etc/passwd",
        "http://x.example/a",
    ):
        with pytest.raises(Invalid):
            actions.subscribe_calendar(by=keeper, address=address, rota=row.uuid)
    actions.subscribe_calendar(by=keeper, address="webcal://127.0.0.1:1/a.ics", rota=row.uuid)
    reads()
    assert Subscription.objects.get().fault == "forbidden_host"
    with served(ITO) as (_, there, address), receivers.running(receivers.Receiver(lambda request: (200, b""))) as inner:
        there.before = lambda request: (302, b"", {"Location": f"{inner.url}/secret"})
        row2 = actions.subscribe_calendar(by=keeper, address=address, rota=row.uuid)
        reads()
        row2.refresh_from_db()
        assert (row2.fault, inner.seen) == ("unencrypted", [])
        there.before = lambda request: (302, b"", {"Location": address})
        reads(8)
        row2.refresh_from_db()
        assert (row2.fault, len(there.seen)) == ("calendar_moved", 5)


def test_what_is_too_large_or_no_calendar_changes_nothing() -> None:
    row, keeper = night()
    with served(ITO) as (_, there, address):
        kept = actions.subscribe_calendar(by=keeper, address=address, rota=row.uuid)
        reads()
        for said, fault in (
            ((200, b"x" * 5_000_001), "too_large"),
            ((200, b"<html>sign in"), "ical_unreadable"),
            ((403, b""), "calendar_refused"),
            ((410, b""), "calendar_gone"),
        ):
            there.before = lambda request, said=said: said
            reads(8)
            kept.refresh_from_db()
            assert (kept.fault, Cover.objects.count()) == (fault, 1)


def test_the_address_is_said_nowhere_again(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    row, keeper = night()
    with served(ITO) as (_, there, address):
        kept = actions.subscribe_calendar(by=keeper, address=address, rota=row.uuid)
        reads()
        there.before = lambda request: (500, b"")
        reads(2)
    assert SECRET not in caplog.text
    assert not [one for one in Entry.objects.values_list("body", flat=True) if SECRET.strip("/") in one]
    assert SECRET not in f"{kept.address} {kept.hint} {kept.digest}"
    assert kept.hint == "127.0.0.1/….ics"


def test_one_that_is_ended_takes_back_the_time_to_come_and_leaves_the_past() -> None:
    row, keeper = night()
    past = event("0", "ito", "20261121T010000Z", "20261121T020000Z")
    with served(ITO, past) as (_, _, address):
        kept = actions.subscribe_calendar(by=keeper, address=address, rota=row.uuid)
        reads()
        assert Cover.objects.count() == 2
        clock.fast_forward(timedelta(hours=3))
        actions.end_subscription(by=keeper, subscription=kept.uuid)
    assert (Cover.objects.count(), Subscription.objects.count(), reads(48)) == (1, 0, 0)
    assert not verify(state=True).findings


def test_of_two_desks_one_reads_it_and_a_held_desk_reads_nothing() -> None:
    row, keeper = night()
    with served(ITO) as (calendar, there, address):
        kept = actions.subscribe_calendar(by=keeper, address=address, rota=row.uuid)
        accounts.hold_site(by=DESK)
        assert (reads(), there.seen) == (0, [])
        accounts.release_site(by=DESK)

        seen = queries.due(clock.now())
        assert seen is not None
        until = clock.now() + LEASE
        assert (_claimed(seen, until), _claimed(seen, until), reads(), there.seen) == (True, False, 0, [])
        clock.fast_forward(LEASE)  # whoever claimed it died
        assert (reads(), calendar.answers, reads()) == (1, 1, 0)
        kept.refresh_from_db()
        actions.read_calendar(by=keeper, subscription=kept.uuid)
        assert (reads(), calendar.answers) == (1, 2)


@pytest.mark.django_db(transaction=True, databases="__all__")
def test_one_asked_for_while_it_is_being_read_is_read_again_at_once() -> None:
    row, keeper = night()
    with served(ITO) as (calendar, there, address):
        kept = actions.subscribe_calendar(by=keeper, address=address, rota=row.uuid)

        def asked(_request: receivers.Request) -> receivers.Answer | None:
            there.before = lambda _: None
            try:
                actions.read_calendar(by=keeper, subscription=kept.uuid)
            finally:
                connection.close()
            return None

        there.before = asked
        assert (reads(), calendar.answers + calendar.unchanged) == (2, 2)


@pytest.mark.django_db(transaction=True, databases="__all__")
def test_of_two_who_end_one_at_the_same_moment_the_second_reads_that_it_is_gone() -> None:
    row, keeper = night()
    with served(ITO) as (_, _, address):
        kept = actions.subscribe_calendar(by=keeper, address=address, rota=row.uuid)
    end = partial(actions.end_subscription, by=keeper, subscription=kept.uuid)
    assert sum(isinstance(one, NotFound) for one in at_once(end, end)) == 1


def test_nothing_is_read_for_a_rota_out_of_use_or_for_somebody_who_left() -> None:
    row, keeper = night()
    abe = Person.objects.get(username="abe")
    with served(ITO) as (_, there, address):
        actions.subscribe_calendar(by=keeper, address=address, rota=row.uuid)
        actions.subscribe_calendar(by=people.actor_of(abe), address=address)
        actions.retire_rota(by=keeper, rota=row.uuid)
        Person.objects.filter(pk=abe.pk).update(is_active=False)
        assert (reads(48), there.seen) == (0, [])


def test_only_whoever_plans_the_duty_or_whose_calendar_it_is_sees_and_ends_it() -> None:
    row, keeper = night()
    abe, ito = (people.actor_of(Person.objects.get(username=name)) for name in ("abe", "ito"))
    with pytest.raises(NotAllowed):
        actions.subscribe_calendar(by=abe, address="https://x.example/a.ics", rota=row.uuid)
    with pytest.raises(NotAllowed):
        actions.subscribe_calendar(
            by=abe, address="https://x.example/a.ics", person=Person.objects.get(pk=ito.person_id).uuid
        )
    own = actions.subscribe_calendar(by=abe, address="https://x.example/a.ics")
    with pytest.raises(Invalid, match="calendar_known"):
        actions.subscribe_calendar(by=abe, address="webcal://x.example/a.ics")
    with pytest.raises(NotFound):
        actions.end_subscription(by=ito, subscription=own.uuid)
    assert [list(queries.subscriptions(one)) for one in (abe, ito, keeper)] == [[own], [], [own]]
    actions.end_subscription(by=keeper, subscription=own.uuid)


WEEKLY = event("1", "ito", "20261121T120000Z", "20261121T180000Z", "RRULE:FREQ=WEEKLY;COUNT=3\r\nDTSTAMP:%s\r\n")


def test_what_somebody_took_back_by_hand_stays_out_until_the_calendar_says_something_else_of_it() -> None:
    row, keeper = night()
    with served(WEEKLY % "20261101T000000Z") as (calendar, _, address):
        kept = actions.subscribe_calendar(by=keeper, address=address, rota=row.uuid)
        reads()
        first, *others = Cover.objects.order_by("begins_at")
        assert len(others) == 2
        actions.take_back_cover(by=keeper, cover=first.uuid)
        for stamp in ("20261102T000000Z", "20261103T000000Z"):  # written anew, and nothing else
            calendar.events[0] = WEEKLY % stamp
            reads(2)
            actions.read_calendar(by=keeper, subscription=kept.uuid)
            assert (reads(), list(Cover.objects.order_by("begins_at"))) == (1, others)
        kept.refresh_from_db()
        assert kept.taken == 2
        calendar.events[0] = (WEEKLY % "20261104T000000Z").replace("SUMMARY:ito", "SUMMARY:ito (again)")
        reads(2)
        assert Cover.objects.order_by("begins_at")[0].begins_at == first.begins_at
        assert (Cover.objects.count(), LeftOut.objects.count()) == (3, 0)
    assert not verify(state=True).findings


def test_an_absence_that_is_taken_back_stays_so_and_one_that_is_another_event_counts() -> None:
    night()
    me = people.actor_of(Person.objects.get(username="abe"))
    leave = event("1", "Leave", "20261122T000000Z", "20261122T090000Z")
    with served(leave) as (calendar, _, address):
        actions.subscribe_calendar(by=me, address=address)
        reads()
        actions.take_back_absence(by=me, absence=Absence.objects.get().uuid)
        calendar.events.append(event("5", "Later", "20261125T000000Z", "20261125T090000Z"))
        reads(2)
        assert [one.begins_at.day for one in Absence.objects.all()] == [25]
        calendar.events.append(leave.replace("UID:1", "UID:2"))
        reads(2)
        assert sorted(one.begins_at.day for one in Absence.objects.all()) == [22, 25]


def test_what_was_put_in_before_there_were_marks_stays_out_as_it_is_said_then() -> None:
    row, keeper = night()
    with served(ITO) as (calendar, _, address):
        actions.subscribe_calendar(by=keeper, address=address, rota=row.uuid)
        reads()
        Cover.objects.update(mark="")
        actions.take_back_cover(by=keeper, cover=Cover.objects.get().uuid)
        calendar.events.append(event("9", "all hands", "20261122T000000Z", "20261122T010000Z"))
        reads(2)
        assert Cover.objects.count() == 0
        calendar.events[0] = ITO.replace("ito: night", "ito: late")
        reads(2)
        assert Cover.objects.count() == 1
        Cover.objects.update(mark="")
        calendar.events.pop()
        reads(2)
        assert Cover.objects.get().mark
