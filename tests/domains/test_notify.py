"""Messages out: queued once, sent after commit, once or more where an answer is awaited, and every try proved."""

from datetime import timedelta
from functools import partial

import pytest

from hikeshi.accounts import actions as accounts
from hikeshi.accounts import queries as people
from hikeshi.accounts.ways import Kind
from hikeshi.kernel import clock
from hikeshi.kernel.refusals import NotFound
from hikeshi.kernel.worlds import World
from hikeshi.ledger.acts import unit
from hikeshi.ledger.models import Entry
from hikeshi.notify import actions, answers, links, rules, setups, wording
from hikeshi.notify.actions import claiming, outcomes, planning
from hikeshi.notify.handing import Fault
from hikeshi.notify.messages import Purpose, Queued
from hikeshi.notify.models import Course, Delivery, Leg, Outgoing, Try
from hikeshi.notify.refusals import LinkOver, LinkUsed
from hikeshi.notify.sending import Sender
from hikeshi.notify.wording import Words
from tests import phone, world
from tests.at_once import at_once
from tests.phone import Phone, queue, send

MINUTE = timedelta(minutes=1)
BUSY = Fault("busy", passing=True, status=429)
LOST = Fault("timeout", passing=True, unsure=True)


@pytest.fixture
def settings_with_address(settings):
    settings.PUBLIC_URL = "https://desk.example"
    return settings


def facts(name):
    return Entry.objects.filter(fact=f"notify.{name}").count()


def test_a_message_is_sent_once_and_proved():
    mori, ntfy = world.person("mori"), Phone()
    phone.way(mori)
    with phone.ringing(ntfy=ntfy):
        row = queue(mori)
        assert not ntfy.rang
        send(3)
    row.refresh_from_db()
    proof = Try.objects.get()
    assert len(ntfy.rang) == 1
    assert row.course == Course.SENT
    assert (proof.result, proof.provider_id, proof.status) == ("sent", "taken-1", 200)
    assert (facts("MessageQueued"), facts("MessageSent")) == (1, 1)


def test_a_key_is_queued_once():
    mori = world.person("mori")
    assert queue(mori, "same").uuid == queue(mori, "same").uuid
    assert facts("MessageQueued") == 1


def test_what_was_acknowledged_before_it_left_does_not_leave():
    mori, ntfy = world.person("mori"), Phone()
    phone.way(mori)
    with phone.ringing(ntfy=ntfy):
        row = queue(mori, subject="incident:1")
        with unit():
            actions.withdraw(by=phone.DESK, subject="incident:1", purpose=Purpose.CANARY, why="acknowledged")
        send()
    row.refresh_from_db()
    assert not ntfy.rang
    assert (row.course, row.why) == (Course.WITHDRAWN, "acknowledged")


def test_a_writer_asked_afresh_may_say_that_nobody_need_hear_it(monkeypatch):
    mori, ntfy = world.person("mori"), Phone()
    phone.way(mori)
    monkeypatch.setitem(wording._writers, (Purpose.CANARY, ""), lambda *_: None)
    with phone.ringing(ntfy=ntfy):
        row = queue(mori)
        send()
    row.refresh_from_db()
    assert not ntfy.rang
    assert row.course == Course.NOT_NEEDED


def test_a_writer_that_breaks_keeps_a_call_from_nobody(monkeypatch):
    mori, ntfy = world.person("mori"), Phone()
    phone.way(mori)

    def broken(message, to, form):
        raise ZeroDivisionError

    monkeypatch.setitem(wording._writers, (Purpose.CANARY, ""), broken)
    with phone.ringing(ntfy=ntfy):
        queue(mori)
        send()
    assert len(ntfy.rang) == 1


@pytest.mark.parametrize("kind", [World.DRILL, World.DEMO])
def test_exercises_never_leave(kind):
    mori, ntfy = world.person("mori"), Phone()
    phone.way(mori)
    with phone.ringing(ntfy=ntfy):
        row = queue(mori, world=kind)
        send()
    assert not ntfy.rang
    assert row.course == Course.KEPT


def test_a_held_site_sends_nothing_and_forgets_nothing():
    mori, ntfy = world.person("mori"), Phone()
    phone.way(mori)
    accounts.hold_site(by=world.admin())
    with phone.ringing(ntfy=ntfy):
        queue(mori)
        send()
        assert not ntfy.rang
        accounts.release_site(by=world.admin())
        send()
    assert len(ntfy.rang) == 1


def test_a_person_without_any_way_is_a_failure_that_is_said():
    row = queue(world.person("mori"))
    send()
    row.refresh_from_db()
    assert (row.course, row.why) == (Course.FAILED, "no_way")
    assert facts("MessageFailed") == 1


def test_a_provider_that_asks_to_wait_is_asked_again_no_sooner():
    mori, ntfy = world.person("mori"), Phone(faults=[Fault("busy", passing=True, retry_after=300)])
    phone.way(mori)
    with phone.ringing(ntfy=ntfy):
        queue(mori, purpose=Purpose.TOLD, subject="channel:mail", about={"kind": "mail"})
        send(4, passing=MINUTE)
        assert not ntfy.rang
        send(2, passing=MINUTE)
    assert len(ntfy.rang) == 1
    assert [one.result for one in Try.objects.all()] == ["failed", "sent"]


def test_a_way_that_refuses_for_good_leaves_the_message_to_the_next():
    mori = world.person("mori")
    ntfy, slack = Phone(faults=[Fault("refused_address", of_the_way=True)]), Phone()
    first = phone.way(mori)
    phone.way(mori, Kind.SLACK, "https://hooks.slack.com/services/T/B/C")
    with phone.ringing(ntfy=ntfy, slack=slack):
        row = queue(mori, purpose=Purpose.TOLD, subject="channel:mail", about={"kind": "mail"})
        send(2)
    row.refresh_from_db()
    assert (len(ntfy.rang), len(slack.rang), row.course) == (0, 1, Course.SENT)
    assert Delivery.objects.get(way=first).leg == Leg.FAILED
    assert Entry.objects.filter(fact="accounts.WayDoubted").exists()


def test_when_every_way_refused_it_is_said():
    mori, ntfy = world.person("mori"), Phone(faults=[Fault("refused")])
    phone.way(mori)
    with phone.ringing(ntfy=ntfy):
        row = queue(mori)
        send(2)
    row.refresh_from_db()
    assert (row.course, row.why) == (Course.FAILED, "refused")


def test_an_unknown_outcome_is_sent_again_where_an_answer_is_awaited_and_says_so():
    mori, ntfy = world.person("mori"), Phone()
    phone.way(mori)
    with phone.ringing(ntfy=ntfy):
        queue(mori)
        planning.plan(clock.now(), setups.read())
        assert claiming.claim(clock.now(), setups.read(), 8)  # and here the engine is killed
        send(2, passing=2 * MINUTE)
    assert len(ntfy.rang) == 1
    assert "repeat" in ntfy.rang[0].text or "\u91cd\u8907" in ntfy.rang[0].text
    assert [(one.result, one.repeated) for one in Try.objects.all()] == [("unknown", False), ("sent", True)]


def test_an_unknown_outcome_of_mere_news_is_not_sent_again():
    mori, ntfy = world.person("mori"), Phone(faults=[LOST])
    phone.way(mori)
    with phone.ringing(ntfy=ntfy):
        row = queue(mori, purpose=Purpose.TOLD, subject="channel:mail", about={"kind": "mail"})
        send(5, passing=5 * MINUTE)
    assert not ntfy.rang
    assert Delivery.objects.get(outgoing=row).leg == Leg.UNKNOWN


def test_two_engines_never_take_the_same():
    mori = world.person("mori")
    phone.way(mori)
    queue(mori)
    planning.plan(clock.now(), setups.read())
    assert len(claiming.claim(clock.now(), setups.read(), 8)) == 1
    assert claiming.claim(clock.now(), setups.read(), 8) == []


def test_a_storm_for_one_way_becomes_few_messages_the_newest_and_most_urgent_on_top():
    mori, ntfy = world.person("mori"), Phone()
    phone.way(mori)
    with phone.ringing(ntfy=ntfy):
        for number in range(3):
            queue(mori, f"early-{number}")
            send()
        assert len(ntfy.rang) == 3
        for number in range(30):
            queue(mori, f"late-{number}", urgency=3)
        queue(mori, "worst", urgency=1)
        send()
        assert len(ntfy.rang) == 3
        send(passing=timedelta(seconds=30))
    assert len(ntfy.rang) == 4
    assert Outgoing.objects.filter(course=Course.SENT).count() == 34
    assert ntfy.rang[-1].key == str(Delivery.objects.get(outgoing__key="worst").uuid)
    assert Try.objects.filter(together=31).count() == 31


def test_one_way_full_holds_up_nobody_else():
    mori, ito, ntfy = world.person("mori"), world.person("ito"), Phone()
    phone.way(mori)
    phone.way(ito)
    with phone.ringing(ntfy=ntfy):
        for number in range(rules.BURST):
            queue(mori, f"early-{number}")
            send()
        for number in range(600):
            queue(mori, f"storm-{number}", urgency=1)
        quiet = queue(ito, "quiet", urgency=3)
        send()
    quiet.refresh_from_db()
    assert quiet.course == Course.SENT
    assert len(ntfy.rang) == rules.BURST + 1
    assert not claiming.is_due(clock.now()), "what must wait is put off, and nobody turns round on it"


def test_a_page_repeats_until_it_is_answered(settings_with_address):
    mori, ntfy = world.person("mori"), Phone()
    phone.way(mori)
    with phone.ringing(ntfy=ntfy):
        queue(mori, repeat_until_answered=10 * MINUTE)
        send(25, passing=MINUTE)
        assert len(ntfy.rang) == 3
        actions.answer(by=phone.DESK, token=ntfy.rang[-1].token, choice="here")
        send(25, passing=MINUTE)
    assert len(ntfy.rang) == 3


def test_an_answer_counts_once_and_proves_the_way(monkeypatch, settings_with_address):
    mori, ntfy, acted = world.person("mori"), Phone(), []
    phone.way(mori)
    monkeypatch.setitem(answers._acts, (Purpose.CANARY, ""), lambda **given: acted.append(given))
    with phone.ringing(ntfy=ntfy):
        row = queue(mori)
        send()
    token = ntfy.rang[0].token
    assert f"https://desk.example/a/{token}" in ntfy.rang[0].text
    actions.answer(by=phone.DESK, token=token, choice="here")
    with pytest.raises(LinkUsed):
        actions.answer(by=phone.DESK, token=token, choice="here")
    row.refresh_from_db()
    assert (row.course, row.answer) == (Course.ANSWERED, "here")
    assert [(one["by"].ref, one["choice"]) for one in acted] == [(f"person:{mori.uuid}", "here")]
    assert isinstance(acted[0]["message"], Queued)
    assert Entry.objects.filter(fact="accounts.WayProven").count() == 1


@pytest.mark.django_db(transaction=True, databases="__all__")
def test_of_two_who_tap_one_link_at_the_same_moment_one_acts(monkeypatch, settings_with_address):
    mori, ntfy, acted = world.person("mori"), Phone(), []
    phone.way(mori)
    monkeypatch.setitem(answers._acts, (Purpose.CANARY, ""), lambda **given: acted.append(given))
    with phone.ringing(ntfy=ntfy):
        queue(mori)
        send()

    tap = partial(actions.answer, by=phone.DESK, token=ntfy.rang[0].token, choice="here")
    assert sum(isinstance(one, LinkUsed) for one in at_once(*[tap] * 4)) == 3
    assert len(acted) == 1
    assert facts("MessageAnswered") == 1


def test_a_link_that_was_changed_or_grew_old_answers_nothing(settings_with_address):
    mori, ntfy = world.person("mori"), Phone()
    phone.way(mori)
    with phone.ringing(ntfy=ntfy):
        queue(mori)
        send()
    token = ntfy.rang[0].token
    other = ("A" if token[-2] != "A" else "B").join([token[:-2], token[-1]])
    for wrong in (other, token[:-1], "", "\u706b"):
        with pytest.raises(NotFound):
            actions.answer(by=phone.DESK, token=wrong, choice="here")
    clock.fast_forward(timedelta(hours=49))
    with pytest.raises(LinkOver):
        actions.answer(by=phone.DESK, token=token, choice="here")


def test_help_may_be_asked_for_before_taking_it(monkeypatch, settings_with_address):
    mori, ntfy, acted = world.person("mori"), Phone(), []
    phone.way(mori)
    words = Words("x", "y", choices=("acknowledge", "help"))
    monkeypatch.setitem(wording._writers, (Purpose.PAGE, "test"), lambda *_: words)
    monkeypatch.setitem(answers._acts, (Purpose.PAGE, "test"), lambda **given: acted.append(given["choice"]))
    with phone.ringing(ntfy=ntfy):
        queue(mori, purpose=Purpose.PAGE, subject="test:1")
        send()
    for choice in ("help", "acknowledge"):
        actions.answer(by=phone.DESK, token=ntfy.rang[0].token, choice=choice)
    assert acted == ["help", "acknowledge"]


def test_a_channel_that_carries_nothing_is_told_through_another():
    keeper = world.person("keeper", "administrator")
    mail, ntfy = Phone(faults=[Fault("unauthorised")]), Phone()
    phone.way(keeper, Kind.MAIL, "keeper@example.jp")
    phone.way(keeper)
    actions.set_channel(by=world.admin(), kind="mail", given={"host": "mail.example.jp", "sender": "desk@example.jp"})
    with phone.ringing(mail=mail, ntfy=ntfy):
        queue(keeper, ways=(phone_way(keeper, "mail"),))
        send(4, passing=MINUTE)
    assert facts("WayBroken") == 1
    told = Outgoing.objects.get(to=f"person:{keeper.uuid}", subject="channel:mail")
    assert told.course == Course.SENT
    assert [one.about["subject"] for one in ntfy.rang] == ["channel:mail"]
    assert setups.read().standing.broken == {"mail"}


def phone_way(person, kind):
    from hikeshi.accounts.models import StoredWay

    return str(StoredWay.objects.get(person=person, kind=kind).uuid)


def test_secrets_of_a_channel_lie_sealed():
    from hikeshi.notify.models import Channel

    given = {"host": "mail.example.jp", "sender": "desk@example.jp", "password": "hunter2hunter2"}
    actions.set_channel(by=world.admin(), kind="mail", given=given)
    row = Channel.objects.get()
    assert "hunter2" not in f"{row.plain}{row.sealed}"
    assert setups.unseal(row.sealed) == {"password": "hunter2hunter2"}
    actions.set_channel(by=world.admin(), kind="mail", given={**given, "password": ""}, version=1)
    assert setups.read().setup("mail").secret == {"password": "hunter2hunter2"}


def test_a_try_that_ends_after_its_lease_still_counts():
    mori, ntfy = world.person("mori"), Phone()
    phone.way(mori)
    row = queue(mori)
    planning.plan(clock.now(), setups.read())
    load = claiming.claim(clock.now(), setups.read(), 8)[0]
    clock.fast_forward(2 * MINUTE)
    outcomes.recover(clock.now())
    from hikeshi.notify.handing import Handed

    outcomes.settle([outcomes.Outcome(load, clock.now(), clock.now(), Handed("late", 200))])
    with phone.ringing(ntfy=ntfy):
        send()
    row.refresh_from_db()
    assert row.course == Course.SENT
    assert not ntfy.rang


def test_a_token_says_nothing_without_the_key_of_the_site(settings):
    mori = world.person("mori")
    phone.way(mori)
    queue(mori)
    planning.plan(clock.now(), setups.read())
    token = links.token(Delivery.objects.get().uuid)
    settings.MASTER_KEY = "another key"
    assert links.read(token) is None


def test_a_provider_that_hangs_leaves_a_call_to_the_next_way_at_once_and_is_asked_again(settings_with_address):
    mori, ntfy, slack = world.person("mori"), Phone(faults=[LOST]), Phone()
    phone.way(mori)
    phone.way(mori, Kind.SLACK, "https://hooks.slack.com/services/T/B/C")
    with phone.ringing(ntfy=ntfy, slack=slack):
        queue(mori, urgency=3)
        send()
        assert (len(ntfy.rang), len(slack.rang)) == (0, 1)
        send(2, passing=MINUTE)
    assert len(ntfy.rang) == 1
    assert "repeat" in ntfy.rang[0].text or "\u91cd\u8907" in ntfy.rang[0].text


def test_an_own_rule_of_four_hours_rings_after_four_hours_and_no_lease_or_round_takes_it_away():
    mori, ntfy, slack = world.person("mori"), Phone(), Phone()
    first = phone.way(mori)
    late = phone.way(mori, Kind.SLACK, "https://hooks.slack.com/services/T/B/C")
    lines = [rules.Line(way=first), rules.Line(way=late, after=240)]
    actions.set_own_rules(by=people.actor_of(mori), lines=lines)
    with phone.ringing(ntfy=ntfy, slack=slack):
        queue(mori)
        send(1)
        send(23, passing=10 * MINUTE)
        send(1, passing=9 * MINUTE)
        assert (len(ntfy.rang), len(slack.rang)) == (1, 0)
        send(1, passing=MINUTE)
    assert (len(ntfy.rang), len(slack.rang)) == (1, 1)


def test_how_much_a_way_has_carried_is_known_after_a_restart():
    """A desk that starts anew at every message sends no more than one that does not: what counts stands in rows."""
    mori, ntfy = world.person("mori"), Phone()
    phone.way(mori)
    with phone.ringing(ntfy=ntfy):
        for number in range(8):
            queue(mori, f"k-{number}")
            Sender(workers=0).step(clock.now())
    assert len(ntfy.rang) == rules.BURST
