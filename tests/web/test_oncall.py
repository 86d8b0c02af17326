"""Duty on pages: who has it now, a plan that is looked at before it is saved, gaps nobody can miss."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hikeshi.accounts import actions as accounts
from hikeshi.accounts import queries
from hikeshi.kernel import clock
from hikeshi.oncall import actions
from hikeshi.oncall.models import Absence, Cover, Rota, Subscription, Swap
from hikeshi.oncall.queries import rotas
from hikeshi.oncall.terms import Promise, Promised
from tests import world
from tests.domains.oncall import SATURDAY, planner, ref, responders, rota
from tests.web.desk import browser, page

DAY, WEEK = timedelta(days=1), timedelta(days=7)
LAYER = {"every": "1", "unit": "week", "begins": "2026-11-21T09:00", "zone": "Asia/Tokyo", "holidays": "alike"}


def typed(do: str, *layers: dict[str, object], **more: object) -> dict[str, object]:
    """The form of a rota as a browser sends it."""
    sent: dict[str, object] = {"do": do, "name": "Night", "time_zone": "Asia/Tokyo", "note": "", "why": "", **more}
    for number, layer in enumerate(layers):
        sent |= {f"layers-{number}-{name}": value for name, value in {**LAYER, **layer}.items()}
    return {**sent, "layers-TOTAL_FORMS": len(layers), "layers-INITIAL_FORMS": 0}


def planning() -> Client:
    clock.freeze(SATURDAY)
    return browser("sato", "manager")


def test_a_rota_is_looked_at_before_it_is_saved_and_then_stands_on_the_first_page() -> None:
    responders("mori", "abe")
    client = planning()
    place = str(world.site().uuid)
    two = {"people": ["mori", "Abe", ""]}
    looked = page(client.post("/oncall/new", typed("look", two, organisation=place)))
    assert "Mori" in looked
    assert not Rota.objects.exists()
    saved = client.post("/oncall/new", typed("save", two, organisation=place))
    assert saved.status_code == 302
    row = Rota.objects.get()
    assert rotas.on_call_now(rotas.ref_of(row), SATURDAY + WEEK) == (ref(world.person("abe")),)
    assert "Mori" in page(client.get(saved["Location"]))
    assert "Mori" in page(browser("kato", "responder").get("/incidents/"))


def test_one_more_layer_keeps_what_was_typed() -> None:
    responders("mori")
    more = page(planning().post("/oncall/new", typed("layer", {"people": ["mori"]})))
    assert 'name="layers-1-zone"' in more
    assert 'value="mori"' in more
    assert not Rota.objects.exists()


def test_layers_change_places_by_buttons_and_a_promise_is_kept_with_the_rota() -> None:
    """Without JavaScript: each press is a POST that gives the form back."""
    responders("mori", "abe")
    client, place = planning(), str(world.site().uuid)
    two = ({"people": ["mori"], "label": "Below"}, {"people": ["abe"], "zone": "Europe/Berlin"})
    moved = page(client.post("/oncall/new", typed("up-1", *two)))
    assert moved.index('value="abe"') < moved.index('value="mori"')
    assert 'name="layers-1-label" value="Below"' in moved
    assert "down-1" not in moved  # the last has nothing beneath it
    assert page(client.post("/oncall/new", typed("down-7", *two))).index('value="mori"')
    office = {f"covers_{day}": "09:00-18:00" for day in range(1, 6)}
    said = {"promise": "hours", "organisation": place}
    refused = page(client.post("/oncall/new", typed("save", *two, **said)), 422)
    assert "At least one day must have hours." in refused
    saved = client.post("/oncall/new", typed("save", *two, **said, **office))
    shown = page(client.get(saved["Location"]))
    assert "these hours of the week" in shown
    assert 'value="09:00-18:00"' in page(client.get(saved["Location"] + "edit"))


def test_hours_outside_what_a_rota_covers_alarm_nobody() -> None:
    (mori,) = responders("mori")
    row = rota(mori, week=("09:00-18:00",) * 7)
    promise = Promise(Promised.OPENING)
    said = rotas.terms_of(row)
    actions.edit_rota(
        by=planner(), rota=row.uuid, name="Night", time_zone="Asia/Tokyo", layers=said.layers, promise=promise
    )
    clock.freeze(SATURDAY + timedelta(hours=12))
    client = browser("kato", "responder")
    for path in ("/oncall/", "/incidents/"):
        shown = page(client.get(path))
        assert "Nobody on call" not in shown, path
        assert "not covered" in shown or "outside the hours this rota covers" in shown, path
    shown = page(client.get(f"/oncall/{row.uuid}/"))
    assert "No gap and no overlap" in shown
    assert "the opening hours of a calendar" in shown


def test_who_is_not_known_and_what_cannot_be_read_is_said_beside_it_and_nothing_is_lost() -> None:
    responders("mori")
    wrong = {"people": ["mori", "morri"], "day_2": "9-"}
    client, place = planning(), str(world.site().uuid)
    said = page(client.post("/oncall/new", typed("save", wrong, organisation=place)), 422)
    assert "Nobody here has the user name" in said
    assert 'value="morri"' in said
    wrong["people"] = ["mori"]
    said = page(client.post("/oncall/new", typed("save", wrong, organisation=place)), 422)
    assert "Write hours as" in said
    assert not Rota.objects.exists()


def test_whoever_saves_second_sees_both_texts() -> None:
    mori, abe = responders("mori", "abe")
    row = rota(mori)
    client = planning()
    actions.edit_rota(by=planner(), rota=row.uuid, name="Night", time_zone="Asia/Tokyo", layers=[])
    both = page(client.post(f"/oncall/{row.uuid}/edit", typed("save", {"people": ["abe"]}, version="1")), 409)
    assert "Somebody saved this while you were writing" in both
    assert "Abe" in both
    sent = client.post(f"/oncall/{row.uuid}/edit", typed("save", {"people": ["abe"]}, version="2"))
    assert sent.status_code == 302
    assert rotas.on_call_now(rotas.ref_of(row), SATURDAY) == (ref(abe),)


def test_a_gap_burns_on_the_board_the_rota_and_the_first_page() -> None:
    (mori,) = responders("mori")
    row = rota(mori)
    accounts.deactivate_person(by=world.admin(), person=mori.uuid)
    client = browser("kato", "responder")
    for path in ("/oncall/", f"/oncall/{row.uuid}/", "/incidents/"):
        shown = page(client.get(path))
        assert "Nobody on call" in shown, path
        assert "no longer at this desk" in shown, path


def test_the_plan_is_in_the_zone_of_the_rota_whatever_the_readers() -> None:
    mori, abe = responders("mori", "abe")
    row = rota(mori, abe)
    client = browser("kato", "responder")
    person = world.person("kato")
    accounts.set_preferences(by=queries.actor_of(person), language="en", time_zone="America/New_York", theme="system")
    assert "00:00–09:00" in page(client.get(f"/oncall/{row.uuid}/?from=2026-11-23"))


def test_a_swap_is_asked_and_taken_on_the_pages() -> None:
    mori, abe = responders("mori", "abe")
    row = rota(mori, abe)
    asks, takes = browser("mori"), browser("abe")
    sent = {"begins_at": "2026-11-23T09:00", "ends_at": "2026-11-24T09:00", "asked": str(abe.uuid)}
    assert asks.post(f"/oncall/{row.uuid}/swap", sent).status_code == 302
    swap = Swap.objects.get()
    assert "Take this turn" in page(takes.get("/oncall/"))
    assert "Take this turn" not in page(asks.get("/oncall/"))
    assert takes.post(f"/oncall/swaps/{swap.uuid}/accept").status_code == 302
    assert rotas.on_call_now(rotas.ref_of(row), SATURDAY + 2 * DAY) == (ref(abe),)
    assert asks.post(f"/oncall/swaps/{swap.uuid}/withdraw").status_code == 302
    assert "answered this already" in page(asks.get("/oncall/"))
    assert asks.post(f"/oncall/swaps/{swap.uuid}/burn").status_code == 404
    wrong = {**sent, "begins_at": "2026-12-01T09:00", "ends_at": "2026-12-02T09:00"}
    assert "You are not on call all that time" in page(asks.post(f"/oncall/{row.uuid}/swap", wrong), 422)


def test_an_absence_is_ones_own_and_who_plans_puts_somebody_in_from_the_gap() -> None:
    mori, abe = responders("mori", "abe")
    row = rota(mori)
    away = {"begins_at": "2026-11-23T09:00", "ends_at": "2026-11-24T09:00", "person": str(abe.uuid)}
    assert browser("mori").post("/oncall/absence", away).status_code == 302
    assert Absence.objects.get().person == mori
    client = planning()
    shown = page(client.get(f"/oncall/{row.uuid}/"))
    assert "absent, no substitute" in shown
    assert "from=2026-11-23T09%3A00%3A00%2B09%3A00" in shown
    form = page(client.get(f"/oncall/{row.uuid}/cover?from=2026-11-23T09%3A00%3A00%2B09%3A00&until=nonsense"))
    assert 'value="2026-11-23T09:00"' in form
    del away["person"]
    assert client.post(f"/oncall/{row.uuid}/cover", {**away, "person": str(abe.uuid)}).status_code == 302
    assert rotas.on_call_now(rotas.ref_of(row), SATURDAY + 2 * DAY) == (ref(abe),)


def test_a_calendar_program_reads_duty_at_an_address_shown_once(caplog: pytest.LogCaptureFixture) -> None:
    mori, abe = responders("mori", "abe")
    rota(mori, abe)
    client = browser("mori")
    shown = client.post("/oncall/calendar", {"rota": ""})
    address = page(shown).partition('class="secret">')[2].partition("</code>")[0]
    path = "/oncall/calendar/" + address.rpartition("/")[2]
    assert "hks_" not in page(client.get("/oncall/calendar"))
    read = Client().get(path)
    text = page(read)
    assert read["Content-Type"] == "text/calendar; charset=utf-8"
    assert text.startswith("BEGIN:VCALENDAR")
    assert "DTSTART:20261121T000000Z" in text
    assert "DTSTART:20261128T000000Z" not in text  # Abe's week is none of Mori's calendar
    assert text == page(Client().get(path))
    assert Client().get("/oncall/calendar/hks_nobody.ics").status_code == 404
    assert "hks_nobody" not in caplog.text
    again = page(client.get("/oncall/calendar"))
    revoke = again.partition('action="/oncall/calendar/')[2].partition("/revoke")[0]
    assert client.post(f"/oncall/calendar/{revoke}/revoke").status_code == 302
    assert Client().get(path).status_code == 404


FILE = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:x
BEGIN:VEVENT
UID:1
DTSTART;TZID=Asia/Tokyo:20261123T090000
DTEND;TZID=Asia/Tokyo:20261124T090000
RRULE:FREQ=WEEKLY;COUNT=3
SUMMARY:Duty: Abe
END:VEVENT
BEGIN:VEVENT
UID:2
DTSTART;VALUE=DATE:20261201
SUMMARY:Somebody unknown
END:VEVENT
END:VCALENDAR
"""


def test_shifts_of_a_calendar_file_are_looked_at_and_put_in_once() -> None:
    mori, abe = responders("mori", "abe")
    row = rota(mori)
    client = planning()
    where = f"/oncall/{row.uuid}/import"
    looked = page(client.post(where, {"do": "look", "file": SimpleUploadedFile("a.ics", FILE.encode())}))
    assert "Becomes a turn: 3" in looked
    assert "Left aside: 1" in looked
    assert not Cover.objects.exists()
    for _ in range(2):
        assert client.post(where, {"do": "import", "content": FILE}).status_code == 302
    assert Cover.objects.count() == 3
    assert rotas.on_call_now(rotas.ref_of(row), SATURDAY + 9 * DAY) == (ref(abe),)
    assert browser("mori").post(where, {"do": "import", "content": FILE}).status_code == 403


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("not a calendar", "cannot|not a calendar file"),
        (FILE.replace("WEEKLY;COUNT=3", "SECONDLY"), "by the minute or second"),
        ("", "Choose a file"),
        (FILE.replace("Abe", "Nobody"), "No event names exactly one person"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(body: str, said: str) -> None:
    (mori,) = responders("mori")
    row = rota(mori)
    answer = planning().post(f"/oncall/{row.uuid}/import", {"do": "import", "content": body})
    text = page(answer, 422)
    assert any(part in text for part in said.split("|"))
    assert not Cover.objects.exists()


def test_what_each_carries_says_how_it_is_counted() -> None:
    mori, abe = responders("mori", "abe")
    row = rota(mori, abe)
    clock.fast_forward(2 * WEEK)
    shown = page(browser("kato", "auditor").get(f"/oncall/{row.uuid}/fairness?since=2026-11-21&until=2026-12-05"))
    assert "22:00" in shown
    assert "168.0" in shown
    assert page(browser("kato", "auditor").get(f"/oncall/{row.uuid}/fairness?since=x&until=9999-01-01"))


def test_a_link_to_cover_from_a_time_that_is_none_everywhere_opens_the_form_empty() -> None:
    row = rota(*responders("mori", "abe"))
    times = {"from": "0001-01-01T00:00:00+14:00", "until": "9999-12-31T23:59:59-12:00"}
    assert 'value="0001' not in page(planning().get(f"/oncall/{row.uuid}/cover", times))


def test_pages_of_duty_without_any_say_what_will_stand_there() -> None:
    empty = page(planning().get("/oncall/"))
    assert "Make the first rota" in empty
    assert "Make the first rota" not in page(browser("mori", "responder").get("/oncall/"))
    assert browser("nobody", "reporter").get("/oncall/").status_code == 403


def test_a_calendar_at_an_address_is_read_from_the_page_and_its_address_is_shown_to_nobody_again() -> None:
    (abe,) = responders("abe")
    row, client = rota(abe), planning()
    assert f"?whose=rota:{row.uuid}" in page(client.get(f"/oncall/{row.uuid}/"))
    sent = {"address": "webcal://calendar.example/private-9a8b7c/night.ics", "whose": f"rota:{row.uuid}"}
    refused = page(client.post("/oncall/calendars", {**sent, "address": "calendar.example/night.ics"}), 422)
    assert "https://" in refused
    assert client.post("/oncall/calendars", sent).status_code == 302
    shown = page(client.get("/oncall/calendars"))
    assert ("calendar.example/….ics" in shown, "private-9a8b7c" in shown) == (True, False)
    assert "turns in Night" in " ".join(re.sub("<[^>]*>", "", shown).split())
    kept = Subscription.objects.get()
    assert kept.rota == row
    assert client.post(f"/oncall/calendars/{kept.uuid}/read").status_code == 302
    Subscription.objects.update(fault="calendar_gone", failing_since=clock.now())
    assert "There is no calendar at this address any more." in page(client.get("/oncall/calendars"))
    assert client.post(f"/oncall/calendars/{kept.uuid}/end").status_code == 302
    assert not Subscription.objects.exists()


def test_holidays_of_a_business_calendar_are_read_from_the_same_page_by_whoever_looks_after_it() -> None:
    office = accounts.add_calendar(by=world.admin(), name="Office", time_zone="Asia/Tokyo", hours=["9-18", *[""] * 6])
    client, whose = browser("keeper", "administrator"), f"calendar:{office.uuid}"
    assert f"?whose={whose}" in page(client.get(f"/settings/calendars/{office.uuid}"))
    form = page(client.get(f"/oncall/calendars?whose={whose}"))
    assert re.search(f'value="{whose}" *selected', form)
    assert client.post("/oncall/calendars", {"address": "https://x.example/a.ics", "whose": whose}).status_code == 302
    shown = page(client.get("/oncall/calendars"))
    assert "holidays in Office" in " ".join(re.sub("<[^>]*>", "", shown).split())
    manager = planning()
    assert "Office" not in page(manager.get("/oncall/calendars"))
    assert manager.post("/oncall/calendars", {"address": "https://x.example/b", "whose": whose}).status_code == 422
    assert manager.post("/oncall/calendars", {"address": "https://x.example/b", "whose": "own"}).status_code == 302
