"""Outages the desk tells people of: nothing before somebody publishes, everything once, over when it is over."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from uuid import UUID

import pytest

from hikeshi.incidents import actions as incidents
from hikeshi.incidents.codes import RecordClass
from hikeshi.incidents.models import Incident, Reporter
from hikeshi.kernel import clock
from hikeshi.kernel.refusals import Invalid, NotAllowed, NotFound
from hikeshi.ledger import reactions, verify
from hikeshi.ledger.models import Entry
from hikeshi.notices import actions, queries
from hikeshi.notices.drafts import Audience, OutageDraft
from hikeshi.notices.models import Outage
from tests import world
from tests.portal.reporting import open_site, stranger
from tests.web import desk

TITLE, SECRET = "Mail does not arrive", "SV-MAIL03 fell over"
WORDS = {
    "title_ja": "メールが届きません",
    "title_en": TITLE,
    "text_ja": "電話をお使いください。",
    "text_en": "Use the telephone.",
}


def outage(title: str = SECRET) -> Incident:
    return desk.incident(title, kind="service_outage")


def draft(**more: object) -> OutageDraft:
    return OutageDraft(**{**WORDS, "since": clock.now(), "audience": Audience.EVERYONE, **more})


def publish(of: Incident, **more: object) -> Outage:
    return actions.publish_outage(by=world.actor("mori"), ref=of.ref, draft=draft(**more))


def caught_up() -> None:
    while reactions.step(clock.now()):
        pass


def typed(**more: object) -> dict[str, object]:
    return {**WORDS, "since": "2026-01-05T09:00", "audience": "everyone", **more}


def seen_mark(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]*)"', page)
    assert found is not None
    return unescape(found[1])


def test_an_outage_is_looked_at_then_published_updated_and_over_and_people_read_each_step() -> None:
    open_site()
    of, reader, chief = outage(), stranger(), desk.browser("mori", "commander")
    room = f"/incidents/{of.ref}/"
    assert TITLE not in desk.page(reader.get("/report/"))
    looked = desk.page(chief.post(f"{room}publish-outage", typed()))
    assert "This is what people will read" in looked
    assert "電話をお使いください" in looked
    assert not Outage.objects.exists()
    changed = typed(seen=seen_mark(looked), text_en="Use paper.")
    assert "Use paper." in desk.page(chief.post(f"{room}publish-outage", changed)), "what was not shown is not told"
    assert not Outage.objects.exists()
    assert chief.post(f"{room}publish-outage", typed(seen=seen_mark(looked))).status_code == 302
    first = desk.page(reader.get("/report/"))
    assert TITLE in first
    assert SECRET not in first
    assert of.ref not in first
    assert "メールが届きません" in desk.page(stranger("ja").get("/report/"))
    assert "Shown to people" in desk.page(chief.get(room))
    news = typed(text_ja="17時に復旧します。", text_en="Back at 17:00.", version="1")
    looked = desk.page(chief.post(f"{room}update-outage", news))
    assert chief.post(f"{room}update-outage", {**news, "seen": seen_mark(looked)}).status_code == 302
    late = {**news, "text_en": "Never.", "text_ja": "x"}
    late |= {"seen": seen_mark(desk.page(chief.post(f"{room}update-outage", late)))}
    assert "Somebody saved this" in desk.page(chief.post(f"{room}update-outage", late), 409)
    page = desk.page(reader.get("/report/"))
    assert page.index("Back at 17:00.") < page.index("Use the telephone.")
    over = {"text_ja": "復旧しました。", "text_en": "It works again."}
    looked = desk.page(chief.post(f"{room}end-outage", over))
    assert chief.post(f"{room}end-outage", {**over, "seen": seen_mark(looked)}).status_code == 302
    page = desk.page(reader.get("/report/"))
    assert "It is over:" in page
    assert "I have this too" not in page
    world.clock.fast_forward(timedelta(hours=25))
    assert TITLE not in desk.page(reader.get("/report/"))
    assert not Entry.objects.filter(body__contains="telephone").exists()
    assert verify.verify(state=True).findings == ()


def test_it_ends_with_its_record_even_before_the_engine_says_so() -> None:
    open_site()
    reactions.begin()
    of, reader = outage(), stranger()
    row = publish(of)
    closing = {"resolution": "x", "record_class": RecordClass.EVENT, "override_reason": "x"}
    incidents.close(by=world.actor("mori"), ref=of.ref, **closing)
    assert TITLE not in desk.page(reader.get("/report/"))
    caught_up()
    row.refresh_from_db()
    assert row.ended_because == "closed"
    assert verify.verify(state=True).findings == ()


def test_having_it_too_counts_once_for_each_person_and_browser_and_makes_no_record() -> None:
    open_site()
    row = publish(outage())
    one, other = stranger(), stranger()
    person = desk.browser("sato", "reporter")
    at = f"/report/outages/{row.uuid}/also"
    for browser in (one, one, other, person, person):
        assert browser.post(at).status_code == 302
    assert "You have said that you have it too" in desk.page(one.get("/report/"))
    row.refresh_from_db()
    assert row.also == 3
    assert not Reporter.objects.exists()
    assert stranger().post(f"/report/outages/{UUID(int=1)}/also").status_code == 404
    assert '<dd class="figure">3' in desk.page(desk.browser("mori", "commander").get(f"/incidents/{row.ref}/"))
    assert verify.verify(state=True).findings == ()
    assert {stranger(address="192.0.2.9").post(at).status_code for _ in range(30)} == {302}
    row.refresh_from_db()
    assert row.also < 30, "one network cannot count without end"


def test_who_is_told_and_who_may_tell() -> None:
    open_site()
    reactions.begin()
    of = outage()
    for who, role, refusal in (("abe", "responder", NotAllowed), ("kato", "reporter", NotFound)):
        with pytest.raises(refusal):
            actions.publish_outage(by=world.actor(who, role), ref=of.ref, draft=draft())
    row = publish(of, audience=Audience.SIGNED_IN)
    assert TITLE not in desk.page(stranger().get("/report/"))
    assert stranger().post(f"/report/outages/{row.uuid}/also").status_code == 404
    signed_in = desk.browser("sato", "reporter")
    for page in ("/report/", "/report/mine"):
        assert TITLE in desk.page(signed_in.get(page))
    incidents.restrict(by=world.actor("mori"), ref=of.ref, reason="x")
    assert TITLE not in desk.page(signed_in.get("/report/"))
    caught_up()
    row.refresh_from_db()
    assert row.ended_because == "restricted"
    assert TITLE not in desk.page(signed_in.get("/report/"))


def test_what_is_no_outage_is_not_told_of() -> None:
    open_site()
    attack, drill, hidden = desk.incident(), outage("drill"), outage("hidden")
    Incident.objects.filter(pk=drill.pk).update(world="drill")
    incidents.restrict(by=world.actor("mori"), ref=hidden.ref, reason="x")
    for of, reason in ((attack, "no_outage"), (drill, "outage_of_drill"), (hidden, "outage_restricted")):
        with pytest.raises(Invalid) as refused:
            publish(of)
        assert refused.value.reason == reason
    going = outage("going")
    for more, reason in (
        ({"title_en": ""}, "both_languages"),
        ({"services_ja": "x"}, "both_languages"),
        ({"since": clock.now() + timedelta(hours=1)}, "begins_later"),
        ({"expected_end": clock.now()}, "past"),
        ({"expected_end": datetime.max.replace(tzinfo=UTC)}, "not_plausible"),
        ({"since": datetime.min.replace(tzinfo=UTC)}, "not_plausible"),
    ):
        with pytest.raises(Invalid) as refused:
            publish(going, **more)
        assert refused.value.reason == reason
    assert queries.known(None, "en") == []


def test_staff_see_the_outages_of_records_they_see_narrowed_by_word_and_state() -> None:
    open_site()
    worker, of = desk.browser("sato", "responder"), outage()
    publish(of, expected_end=clock.now() + timedelta(hours=1))
    page = desk.page(worker.get("/outages/"))
    assert TITLE in page
    assert of.ref in page
    assert "/outages/" in desk.page(worker.get(f"/incidents/{of.ref}/"))
    for query, there in (("q=mail", True), ("q=printer", False), ("stand=late", False)):
        assert (TITLE in desk.page(worker.get(f"/outages/?{query}"))) is there, query
    world.clock.fast_forward(timedelta(hours=2))
    worker = desk.browser("sato")
    assert TITLE in desk.page(worker.get("/outages/?stand=late"))
    incidents.restrict(by=world.actor("mori"), ref=of.ref, reason="x")
    assert TITLE not in desk.page(worker.get("/outages/"))
    assert "No outage matches" in desk.page(worker.get("/outages/?stand=over"))
