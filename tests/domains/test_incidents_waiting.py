"""A record that waits says for whom, and stops waiting by itself when it should: nobody has to remember."""

from datetime import timedelta

import pytest

from hikeshi.incidents import actions
from hikeshi.incidents.codes import RecordClass, Waiting
from hikeshi.incidents.reporting import Purpose
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Conflict, Invalid
from hikeshi.ledger.models import Entry
from hikeshi.ledger.verify import verify
from tests import world
from tests.domains.incidents import fresh, opened
from tests.web import desk

HOUR = timedelta(hours=1)


@pytest.fixture
def mori() -> Actor:
    return world.actor("mori", "responder")


def ends() -> list[str]:
    return [one.body.split('"over":"')[1].split('"')[0] for one in Entry.objects.filter(fact="incidents.WaitEnded")]


def test_a_wait_ends_at_its_time_and_not_before_and_the_ledger_agrees_with_the_row(mori: Actor) -> None:
    record = opened(mori)
    until = world.clock.now() + 2 * HOUR
    actions.wait(by=mori, ref=record.ref, waiting=Waiting.PLANNED, until=until)
    world.clock.fast_forward(HOUR)
    assert not actions.end_waits(world.clock.now())
    assert fresh(record).waiting == Waiting.PLANNED
    assert verify(state=True).holds
    world.clock.fast_forward(HOUR)
    actions.end_waits(world.clock.now())
    assert (fresh(record).waiting, fresh(record).waiting_since, ends()) == ("", None, ["due"])
    assert verify(state=True).holds


def test_waiting_for_the_reporter_ends_as_soon_as_they_write_and_for_a_supplier_it_does_not(mori: Actor) -> None:
    reporter = world.actor("ito", "reporter")
    told = actions.report(by=reporter, purpose=Purpose.ODD, what="Red warning", nonce="a-form-0123456789")
    ref = told.incident.ref
    for waiting, ended in ((Waiting.SUPPLIER, []), (Waiting.REPORTER, ["answered"])):
        actions.wait(by=mori, ref=ref, waiting=waiting, reason="They look into it")
        actions.write_to_desk(by=reporter, report=told.reporter.uuid, text=f"More {waiting}")
        assert ends() == ended


def test_what_is_resolved_or_closed_waits_for_nobody(mori: Actor) -> None:
    record = opened(mori, kind="phishing")
    actions.wait(by=mori, ref=record.ref, waiting=Waiting.REPORTER)
    actions.close(
        by=mori, ref=record.ref, resolution="Nothing", record_class=RecordClass.EVENT, override_reason="It was a test"
    )
    assert (fresh(record).waiting, ends()) == ("", ["resolved"])
    with pytest.raises(Invalid, match="only_open_waits"):
        actions.wait(by=mori, ref=record.ref, waiting=Waiting.REPORTER)


def test_a_wait_that_cannot_be_meant_is_refused_at_its_field_and_two_waits_at_once_are_a_conflict(mori: Actor) -> None:
    record = opened(mori)
    said = {"by": mori, "ref": record.ref}
    for wrong, field, reason in (
        ({"waiting": Waiting.PLANNED}, "until", "required"),
        ({"waiting": Waiting.PLANNED, "until": world.clock.now()}, "until", "past"),
        ({"waiting": Waiting.PLANNED, "until": world.clock.now() + 400 * 24 * HOUR}, "until", "not_plausible"),
        ({"waiting": Waiting.SUPPLIER}, "reason", "required"),
    ):
        with pytest.raises(Invalid) as refused:
            actions.wait(**said, **wrong)
        assert (refused.value.field, refused.value.reason) == (field, reason)
    actions.wait(**said, waiting=Waiting.REPORTER)
    with pytest.raises(Conflict):
        actions.wait(**said, waiting=Waiting.SUPPLIER, reason="x", version=record.version)


def test_who_waits_is_said_in_room_and_list_and_taken_back_there() -> None:
    browser = desk.browser("mori", "responder")
    ref = desk.incident().ref
    browser.post(f"/incidents/{ref}/wait", {"waiting": "supplier", "reason": "The vendor looks"})
    for place in (f"/incidents/{ref}/", "/incidents/"):
        assert "waits for a supplier" in desk.page(browser.get(place)).casefold()
    browser.post(f"/incidents/{ref}/resume")
    assert "Waits for" not in desk.page(browser.get("/incidents/"))
