"""Service levels through pages and API: what is promised is set there, and what runs out is seen there first."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from hikeshi.incidents import actions as incidents
from hikeshi.incidents.codes import Waiting
from hikeshi.ledger import reactions
from hikeshi.service_levels import queries
from tests import world
from tests.domains.clocks import engine, later, promised
from tests.web import desk

TARGETS = "/settings/service-levels/"
FORM = {"measure": "resolve", "ja": "解決", "en": "Solved", "hours": "always", "always_to": 0, "minutes_1": "4h"}


def test_a_site_says_yes_to_a_sample_and_the_next_record_runs_by_it() -> None:
    reactions.begin()
    keeper = desk.browser("keeper", "administrator")
    assert "Nothing is measured yet" in desk.page(keeper.get(TARGETS))
    keeper.post(f"{TARGETS}own/on")
    assert "Nothing is measured yet" not in desk.page(keeper.get(TARGETS))
    ref = desk.incident().ref
    engine()
    for place in ("/incidents/", f"/incidents/{ref}/"):
        assert "Time to own" in desk.page(keeper.get(place))
    later(timedelta(minutes=45))
    keeper = desk.browser("keeper")  # the session has ended meanwhile
    assert "min over" in desk.page(keeper.get(f"/incidents/{ref}/"))
    assert "the time has run out" in desk.page(keeper.get(f"/incidents/{ref}/"))
    keeper.post(f"/incidents/{ref}/take")
    engine()
    explained = desk.page(keeper.get(f"/incidents/{ref}/clocks"))
    assert "Too late" in explained
    assert "the owner changed" in explained


def test_a_target_is_written_tried_and_refused_beside_its_field_with_what_was_typed_kept() -> None:
    keeper = desk.browser("keeper", "administrator")
    bad = desk.page(keeper.post(f"{TARGETS}new", {**FORM, "minutes_2": "soon", "percent_1": 5000}), 422)
    assert "“soon” is not a length of time" in bad
    assert 'value="soon"' in bad
    assert (
        keeper.post(f"{TARGETS}new", {**FORM, "minutes_2": "1d", "percent_1": 80, "acts_1": ["raise"]}).status_code
        == 302
    )
    made = queries.book_in_force().book.targets[-1]
    assert (made.minutes[:2], made.steps[0].percent, made.on) == ((240, 1440), 80, False)
    assert "If a record were opened now" in desk.page(keeper.get(f"{TARGETS}{made.code}"))
    stale = {**FORM, "version": made.version}
    keeper.post(f"{TARGETS}{made.code}", {**stale, "en": "First"})
    clash = desk.page(keeper.post(f"{TARGETS}{made.code}", {**stale, "en": "Second"}), 409)
    assert "First" in clash
    assert "Second" in clash


def test_a_clock_that_stands_still_is_one_sentence_on_its_badge_and_begins_one_where_it_stands_alone() -> None:
    world.clock.freeze(world.clock.now())
    keeper = desk.browser("keeper", "administrator")
    promised()
    ref = desk.incident().ref
    engine()
    incidents.wait(by=world.actor("mori"), ref=ref, waiting=Waiting.REPORTER)
    engine()
    assert "<span>Time to resolve: standing still · 4:00 left</span>" in desk.page(keeper.get("/board/"))
    assert "Standing still" in desk.page(keeper.get(f"/incidents/{ref}/clocks"))


def test_what_is_stuck_is_counted_and_shown_by_itself_and_deadlines_are_an_order() -> None:
    promised(minutes=600, always_to=5, kinds=("phishing",))
    stuck, moving = desk.incident("Nobody looks"), desk.incident("Somebody looks", kind="phishing")
    world.clock.fast_forward(timedelta(hours=5))
    incidents.assign(by=world.actor("mori"), ref=moving.ref, owner="mori")
    engine()
    browser = desk.browser("mori", "commander")
    assert "Stuck: 1" in desk.page(browser.get("/incidents/"))
    shown = desk.page(browser.get("/incidents/?stuck=any"))
    assert stuck.ref in shown
    assert moving.ref not in shown
    ordered = desk.page(browser.get("/incidents/?order=due")).split('id="incident-rows"', 1)[1]
    assert ordered.index(moving.ref) < ordered.index(stuck.ref)


def test_who_only_looks_sees_the_promises_and_no_button_and_a_stranger_nothing() -> None:
    auditor = desk.page(desk.browser("auditor", "auditor").get(TARGETS))
    assert "Until somebody owns it" in auditor
    assert "Switch on" not in auditor
    desk.page(desk.browser("ito", "reporter").get(TARGETS), 403)


def test_the_pages_ask_the_database_as_often_for_many_clocks_as_for_one() -> None:
    promised(minutes=600, always_to=5)
    browser = desk.browser("mori", "commander")
    desk.incident()
    engine()
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            desk.page(browser.get("/incidents/?order=due"))
        counts.append(len(asked))
        for number in range(5):
            desk.incident(f"more {number}")
        engine()
    assert counts[0] == counts[1]


def test_programs_read_clocks_set_targets_and_find_what_is_stuck() -> None:
    reactions.begin()
    keeper = desk.browser("keeper", "administrator")
    new = {
        "measure": "resolve",
        "ja": "解決",
        "en": "Solved",
        "minutes": [60] * 5,
        "hours": "always",
        "pauses": ["reporter"],
    }
    made = keeper.post("/api/v1/targets", new, content_type="application/json").json()
    assert (made["on"], made["minutes"]) == (False, [60] * 5)
    assert keeper.post(f"/api/v1/targets/{made['code']}/on", {}, content_type="application/json").json()["on"]
    record = desk.incident()
    engine()
    incidents.wait(by=world.actor("mori"), ref=record.ref, waiting=Waiting.REPORTER)
    engine()
    (clock,) = keeper.get(f"/api/v1/incidents/{record.ref}/clocks").json()["items"]
    assert (clock["state"], clock["due_at"]) == ("paused", None)
    assert 3590 < clock["left"] <= 3600
    assert [one["because"] for one in clock["changes"]] == ["opened", "waiting"]
    world.clock.fast_forward(timedelta(days=20))
    keeper = desk.browser("keeper")  # the session has long ended
    assert [one["ref"] for one in keeper.get("/api/v1/stuck?reason=waiting").json()["items"]] == [record.ref]
    assert [one["ref"] for one in keeper.get("/api/v1/deadlines").json()["items"]] == [record.ref]
    wrong = keeper.get("/api/v1/stuck?reason=odd")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid")
