"""Holidays of a business calendar, read at an address: Japan's as they are commonly published, and a company's own."""

import threading
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction

from hikeshi.accounts import actions as accounts
from hikeshi.accounts import hours
from hikeshi.accounts import queries as places
from hikeshi.accounts.models import Calendar as Kept
from hikeshi.calendars.calendar import OFFICE, Sort
from hikeshi.kernel import clock
from hikeshi.kernel.acting import system
from hikeshi.kernel.refusals import NotAllowed, NotFound
from hikeshi.ledger import reactions
from hikeshi.ledger.verify import verify
from hikeshi.notify import actions as notify
from hikeshi.notify.models import Outgoing
from hikeshi.oncall import actions
from hikeshi.oncall.models import Subscription
from hikeshi.oncall.queries import subscriptions as queries
from tests import world
from tests.domains.oncall import SATURDAY, planner
from tests.running import eventually
from tests.stories.test_calendars import event, reads, said, served

DESK = system("test")
THANKS = date(2026, 11, 23)


def whole(uid: str, title: str, first: str, after: str = "", more: str = "") -> str:
    """An event of whole days; without ``after`` it is of one day, as some programs write it without an end."""
    end = f"DTEND;VALUE=DATE:{after}\r\n" if after else ""
    lines = f"UID:{uid}\r\nSUMMARY:{title}\r\nDTSTART;VALUE=DATE:{first}\r\n{end}TRANSP:TRANSPARENT\r\n{more}"
    return f"BEGIN:VEVENT\r\n{lines}END:VEVENT\r\n"


LABOUR = whole("a", "勤労感謝の日", "20261123", "20261124")
CULTURE = whole("b", "文化の日", "20201103", "20201104", "RRULE:FREQ=YEARLY\r\n")


@pytest.fixture
def office() -> Kept:
    """Open all weekdays, whoever has a holiday."""
    world.site()
    clock.freeze(SATURDAY)
    return accounts.add_calendar(by=DESK, name="Office", time_zone="Asia/Tokyo", hours=OFFICE)


def about(kept: Kept, day: date) -> tuple[str, str]:
    found = hours.read(Kept.objects.get(pk=kept.pk)).about(day)
    return found.sort.value, found.ja


def subscribed(kept: Kept, address: str, containing: str = "") -> UUID:
    made = actions.subscribe_calendar(by=world.admin(), address=address, calendar=kept.uuid, containing=containing)
    return made.uuid


def test_public_holidays_as_they_are_published_close_the_place_for_a_year_and_more(office: Kept) -> None:
    meeting = event("c", "Meeting", "20261124T000000Z", "20261124T010000Z")
    with served(LABOUR, CULTURE, meeting) as (calendar, _, address):
        subscribed(office, address)
        reads()
        row = Subscription.objects.get()
        assert (row.fault, row.taken, row.aside) == ("", 3, 1)
        assert about(office, THANKS) == (Sort.HOLIDAY, "勤労感謝の日")
        assert about(office, date(2027, 11, 3)) == about(office, date(2028, 11, 3)) == (Sort.HOLIDAY, "文化の日")
        assert about(office, date(2026, 11, 24))[0] == Sort.WORKING
        before = Kept.objects.get(pk=office.pk)
        calendar.events[0] = whole("a", "振替休日", "20261124")
        reads(2)
        assert about(office, THANKS)[0] == Sort.WORKING
        assert about(office, date(2026, 11, 24)) == (Sort.HOLIDAY, "振替休日")
        assert Kept.objects.get(pk=office.pk).version == before.version
    assert not verify(state=True).findings


def test_a_place_that_keeps_it_counts_no_business_time_on_such_a_day(office: Kept) -> None:
    accounts.choose_calendar(by=DESK, organisation=places.root().uuid, calendar=office.uuid)
    with served(whole("a", "創立記念日", "20261201")) as (_, _, address):
        subscribed(office, address)
        reads()
    assert not places.calendar_of(places.root()).is_business_day(date(2026, 12, 1))
    special = "2026-12-01 10:00-12:00"
    accounts.edit_calendar(
        by=DESK, calendar=office.uuid, name="Office", time_zone="Asia/Tokyo", hours=OFFICE, specials=special
    )
    assert about(office, date(2026, 12, 1))[0] == Sort.SPECIAL
    assert Kept.objects.get(pk=office.pk).published.startswith("2026-12-01 ")


def test_several_days_at_once_two_names_of_a_day_and_a_name_that_looks_like_a_day(office: Kept) -> None:
    events = (
        whole("a", "年末", "20261229", "20270101"),
        whole("b", "大掃除", "20261229"),
        whole("c", "-12/31 x", "20270105"),
    )
    with served(*events) as (_, _, address):
        subscribed(office, address)
        reads()
    assert [about(office, date(2026, 12, day)) for day in (28, 29, 30, 31)] == [
        (Sort.WORKING, ""),
        (Sort.HOLIDAY, "年末 / 大掃除"),
        (Sort.HOLIDAY, "年末"),
        (Sort.HOLIDAY, "年末"),
    ]
    assert [about(office, date(2027, 1, day)) for day in (4, 5, 6)] == [
        (Sort.WORKING, ""),
        (Sort.HOLIDAY, ""),
        (Sort.WORKING, ""),
    ]


def test_only_those_by_law_where_the_calendar_says_in_words_which_these_are(office: Kept) -> None:
    """As Google's calendar of Japan does: the first line of what describes it."""
    law = whole("a", "勤労感謝の日", "20261123", more="DESCRIPTION:祝日\r\n")
    custom = whole("b", "クリスマス", "20261225", more="DESCRIPTION:祭日\\n隠すには [日本の祝日] へ\r\n")
    with served(law, custom) as (_, _, address):
        subscribed(office, address, "祝日")
        reads()
    assert (about(office, THANKS)[0], about(office, date(2026, 12, 25))[0]) == (Sort.HOLIDAY, Sort.WORKING)


def test_what_is_over_stays_and_the_rest_goes_with_the_calendar_that_said_it(office: Kept) -> None:
    christmas, both = whole("x", "Closed", "20261225"), whole("y", "Closed too", "20270104")
    with served(LABOUR, christmas) as (_, _, one), served(both, christmas) as (_, _, other):
        notify.set_hosts(by=DESK, hosts="127.0.0.1")
        first = subscribed(office, one)
        subscribed(office, other)
        reads()
        assert [about(office, day)[0] for day in (THANKS, date(2026, 12, 25), date(2027, 1, 4))] == [Sort.HOLIDAY] * 3
        clock.fast_forward(timedelta(days=5))
        actions.end_subscription(by=world.admin(), subscription=first)
        assert [about(office, day)[0] for day in (THANKS, date(2026, 12, 25), date(2027, 1, 4))] == [Sort.HOLIDAY] * 3
        actions.end_subscription(by=world.admin(), subscription=Subscription.objects.get().uuid)
    assert [about(office, day)[0] for day in (THANKS, date(2026, 12, 25), date(2027, 1, 4))] == [
        Sort.HOLIDAY,
        Sort.WORKING,
        Sort.WORKING,
    ]
    assert not verify(state=True).findings


@pytest.mark.parametrize("hours_of_week", [OFFICE, ("", "", "", "", "", "", "09:00-10:00")])
def test_a_calendar_by_which_hardly_anything_would_be_open_changes_nothing_and_is_told_of(
    office: Kept, hours_of_week: tuple[str, ...]
) -> None:
    accounts.edit_calendar(by=DESK, calendar=office.uuid, name="Office", time_zone="Asia/Tokyo", hours=hours_of_week)
    with served(LABOUR) as (calendar, _, address):
        uuid = subscribed(office, address)
        reads()
        calendar.events[:] = [whole("a", "Week 48", "20261120", more="RRULE:FREQ=DAILY\r\n")]
        for _ in range(8):
            reads(5)
    row = Subscription.objects.get(uuid=uuid)
    assert (row.fault, about(office, THANKS)[0]) == ("calendar_hardly_open", Sort.HOLIDAY)
    assert about(office, date(2026, 11, 29))[0] != Sort.HOLIDAY
    assert Outgoing.objects.filter(subject=f"calendar:{uuid}").count() == 1


def test_whoever_looks_after_business_calendars_subscribes_sees_and_ends_them_and_nobody_else(office: Kept) -> None:
    keeper = planner()
    with pytest.raises(NotAllowed):
        actions.subscribe_calendar(by=keeper, address="https://x.example/a.ics", calendar=office.uuid)
    uuid = subscribed(office, "https://x.example/a.ics")
    assert not queries.subscriptions(keeper).exists()
    with pytest.raises(NotFound):
        actions.end_subscription(by=keeper, subscription=uuid)
    with pytest.raises(NotFound):
        actions.subscribe_calendar(by=world.admin(), address="https://x.example/b.ics", calendar=uuid)
    assert [one.uuid for one in queries.subscriptions(world.admin())] == [uuid]


def test_with_its_business_calendar_a_subscription_ends(office: Kept) -> None:
    reactions.begin()
    subscribed(office, "https://x.example/a.ics")
    accounts.remove_calendar(by=DESK, calendar=office.uuid)
    while reactions.step(clock.now()):
        continue
    assert not Subscription.objects.exists()
    assert not verify(state=True).findings


def test_whoever_looks_after_them_is_told_when_it_cannot_be_read(office: Kept) -> None:
    with served(LABOUR) as (_, there, address):
        uuid = subscribed(office, address)
        there.before = lambda request: (500, b"")
        for _ in range(8):
            reads(5)
    told = Outgoing.objects.filter(subject=f"calendar:{uuid}").first()
    assert told is not None
    assert "Office" in said(told).title


@pytest.mark.django_db(transaction=True, databases="__all__")
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="elsewhere one writes at a time")
def test_of_two_calendars_read_at_the_same_moment_neither_takes_back_what_the_other_says(office: Kept) -> None:
    christmas = whole("x", "Closed", "20261225")
    with served(LABOUR) as (_, _, one), served(christmas) as (_, _, other):
        notify.set_hosts(by=DESK, hosts="127.0.0.1")
        for address in (one, other):
            subscribed(office, address)
        readers = [threading.Thread(target=_read_one) for _ in range(2)]
        with transaction.atomic():
            Kept.objects.select_for_update().get(pk=office.pk)
            for reader in readers:
                reader.start()
            eventually(lambda: _waiting() == 2)
        for reader in readers:
            reader.join()
    assert about(office, THANKS)[0] == about(office, date(2026, 12, 25))[0] == Sort.HOLIDAY


def _read_one() -> None:
    """The one that nobody else reads."""
    try:
        eventually(lambda: actions.read_next(clock.now()))
    finally:
        connection.close()


def _waiting() -> int:
    """How many wait for a row that another holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")
        return int(cursor.fetchone()[0])
