"""Data goes when its period is over: not earlier, not while it is held, not by a clock that leapt, and all of it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection

from hikeshi.incidents import actions as incidents
from hikeshi.incidents.codes import RecordClass
from hikeshi.incidents.models import Attachment, Incident, Passage, Reporter
from hikeshi.incidents.queries import timeline
from hikeshi.incidents.reporting import Purpose
from hikeshi.incidents.vaulting import vault
from hikeshi.incidents.verifying import verify_files
from hikeshi.intake.models import Alert, Heard, Parked, RawBody
from hikeshi.kernel.acting import Actor, system
from hikeshi.kernel.ids import uuid7
from hikeshi.kernel.refusals import Conflict, Invalid, NotAllowed, NotFound
from hikeshi.ledger import access, triggers
from hikeshi.ledger.acts import unit
from hikeshi.ledger.models import Entry, Reading
from hikeshi.ledger.verify import verify
from hikeshi.notify.models import Outgoing, Try
from hikeshi.oncall import actions as oncall
from hikeshi.oncall.models import Cover, Feed, Swap
from hikeshi.retention import actions, categories, queries, rules
from hikeshi.retention.actions import purging
from hikeshi.retention.catalogue import categories as known
from hikeshi.retention.models import Hold, Period
from tests import phone, world
from tests.domains import oncall as duty
from tests.domains.incidents import opened
from tests.web import desk

NIGHT = timedelta(days=1)


@pytest.fixture(autouse=True)
def _a_vault_of_its_own(settings: LazySettings, tmp_path: Path) -> None:
    settings.DATA_ROOT = tmp_path


@pytest.fixture
def keeper() -> Actor:
    return world.admin()


def night() -> list[str]:
    """The engine's next night: everything that is due, to its end."""
    world.clock.fast_forward(NIGHT)
    steps = 0
    while actions.take_step(world.clock.now()):
        steps += 1
        assert steps < 500
    return sorted(Entry.objects.filter(fact="retention.Purged").values_list("subject", flat=True))


def decided(by: Actor, **days: int | None) -> None:
    """The first week is over, and these periods count."""
    actions.take_step(world.clock.now())
    for category, period in days.items():
        actions.set_period(by=by, category=category, days=period, sure=True)


def pass_days(days: int) -> None:
    """Day by day, as an engine lives them."""
    for _ in range(days):
        night()


def test_every_category_of_the_file_is_carried_out_by_somebody_and_the_other_way_round() -> None:
    assert set(known()) == set(categories.keepers())


def test_nothing_goes_in_the_first_week_nor_before_its_day_and_everything_of_it_goes_then(keeper: Actor) -> None:
    row = desk.alert("Old")
    decided(keeper, alerts_kept=20)
    assert Period.objects.get(category="bodies").due_at > world.clock.now() + rules.GRACE
    pass_days(19)
    assert Alert.objects.filter(pk=row.pk).exists()
    pass_days(2)
    assert not Alert.objects.exists()
    assert not RawBody.objects.exists()
    fact = Entry.objects.get(fact="retention.Purged")
    assert '"count":1' in fact.body
    assert "Old" not in fact.body
    assert verify(state=True).holds


def test_what_a_decision_would_take_away_is_said_first_and_what_a_law_asks_is_named(keeper: Actor) -> None:
    desk.alert("Old")
    world.clock.fast_forward(timedelta(days=40))
    with pytest.raises(Invalid, match="below_least"):
        actions.set_period(by=keeper, category="alerts_kept", days=30)
    closed_alert(keeper)
    with pytest.raises(Invalid, match="would_purge") as refused:
        actions.set_period(by=keeper, category="alerts_closed", days=1)
    assert refused.value.params["count"] == "1"
    for wrong in (0, 40_000):
        with pytest.raises(Invalid, match="out_of_range"):
            actions.set_period(by=keeper, category="alerts_kept", days=wrong, sure=True)
    with pytest.raises(Invalid, match="out_of_range"):
        actions.set_period(by=keeper, category="readings", days=365, sure=True)
    actions.set_period(by=keeper, category="alerts_kept", days=30, sure=True, version=0)
    with pytest.raises(Conflict):
        actions.set_period(by=keeper, category="alerts_kept", days=50, version=0)
    shown = {one.code: one for one in queries.kept(keeper)}["alerts_kept"]
    assert (shown.days, shown.waiting.count, shown.below_least) == (30, 1, True)


def closed_alert(by: Actor) -> Incident:
    """A closed record with an alert, both forty days old."""
    record = opened(by)
    incidents.attach_alerts(by=by, ref=record.ref, alerts=[desk.alert("Of a case").uuid])
    finish(record)
    world.clock.fast_forward(timedelta(days=40))
    return record


def finish(record: Incident) -> None:
    """Closed by its own verb; which gates that takes is told in test_incidents_course.py."""
    incidents.close(
        by=world.admin(),
        ref=record.ref,
        resolution="done",
        record_class=RecordClass(record.record_class),
        override_reason="test",
    )


def test_only_the_keepers_of_the_whole_site_look_and_decide() -> None:
    local = world.actor("local", "administrator", at=world.organisation("Plant"))
    for by in (local, world.actor("mori", "auditor"), world.actor("abe")):
        with pytest.raises(NotAllowed):
            queries.kept(by)
        with pytest.raises(NotAllowed):
            actions.set_period(by=by, category="bodies", days=None)
    with pytest.raises(NotFound):
        actions.set_period(by=world.admin(), category="nonsense", days=None)


def test_a_held_record_keeps_everything_and_lifting_the_hold_lets_it_go(keeper: Actor) -> None:
    record = closed_alert(keeper)
    incidents.hold_record(by=keeper, ref=record.ref, reason="訴訟 令和8年(ワ)第12号")
    decided(keeper, alerts_closed=10, bodies=10, records_incident=10, records_event=10, files=10, reporters=10)
    pass_days(30)
    assert Incident.objects.filter(pk=record.pk).exists()
    assert Alert.objects.exists()
    assert RawBody.objects.exists()
    with pytest.raises(Invalid, match="held_already"):
        incidents.hold_record(by=keeper, ref=record.ref, reason="again")
    assert not Entry.objects.filter(body__contains="訴訟").exists()
    assert [one.fact for one in timeline(keeper, record.ref).items[:2]].count("incidents.DeletionHeld") == 1
    assert not Entry.objects.filter(fact="retention.HoldPlaced", subject=record.subject).exists()  # told once

    incidents.release_record(by=keeper, ref=record.ref, reason="over")
    pass_days(5)
    assert Incident.objects.filter(pk=record.pk).exists()  # the release was a change of the record
    pass_days(10)
    assert not Incident.objects.filter(pk=record.pk).exists()
    assert not Alert.objects.exists()
    assert verify(state=True).holds


def test_an_alert_that_a_held_record_ever_held_stays_with_its_bodies(keeper: Actor) -> None:
    first, row = opened(keeper), desk.alert("Shared")
    incidents.attach_alerts(by=keeper, ref=first.ref, alerts=[row.uuid])
    incidents.hold_record(by=keeper, ref=first.ref, reason="court")
    Alert.objects.filter(pk=row.pk).update(case="")
    decided(keeper, bodies=1)
    pass_days(3)
    assert RawBody.objects.exists()


def test_whoever_may_not_command_holds_and_releases_nothing(keeper: Actor) -> None:
    record = opened(keeper)
    for verb in (incidents.hold_record, incidents.release_record):
        with pytest.raises(NotAllowed):
            verb(by=world.actor("mori", "responder"), ref=record.ref, reason="x")
        with pytest.raises(NotFound):
            verb(by=world.actor("out", "administrator", at=world.organisation("Else")), ref=record.ref, reason="x")
    with pytest.raises(Invalid, match="required"):
        incidents.hold_record(by=keeper, ref=record.ref, reason=" ")
    assert not Hold.objects.exists()


def test_a_held_record_loses_no_file_and_no_reporter_by_hand_either(keeper: Actor) -> None:
    told = incidents.report(by=world.actor("mori"), purpose=Purpose.ODD, what="x", nonce="own-report-0123456789")
    ref = told.incident.ref
    row = incidents.attach_file(by=keeper, ref=ref, name="a.bin", chunks=[b"MZ"])
    incidents.hold_record(by=keeper, ref=ref, reason="court")
    with pytest.raises(Invalid, match="held"):
        incidents.remove_file(by=keeper, ref=ref, attachment=row.uuid, reason="x")
    with pytest.raises(Invalid, match="held"):
        incidents.erase_reporter(by=keeper, ref=ref, reason="x")
    assert Attachment.objects.get().removed_at is None
    assert Reporter.objects.get().erased_at is None


def test_a_record_goes_whole_and_its_commitments_can_be_proved_by_nobody(
    keeper: Actor, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    told = incidents.report(
        by=world.actor("mori"), purpose=Purpose.ODD, what="Red warning", contact="090", nonce="own-report-0123456789"
    )
    record = told.incident
    incidents.note(by=keeper, ref=record.ref, text="山田が開いた")
    incidents.reply(by=keeper, ref=record.ref, text="いつから?", asks=True)
    incidents.add_task(by=keeper, ref=record.ref, title="Isolate")
    incidents.require(by=system("t"), subject=record.subject, gate="notice_sent", asked_by="duties")
    row = incidents.attach_file(by=keeper, ref=record.ref, name="a.bin", chunks=[b"MZ"])
    other = opened(keeper)
    finish(record)
    ours = Entry.objects.filter(subject=record.subject).count()
    decided(keeper, **{f"records_{one}": 10 for one in ("request", "event", "near_miss", "incident")})
    with django_capture_on_commit_callbacks(execute=True):
        pass_days(12)
    assert set(Incident.objects.values_list("pk", flat=True)) == {other.pk}
    assert not Passage.objects.filter(incident=record.pk).exists()
    assert not Attachment.objects.exists()
    assert not vault().place(row.uuid).exists()
    assert Entry.objects.filter(subject=record.subject).count() == ours + 1
    connection.check_constraints()
    assert verify(state=True).holds
    assert verify_files().findings == ()


def test_reporters_and_files_of_closed_records_go_and_the_records_stay(keeper: Actor) -> None:
    told = incidents.report(by=world.actor("mori"), purpose=Purpose.ODD, what="x", nonce="own-report-0123456789")
    incidents.attach_file(by=keeper, ref=told.incident.ref, name="a.bin", chunks=[b"MZ"])
    still_open = incidents.report(by=world.actor("ito"), purpose=Purpose.ODD, what="y", nonce="two-report-0123456789")
    finish(told.incident)
    decided(keeper, reporters=10, files=10)
    pass_days(12)
    incidents.destroy_removed_files(world.clock.now())
    gone, stays = Reporter.objects.get(pk=told.reporter.pk), Reporter.objects.get(pk=still_open.reporter.pk)
    assert (gone.name, gone.secret, gone.code) == ("", "", None)
    assert stays.erased_at is None
    assert Attachment.objects.get().sealed_key == ""
    assert verify(state=True).holds
    assert verify_files().files == 0


def test_parked_bodies_are_no_longer_counted_as_waiting(keeper: Actor) -> None:
    desk.deliver(b'"a sentence is no alert"')
    assert Heard.objects.get().parked == 1
    decided(keeper, parked=5)
    pass_days(7)
    assert not Parked.objects.exists()
    assert Heard.objects.get().parked == 0


def test_the_access_log_goes_after_its_period_and_the_database_refuses_anything_younger(keeper: Actor) -> None:
    """The database asks its own clock, so these readings are really old and really young."""
    for days in (1_200, 10):
        access.note_reading(by=keeper, subject="incident:x", what="room")
        row = Reading.objects.latest("id")
        with triggers.lifted(connection):
            Reading.objects.filter(pk=row.pk).update(at=world.clock.now() - timedelta(days=days))
    decided(keeper, readings=366)
    night()
    assert Reading.objects.count() == 1
    with pytest.raises(Exception, match="the ledger does not forget"):
        Reading.objects.all().delete()


def test_a_clock_set_back_deletes_nothing_early_and_does_not_stop_the_nights(keeper: Actor) -> None:
    row = desk.alert("Now")
    decided(keeper, alerts_kept=20)
    world.clock.fast_forward(timedelta(days=4_000))
    actions.take_step(world.clock.now())
    Period.objects.update(due_at=world.clock.now() + NIGHT, seen_at=world.clock.now())
    world.clock.fast_forward(-timedelta(days=4_000))
    pass_days(10)
    assert Alert.objects.filter(pk=row.pk).exists()
    pass_days(15)
    assert not Alert.objects.exists()


def test_a_clock_that_leaps_forward_deletes_nothing_until_people_could_look(keeper: Actor) -> None:
    desk.alert("Now")
    decided(keeper, alerts_kept=20)
    world.clock.fast_forward(timedelta(days=4_000))
    while actions.take_step(world.clock.now()):
        pass
    assert Alert.objects.exists()
    assert Entry.objects.filter(fact="retention.PurgePutOff", subject="retention:alerts_kept").count() == 1
    pass_days(9)
    assert not Alert.objects.exists()


def test_killed_in_the_middle_of_a_step_nothing_of_it_happened(keeper: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.alert("Old")
    decided(keeper, alerts_kept=1)
    world.clock.fast_forward(timedelta(days=3))
    before = Entry.objects.count()
    with monkeypatch.context() as patched:
        patched.setattr("hikeshi.retention.actions.purging._note", _power_fails)
        with pytest.raises(SystemExit):
            while actions.take_step(world.clock.now()):
                pass
    assert Alert.objects.exists()
    assert Entry.objects.count() == before
    night()
    assert not Alert.objects.exists()
    assert verify(state=True).holds


def _power_fails(*_: object, **__: object) -> None:
    raise SystemExit


def test_two_engines_delete_once_and_say_so_once(keeper: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other comes in between this one's look and its lock."""
    desk.alert("Old")
    decided(keeper, alerts_kept=1)
    world.clock.fast_forward(timedelta(days=3))
    look, inside = purging._found, [False]

    def looked(*given: object) -> list[int]:
        found = look(*given)
        if not inside[0]:
            inside[0] = True
            while actions.take_step(world.clock.now()):
                pass
        return found

    monkeypatch.setattr(purging, "_found", looked)
    while actions.take_step(world.clock.now()):
        pass
    assert Entry.objects.filter(fact="retention.Purged").count() == 1
    assert Period.objects.get(category="alerts_kept").gone == 1
    assert not Alert.objects.exists()


def test_a_hold_put_on_between_the_look_and_the_deletion_counts(keeper: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    record = closed_alert(keeper)
    decided(keeper, records_event=10, records_incident=10, alerts_closed=None)
    world.clock.fast_forward(timedelta(days=3))
    look = purging._found

    def looked(*given: object) -> list[int]:
        found = look(*given)
        if found and not Hold.objects.exists():
            incidents.hold_record(by=keeper, ref=record.ref, reason="just in time")
        return found

    monkeypatch.setattr(purging, "_found", looked)
    while actions.take_step(world.clock.now()):
        pass
    assert Incident.objects.filter(pk=record.pk).exists()
    assert Alert.objects.exists()


def test_many_alerts_go_in_steps_that_hold_nobody_up(keeper: Actor) -> None:
    one = desk.alert("Old")
    more = []
    for number in range(400):
        copy = Alert.objects.get(pk=one.pk)
        copy.pk, copy.uuid, copy.fingerprint = None, uuid7(), f"{number:032d}"
        more.append(copy)
    Alert.objects.bulk_create(more)
    decided(keeper, alerts_kept=1)
    world.clock.fast_forward(timedelta(days=3))
    while actions.take_step(world.clock.now()):
        pass
    counts = [entry.body for entry in Entry.objects.filter(fact="retention.Purged").order_by("number")]
    assert [f'"count":{count}' in body for count, body in zip((150, 150, 101), counts, strict=True)] == [True] * 3
    assert Period.objects.get(category="alerts_kept").gone == 401


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-21T17:59:00+00:00", "2026-11-22T18:00:00+00:00"),
        ("2026-11-21T17:58:00+00:00", "2026-11-21T18:00:00+00:00"),
        ("2026-11-21T18:00:00+00:00", "2026-11-22T18:00:00+00:00"),
    ],
)
def test_the_next_night_is_three_o_clock_where_the_site_is(now: str, due: str) -> None:
    assert rules.next_night(datetime.fromisoformat(now), "Asia/Tokyo") == datetime.fromisoformat(due)


def test_messages_go_with_their_proof_when_they_ended_long_ago_and_nobody_holds_what_they_are_about(
    keeper: Actor,
) -> None:
    mori, held = world.person("mori"), opened(keeper)
    phone.way(mori)
    incidents.hold_record(by=keeper, ref=held.ref, reason="court")
    with phone.ringing(ntfy=phone.Phone()):
        kept = phone.queue(mori, "kept", subject=f"incident:{held.uuid}")
        phone.queue(mori, "gone")
        phone.send()
    waiting = phone.queue(world.person("ito"), "waiting", due_at=world.clock.now() + timedelta(days=900))
    keeper_of = categories.keepers()["messages"]
    assert not keeper_of.over(world.clock.now() - timedelta(days=1)).exists()
    rows = list(keeper_of.over(world.clock.now() + timedelta(seconds=1)))
    assert [row.key for row in rows] == ["gone"]
    assert keeper_of.purge(system("retention"), rows) == 1
    assert set(Outgoing.objects.values_list("pk", flat=True)) == {kept.pk, waiting.pk}
    assert Try.objects.count() == 1


def test_past_duty_goes_with_what_it_rests_on_and_the_ledger_knows_that_it_went(keeper: Actor) -> None:
    mori, abe = (world.actor(name, "responder") for name in ("mori", "abe"))
    row = duty.rota(*duty.responders("mori", "abe"))
    now = world.clock.now()
    coming, week = now + timedelta(days=1), timedelta(days=7)
    oncall.add_cover(by=mori, rota=row.uuid, begins_at=coming, ends_at=coming + timedelta(hours=2))
    oncall.add_absence(by=mori, begins_at=coming, ends_at=coming + week)
    asked = oncall.ask_swap(by=mori, rota=row.uuid, begins_at=coming, ends_at=coming + timedelta(hours=8))
    oncall.accept_swap(by=abe, swap=asked.uuid)
    oncall.open_feed(by=mori)
    oncall.revoke_feed(by=mori, feed=Feed.objects.get().uuid)
    oncall.open_feed(by=abe)

    def swept(category: str, at: datetime) -> int:
        kept = categories.keepers()[category]
        with unit():
            return kept.purge(keeper, list(kept.over(at)[: kept.step]))

    every = ("duty_covers", "duty_swaps", "duty_absences", "duty_feeds")
    assert [swept(one, now) for one in every] == [0, 0, 0, 0]
    late = coming + 2 * week
    assert swept("duty_swaps", late) == 0  # somebody is still put in by it
    assert [swept(one, late) for one in every] == [2, 1, 1, 1]
    assert not Cover.objects.exists()
    assert not Swap.objects.exists()
    assert Feed.objects.get().person.username == "abe"
    assert verify(state=True).holds
