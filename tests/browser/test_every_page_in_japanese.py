"""Every page in Japanese, on a desk in light and on a telephone in dark."""

import json

import pytest

from tests.browser.every_page import addresses, faults_of
from tests.browser.people import NARROW, WIDE, Desk, Window


@pytest.fixture(scope="module")
def pages(desk: Desk) -> list[str]:
    return addresses(desk)


@pytest.mark.timeout(500)
@pytest.mark.parametrize(("size", "dark"), [(WIDE, False), (NARROW, True)])
def test_every_page_is_whole_and_open_to_everybody(
    window: Window, pages: list[str], size: tuple[int, int], dark: bool
) -> None:
    faults = faults_of(window, pages, "ja", size, dark=dark)
    assert faults == [], json.dumps(faults, ensure_ascii=False, indent=1)
