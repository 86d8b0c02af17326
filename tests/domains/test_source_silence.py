"""A source that fell silent is told of once, to whoever answers for it, and to nobody once it was heard again."""

from datetime import timedelta

import pytest

from hikeshi.accounts import actions as accounts
from hikeshi.accounts import queries
from hikeshi.accounts.models import Person
from hikeshi.intake import actions
from hikeshi.intake.queries import sourcing
from hikeshi.kernel import clock
from hikeshi.kernel.acting import system
from hikeshi.ledger.verify import verify
from hikeshi.notify.models import Outgoing
from tests import phone, world
from tests.web.desk import deliver

pytestmark = pytest.mark.django_db
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
    return sorted(Outgoing.objects.filter(subject__startswith="silence:").values_list("to", flat=True))


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
