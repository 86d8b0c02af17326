"""From an accepted alert to the phone: in few questions to the database, in as few acts as the chain allows, and with
nothing lost where one of them fails.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hikeshi.accounts import actions as accounts
from hikeshi.accounts import stale
from hikeshi.engine import react
from hikeshi.incidents.actions import calling
from hikeshi.incidents.models import Incident
from hikeshi.intake import digesting
from hikeshi.kernel import clock
from hikeshi.kernel.acting import system
from hikeshi.kernel.worlds import World
from hikeshi.ledger import reactions, wake
from hikeshi.ledger.acts import called_here, unit
from hikeshi.ledger.models import Parked
from hikeshi.notify.actions import claiming, queueing
from hikeshi.notify.actions.queueing import SEND
from hikeshi.notify.messages import Message, Purpose
from hikeshi.notify.models import Course, Delivery, Leg, Outgoing, Try
from hikeshi.notify.sending import Sender
from hikeshi.oncall.actions import runs, taking
from hikeshi.oncall.actions.calling import ESCALATE
from hikeshi.oncall.models.runs import Due, Run
from tests import phone, world
from tests.domains.calling import begun, called, listens, policy, reachable, step, works
from tests.domains.incidents import opened
from tests.domains.test_intake_digest import body

DESK = system("test")
AtMost = Callable[[int], AbstractContextManager[object]]


def _alert(number: int) -> dict[str, object]:
    return {"title": f"Wiper {number}", "severity": "critical", "key": f"wiper {number}", "host": f"pc-{number}"}


@contextmanager
def _at_most(count: int) -> Iterator[None]:
    """But for what carries a wake-up: only PostgreSQL asks a database for that."""
    with CaptureQueriesContext(connection) as asked:
        yield
    questions = [one["sql"] for one in asked.captured_queries if not one["sql"].startswith("NOTIFY")]
    assert len(questions) <= count, "\n".join(questions)


def _reacts() -> None:
    while reactions.step(clock.now()):
        continue


def test_from_an_alert_to_the_phone_every_step_asks_no_more_than_it_must() -> None:
    """Each question is some of the milliseconds somebody sleeps on. Whoever needs one more says so here."""
    rang = phone.Phone()
    chief = world.person("chief", "commander")
    phone.way(chief)
    listens()
    sender = Sender(workers=0)
    with phone.ringing(ntfy=rang):
        digesting.digest([body("generic", _alert(1))])
        _reacts()
        while sender.step(clock.now()):
            continue
        clock.fast_forward(timedelta(minutes=5))  # what is learned once is learned
        with _at_most(27 + (connection.vendor == "postgresql")):  # which asks the new rows for their numbers
            digesting.digest([body("generic", _alert(2))])
        with _at_most(99):
            _reacts()
        with _at_most(42):
            sender.step(clock.now())
    assert [one.title.count("Wiper") for one in rang.rang] == [1, 1]


@pytest.fixture
def handed() -> Iterator[Sender]:
    """Who sends in this process, and is handed calls in the act that queues them; it makes them when they are."""
    sender = Sender(workers=0)
    queueing.hand_to(sender.take)
    yield sender
    queueing.hand_to(None)


def test_a_call_is_claimed_with_the_commit_that_queues_it_and_leaves_before_any_loop_looks(
    handed: Sender, django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]]
) -> None:
    rang = phone.Phone()
    chief = world.person("chief", "commander")
    phone.way(chief)
    listens()
    digesting.digest([body("generic", _alert(1))])
    with phone.ringing(ntfy=rang):
        with django_capture_on_commit_callbacks(execute=True):
            reactions.step(clock.now())
            assert (Delivery.objects.get().leg, rang.rang) == (Leg.SENDING, [])
        assert [one.title.count("Wiper") for one in rang.rang] == [1]
        assert (Outgoing.objects.get().course, Try.objects.count()) == (Course.GOING, 0)
        handed.step(clock.now())
        assert (Outgoing.objects.get().course, Try.objects.get().result) == (Course.SENT, "sent")
        while handed.step(clock.now()):
            continue
        _reacts()
    assert (len(rang.rang), Try.objects.count()) == (1, 1)


def test_to_a_call_claimed_as_it_is_queued_the_whole_way_asks_less(
    handed: Sender, django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]]
) -> None:
    rang = phone.Phone()
    phone.way(world.person("chief", "commander"))
    listens()
    with phone.ringing(ntfy=rang):
        for number in (1, 2):
            clock.fast_forward(timedelta(minutes=5))
            digesting.digest([body("generic", _alert(number))])
            with _at_most(1_000 if number == 1 else 90), django_capture_on_commit_callbacks(execute=True):
                reactions.step(clock.now())
            while handed.step(clock.now()):
                continue
            _reacts()
    assert len(rang.rang) == 2


def test_a_call_that_cannot_be_claimed_as_it_is_queued_waits_for_the_loop(
    handed: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    rang = phone.Phone()
    chief = world.person("chief", "commander")
    phone.way(chief)

    def fails(*given: object, **named: object) -> object:
        Outgoing.objects.all().delete()  # undone as well
        raise AssertionError("it refuses")

    with monkeypatch.context() as patched:
        patched.setattr(claiming, "take_ways", fails)
        queued = phone.queue(chief)
    assert (queued.course, Delivery.objects.count()) == (Course.WAITING, 0)
    with phone.ringing(ntfy=rang):
        while handed.step(clock.now()):
            continue
    assert len(rang.rang) == 1


def test_of_many_calls_at_once_and_of_what_is_no_call_the_loop_says_which_goes_first(handed: Sender) -> None:
    people = [world.person(f"p{number}", "responder") for number in range(queueing.FEW + 1)]
    for person in people:
        phone.way(person)
    phone.queue(people[0], "told", purpose=Purpose.TOLD)
    phone.queue(people[0], "later", due_at=clock.now() + timedelta(minutes=1))
    with unit():
        messages = [
            Message(Purpose.PAGE, "run:x", World.REAL, f"person:{one.uuid}", f"k{one.pk}", {}, urgency=1)
            for one in people
        ]
        queueing.queue_all(by=DESK, messages=messages)
    accounts.hold_site(by=DESK)
    phone.queue(people[0], "held")
    assert Delivery.objects.count() == 0
    assert set(Outgoing.objects.values_list("course", flat=True)) == {Course.WAITING}


def test_a_record_that_a_rule_opens_calls_in_the_act_that_opens_it() -> None:
    policy(step(reachable("abe")))
    digesting.digest([body("generic", _alert(1))])
    reactions.step(clock.now())
    assert (Incident.objects.count(), called()) == (1, ["abe"])
    _reacts()
    assert (called(), Run.objects.count()) == (["abe"], 1)


def test_after_a_round_that_called_somebody_the_desk_makes_room_for_the_call_and_only_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    policy(step(reachable("abe")), priorities=(1, 2, 3))
    digesting.digest([body("generic", _alert(1))])
    reacting = react.Reacting(called_here(SEND))
    assert (reacting.step(clock.now()), called(), waited) == (True, ["abe"], [react.ROOM])
    while reacting.step(clock.now()):
        continue
    opened(world.actor("chief", "commander"), urgency=3, impact=3, effect=3)
    assert reacting.step(clock.now())
    assert (called(), waited) == (["abe"], [react.ROOM])


def test_a_call_that_cannot_begin_takes_no_record_with_it_and_begins_with_the_next_round(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    policy(step(reachable("abe")))
    digesting.digest([body("generic", _alert(1))])

    def fails(*given: object, **named: object) -> object:
        Run.objects.create()  # what the database itself refuses is undone as well
        raise AssertionError("it refuses")

    with monkeypatch.context() as patched:
        patched.setattr(runs, "_started", fails)
        assert reactions.step(clock.now())
    assert (Incident.objects.count(), Run.objects.count(), Parked.objects.count()) == (1, 0, 0)
    _reacts()
    assert (Incident.objects.count(), called(), Parked.objects.count()) == (1, ["abe"], 0)


def test_where_the_desk_gives_records_to_people_the_call_waits_for_whom_it_is_given_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    policy(step(reachable("abe")))
    monkeypatch.setattr(calling, "_later", [lambda: True])
    digesting.digest([body("generic", _alert(1))])
    reactions.step(clock.now())
    assert (Incident.objects.count(), Run.objects.count()) == (1, 0)
    _reacts()
    works()
    assert called() == ["abe"]


def test_whoever_is_called_first_is_called_in_the_act_that_begins_the_call() -> None:
    policy(step(reachable("abe")), step(reachable("ito"), 5))
    opened(world.actor("chief", "commander"))
    _reacts()
    assert called() == ["abe"]
    works()
    assert called() == ["abe"]
    works(5)
    assert called() == ["abe", "ito"]


def test_a_held_desk_begins_calls_and_calls_nobody_until_it_is_released() -> None:
    policy(step(reachable("abe")))
    accounts.hold_site(by=DESK)
    opened(world.actor("chief", "commander"))
    _reacts()
    assert (Run.objects.count(), called()) == (1, [])
    accounts.release_site(by=DESK)
    works()
    assert called() == ["abe"]


def test_a_first_step_that_fails_leaves_the_call_begun_and_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    policy(step(reachable("abe")))
    opened(world.actor("chief", "commander"))

    def fails(run: Run) -> object:
        raise ValueError("a plan nobody can read")

    with monkeypatch.context() as patched:
        patched.setattr(taking, "plan_of", fails)
        _reacts()
    assert (Run.objects.count(), called(), Parked.objects.count()) == (1, [], 0)
    works(1)
    assert called() == ["abe"]


@pytest.mark.django_db(transaction=True, databases="__all__")
def test_who_listens_to_its_own_name_alone_is_called_when_there_is_work_and_left_in_peace_else() -> None:
    abe = reachable("abe")
    policy(step(abe))
    send, escalate, anybody = wake.listen(SEND, own=True), wake.listen(ESCALATE, own=True), wake.listen("react")
    try:
        begun()
        assert (escalate.wait(60), anybody.wait(60), send.wait(0.05)) == (True, True, False)
        assert Due.objects.filter(taken_at__isnull=True).exists()
        phone.queue(abe)
        assert (send.wait(60), anybody.wait(60), escalate.wait(0.05)) == (True, True, False)
        with unit():
            wake.at_commit(connection, SEND)
        assert (send.wait(60), anybody.wait(0.05)) == (True, False)
    finally:
        for one in (send, escalate, anybody):
            one.close()


def test_the_figure_of_ways_to_mend_follows_what_changes_here_and_grows_old_in_a_minute(
    django_assert_num_queries: AtMost,
) -> None:
    keeper = world.actor("keeper", "administrator")
    before = stale.most_to_mend(keeper)
    with django_assert_num_queries(0):
        assert stale.most_to_mend(keeper) == before
    new = world.person("new", "responder")
    assert stale.most_to_mend(keeper) == before + 1
    phone.way(new)
    ways = stale.most_to_mend(keeper)
    assert ways == before + 1  # there is one, and nobody has proven it
    clock.fast_forward(timedelta(seconds=61))
    type(new).objects.filter(pk=new.pk).update(is_active=False)  # as another process would
    assert stale.most_to_mend(keeper) == before
    assert stale.most_to_mend(world.actor("guest", "responder")) == 0
