"""A part split out, and one outage with its many reports: nothing is lost, nobody is told twice, nobody sees more."""

from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hikeshi.incidents import actions, queries
from hikeshi.incidents.codes import RecordClass
from hikeshi.incidents.models import AttachedAlert, Incident, Message, Note, Task
from hikeshi.incidents.reporting import Place, Purpose
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotFound
from tests import world
from tests.at_once import at_once
from tests.domains.incidents import fresh, opened, refusal
from tests.domains.test_incidents_alerts import alert, announce, judged, settle

pytestmark = pytest.mark.usefixtures("listening")


def report(who: str, what: str = "Mail is down") -> tuple[Actor, actions.Received]:
    by = world.actor(who, "reporter")
    return by, actions.report(by=by, purpose=Purpose.ODD, what=what, nonce=f"a-form-of-{who}-0123456789")


def test_what_is_split_out_goes_over_and_what_comes_of_it_later_follows(mori: Actor) -> None:
    old = opened(mori)
    going, staying = alert("going"), alert("staying")
    actions.attach_alerts(by=mori, ref=old.ref, alerts=[going.uuid, staying.uuid])
    task = actions.add_task(by=mori, ref=old.ref, title="Ask the shop")
    actions.add_task(by=mori, ref=old.ref, title="Isolate")
    note = actions.note(by=mori, ref=old.ref, text="Two things\nat once")
    actions.restrict(by=mori, ref=old.ref, reason="x")
    chosen = {"alerts": [going.uuid], "tasks": [task.uuid], "notes": [note.uuid]}
    new = actions.split(by=mori, ref=old.ref, title="Another thing", kind="phishing", reason="Not the same", **chosen)
    settle()
    assert (fresh(new).split_from_id, fresh(new).restricted, fresh(new).kind) == (old.pk, True, "phishing")
    assert set(AttachedAlert.objects.values_list("incident__title", "alert")) == {
        ("Another thing", going.uuid),
        (old.title, staying.uuid),
    }
    assert dict(Task.objects.values_list("title", "incident__ref")) == {"Ask the shop": new.ref, "Isolate": old.ref}
    copied = Note.objects.get(incident=new).text
    assert old.ref in copied
    assert "> Two things\n> at once" in copied
    assert Note.objects.filter(incident=old).exists(), "what was said is taken from nobody"
    announce(judged(going))
    assert Incident.objects.count() == 2, "the same again is the new one's"
    room = queries.room(mori, old.ref)
    assert [one.ref for one in room.kin.splits] == [new.ref]
    assert queries.room(mori, new.ref).kin.split_from == old
    words = [f"{one.sentence} {one.detail}" for one in queries.timeline(mori, old.ref).items]
    assert any(new.ref in one and "Not the same" in one for one in words)
    with pytest.raises(NotFound):
        queries.room(world.actor("clerk", "responder"), new.ref)
    assert refusal(lambda: actions.split(by=mori, ref=old.ref, title="x", alerts=[going.uuid])) == "not_of_it"
    assert refusal(lambda: actions.split(by=mori, ref=old.ref, title="x")) == "nothing_chosen"


def test_an_outage_with_many_reports_is_answered_once_to_each_and_closed_at_once(mori: Actor) -> None:
    outage = opened(mori, kind="service_outage")
    reports = [report(f"staff{number}") for number in range(30)]
    refs = [told.incident.ref for _, told in reports]
    assert actions.put_under(by=mori, parent=outage.ref, reports=refs) == 30
    assert actions.put_under(by=mori, parent=outage.ref, reports=refs) == 0, "said twice it is done once"
    kin = queries.room(mori, outage.ref).kin
    assert (kin.total, kin.open, len(kin.children)) == (30, 30, 12)
    assert queries.incidents(mori, under=outage.ref).count() == 30
    merged = report("late")[1].incident
    actions.merge(by=mori, ref=merged.ref, into=outage.ref)
    assert queries.together(mori, outage.ref) == queries.Together(answered=31, closing=30)

    def answer(after: int = 0) -> actions.Step:
        return actions.answer_all(
            by=mori, ref=outage.ref, text="We are on it", nonce="one-form-0123456789", after=after
        )

    first = answer()
    assert first.done == 25
    assert (answer(first.next).done, answer().done) == (6, 0), "sent again after a crash nobody hears it twice"
    assert Message.objects.filter(text="We are on it").count() == 31
    by, told = reports[0]
    mine = queries.own_report(by, told.reporter.uuid)
    assert [one.text for one in mine.messages] == ["Mail is down", "We are on it"]

    done = {"resolution": "Mail is back", "record_class": RecordClass.EVENT}
    step = actions.close_all(by=mori, ref=outage.ref, **done, override_reason="One outage")
    last = actions.close_all(by=mori, ref=outage.ref, **done, override_reason="One outage", after=step.next)
    assert (step.done, last.done, last.next) == (25, 5, 0)
    assert fresh(outage).status == "open", "the one above stays"
    assert queries.own_report(by, told.reporter.uuid).place is Place.CLOSED


def test_what_is_not_ready_stays_open_and_is_named(mori: Actor) -> None:
    outage, below = opened(mori), opened(mori)
    actions.put_under(by=mori, parent=outage.ref, reports=[below.ref])
    step = actions.close_all(by=mori, ref=outage.ref, resolution="x", record_class=RecordClass.INCIDENT)
    assert (step.done, step.left, fresh(below).status) == (0, (below.ref,), "open")


def test_only_two_levels_and_only_what_is_there(mori: Actor) -> None:
    one, two, three = opened(mori, title="1"), opened(mori, title="2"), opened(mori, title="3")
    actions.put_under(by=mori, parent=one.ref, reports=[two.ref])
    assert refusal(lambda: actions.put_under(by=mori, parent=two.ref, reports=[three.ref])) == "under_deep"
    assert refusal(lambda: actions.put_under(by=mori, parent=three.ref, reports=[one.ref])) == "has_reports"
    assert refusal(lambda: actions.put_under(by=mori, parent=one.ref, reports=[one.ref])) == "under_itself"
    assert refusal(lambda: actions.put_under(by=mori, parent=one.ref, reports=["INC-1999-0001"])) == "no_such_incident"
    actions.take_from_under(by=mori, ref=two.ref)
    assert fresh(two).parent_id is None
    assert refusal(lambda: actions.take_from_under(by=mori, ref=two.ref)) == "not_under"


def test_what_stands_under_a_hidden_record_tells_nobody_of_it_and_an_answer_reaches_no_hidden_report(
    mori: Actor,
) -> None:
    outage = opened(mori)
    _, told = report("ito")
    actions.put_under(by=mori, parent=outage.ref, reports=[told.incident.ref])
    clerk = world.actor("clerk", "responder")
    actions.restrict(by=mori, ref=outage.ref, reason="x")
    seen = queries.room(clerk, told.incident.ref)
    assert (seen.kin.parent, seen.kin.any) == (None, False)
    assert queries.incidents(clerk, under=outage.ref).count() == 0
    assert not any(
        outage.ref in f"{one.sentence}{one.detail}" for one in queries.timeline(clerk, told.incident.ref).items
    )
    other = opened(mori)
    keeper = world.actor("keeper", "commander")
    _, hidden = report("abe")
    actions.put_under(by=mori, parent=other.ref, reports=[hidden.incident.ref])
    actions.restrict(by=keeper, ref=hidden.incident.ref, reason="x")
    assert queries.together(clerk, other.ref).answered == 0
    assert queries.room(clerk, other.ref).kin.total == 0


def test_the_room_of_three_hundred_reports_asks_no_more_than_that_of_three(mori: Actor) -> None:
    few, many = opened(mori), opened(mori)
    wanted = ("title", "kind", "course", "impact", "effect", "urgency", "urgency_asked", "priority", "phase")
    plain = {name: getattr(few, name) for name in (*wanted, "organisation", "opened_by")}
    copies = [
        Incident(**{**plain, "ref": f"INC-2020-{record.pk * 1000 + number:04d}", "parent": record})
        for record, count in ((few, 3), (many, 300))
        for number in range(count)
    ]
    Incident.objects.bulk_create(copies)
    counts = []
    for record in (few, many):
        queries.room(mori, record.ref)
        with CaptureQueriesContext(connection) as asked:
            room = queries.room(mori, record.ref)
        counts.append(len(asked))
    assert room.kin.total == 300
    assert counts[0] == counts[1]
    Incident.objects.filter(ref__startswith="INC-2020").delete()


def _said(came_to: object) -> str:
    return came_to.reason if isinstance(came_to, Invalid) else str(came_to)


@pytest.mark.django_db(transaction=True, databases="__all__")
def test_of_two_who_put_records_under_each_other_crosswise_one_does_and_the_other_is_told(mori: Actor) -> None:
    """PostgreSQL ends one of two transactions that wait for each other: that would be a failure without a reason."""
    for _ in range(10):
        one, other = opened(mori, title="One").ref, opened(mori, title="Other").ref
        told = at_once(
            partial(actions.put_under, by=mori, parent=one, reports=[other]),
            partial(actions.put_under, by=mori, parent=other, reports=[one]),
        )
        assert sorted(_said(one) for one in told) == ["1", "under_deep"]


@pytest.mark.django_db(transaction=True, databases="__all__")
def test_all_are_closed_while_somebody_puts_the_same_ones_under_again(mori: Actor) -> None:
    """The outage is often opened after the first who report it."""
    for _ in range(6):
        reports = [opened(mori, title=str(number)).ref for number in range(6)]
        outage = opened(mori, title="Outage").ref
        actions.put_under(by=mori, parent=outage, reports=reports)
        close = {"resolution": "It is back", "record_class": RecordClass.EVENT, "override_reason": "One outage"}
        told = at_once(
            partial(actions.put_under, by=mori, parent=outage, reports=reports),
            partial(actions.close_all, by=mori, ref=outage, **close),
        )
        assert sorted(map(str, told)) == ["0", "Step(done=6, next=0, left=())"]
