"""Duty through the API: who is on call now, a rota said and read back the same, gaps for programs."""

from datetime import date, timedelta
from typing import Any

from django.test import Client

from hikeshi.accounts import actions as accounts
from hikeshi.kernel import clock
from tests import world
from tests.api import calling
from tests.api.calling import Caller, body
from tests.domains.oncall import SATURDAY, responders, rota

LAYER = {"zone": "Asia/Tokyo", "begins": "2026-11-21T09:00", "unit": "week", "every": 1}


def planner() -> Caller:
    clock.freeze(SATURDAY)
    return calling.program(world.person("sato", "manager"))


def said(people: list[object], **more: object) -> dict[str, Any]:
    layers = [{**LAYER, "people": people}]
    return {"name": "Night", "time_zone": "Asia/Tokyo", "layers": layers, **more}


def test_a_rota_is_said_read_back_and_answers_who_is_on_call() -> None:
    mori, abe = responders("mori", "abe")
    caller, place = planner(), str(world.site().uuid)
    made = caller.post("rotas", said([str(mori.uuid), str(abe.uuid)], organisation=place))
    assert made.status_code == 201
    uuid = body(made)["uuid"]
    assert body(caller.get(f"rotas/{uuid}"))["layers"][0]["begins"] == "2026-11-21T09:00"
    now = body(caller.get("oncall/now"))["items"][0]
    assert (now["now"]["person"]["name"], now["next"]["person"]["name"]) == ("Mori", "Abe")
    later = body(caller.get("oncall/now?at=2026-11-28T00:00:00Z"))["items"][0]
    assert later["now"]["person"]["name"] == "Abe"
    watches = body(caller.get(f"rotas/{uuid}/watches?until=2026-12-05T00:00:00Z"))["items"]
    assert [one["person"]["name"] for one in watches] == ["Mori", "Abe"]


def test_programs_say_what_a_rota_covers_and_read_gaps_against_it() -> None:
    (mori,) = responders("mori")
    caller, place = planner(), str(world.site().uuid)
    sent = said([str(mori.uuid)], organisation=place)
    sent["layers"][0]["week"] = ["09:00-18:00"] * 7
    uuid = body(caller.post("rotas", sent))["uuid"]
    assert body(caller.get(f"rotas/{uuid}"))["promise"] == {"kind": "always", "week": [], "calendar": None}
    assert body(caller.get(f"rotas/{uuid}/lacks"))["gaps"]
    del sent["organisation"]
    sent["promise"] = {"kind": "hours", "week": ["9-18"] * 7}
    assert body(caller.put(f"rotas/{uuid}", sent))["promise"]["week"] == ["09:00-18:00"] * 7
    assert body(caller.get(f"rotas/{uuid}/lacks"))["gaps"] == []
    night = body(caller.get("oncall/now?at=2026-11-21T12:00:00Z"))["items"][0]["now"]
    assert (night["person"], night["why"]) == (None, "closed")
    sent["promise"] = {"kind": "hours"}
    assert "promise.day_1" in str(calling.problem(caller.put(f"rotas/{uuid}", sent), 422, "invalid"))


def test_a_gap_is_told_to_programs_with_whose_turn_it_was() -> None:
    (mori,) = responders("mori")
    row = rota(mori)
    accounts.deactivate_person(by=world.admin(), person=mori.uuid)
    caller = planner()
    assert body(caller.get("oncall/now"))["items"][0]["now"]["person"] is None
    gap = body(caller.get(f"rotas/{row.uuid}/lacks"))["gaps"][0]
    assert (gap["why"], gap["instead"]["name"]) == ("gone", "Mori")


def test_what_cannot_be_said_names_its_field_and_an_old_version_both_texts() -> None:
    mori, abe = responders("mori", "abe")
    row = rota(mori)
    caller = planner()
    wrong = said([str(mori.uuid)])
    wrong["layers"][0]["week"] = ["9-", *[""] * 6]
    refused = calling.problem(caller.put(f"rotas/{row.uuid}", wrong), 422, "invalid")
    assert "layers.0.day_1" in str(refused)
    assert caller.put(f"rotas/{row.uuid}", said([str(abe.uuid)], version=1)).status_code == 200
    both = calling.problem(caller.put(f"rotas/{row.uuid}", said([str(mori.uuid)], version=1)), 409, "conflict")
    assert "Abe" in str(both["theirs"])
    for since in ("0001-01-01T00:00:00Z", "2026-11-21T09:00"):
        assert caller.get(f"rotas/{row.uuid}/watches?since={since}").status_code == 422


def test_a_turn_is_swapped_and_an_absence_noted_by_programs() -> None:
    mori, abe = responders("mori", "abe")
    row = rota(mori, abe)
    asks, takes = calling.program(mori), calling.program(abe)
    time = {"begins_at": "2026-11-23T00:00:00Z", "ends_at": "2026-11-24T00:00:00Z"}
    asked = body(asks.post(f"rotas/{row.uuid}/swaps", {**time, "asked": str(abe.uuid)}))
    assert body(takes.get("swaps"))["items"][0]["state"] == "asked"
    assert body(takes.post(f"swaps/{asked['uuid']}/accept"))["state"] == "accepted"
    covers = body(asks.get(f"rotas/{row.uuid}/covers"))["items"]
    assert covers[0]["person"]["name"] == "Abe"
    away = body(takes.post("absences", {**time, "substitute": str(mori.uuid)}))
    at = (SATURDAY + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    now = body(asks.get(f"oncall/now?at={at}"))["items"][0]["now"]
    assert (now["person"]["name"], now["instead"]["name"], now["why"]) == ("Mori", "Abe", "substitute")
    assert takes.delete(f"absences/{away['uuid']}").status_code == 204
    assert takes.delete(f"covers/{covers[0]['uuid']}").status_code == 204


FILE = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:x
BEGIN:VEVENT
UID:1
DTSTART;TZID=Asia/Tokyo:20261123T090000
DTEND;TZID=Asia/Tokyo:20261124T090000
SUMMARY:Duty: Abe
END:VEVENT
BEGIN:VEVENT
UID:2
DTSTART;VALUE=DATE:20261201
SUMMARY:Somebody unknown
END:VEVENT
END:VCALENDAR
"""


def test_shifts_of_a_calendar_file_are_looked_at_and_put_in_once_by_programs() -> None:
    mori, _abe = responders("mori", "abe")
    row = rota(mori)
    caller, where = planner(), f"rotas/{row.uuid}/import"
    looked = body(caller.post(where, {"content": FILE, "look": True}))
    assert [one["person"]["name"] for one in looked["meant"]] == ["Abe"]
    assert [one["title"] for one in looked["strange"]] == ["Somebody unknown"]
    assert looked["made"] == 0
    assert [body(caller.post(where, {"content": FILE}))["made"] for _ in range(2)] == [1, 0]
    assert [one["person"]["name"] for one in body(caller.get(f"rotas/{row.uuid}/covers"))["items"]] == ["Abe"]
    assert "content" in str(calling.problem(caller.post(where, {"content": ""}), 422, "invalid"))
    calling.problem(caller.post(where, {"content": "no calendar"}), 422, "invalid")


def test_a_calendar_address_is_made_shown_once_and_revoked_by_programs() -> None:
    mori, abe = responders("mori", "abe")
    row = rota(mori, abe)
    caller, other = calling.program(mori), calling.program(abe)
    made = body(caller.post(f"rotas/{row.uuid}/feeds"))
    assert Client().get(made["path"]).status_code == 200
    listed = body(caller.get(f"rotas/{row.uuid}/feeds"))["items"]
    assert [one["uuid"] for one in listed] == [made["uuid"]]
    assert "path" not in listed[0]
    assert body(other.get(f"rotas/{row.uuid}/feeds"))["items"] == []
    assert other.delete(f"feeds/{made['uuid']}").status_code == 404
    assert caller.delete(f"feeds/{made['uuid']}").status_code == 204
    assert Client().get(made["path"]).status_code == 404


def test_what_each_carries_is_given_with_its_distance_from_the_mean() -> None:
    mori, abe = responders("mori", "abe")
    row = rota(mori, abe)
    found = body(planner().get(f"rotas/{row.uuid}/fairness?until=2026-12-12T00:00:00Z"))["items"]
    assert [(one["person"]["name"], one["hours"], one["deviation"]) for one in found] == [
        ("Mori", 336.0, 84.0),
        ("Abe", 168.0, -84.0),
    ]


def test_a_calendar_at_an_address_is_subscribed_read_again_and_ended_and_its_address_never_told() -> None:
    (mori,) = responders("mori")
    row, caller = rota(mori), planner()
    secret = "https://calendar.example/private-9a8b7c/of-the-night.ics"
    made = caller.post("duty_calendars", {"address": secret, "rota": str(row.uuid), "containing": "duty"})
    assert made.status_code == 201
    said = body(made)
    assert (said["rota"], said["person"], said["containing"]) == (str(row.uuid), None, "duty")
    assert (said["hint"], said["fault"], said["read_at"]) == ("calendar.example/….ics", "", None)
    listed = caller.get("duty_calendars")
    assert [one["uuid"] for one in body(listed)["items"]] == [said["uuid"]]
    assert "private-9a8b7c" not in made.content.decode() + listed.content.decode()
    assert caller.post(f"duty_calendars/{said['uuid']}/read", {}).status_code == 200
    assert calling.problem(caller.post("duty_calendars", {"address": "nowhere"}), 422, "invalid")
    assert caller.delete(f"duty_calendars/{said['uuid']}").status_code == 204
    assert body(caller.get("duty_calendars"))["items"] == []


def test_holidays_of_a_business_calendar_are_subscribed_and_shown_with_it() -> None:
    office = accounts.add_calendar(by=world.admin(), name="Office", time_zone="Asia/Tokyo", hours=["9-18", *[""] * 6])
    order = {"address": "https://calendar.example/holidays.ics", "calendar": str(office.uuid)}
    manager = planner()
    assert calling.problem(manager.post("duty_calendars", order), 403, "not_allowed")
    caller = calling.program(world.person("keeper", "administrator"))
    made = caller.post("duty_calendars", order)
    assert made.status_code == 201
    assert [body(made)[name] for name in ("calendar", "rota", "person")] == [str(office.uuid), None, None]
    accounts.publish_holidays(by=world.admin(), calendar=office.uuid, holidays={date(2100, 1, 1): "元日"})
    assert body(caller.get(f"calendars/{office.uuid}"))["published"] == "2100-01-01 元日"
    assert body(manager.get("duty_calendars"))["items"] == []


def test_when_one_hears_of_ones_own_duty_is_read_and_chosen() -> None:
    (mori,) = responders("mori")
    caller = calling.program(mori)
    assert body(caller.get("oncall/notice")) == {"hours": 24, "version": 0}
    assert body(caller.put("oncall/notice", {"hours": 0, "version": 0})) == {"hours": 0, "version": 1}
    assert calling.problem(caller.put("oncall/notice", {"hours": 3, "version": 0}), 409, "conflict")
    assert calling.problem(caller.put("oncall/notice", {"hours": 169}), 422, "invalid")
    assert body(caller.get("oncall/notice")) == {"hours": 0, "version": 1}
