"""Inhibition over the stream: what another alert explains is held, shown, and speaks when that one is over."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hikeshi.intake import actions, digesting
from hikeshi.intake.inhibitions import Terms
from hikeshi.intake.models import Alert, Inhibition, InhibitionSide, InhibitionTurn
from hikeshi.intake.queries import inhibiting
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor, system
from hikeshi.kernel.refusals import Invalid, NotAllowed, NotFound
from hikeshi.ledger.verify import verify
from tests import world
from tests.domains import test_silences as silences
from tests.domains.test_intake_digest import am, body, facts, firing

HOUR = timedelta(hours=1)
DESK = system("test")


def inhibition(by: Actor | None = None, **more: object) -> Inhibition:
    said: dict[str, object] = {
        "title": "The host explains its services",
        "source": "title =~ HostDown.*",
        "target": "title =~ Service.*",
        "equal": "host",
        "reason": "one cause, one page",
    }
    terms = Terms(**{**said, **more})  # type: ignore[arg-type]  # as Terms takes them
    return actions.set_inhibition(by=by or world.admin(), organisation=world.site().uuid, terms=terms)


send = silences.send


def over(name: str, **labels: str) -> None:
    world.clock.fast_forward(timedelta(minutes=1))
    send(name, ended=True, **labels)


def settle() -> int:
    """Whatever is due, as the desk's own loop does it; how many steps there were."""
    steps = 0
    while inhibiting.any_due(clock.now()):
        assert actions.speak_after_inhibition(by=DESK, at=clock.now())
        steps += 1
        assert steps < 50
    return steps


def row(name: str) -> Alert:
    return Alert.objects.get(title__startswith=name)


def verdicts() -> dict[str, str]:
    return {title.split()[0].rstrip(":"): verdict for title, verdict in Alert.objects.values_list("title", "verdict")}


def test_what_another_alert_explains_is_held_says_by_which_and_speaks_when_that_is_over() -> None:
    made = inhibition()
    send("HostDown")
    send("ServiceSlow")
    send("ServiceElsewhere", host="db2")
    held = row("ServiceSlow")
    assert (held.verdict, held.rule) == ("hold", made.rule)
    assert row("ServiceElsewhere").verdict in {"open", "attach"}
    explained = inhibiting.explaining(world.admin(), [held])[held.pk]
    assert explained.alert is not None
    assert explained.alert.title.startswith("HostDown")
    settle()
    send("ServiceSlow")
    assert row("ServiceSlow").verdict == "hold", "nothing changed, so nothing speaks"
    over("HostDown")
    settle()
    spoke = row("ServiceSlow")
    assert (spoke.verdict in {"open", "attach"}, spoke.count) == (True, 2)
    assert facts("InhibitionSpoke")[-1]["spoke"] == 1
    assert verify(state=True).findings == ()


def test_while_one_of_two_sources_fires_nothing_speaks() -> None:
    inhibition()
    send("HostDown", shard="1")
    send("HostDown", shard="2")
    send("ServiceSlow")
    over("HostDown", shard="1")
    settle()
    assert row("ServiceSlow").verdict == "hold"
    over("HostDown", shard="2")
    settle()
    assert row("ServiceSlow").verdict != "hold"


def test_a_source_that_comes_late_holds_what_waits_on_the_queue_but_not_what_a_person_kept() -> None:
    inhibition()
    send("ServiceSlow", severity="warning")
    send("ServiceKept", severity="warning")
    actions.correct_verdict(by=silences.responder(), alert=row("ServiceKept").uuid, verdict="keep", reason="mine")
    assert verdicts() == {"ServiceSlow": "keep", "ServiceKept": "keep"}
    send("HostDown", severity="warning")
    settle()
    assert verdicts() == {"ServiceSlow": "hold", "ServiceKept": "keep", "HostDown": "keep"}
    over("HostDown", severity="warning")
    settle()
    assert verdicts()["ServiceSlow"] == "keep"
    assert verify(state=True).findings == ()


def test_in_one_batch_the_order_does_not_matter_and_after_a_restart_rows_tell() -> None:
    inhibition()
    digesting.digest([body("alertmanager", am(firing("ServiceSlow", "critical"), firing("HostDown")), alerts=2)])
    assert row("ServiceSlow").verdict == "hold"
    inhibiting._compiled.cache_clear()
    send("ServiceLate")
    assert row("ServiceLate").verdict == "hold"


def test_what_ends_while_it_is_held_never_speaks() -> None:
    inhibition()
    send("HostDown")
    send("ServiceSlow")
    over("ServiceSlow")
    assert row("ServiceSlow").verdict == "hold"
    over("HostDown")
    settle()
    assert (row("ServiceSlow").verdict, row("ServiceSlow").status) == ("keep", "resolved")
    assert not InhibitionSide.objects.filter(source=True).exists()
    assert not InhibitionTurn.objects.exists()


def test_a_source_that_is_never_said_to_be_over_counts_for_its_hours_only_and_longer_if_heard_of_again() -> None:
    inhibition(hours=4)
    send("HostDown")
    send("ServiceSlow")
    world.clock.fast_forward(3 * HOUR)
    send("HostDown")
    world.clock.fast_forward(3 * HOUR)
    settle()
    assert row("ServiceSlow").verdict == "hold"
    world.clock.fast_forward(HOUR)
    settle()
    assert row("ServiceSlow").verdict != "hold"
    send("HostDown")
    send("ServiceNew")
    assert row("ServiceNew").verdict == "hold"


def test_a_new_one_looks_at_what_stands_and_a_change_or_end_frees_what_it_held() -> None:
    send("HostDown", severity="warning")
    send("ServiceSlow", severity="warning")
    first = inhibition()
    settle()
    assert verdicts()["ServiceSlow"] == "hold"
    said = first.terms
    other = Terms(said.title, said.source, "title =~ Other.*", "", "because", "", 8)
    second = actions.change_inhibition(by=world.admin(), inhibition=first.uuid, terms=other)
    settle()
    assert verdicts()["ServiceSlow"] == "keep"
    assert (second.number, [one.number for one in inhibiting.versions(world.admin(), second)]) == (2, [2, 1])
    with pytest.raises(Invalid):
        actions.change_inhibition(by=world.admin(), inhibition=first.uuid, terms=other)
    send("OtherThing", severity="warning", host="db9")
    assert verdicts()["OtherThing"] == "hold"
    actions.end_inhibition(by=world.admin(), inhibition=second.uuid)
    settle()
    assert verdicts()["OtherThing"] == "keep"
    assert not InhibitionSide.objects.exists()
    assert verify(state=True).findings == ()


def test_a_silence_that_ends_leaves_to_the_inhibition_what_it_explains() -> None:
    inhibition()
    quiet = silences.silence("title =~ Service.*")
    send("HostDown")
    send("ServiceSlow")
    assert row("ServiceSlow").rule == quiet.rule
    world.clock.fast_forward(2 * HOUR)
    silences.speak()
    assert row("ServiceSlow").rule.startswith("inhibition-")


def test_whoever_does_not_manage_intake_sets_none_and_nobody_elsewhere_sees_it() -> None:
    with pytest.raises(NotAllowed):
        inhibition(by=silences.responder())
    made = inhibition()
    far = world.actor("far", "administrator", at=world.organisation("Elsewhere"))
    assert not inhibiting.listed(far)
    with pytest.raises(NotFound):
        actions.end_inhibition(by=far, inhibition=made.uuid)
    with pytest.raises(NotFound):
        inhibition_at_root = actions.set_inhibition(by=far, organisation=world.site().uuid, terms=made.terms)
        assert inhibition_at_root is None


@pytest.mark.parametrize(
    ("more", "field", "reason"),
    [
        ({"source": "host =~ .*"}, "source", "matcher_all"),
        ({"target": "colour = red"}, "target", "matcher_name"),
        ({"equal": "colour"}, "equal", "matcher_name"),
        ({"hours": 5}, "hours", "not_a_choice"),
        ({"title": " "}, "title", "required"),
        ({"reason": ""}, "reason", "required"),
    ],
)
def test_what_cannot_be_meant_is_refused_beside_its_field(more: dict[str, object], field: str, reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        inhibition(**more)
    assert (refused.value.field, refused.value.reason) == (field, reason)


def test_a_batch_costs_the_same_queries_with_one_inhibition_or_thirty() -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            send("HostDown")
        return len(seen)

    send("HostDown")
    inhibition()
    settle()
    cost()
    one = cost()
    for number in range(30):
        inhibition(source=f"host = h{number}")
    assert cost() == one
