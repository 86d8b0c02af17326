"""Settings of the desk itself: the index, the site, calendars."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hikeshi.accounts import actions, queries
from hikeshi.accounts.models import Calendar, Organisation, Site
from tests import world
from tests.web.desk import browser, page

SITE = {
    "name": "火消し組",
    "languages": ["ja", "en"],
    "language": "ja",
    "time_zone": "Asia/Tokyo",
    "notice": "",
    "currency": "JPY",
}
OFFICE = {
    "name": "Tokyo",
    "time_zone": "Asia/Tokyo",
    "country": "JP",
    **dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "9-12, 13-18"),
    "closings": "12/29-1/3 年末年始",
}


@pytest.fixture
def keeper() -> Client:
    world.site()
    return browser("keeper", "administrator")


def test_the_index_names_what_the_reader_may_open_and_nothing_else(keeper: Client) -> None:
    whole = page(keeper.get("/settings/"))
    assert "/settings/tokens/" in whole
    assert "/settings/site/" in whole
    member = page(browser("mori", "responder").get("/settings/"))
    assert "/settings/tokens/" not in member
    assert "/settings/calendars/" in member


def test_the_sites_name_and_its_message_stand_on_every_page_until_taken_away(keeper: Client) -> None:
    keeper.post("/settings/site/", {**SITE, "notice": "Mail is down <b>today</b>"})
    shown = page(browser("mori", "responder").get("/incidents/"))
    assert "火消し組" in shown
    assert "Mail is down &lt;b&gt;today&lt;/b&gt;" in shown
    keeper.post("/settings/site/", SITE)
    assert "Mail is down" not in page(keeper.get("/incidents/"))
    assert "Last changed by Keeper" in page(keeper.get("/settings/site/"))


def test_a_language_that_is_not_offered_is_no_choice_anywhere(keeper: Client) -> None:
    wrong = keeper.post("/settings/site/", {**SITE, "languages": ["en"]})
    assert wrong.status_code == 422
    assert list(wrong.context["form"].errors) == ["language"]
    keeper.post("/settings/site/", {**SITE, "languages": ["en"], "language": "en"})
    assert 'value="ja"' not in page(keeper.get("/account/preferences"))


def test_whoever_saves_second_sees_both_texts_and_loses_neither(keeper: Client) -> None:
    read = Site.objects.get().version
    keeper.post("/settings/site/", {**SITE, "name": "First", "version": read})
    late = keeper.post("/settings/site/", {**SITE, "name": "Second", "version": read})
    shown = page(late, 409)
    assert "First" in shown
    assert 'value="Second"' in shown
    again = {**SITE, "name": "Second", "version": late.context["form"]["version"].value()}
    assert keeper.post("/settings/site/", again).status_code == 302
    assert Site.objects.get().name == "Second"


def test_a_held_site_says_so_on_every_page(keeper: Client) -> None:
    keeper.post("/settings/site/hold")
    assert "This desk is held" in page(keeper.get("/incidents/"))
    keeper.post("/settings/site/release")
    assert "This desk is held" not in page(keeper.get("/incidents/"))


def test_a_calendar_is_made_chosen_and_says_when_something_would_be_due(keeper: Client) -> None:
    assert keeper.post("/settings/calendars/new", OFFICE).status_code == 302
    calendar = Calendar.objects.get()
    assert calendar.hours[0] == "09:00-12:00, 13:00-18:00"
    keeper.post("/settings/calendars/", {"organisation": world.site().uuid, "calendar": calendar.uuid})
    below = world.organisation("Osaka")
    assert queries.calendar_of(Organisation.objects.get(pk=below.pk)).week[5] == ()
    shown = page(keeper.get(f"/settings/calendars/{calendar.uuid}?start=2026-12-28T17:00&hours=2"))
    assert re.search(r"4 Jan( 2027)? \(Mon\) 10:00", shown)
    assert "年末年始" in shown


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("monday", "nine to five", "Write hours as 09:00-12:00, 13:00-18:00."),
        ("closings", "12/29-1/3\n2/31", "Line 2: there is no such day."),
        ("specials", "2026-12-28 half", "Line 1: write a day and its hours, as in 2026-12-28 09:00-12:00."),
        ("name", "Office", "This name is already in use."),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_field_and_kept(
    keeper: Client, field: str, typed: str, said: str
) -> None:
    actions.add_calendar(by=world.admin(), name="Office", time_zone="UTC", hours=["9-18", *[""] * 6])
    wrong = keeper.post("/settings/calendars/new", {**OFFICE, field: typed})
    assert wrong.status_code == 422
    assert wrong.context["form"].errors == {field: [said]}
    assert typed.splitlines()[-1] in page(wrong, 422)


def test_a_calendar_somebody_keeps_is_not_removed(keeper: Client) -> None:
    keeper.post("/settings/calendars/new", OFFICE)
    calendar = Calendar.objects.get()
    keeper.post("/settings/calendars/", {"organisation": world.site().uuid, "calendar": calendar.uuid})
    refused = keeper.post(f"/settings/calendars/{calendar.uuid}/remove")
    assert "This is still in use" in page(refused, 422)
    keeper.post("/settings/calendars/", {"organisation": world.site().uuid, "calendar": ""})
    assert keeper.post(f"/settings/calendars/{calendar.uuid}/remove").status_code == 302
    assert not Calendar.objects.exists()


def test_the_list_of_calendars_asks_no_more_often_when_it_is_longer(keeper: Client) -> None:
    keeper.get("/settings/calendars/")
    with CaptureQueriesContext(connection) as few:
        keeper.get("/settings/calendars/")
    for number in range(12):
        made = actions.add_calendar(by=world.admin(), name=f"C{number}", time_zone="UTC", hours=["9-18", *[""] * 6])
        place = world.organisation(f"O{number}")
        actions.choose_calendar(by=world.admin(), organisation=place.uuid, calendar=made.uuid)
    keeper.get("/settings/calendars/")  # what the menu counts is counted anew once after a change
    with CaptureQueriesContext(connection) as many:
        keeper.get("/settings/calendars/")
    assert len(many) - len(few) <= 1, "one more for the organisations, once there are any"
