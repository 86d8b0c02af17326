"""Calendar files of other people: whatever is in them, reading ends soon, with shifts or with a reason."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hikeshi.oncall import ical, ical_apart
from hikeshi.oncall.ical import Fault, Unreadable

SINCE = datetime(2026, 11, 21, tzinfo=UTC)
UNTIL = SINCE + timedelta(days=366)
ZONE = """BEGIN:VTIMEZONE\r
TZID:Office\r
BEGIN:STANDARD\r
DTSTART:19700101T000000\r
TZOFFSETFROM:+0900\r
TZOFFSETTO:+0900\r
END:STANDARD\r
END:VTIMEZONE\r
"""
EVENT = """BEGIN:VEVENT\r
UID:1@example.jp\r
DTSTART;TZID=Asia/Tokyo:20261123T090000\r
DTEND;TZID=Asia/Tokyo:20261124T090000\r
RRULE:FREQ=WEEKLY;COUNT=3;BYDAY=MO\r
EXDATE;TZID=Asia/Tokyo:20261130T090000\r
RDATE;TZID=Asia/Tokyo:20261202T090000,20261204T090000\r
ATTENDEE;CN="Abe, Jun":mailto:abe@example.jp\r
SUMMARY:Duty: Abe\r
END:VEVENT\r
"""


def file(*parts: str) -> bytes:
    return ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n" + "".join(parts) + "END:VCALENDAR\r\n").encode()


REAL = file(ZONE, EVENT)


def begins(shifts: tuple[ical.Shift, ...]) -> list[str]:
    return [f"{one.begin:%m-%d}" for one in shifts]


def test_shifts_are_worked_out_with_what_was_left_out_and_put_in_and_apart_as_well() -> None:
    found = ical.read(REAL, "Asia/Tokyo", SINCE, UNTIL)
    assert begins(found) == ["11-23", "12-02", "12-04", "12-07"]
    assert found[0].addresses == ("abe@example.jp",)
    assert ical_apart.read(REAL, "Asia/Tokyo", SINCE, UNTIL) == found


NIGHT, WEEKEND = "11-23 09:00 to 11-24 00:00", "11-27 15:00 to 11-29 15:00"
EXPORTED = {
    "google": [
        f"{NIGHT} 夜間当番 森 mori@example.jp",
        f"{WEEKEND} 週末当番 伊藤",
        "12-01 09:00 to 12-02 00:00 夜間当番 阿部 abe@example.jp",
        "12-14 09:00 to 12-15 00:00 夜間当番 森 mori@example.jp",
    ],
    "exchange": [
        f"{NIGHT} 夜間当番 mori@example.jp",
        "11-24 08:00 to 11-24 16:00 Follow the sun",
        "11-24 23:30 to 11-25 07:30 Adelaide in winter time",
    ],
    "outlook_bare": [f"{NIGHT} 夜間当番 森"],
    "apple": [f"{NIGHT} 夜間当番 森", "11-26 09:00 to 11-27 00:00 夜間当番 森"],
    "groupware": [
        f"{NIGHT} 当番:夜間当番(情報システム部 運用管理課 森 太郎・代行 阿部 花子)",
        "11-25 09:00 to 11-26 00:00 当番:阿部",
        "11-27 15:00 to 11-28 15:00 終日当番 伊藤",
    ],
}


@pytest.mark.parametrize("program", EXPORTED)
def test_what_calendar_programs_export_is_read_as_it_was_meant(program: str) -> None:
    """Times in UTC; the first address alone, the others are the calendar's own."""
    body = (Path(__file__).parent / f"calendars/{program}.ics").read_bytes()
    assert [
        " ".join([f"{one.begin:%m-%d %H:%M} to {one.end:%m-%d %H:%M} {one.title}", *one.addresses[:1]])
        for one in ical.read(body, "Asia/Tokyo", SINCE, UNTIL)
    ] == EXPORTED[program]


def ruled(rule: str) -> bytes:
    return REAL.replace(b"FREQ=WEEKLY;COUNT=3;BYDAY=MO", rule.encode())


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (ruled("FREQ=SECONDLY"), Fault.TOO_FAST),
        (ruled("FREQ=DAILY;BYHOUR=0,6,12,18;BYMINUTE=" + ",".join(map(str, range(60)))), Fault.TOO_FAST),
        (ruled("FREQ=HOURLY;BYSECOND=0,30"), Fault.TOO_FAST),
        (REAL.replace(b"20261204T090000", b",".join([b"20261204T090000"] * 6_000)), Fault.TOO_MANY),
        (REAL.replace(b"20261204T090000", b"\r\n ,".join([b"20261204T090000"] * 6_000)), Fault.TOO_MANY),
        (file(*[EVENT] * 2_001), Fault.TOO_MANY),
        (file(EVENT + "X:" + "x" * 1_000_000), Fault.TOO_LARGE),
        (b"\x00\xff", Fault.UNREADABLE),
        (b"", Fault.UNREADABLE),
    ],
)
def test_a_file_that_asks_for_too_much_is_refused_before_it_is_worked_out(body: bytes, fault: Fault) -> None:
    with pytest.raises(Unreadable) as refused:
        ical.read(body, "Asia/Tokyo", SINCE, UNTIL)
    assert refused.value.fault is fault


def test_a_rule_that_is_true_on_no_day_ends_with_its_process_and_not_with_the_desk() -> None:
    """The 30th of February, for every day until the year 9999, two hundred times."""
    limits = replace(ical.FILE, seconds=1)
    never = EVENT.replace("FREQ=WEEKLY;COUNT=3;BYDAY=MO", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30")
    with pytest.raises(Unreadable) as refused:
        body = file(*[never.replace("UID:1", f"UID:{number}") for number in range(200)])
        ical_apart.read(body, "UTC", SINCE, UNTIL, limits=limits)
    assert refused.value.fault is Fault.TOO_MUCH


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """The real file with lines doubled, dropped, exchanged, and bytes changed in some of them."""
    lines = REAL.splitlines(keepends=True)
    for _ in range(draw(st.integers(1, 6))):
        place, other = draw(st.integers(0, len(lines) - 1)), draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(("double", "drop", "exchange", "bytes", "cut"))):
            case "double":
                lines.insert(other, lines[place])
            case "drop" if len(lines) > 1:
                del lines[place]
            case "exchange":
                lines[place], lines[other] = lines[other], lines[place]
            case "bytes":
                at = draw(st.integers(0, len(lines[place])))
                lines[place] = lines[place][:at] + draw(st.binary(max_size=6)) + lines[place][at + 1 :]
            case _:
                lines[place] = lines[place][: draw(st.integers(0, len(lines[place])))]
    return b"".join(lines)


@settings(max_examples=150, deadline=None)
@given(mutated())
def test_whatever_stands_in_a_file_it_is_read_or_refused_and_shifts_lie_in_the_time_asked_for(body: bytes) -> None:
    try:
        found = ical.read(body, "Asia/Tokyo", SINCE, UNTIL)
    except Unreadable:
        return  # said with a reason; anything else that is raised fails here
    assert all(one.begin < one.end and one.end > SINCE and one.begin < UNTIL for one in found)
    assert list(found) == sorted(found, key=lambda one: one.begin)
