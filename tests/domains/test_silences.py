"""Silences: held and not dropped, and what still fires speaks at the end."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hikeshi.intake import actions, digesting, queries
from hikeshi.intake.models import Alert, Silence
from hikeshi.intake.queries import ruling, silencing
from hikeshi.intake.silences import Every, Terms
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor, system
from hikeshi.kernel.refusals import Invalid, NotAllowed, NotFound
from hikeshi.ledger.verify import verify
from tests import world
from tests.domains.test_intake_digest import am, body, facts, firing, only

HOUR = timedelta(hours=1)


def responder() -> Actor:
    return world.actor("mori", "responder")


def silence(matchers: str = "host = db1", hours: float = 2, by: Actor | None = None, **more: object) -> Silence:
    now = clock.now()
    said = {"title": "Work on db1", "reason": "planned", "owner": "", "starts_at": now, "ends_at": now + hours * HOUR}
    terms = Terms(**{**said, "matchers": matchers, **more})  # type: ignore[arg-type]  # as Terms takes them
    return actions.set_silence(by=by or responder(), organisation=world.site().uuid, terms=terms)


def send(name: str = "DiskFull", severity: str = "critical", ended: bool = False, **labels: str) -> None:
    now = clock.now()
    alert = firing(name, severity, **labels) | {"startsAt": now.isoformat()}
    if ended:
        alert |= {"status": "resolved", "endsAt": now.isoformat()}
    digesting.digest([body("alertmanager", am(alert), alerts=1)])


def speak() -> int:
    """Whatever is due, as the desk's own loop does it; how many steps there were."""
    steps = 0
    while actions.speak_after_silence(by=system("test"), at=clock.now()):
        steps += 1
        assert steps < 50
    return steps


def test_what_matches_is_held_counted_and_opens_nothing_and_speaks_at_the_end() -> None:
    row = silence()
    send()
    send("Other", host="db2")
    held = Alert.objects.get(title__startswith="DiskFull")
    assert (held.verdict, held.rule, held.status) == ("hold", row.rule, "firing")
    assert Alert.objects.get(title__startswith="Other").verdict == "open"
    send()
    world.clock.fast_forward(HOUR)
    assert (speak(), Alert.objects.get(pk=held.pk).verdict) == (0, "hold")
    world.clock.fast_forward(HOUR)
    assert speak() == 1
    spoke = Alert.objects.get(pk=held.pk)
    assert (spoke.verdict, spoke.count, spoke.observables) == ("open", 2, held.observables)
    assert facts("SilenceSpoke")[-1]["spoke"] == 1
    assert [each["alert"] for each in facts("AlertJudged")].count(str(held.uuid)) == 1
    row.refresh_from_db()
    assert (row.due_at, row.ended_at is not None) == (None, True)
    assert verify(state=True).findings == ()


def test_what_is_over_before_the_end_does_not_speak() -> None:
    silence()
    send()
    world.clock.fast_forward(HOUR)
    send(ended=True)
    assert only().verdict == "hold"
    world.clock.fast_forward(HOUR)
    speak()
    assert (only().verdict, only().status, facts("AlertJudged")) == ("keep", "resolved", [])
    assert "over" in queries.reason_of(only(), "en")
    assert facts("SilenceSpoke")[-1]["settled"] == 1


def test_nothing_is_lost_however_much_was_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions.speaking, "STEP", 3)
    silence("source = alertmanager")
    for number in range(8):
        send(f"Alert{number}", host=f"h{number}")
    assert Alert.objects.filter(verdict="hold").count() == 8
    world.clock.fast_forward(2 * HOUR)
    assert speak() == 3
    assert not Alert.objects.filter(verdict="hold")
    assert sum(int(str(each["spoke"])) for each in facts("SilenceSpoke")) == 8


def test_what_waits_on_the_queue_is_held_when_the_silence_is_set_and_comes_back() -> None:
    send(severity="warning")
    assert only().verdict == "keep"
    row = silence()
    assert only().verdict == "hold"
    actions.end_silence(by=responder(), silence=row.uuid)
    speak()
    assert (only().verdict, only().rule) != ("hold", row.rule)
    assert only().verdict == "keep"
    assert actions.end_silence(by=responder(), silence=row.uuid).ended_at is not None
    assert len(facts("SilenceEnded")) == 1


def test_another_silence_holds_on() -> None:
    silence(hours=1)
    longer = silence("host =~ db.*", hours=3)
    send()
    world.clock.fast_forward(HOUR)
    speak()
    assert (only().verdict, only().rule) == ("hold", longer.rule)
    world.clock.fast_forward(2 * HOUR)
    speak()
    assert only().verdict == "open"


def test_an_alert_of_an_open_case_goes_on_to_it() -> None:
    send()
    alert = only()
    actions.link_case(
        by=system("test"), alerts=[alert.uuid], case="incident:1", case_ref="INC-1", open=True, restricted=False
    )
    silence()
    send(ended=True)
    world.clock.fast_forward(HOUR / 2)
    send()
    assert (only().verdict, only().fired) == ("attach", 1)


def test_a_window_that_comes_again_holds_again_and_what_comes_between_does_not_wait() -> None:
    now = clock.now()
    row = silence(hours=1, by=world.admin(), every=Every.DAY, until=now + timedelta(days=2))
    send()
    world.clock.fast_forward(HOUR)
    speak()
    assert only().verdict == "open"
    row.refresh_from_db()
    assert (row.ended_at, row.due_at) == (None, row.starts_at + timedelta(days=1) + HOUR)
    world.clock.fast_forward(2 * HOUR)
    send("Between")
    assert Alert.objects.get(title__startswith="Between").verdict in {"open", "attach"}
    world.clock.fast_forward(timedelta(hours=21, minutes=10))
    send("Again")
    assert Alert.objects.get(title__startswith="Again").verdict == "hold"
    world.clock.fast_forward(timedelta(days=3))
    speak()
    row.refresh_from_db()
    assert row.ended_at is not None
    assert Alert.objects.get(title__startswith="Again").verdict != "hold"


def test_one_alert_is_snoozed_and_comes_back_by_itself() -> None:
    send(severity="warning")
    send("Other", severity="warning")
    alert = Alert.objects.get(title__startswith="DiskFull")
    actions.snooze_alert(by=responder(), alert=alert.uuid, until=clock.now() + HOUR, reason="known")
    assert [row.verdict for row in Alert.objects.order_by("title")] == ["hold", "keep"]
    world.clock.fast_forward(HOUR)
    speak()
    assert {row.verdict for row in Alert.objects.all()} == {"keep"}


def test_a_person_may_judge_what_is_held_and_it_counts_against_no_rule() -> None:
    silence()
    send()
    actions.correct_verdict(by=responder(), alert=only().uuid, verdict="keep", reason="look at it")
    world.clock.fast_forward(3 * HOUR)
    speak()
    assert (only().verdict, only().rule) == ("keep", "person")
    assert not ruling.lines(world.admin())[0].corrections


def test_what_a_person_kept_is_silenced_too_and_the_ledger_knows() -> None:
    send(severity="warning")
    actions.correct_verdict(by=responder(), alert=only().uuid, verdict="keep", reason="look at it")
    actions.snooze_alert(by=responder(), alert=only().uuid, until=clock.now() + HOUR, reason="known")
    assert only().verdict == "hold"
    assert verify(state=True).findings == ()
    world.clock.fast_forward(HOUR)
    speak()
    assert only().verdict == "keep"
    assert verify(state=True).findings == ()


def test_who_judges_may_be_quiet_for_a_week_and_longer_or_again_is_for_who_manages() -> None:
    with pytest.raises(NotAllowed):
        silence(hours=24 * 8)
    with pytest.raises(NotAllowed):
        silence(every=Every.WEEK, until=clock.now() + timedelta(days=9))
    with pytest.raises(NotAllowed):
        silence(by=world.actor("ida", "auditor"))
    assert silence(hours=24 * 8, by=world.admin()).ended_at is None


@pytest.mark.parametrize(
    ("more", "field", "reason"),
    [
        ({"matchers": "host =~ .*"}, "matchers", "matcher_all"),
        ({"hours": -1}, "ends_at", "ends_before_start"),
        ({"starts_at": datetime(2020, 1, 1, tzinfo=clock.UTC), "hours": -9}, "ends_at", "past"),
        ({"hours": 24 * 400}, "ends_at", "silence_too_long"),
        ({"every": Every.DAY}, "until", "required"),
        ({"title": " "}, "title", "required"),
        ({"reason": ""}, "reason", "required"),
    ],
)
def test_what_cannot_be_meant_is_refused_beside_its_field(more: dict[str, object], field: str, reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        silence(by=world.admin(), **more)  # type: ignore[arg-type]  # as silence takes them
    assert (refused.value.field, refused.value.reason) == (field, reason)
    assert not Silence.objects.exists()


def test_a_silence_holds_in_its_organisation_and_below_and_nobody_elsewhere_sees_it() -> None:
    below = world.organisation("Below")
    there = world.actor("there", "responder", at=below)
    now = clock.now()
    mine = Terms("x", "host = db1", "r", "", now, now + HOUR)
    row = actions.set_silence(by=there, organisation=below.uuid, terms=mine)
    send()
    assert only().verdict == "open"
    digesting.digest([body("alertmanager", am(firing("Below", "critical")), alerts=1, at=below)])
    assert Alert.objects.get(organisation=below).verdict == "hold"
    elsewhere = world.actor("far", "responder", at=world.organisation("Elsewhere"))
    assert not silencing.listed(elsewhere)
    with pytest.raises(NotFound):
        actions.end_silence(by=elsewhere, silence=row.uuid)
    with pytest.raises(NotFound):
        actions.set_silence(by=there, organisation=world.site().uuid, terms=mine)


def test_a_thousand_silences_cost_a_batch_two_queries() -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            send("Cost", host="nowhere")
        return len(seen)

    send("Cost", host="nowhere")
    without = cost()
    silence()
    some = cost()
    for number in range(30):
        silence(f"host = h{number}")
    assert (cost(), some) == (some, without + 1)
