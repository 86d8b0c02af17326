"""Addresses as people write them, and the hours in which somebody is reached."""

from datetime import UTC, datetime, timedelta

import pytest

from hikeshi.accounts import addresses, ways, zones
from hikeshi.accounts.ways import Kind, Standing
from hikeshi.calendars.hours import Unreadable
from hikeshi.kernel.refusals import Invalid


@pytest.mark.parametrize(
    ("typed", "kept", "shown"),
    [
        ("03-1234-5678", "+81312345678", "03-1234-5678"),
        ("０３（１２３４）５６７８", "+81312345678", "03-1234-5678"),
        ("03ー1234ー5678 内線 123", "+81312345678;ext=123", "03-1234-5678"),
        ("+81 (3) 1234-5678 ext. 123", "+81312345678;ext=123", "03-1234-5678"),
        ("0120-444-113", "+81120444113", "0120-444-113"),
        ("09012345678", "+819012345678", "090-1234-5678"),
        ("+44 20 7946 0958", "+442079460958", "+44 20 7946 0958"),
        ("#9110", "#9110", "#9110"),
        ("110", "110", "110"),
        ("内線4321", ";ext=4321", ""),
    ],
)
def test_two_spellings_of_one_number_are_one_number(typed: str, kept: str, shown: str) -> None:
    assert addresses.written(Kind.PHONE, typed, "JP") == kept
    assert addresses.number(kept, "JP") == shown


@pytest.mark.parametrize(
    ("kind", "typed", "reason"),
    [
        (Kind.PHONE, "call me", "not_a_number"),
        (Kind.PHONE, "03-1234-56789012", "no_such_number"),
        (Kind.PHONE, "", "required"),
        (Kind.SMS, "03-1234-5678", "takes_no_text"),
        (Kind.SMS, "090-1234-5678 内線 1", "takes_no_text"),
        (Kind.MAIL, "mori@example", "not_an_address"),
        (Kind.WEBHOOK, "ftp://example.jp", "not_a_web_address"),
        (Kind.WEBHOOK, "https://[x", "not_a_web_address"),
        (Kind.CHATWORK, "a b", "address_characters"),
        (Kind.LINE, "x" * 501, "too_long"),
    ],
)
def test_what_leads_nowhere_is_refused_with_its_reason(kind: Kind, typed: str, reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        addresses.written(kind, typed, "JP")
    assert (refused.value.field, refused.value.reason) == ("address", reason)


def test_a_number_is_dialled_by_a_thumb() -> None:
    assert addresses.dialled(Kind.PHONE, "+81312345678;ext=123") == "tel:+81312345678;ext=123"
    assert addresses.dialled(Kind.PHONE, "#9110") == "tel:%239110"
    assert addresses.dialled(Kind.SMS, "+819012345678") == "sms:+819012345678"
    assert addresses.dialled(Kind.MAIL, "a?cc=b@example.jp") == "mailto:a%3Fcc%3Db@example.jp"
    assert addresses.dialled(Kind.PHONE, ";ext=4321") == ""


def test_an_address_that_is_a_key_is_shown_to_nobody_whole() -> None:
    assert "T0K3N" not in addresses.hidden(Kind.SLACK, "https://hooks.slack.com/services/T0K3N")
    assert "T0K3N" not in addresses.hidden(Kind.APPRISE, "tgram://T0K3N/42")
    assert addresses.hidden(Kind.NTFY, "our-secret-topic") == "o…opic"
    assert addresses.hidden(Kind.MAIL, "mori@example.jp") == "mori@example.jp"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("24時間365日", ""),
        ("月-金 9:00-18:00; 土 10-12", "mon-fri 09:00-18:00; sat 10:00-12:00"),
        ("平日９時", None),
        ("weekdays 22:00-06:00", "mon-fri 22:00-06:00"),
        ("土,日 10:00-17:00", "sat-sun 10:00-17:00"),
        ("金~月 1-2", "mon 01:00-02:00; fri-sun 01:00-02:00"),
        ("mon 9-12; mon 13-17", None),
        ("someday 9-17", None),
    ],
)
def test_hours_are_read_as_offices_write_them(typed: str, kept: str | None) -> None:
    if kept is None:
        with pytest.raises(Unreadable):
            ways.read_hours(typed)
        return
    week = ways.read_hours(typed)
    assert ways.written_hours(week) == kept
    assert ways.read_hours(kept) == week


def test_hours_hold_in_the_zone_of_whom_they_are_about() -> None:
    saturday = datetime(2026, 11, 20, 20, 30, tzinfo=UTC)  # Saturday 05:30 in Tokyo, Friday 20:30 in London
    assert ways.open_at("mon-fri 22:00-06:00", "Asia/Tokyo", saturday)
    assert not ways.open_at("mon-fri 22:00-06:00", "Asia/Tokyo", saturday + timedelta(minutes=30))
    assert not ways.open_at("mon-fri 22:00-06:00", "Europe/London", saturday)
    assert ways.open_at("", "Europe/London", saturday)


def test_what_is_wrong_now_weighs_more_than_an_old_proof() -> None:
    now, stale = datetime(2026, 11, 21, tzinfo=UTC), timedelta(days=180)
    assert ways.standing(now, "bounced", now, stale) is Standing.TROUBLE
    assert ways.standing(None, "", now, stale) is Standing.NEVER
    assert ways.standing(now - timedelta(days=181), "", now, stale) is Standing.STALE
    assert ways.standing(now - timedelta(days=180), "", now, stale) is Standing.PROVEN


@pytest.mark.parametrize(("typed", "near"), [("Asia/Tokio", "Asia/Tokyo"), ("tokyo", "Asia/Tokyo")])
def test_a_zone_mistyped_is_refused_with_the_nearest_names(typed: str, near: str) -> None:
    with pytest.raises(Invalid) as refused:
        zones.proper(typed)
    assert refused.value.reason == "unknown_zone_near"
    assert near in refused.value.params["near"]
    assert zones.proper("asia/tokyo") == "Asia/Tokyo"
