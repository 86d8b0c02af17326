"""Tries to sign in, at the level below any page."""

from datetime import timedelta

import pytest
from django.db import connection

from hikeshi.accounts import actions, queries
from hikeshi.accounts.models import Attempt, Invitation, Session
from hikeshi.accounts.refusals import Wait
from hikeshi.accounts.sessions import ORIGIN, SessionStore, begin
from hikeshi.accounts.steps import Step
from hikeshi.accounts.throttle import PAIR
from hikeshi.kernel.acting import system
from tests import world

DESK = system("test")


@pytest.fixture(autouse=True)
def _time_stands_still() -> None:
    """A wait of two seconds must not run out while a slow machine counts."""
    world.clock.freeze(world.clock.now())


def opened(username: str = "mori", address: str = "192.0.2.1", step: Step = Step.PASSWORD, device: str = "") -> Attempt:
    return actions.open_attempt(by=DESK, step=step, username=username, address=address, known_device=device)


def refused(attempt: Attempt) -> bool:
    try:
        actions.weigh_attempt(by=DESK, attempt=attempt.uuid)
    except Wait:
        return True
    return False


def test_of_a_crowd_of_tries_at_one_moment_no_more_get_through_than_one_after_the_other() -> None:
    """All are written down before any is weighed; each then counts the others, settled or not."""
    world.person("mori")
    crowd = [opened() for _ in range(60)]
    assert sum(not refused(attempt) for attempt in crowd) <= PAIR.free


def test_a_try_that_was_never_settled_counts_as_failed() -> None:
    world.person("mori")
    for _ in range(PAIR.free):
        opened()
    assert refused(opened())


def test_a_try_turned_away_does_not_lengthen_the_wait() -> None:
    world.person("mori")
    for _ in range(PAIR.free):
        opened()
    for _ in range(50):
        turned = opened()
        assert refused(turned)
        actions.drop_attempt(by=DESK, attempt=turned.uuid)
    world.clock.fast_forward(PAIR.first)
    assert not refused(opened())


def test_the_right_password_clears_the_count_of_its_own_network_only() -> None:
    world.person("mori")
    for _ in range(PAIR.free - 1):
        opened()
    actions.settle_attempt(by=DESK, attempt=opened().uuid, passed=True)
    world.clock.fast_forward(timedelta(seconds=1))
    assert not refused(opened())
    for _ in range(PAIR.free):
        opened(address="198.51.100.9")
    actions.settle_attempt(by=DESK, attempt=opened().uuid, passed=True)
    assert refused(opened(address="198.51.100.9"))


def test_a_one_time_code_counts_once_even_over_midnight_utc() -> None:
    world.person("mori")
    first, second = opened(step=Step.SECOND_FACTOR), opened(step=Step.SECOND_FACTOR)
    assert actions.settle_attempt(by=DESK, attempt=first.uuid, passed=True, proof="123456")
    world.clock.fast_forward(timedelta(hours=23))
    assert not actions.settle_attempt(by=DESK, attempt=second.uuid, passed=True, proof="123456")
    other = opened("someone-else", step=Step.SECOND_FACTOR)
    assert actions.settle_attempt(by=DESK, attempt=other.uuid, passed=True, proof="123456")


def test_what_was_typed_as_a_name_is_kept_nowhere() -> None:
    """It may be a password typed into the wrong box."""
    world.site()
    attempt = opened("my secret password")
    actions.settle_attempt(by=DESK, attempt=attempt.uuid, passed=False)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_attempt")
        attempts = repr(cursor.fetchall())
        cursor.execute("SELECT body FROM ledger_entry")
        entries = repr(cursor.fetchall())
    assert "secret password" not in attempts + entries
    assert "192.0.2.1" not in entries


def test_the_session_table_opens_nothing_for_who_reads_it() -> None:
    mori = world.person("mori")
    store = SessionStore()
    store["_auth_user_id"], store[ORIGIN], store["marker"] = str(mori.pk), begin("192.0.2.1", "Firefox"), "readable"
    store.save()
    row = Session.objects.get(person=mori)
    assert store.session_key
    assert store.session_key not in row.session_key + row.session_data
    assert "readable" not in row.session_data
    assert SessionStore(row.session_key).load() == {}
    assert SessionStore(store.session_key)["marker"] == "readable"


def test_a_session_ends_a_day_after_the_sign_in_however_busy_it_is() -> None:
    mori = world.person("mori")
    store = SessionStore()
    store["_auth_user_id"], store[ORIGIN] = str(mori.pk), begin("192.0.2.1", "Firefox")
    store.save()
    world.clock.fast_forward(timedelta(hours=23))
    again = SessionStore(store.session_key)
    again["busy"] = True
    again.save()
    world.clock.fast_forward(timedelta(hours=2))
    assert SessionStore(store.session_key).load() == {}
    assert not queries.sessions(queries.actor_of(mori)).exists()


def test_a_browser_that_never_signs_in_is_soon_forgotten() -> None:
    store = SessionStore()
    store["mfa.webauthn.state"] = {"challenge": "x"}
    store.save()
    world.clock.fast_forward(timedelta(minutes=16))
    assert SessionStore(store.session_key).load() == {}


@pytest.mark.parametrize("verb", ["open_attempt", "weigh_attempt", "settle_attempt", "drop_attempt"])
def test_only_the_desk_keeps_the_count(verb: str) -> None:
    mori = world.actor("mori", "administrator")
    fields = {"step": Step.PASSWORD, "username": "x", "address": "x"} if verb == "open_attempt" else {}
    if not fields:
        fields = {"attempt": opened().uuid, **({"passed": True} if verb == "settle_attempt" else {})}
    with pytest.raises(Exception, match="not_allowed"):
        getattr(actions, verb)(by=mori, **fields)


def test_what_is_over_is_forgotten_and_nothing_else() -> None:
    mori = world.person("mori")
    store = SessionStore()
    store["_auth_user_id"], store[ORIGIN] = str(mori.pk), begin("192.0.2.1", "Firefox")
    store.save()
    actions.invite(by=world.admin(), person=mori.uuid)
    opened()
    actions.forget_ended(world.clock.now())
    assert (Session.objects.count(), Invitation.objects.count()) == (1, 1)
    world.clock.fast_forward(timedelta(days=2))
    actions.forget_ended(world.clock.now())
    assert (Session.objects.count(), Invitation.objects.count(), Attempt.objects.count()) == (0, 0, 1)


def test_guessing_a_password_costs_what_owasp_asks(cost_of_passwords: tuple[int, int]) -> None:
    passes, kibibytes = cost_of_passwords
    assert passes >= 2
    assert kibibytes >= 19 * 1024
