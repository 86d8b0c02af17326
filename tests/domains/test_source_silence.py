"""A source that fell silent is told of once, to whoever answers for it, and to nobody once it was heard again."""

from datetime import timedelta

import pytest

from hikeshi.accounts import actions as accounts
from hikeshi.accounts import queries
from hikeshi.accounts.models import Person
from hikeshi.engine.listening import Listening
from hikeshi.intake import actions, rhythm
from hikeshi.intake.inbox.appending import Post, append
from hikeshi.intake.inbox.items import InboxItem
from hikeshi.intake.models import HeardHour
from hikeshi.intake.queries import sourcing, watching
from hikeshi.kernel import clock
from hikeshi.kernel.acting import system
from hikeshi.kernel.ids import uuid7
from hikeshi.kernel.worlds import World
from hikeshi.ledger.verify import verify
from hikeshi.notify.models import Outgoing
from tests import phone, world
from tests.web.desk import deliver

pytestmark = pytest.mark.django_db(databases="__all__")
DAY = timedelta(days=1)


def heard(code: str = "wazuh", token: bool = True) -> Person:
    """A source that has sent, with its token; who keeps it."""
    keeper = world.person("keeper", "administrator")
    if token:
        accounts.create_token(by=world.admin(), scope="intake", source=code)
    deliver(b'{"title": "x"}', source=code)
    return keeper


def told() -> list[str]:
    actions.remind_of_silence(by=system("remind"), at=clock.now())
    return told_of()


def test_after_a_week_without_a_word_whoever_keeps_the_sources_hears_of_it_once() -> None:
    heard("generic")
    clock.fast_forward(6 * DAY)
    assert told() == []
    clock.fast_forward(2 * DAY)
    assert len(told()) == len({*told()}) > 0, "asked again, it is not told again"
    before = len(told())
    deliver(b'{"title": "y"}', source="generic")
    clock.fast_forward(8 * DAY)
    assert len(told()) == 2 * before, "a new silence is told anew"


def test_the_owner_hears_of_it_after_their_own_number_of_days_and_never_where_it_is_off() -> None:
    heard("generic")
    hana = world.person("hana", "responder")
    place = queries.root().uuid
    team = accounts.add_team(by=world.admin(), name="SOC", organisation=place, people=[hana.uuid])
    actions.watch_source(by=world.admin(), code="generic", quiet_days=2, owner=f"team:{team.uuid}")
    clock.fast_forward(3 * DAY)
    assert told() == [f"person:{hana.uuid}"]
    assert next(one for one in sourcing.lines(world.admin()) if one.code == "generic").silent
    actions.watch_source(by=world.admin(), code="generic", quiet_days=0)
    clock.fast_forward(30 * DAY)
    assert told() == [f"person:{hana.uuid}"]
    assert not next(one for one in sourcing.lines(world.admin()) if one.code == "generic").silent
    assert verify(state=True).holds


def test_what_was_heard_again_before_the_message_left_is_told_nobody() -> None:
    heard("generic")
    hana = world.person("hana", "responder")
    phone.way(hana)
    actions.watch_source(by=world.admin(), code="generic", quiet_days=2, owner=f"person:{hana.uuid}")
    mobile = phone.Phone()
    with phone.ringing(ntfy=mobile):
        clock.fast_forward(3 * DAY)
        told()
        phone.send()
        assert ["3" in one.title for one in mobile.rang] == [True]
        clock.fast_forward(DAY)
        deliver(b'{"title": "y"}', source="generic")
        clock.fast_forward(3 * DAY)
        told()
        deliver(b'{"title": "z"}', source="generic")
        phone.send()
    assert len(mobile.rang) == 1


def test_a_source_without_a_token_or_that_never_sent_is_not_silent() -> None:
    heard("generic", token=False)
    accounts.create_token(by=world.admin(), scope="intake", source="wazuh")
    clock.fast_forward(30 * DAY)
    assert told() == []


def every(minutes: int, days: int, code: str = "generic") -> None:
    """As if the source had spoken so often for so many days, until now."""
    deliver(b'{"title": "now"}', source=code)
    actions.note_heard(by=system("listening"))
    (last,) = watching.heard(code)
    hours: dict[int, int] = {}
    for at in range(last - days * rhythm.DAY, last, minutes // 5):
        hour, place = divmod(at, rhythm.HOUR)
        hours[hour] = hours.get(hour, 0) | 1 << place
    hours.pop(last // rhythm.HOUR, None)  # the digest wrote that one itself
    HeardHour.objects.bulk_create(HeardHour(source=code, hour=hour, slots=slots) for hour, slots in hours.items())


def listened() -> list[str]:
    """What the desk's loop tells, an hour after it was started; each silence once."""
    loop = Listening(started=clock.now() - timedelta(hours=1))
    while loop.step(clock.now()):
        continue
    return told_of()


def told_of() -> list[str]:
    return sorted(Outgoing.objects.filter(subject__startswith="silence:").values_list("to", flat=True))


def line() -> sourcing.Line:
    return next(one for one in sourcing.lines(world.admin()) if one.code == "generic")


def test_when_a_source_was_heard_is_noted_each_five_minutes_once() -> None:
    heard("generic")
    tomorrow = clock.now() + timedelta(days=1)
    world.clock.freeze(tomorrow.replace(hour=9, minute=58, second=0, microsecond=0))
    for _ in range(4):
        deliver(b'{"title": "x"}', source="generic")
        listened()
        clock.fast_forward(timedelta(minutes=1))
    found = watching.heard("generic")
    assert [rhythm.moment(at).strftime("%H:%M") for at in found] == ["09:55", "10:00"]


def test_a_source_that_speaks_all_the_time_is_told_of_within_hours_and_once_and_resolves_by_itself() -> None:
    heard("generic")
    every(15, days=16)
    assert listened() == []
    assert line().watch.learned is not None
    assert line().watch.learned <= timedelta(hours=2)
    assert not line().silent
    clock.fast_forward(timedelta(hours=3))
    told = listened()
    assert len(told) == len({*told}) > 0
    assert line().silent
    assert listened() == told, "asked again by an engine that was started anew, nobody is told again"
    deliver(b'{"title": "back"}', source="generic")
    assert not line().silent
    assert listened() == told


def test_before_two_weeks_are_known_nothing_is_learned_and_a_week_counts() -> None:
    heard("generic")
    every(15, days=12)
    assert listened() == []
    assert line().watch.learned is None
    clock.fast_forward(6 * DAY)
    assert listened() == []
    clock.fast_forward(2 * DAY)
    assert listened() != []


def test_what_somebody_set_counts_over_what_was_learned() -> None:
    heard("generic")
    every(15, days=16)
    listened()
    actions.watch_source(by=world.admin(), code="generic", quiet_days=2)
    clock.fast_forward(DAY)
    assert listened() == []
    actions.watch_source(by=world.admin(), code="generic", quiet_days=None)
    assert listened() != []
    assert verify(state=True).holds


def test_nobody_is_told_right_after_a_start_nor_while_something_lies_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    heard("generic")
    every(15, days=16)
    listened()
    clock.fast_forward(5 * timedelta(hours=1))
    fresh = Listening()
    while fresh.step(clock.now()):
        continue
    assert told_of() == []
    append([Post(InboxItem(uuid7(), "generic", world.site().pk, b"{}", "", clock.now(), World.REAL, 1))])
    assert listened() == []
