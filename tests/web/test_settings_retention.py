"""The page of periods: what is kept how long and what would go, and the hold in the room."""

from datetime import timedelta

import pytest
from django.test import Client

from hikeshi.retention.models import Period
from tests import world
from tests.web import desk
from tests.web.desk import browser, page


@pytest.fixture
def keeper() -> Client:
    world.site()
    return browser("keeper", "administrator")


def test_what_is_no_number_of_days_is_not_asked_back(keeper: Client) -> None:
    for typed in ("soon", "0"):
        refused = page(keeper.post("/settings/retention/alerts_kept", {"days": typed, "version": "0"}), 422)
        assert 'name="sure"' not in refused


def test_what_a_shorter_period_would_take_away_is_asked_back_and_what_was_typed_is_kept() -> None:
    world.site()
    desk.alert("Old")
    world.clock.fast_forward(timedelta(days=60))
    keeper = browser("keeper", "administrator")
    asked = page(keeper.post("/settings/retention/alerts_kept", {"days": "30", "version": "0"}), 422)
    assert 'value="30"' in asked
    assert "asks for longer" in asked
    assert 'name="sure"' in asked
    saved = keeper.post("/settings/retention/alerts_kept", {"days": "30", "sure": "on", "version": "0"})
    assert saved.status_code == 302
    shown = page(keeper.get("/settings/retention/"))
    assert "Days: 30" in shown
    assert "below 365 days" in shown
    clash = page(keeper.post("/settings/retention/alerts_kept", {"days": "90", "version": "0"}), 409)
    assert "Somebody saved this" in clash
    assert Period.objects.get(category="alerts_kept").days == 30


@pytest.mark.parametrize("typed", ["0", "-1", "40000", "x", "１２．５"])
def test_no_period_is_taken_that_is_none(keeper: Client, typed: str) -> None:
    page(keeper.post("/settings/retention/bodies", {"days": typed, "sure": "on"}), 422)
    assert not Period.objects.exists()


def test_only_who_keeps_the_whole_site_finds_the_page(keeper: Client) -> None:
    local = browser("local", "administrator", at=world.organisation("Plant"))
    assert "/settings/retention/" not in page(local.get("/settings/"))
    page(local.get("/settings/retention/"), 403)
    assert "/settings/retention/" in page(keeper.get("/settings/"))


def test_a_hold_stands_in_the_room_with_who_and_why_and_on_the_page_for_who_may_see_the_record(keeper: Client) -> None:
    record = desk.incident()
    chief = browser("mori")
    chief.post(f"/incidents/{record.ref}/hold", {"reason": "Court <b>12</b>"})
    room = page(chief.get(f"/incidents/{record.ref}/"))
    assert "Held by Mori since" in room
    assert "Court &lt;b&gt;12&lt;/b&gt;" in room
    assert record.ref in page(keeper.get("/settings/retention/"))
    chief.post(f"/incidents/{record.ref}/restrict", {"reason": "x"})
    assert record.ref not in page(keeper.get("/settings/retention/"))
    chief.post(f"/incidents/{record.ref}/release", {"reason": "over"})
    assert "Held by" not in page(chief.get(f"/incidents/{record.ref}/"))
