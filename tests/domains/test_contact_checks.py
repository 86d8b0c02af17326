"""The desk asks whether somebody is still reached there, notices silence, and tells whoever keeps the entry."""

from datetime import timedelta

import pytest

from hikeshi.accounts import actions as accounts
from hikeshi.accounts import queries, stale
from hikeshi.accounts.drafts import PartyDraft
from hikeshi.accounts.models import Check, Person, StoredWay
from hikeshi.kernel import clock
from hikeshi.notify import actions
from hikeshi.notify.messages import Purpose
from hikeshi.notify.models import Outgoing
from tests import phone, world
from tests.phone import Phone, send

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _with_address(settings):
    settings.PUBLIC_URL = "https://desk.example"


def asked() -> int:
    while actions.ask_for_answers(clock.now()):
        continue
    return Outgoing.objects.filter(purpose=Purpose.CHECK).count()


def way_of(person: Person) -> StoredWay:
    return StoredWay.objects.get(person=person)


def test_a_way_is_asked_answered_and_proven_and_asked_again_after_its_time() -> None:
    mori, ntfy = world.person("mori", "responder"), Phone()
    phone.way(mori)
    with phone.ringing(ntfy=ntfy):
        assert (asked(), asked()) == (1, 1)
        send(2)
        actions.answer(by=phone.DESK, token=ntfy.rang[0].token, choice="here")
        assert (way_of(mori).proof, way_of(mori).trouble) == ("answered", "")
        clock.fast_forward(89 * DAY)
        assert asked() == 1
        clock.fast_forward(2 * DAY)
        assert asked() == 2


def test_silence_is_noticed_after_its_time_and_an_answer_ends_it() -> None:
    mori, ntfy = world.person("mori", "responder"), Phone()
    phone.way(mori)
    with phone.ringing(ntfy=ntfy):
        asked()
        send(2)
        clock.fast_forward(2 * DAY - timedelta(minutes=5))
        asked()
        assert way_of(mori).trouble == ""
        clock.fast_forward(timedelta(minutes=10))
        asked()
    assert way_of(mori).trouble == "silent"
    assert stale.counts(world.admin()).ways >= 1
    accounts.prove_way(by=queries.actor_of(mori), way=way_of(mori).uuid, how="confirmed")
    assert way_of(mori).trouble == ""


def test_what_never_left_the_desk_was_not_met_with_silence() -> None:
    mori = world.person("mori", "responder")
    phone.way(mori)
    assert asked() == 1
    clock.fast_forward(3 * DAY)
    asked()
    assert way_of(mori).trouble == ""
    assert not Check.objects.filter(due_at__isnull=False).exists()


def test_a_held_site_asks_nobody_and_finds_nobody_silent() -> None:
    mori = world.person("mori", "responder")
    phone.way(mori)
    accounts.hold_site(by=world.admin())
    assert asked() == 0
    accounts.release_site(by=world.admin())
    assert asked() == 1


def test_only_those_the_desk_relies_on_are_asked() -> None:
    reporter, mori = world.person("abe", "reporter"), world.person("mori", "responder")
    gone = world.person("kato", "responder")
    for person in (reporter, mori, gone):
        phone.way(person, address=f"https://ntfy.example/{person.username}")
    accounts.deactivate_person(by=world.admin(), person=gone.uuid)
    assert asked() == 1
    assert Outgoing.objects.get().to == f"person:{mori.uuid}"


def test_a_telephone_and_somebody_outside_are_not_asked_by_a_machine() -> None:
    mori, keeper = world.person("mori", "responder"), world.admin()
    accounts.add_way(by=keeper, owner=f"person:{mori.uuid}", kind="phone", address="03-1234-5678")
    police = accounts.add_party(by=keeper, draft=PartyDraft(name="Police", kind="police"))
    accounts.add_way(by=keeper, owner=police.ref, kind="mail", address="desk@police.example")
    assert asked() == 0


def test_two_engines_ask_once() -> None:
    mori = world.person("mori", "responder")
    phone.way(mori)
    first = accounts.ask_way(by=phone.DESK, way=way_of(mori).uuid)
    assert first is not None
    assert accounts.ask_way(by=phone.DESK, way=way_of(mori).uuid) is None


def test_whoever_keeps_an_entry_hears_of_it_once_a_week_until_it_is_mended() -> None:
    mori, keeper, ntfy = world.person("mori", "responder"), world.admin(), Phone()
    phone.way(mori)
    accounts.prove_way(by=keeper, way=way_of(mori).uuid, how="called")
    police = accounts.add_party(by=keeper, draft=PartyDraft(name="Police", keeper=mori.uuid))
    desk = accounts.add_way(by=keeper, owner=police.ref, kind="phone", address="#9110")
    with phone.ringing(ntfy=ntfy):
        asked()
        clock.fast_forward(8 * DAY)
        asked()
        asked()
        send(2)
        assert [one.title for one in ntfy.rang] == ["確認が必要な連絡先: 1"]
        accounts.prove_way(by=keeper, way=desk.uuid, how="called")
        clock.fast_forward(8 * DAY)
        asked()
        send(2)
    assert len(ntfy.rang) == 1
