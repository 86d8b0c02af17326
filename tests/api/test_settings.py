"""Settings through the API."""

import pytest

from hikeshi.accounts.models import Person
from hikeshi.ledger.verify import verify
from tests import world
from tests.api.calling import Caller, body, problem, program

WEEK = ["09:00-18:00"] * 5 + ["", ""]


@pytest.fixture
def admin() -> Caller:
    world.site()
    return program(Person.objects.get(username="admin"))


def test_a_calendar_counts_for_an_organisation_and_all_below_it(admin: Caller) -> None:
    made = body(admin.post("calendars", {"name": "Office", "time_zone": "Asia/Tokyo", "hours": WEEK, "country": "JP"}))
    below = world.organisation("Osaka")
    path = f"organisations/{below.uuid}"
    assert body(admin.put(f"organisations/{world.site().uuid}/calendar", {"calendar": made["uuid"]}))["calendar"]
    due = body(admin.get(f"{path}/due?minutes=240&start=2026-11-20T16:00:00%2B09:00"))
    assert due == {"start": "2026-11-20T07:00:00Z", "minutes": 240, "open": True, "due": "2026-11-24T02:00:00Z"}
    nights = body(admin.post("calendars", {"name": "Nights", "time_zone": "UTC", "hours": ["22-6", *[""] * 6]}))
    admin.put(f"{path}/calendar", {"calendar": nights["uuid"]})
    due = body(admin.get(f"{path}/due?minutes=480&start=2026-11-20T16:00:00%2B09:00"))
    assert due["due"] == "2026-11-24T06:00:00Z"
    problem(admin.delete(f"calendars/{nights['uuid']}"), 422, "invalid")
    problem(admin.get(f"{path}/due?minutes=1&start=9999-12-31T23:59:59Z"), 422, "invalid")


def test_a_calendar_changed_meanwhile_is_not_overwritten(admin: Caller) -> None:
    first = {"name": "Office", "time_zone": "Asia/Tokyo", "hours": WEEK}
    made = body(admin.post("calendars", first))
    path = f"calendars/{made['uuid']}"
    assert body(admin.put(path, {**first, "country": "JP", "version": made["version"]}))["version"] == 2
    said = problem(admin.put(path, {**first, "country": "US", "version": 1}), 409, "conflict")
    assert (said["yours"], said["theirs"], said["version"]) == ({"country": "US"}, {"country": "JP"}, 2)
    assert body(admin.put(path, {**first, "country": "US", "version": 2}))["country"] == "US"


def test_the_site_is_changed_held_and_released_and_the_ledger_agrees(admin: Caller) -> None:
    changed = body(admin.patch("site", {"notice": "Mail is down", "live": False}))
    assert (changed["notice"], changed["live"], changed["version"]) == ("Mail is down", False, 2)
    assert body(admin.patch("site", {"live": True}))["live"] is True
    problem(admin.patch("site", {"languages": []}), 422, "invalid")
    problem(admin.patch("site", {"time_zone": "Asia/Edo"}), 422, "invalid")
    admin.post("calendars", {"name": "Office", "time_zone": "UTC", "hours": WEEK})
    assert verify(state=True).holds
