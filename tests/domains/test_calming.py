"""Less noise over the stream: what is known to be harmless calls nobody; what flaps opens one incident and no more."""

from datetime import timedelta

import pytest

from hikeshi.intake import actions, queries
from hikeshi.intake.benign import Kind, Terms
from hikeshi.intake.models import Alert, Benign, Flap
from hikeshi.intake.queries import calming
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor, system
from hikeshi.kernel.refusals import Invalid, NotAllowed, NotFound
from hikeshi.ledger.verify import verify
from tests import world
from tests.domains.test_intake_digest import only
from tests.domains.test_silences import responder, send, silence, speak

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def listed(values: str = "db1", by: Actor | None = None, **more: object) -> Benign:
    said = {"title": "Our scanner", "kind": Kind.HOST, "reason": "weekly scan", "until": clock.now() + 30 * DAY}
    terms = Terms(**{**said, "values": values, **more})  # type: ignore[arg-type]  # as Terms takes them
    return actions.list_benign(by=by or world.admin(), organisation=world.site().uuid, terms=terms)


def flap(times: int = 4) -> None:
    for _ in range(times):
        world.clock.fast_forward(MINUTE)
        send(ended=True)
        world.clock.fast_forward(MINUTE)
        send()


def settle() -> int:
    steps = 0
    while calming.any_flap_due(clock.now()):
        assert actions.settle_flapping(by=system("test"), at=clock.now())
        steps += 1
        assert steps < 20
    return steps


def with_a_closed_case() -> None:
    """The incident it opened is over."""
    Alert.objects.update(case="incident:x", case_open=False)


def test_what_names_a_harmless_value_stays_on_the_queue_with_the_reason_and_opens_nothing() -> None:
    row = listed("other\nDB1")
    send()
    send("Other", host="db2")
    kept = Alert.objects.get(title__startswith="DiskFull")
    assert (kept.verdict, kept.rule) == ("keep", row.rule)
    assert queries.reason_of(kept, "en") == "Known to be harmless: weekly scan"
    assert Alert.objects.get(title__startswith="Other").verdict == "open"
    assert calming.hits(world.admin(), [row]) == {row.rule: 1}
    assert verify(state=True).findings == ()


def test_an_entry_counts_until_its_end_unless_somebody_looked_again_or_took_it_off() -> None:
    row = listed()
    assert list(calming.listed(world.admin(), stand="review")) == []
    world.clock.fast_forward(20 * DAY)
    assert list(calming.listed(world.admin(), stand="review")) == [row]
    actions.review_benign(by=world.admin(), entry=row.uuid, until=clock.now() + 30 * DAY)
    world.clock.fast_forward(20 * DAY)
    send()
    assert only().verdict == "keep"
    actions.end_benign(by=world.admin(), entry=row.uuid)
    send("Next")
    assert Alert.objects.get(title__startswith="Next").verdict == "open"
    with pytest.raises(Invalid):
        actions.review_benign(by=world.admin(), entry=row.uuid, until=clock.now() + DAY)
    short = listed("db3", until=clock.now() + DAY)
    world.clock.fast_forward(2 * DAY)
    send("Late", host="db3")
    assert Alert.objects.get(title__startswith="Late").verdict == "open"
    assert list(calming.listed(world.admin(), stand="over")) == [short, row]
    assert verify(state=True).findings == ()


def test_only_who_manages_intake_lists_values_and_nobody_elsewhere_sees_them() -> None:
    with pytest.raises(NotAllowed):
        listed(by=responder())
    row = listed()
    far = world.actor("far", "administrator", at=world.organisation("Elsewhere"))
    assert not calming.listed(far)
    with pytest.raises(NotFound):
        actions.end_benign(by=far, entry=row.uuid)
    for more, field in (({"values": ""}, "values"), ({"until": clock.now()}, "until"), ({"title": ""}, "title")):
        with pytest.raises(Invalid) as refused:
            listed(**more)  # type: ignore[arg-type]  # one field wrong each
        assert refused.value.field == field


def test_an_alert_that_flaps_opens_no_second_incident_until_it_is_steady() -> None:
    send()
    assert only().verdict == "open"
    with_a_closed_case()
    flap()
    held = only()
    assert (held.verdict, held.rule, held.status) == ("hold", "flapping", "firing")
    assert held.pk in calming.flapping_since([held])
    assert verify(state=True).findings == ()
    assert settle() == 0
    world.clock.fast_forward(timedelta(hours=1))
    settle()
    assert only().verdict == "open", "it still fires, and speaks"
    assert calming.flapping_since([only()]) == {}
    world.clock.fast_forward(timedelta(hours=1))
    settle()
    assert not Flap.objects.exists()
    assert verify(state=True).findings == ()


def test_what_flapped_and_is_over_says_so_and_what_gets_worse_is_not_held() -> None:
    send()
    with_a_closed_case()
    flap()
    world.clock.fast_forward(MINUTE)
    send(ended=True)
    world.clock.fast_forward(timedelta(hours=1))
    settle()
    assert (only().verdict, only().status) == ("keep", "resolved")


def test_a_silence_comes_before_it_and_a_flapping_alert_of_an_open_incident_goes_on_to_it() -> None:
    send()
    Alert.objects.update(case="incident:x", case_open=True)
    flap()
    assert only().verdict == "attach"
    Alert.objects.update(case_open=False)
    quiet = silence(hours=0.05)
    flap(1)
    assert only().rule == quiet.rule
    world.clock.fast_forward(3 * MINUTE)
    speak()
    assert only().verdict == "open"


def test_the_thresholds_are_the_sites_own() -> None:
    with pytest.raises(NotAllowed):
        actions.set_flapping(by=responder(), changes=3, minutes=10)
    with pytest.raises(Invalid):
        actions.set_flapping(by=world.admin(), changes=2, minutes=10)
    actions.set_flapping(by=world.admin(), changes=0, minutes=10)
    send()
    with_a_closed_case()
    flap()
    assert only().verdict != "hold"
    assert not calming.flapping_since([only()])
    assert verify(state=True).findings == ()
