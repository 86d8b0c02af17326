"""Titles that differ in numbers and addresses alone, and no others."""

import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st

from hikeshi.intake import alike
from hikeshi.intake.alike import ANY, pattern, shape

ASA = "%ASA-4-106023: Deny tcp src outside:{}/{} dst inside:{}/{} by access-group"
SAME = (
    (ASA.format("203.0.113.9", 52011, "10.1.2.3", 445), ASA.format("198.51.100.7", 1024, "10.1.2.250", 3389)),
    ("Logon failed for 2001:db8::1 (3 times)", "Logon failed for fe80::a:1 (12 times)"),
    ("Disk is 91.5% full", "Disk is 100% full"),
    ("Session 8f14e45f-ceea-467f-a0e6-3c1b5a2f9d11 ended", "Session 0c9ad7b4-1111-4222-8333-444455556666 ended"),
    ("Port 1/0/24 on 00:11:22:aa:bb:cc down", "Port 1/0/3 on 00:11:22:aa:bb:0f down"),
    ("Port \uff14\uff14\uff13 is down", "Port \uff11 is down"),
    ("Address 0X1F touched", "Address 0xa0 touched"),
    ("File d41d8cd98f00b204e9800998ecf8427e found", "File 9e107d9d372bb6826bd81d3542a419d6 found"),
)
OTHER = (
    ("Exploit of CVE-2021-44228", "Exploit of CVE-2024-3400"),
    ("%ASA-4-106023: Deny", "%ASA-4-313005: Deny"),
    ("db1 is down", "db2 is down"),
    ("10.1.2.3", "10.1.2.4"),
    ("Disk full", "Disk fuller"),
)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_numbers_and_addresses_make_no_other_title(one: str, other: str) -> None:
    assert ANY in shape(one)
    assert shape(one) == shape(other)
    assert re2.fullmatch(pattern(one), other)
    assert not re2.fullmatch(pattern(one), f"{other} too")
    assert not re2.fullmatch(pattern(one), shape(one).replace(ANY, "whatever")), "a word is no number"


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_what_tells_things_apart_stays(one: str, other: str) -> None:
    assert shape(one) != shape(other)


_PARTS = st.sampled_from(
    ["\uff11\uff12", "\u0663\u0664", "0X1F", "0x1f", "10.0.0.1:80", "a", " ", ":", "::", "%", "\u3042"]
)


@given(st.text(max_size=200) | st.lists(_PARTS, max_size=12).map(" ".join) | st.lists(_PARTS, max_size=12).map("".join))
def test_whatever_a_title_is_its_own_pattern_fits_it(title: str) -> None:
    assert re2.fullmatch(f"(?s:{pattern(title)})", title)
    assert alike.shape(shape(title)) == shape(title)
