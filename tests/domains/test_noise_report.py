"""The noise of the week is sent: once a week, to who can do something about it, by mail and in their own words."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from hikeshi.accounts import queries
from hikeshi.accounts.models import Person
from hikeshi.accounts.ways import Kind
from hikeshi.calendars.working import is_open
from hikeshi.engine import run
from hikeshi.intake import actions
from hikeshi.intake.queries import noise
from hikeshi.kernel import clock
from hikeshi.notify import actions as notify
from hikeshi.notify.models import Outgoing
from tests import phone, world
from tests.domains.test_silences import send
from tests.phone import Phone

DAY = timedelta(days=1)
JAPAN = ZoneInfo("Asia/Tokyo")


def to_the_next(weekday: int, hour: int = 10) -> None:
    """That day at that hour, in a week in which it is no holiday."""
    local = clock.now().astimezone(JAPAN)
    wanted = local.replace(hour=hour, minute=0, second=0, microsecond=0) + ((weekday - local.weekday()) % 7) * DAY
    calendar = queries.calendar_of(queries.root())
    while wanted <= local or not is_open(calendar, wanted.replace(hour=10)):
        wanted += 7 * DAY
    clock.fast_forward(wanted - local)


def noisy() -> None:
    for port in ("1024", "3389"):
        send(f"Deny tcp src outside:203.0.113.9/{port} by acl", severity="warning")


def asked() -> list[str]:
    """Who was told of all weeks so far, after the desk's own loop looked."""
    run._remind(clock.now())
    return sorted(Outgoing.objects.filter(subject__startswith="noise:").values_list("to", flat=True))


def speaking(person: Person, language: str) -> Person:
    Person.objects.filter(pk=person.pk).update(language=language)
    return person


def owner(name: str, language: str) -> Person:
    one = speaking(world.person(name, "responder"), language)
    actions.watch_source(by=world.admin(), code="alertmanager", quiet_days=9, owner=f"person:{one.uuid}")
    return one


@pytest.fixture
def site(settings) -> None:
    settings.PUBLIC_URL = "https://desk.example"
    given = {"host": "mail.example.jp", "sender": "hikeshi@example.jp"}
    notify.set_channel(by=world.admin(), kind="mail", given=given)


def test_once_a_week_owners_and_keepers_read_it_by_mail_in_their_language_with_what_to_do(site) -> None:
    hana, keeper = owner("hana", "en"), speaking(world.person("keeper", "administrator"), "ja")
    stranger = world.person("mori", "responder")
    for one in (hana, keeper, stranger):
        phone.way(one)
        phone.way(one, Kind.MAIL, f"{one.username}@example.jp")
    to_the_next(0)
    noisy()
    (line,) = noise.weekly(world.admin()).lines
    box, mobile = Phone(), Phone()
    with phone.ringing(mail=box, ntfy=mobile):
        told = asked()
        assert {f"person:{hana.uuid}", f"person:{keeper.uuid}"} <= set(told)
        assert f"person:{stranger.uuid}" not in told
        for _ in range(5):  # an hour later, another day, after a restart: it is told
            clock.fast_forward(DAY / 2)
            assert asked() == told
        phone.send()
        assert not mobile.rang
        by_reader = {one.way.address: one for one in box.rang}
        english, japanese = by_reader["hana@example.jp"], by_reader["keeper@example.jp"]
        assert english.title == "Noise of the week: 2 alerts waited for people"
        assert "2 × alertmanager: Deny tcp src outside:203.0.113.9/3389 by acl" in english.text
        assert "More titles that differ in numbers alone: 1" in english.text
        assert f"https://desk.example{line.silence_at}" in english.text
        assert "/rules/new" not in english.text, "hana may write no rule"
        assert japanese.title.startswith("今週のノイズ")
        assert f"https://desk.example{line.rule_at}" in japanese.text
        to_the_next(0)
        noisy()
        assert len(asked()) == 2 * len(told), "a new week is told anew"


def test_nobody_is_told_at_night_or_where_it_is_switched_off_or_where_nothing_waited(site) -> None:
    hana = owner("hana", "en")
    to_the_next(0)
    assert asked() == []
    noisy()
    to_the_next(1, hour=3)
    assert asked() == []
    actions.set_noise_report(by=world.admin(), on=False)
    to_the_next(1)
    assert asked() == []
    actions.set_noise_report(by=world.admin(), on=True)
    assert f"person:{hana.uuid}" in asked()


def test_what_was_switched_off_before_it_left_is_told_nobody(site) -> None:
    hana, box = owner("hana", "en"), Phone()
    phone.way(hana, Kind.MAIL, "hana@example.jp")
    to_the_next(0)
    noisy()
    with phone.ringing(mail=box):
        assert asked()
        actions.set_noise_report(by=world.admin(), on=False)
        phone.send()
        assert not box.rang
