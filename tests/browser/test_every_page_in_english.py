"""Every page in English, on a telephone in light and on a desk in dark; and the room on paper."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import desk_in
from tests.browser.every_page import addresses, faults_of
from tests.browser.people import NARROW, WIDE, Desk, Window, overflow


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Of its own: what a page weighs and says hangs on what stands on it, and no other story writes here."""
    with desk_in(tmp_path_factory.mktemp("every-page")) as running:
        yield running


@pytest.fixture(scope="module")
def pages(desk: Desk) -> list[str]:
    return addresses(desk)


@pytest.mark.timeout(1200)
@pytest.mark.parametrize(("size", "dark"), [(NARROW, False), (WIDE, True)])
def test_every_page_is_whole_and_open_to_everybody(
    window: Window, pages: list[str], size: tuple[int, int], dark: bool
) -> None:
    faults = faults_of(window, pages, "en", size, dark=dark)
    assert faults == [], json.dumps(faults, ensure_ascii=False, indent=1)


def test_the_room_is_printed_whole_and_in_daylight(window: Window, pages: list[str]) -> None:
    """Paper is as narrow as a telephone: nothing may stay behind a tab, and a dark screen prints no dark page."""
    page = window.open("admin", size=(700, 990), dark=True)
    page.goto(next(path for path in pages if re.fullmatch(r"/incidents/[A-Z]+-\d+-\d+/", path)))
    page.emulate_media(media="print", color_scheme="dark")
    for part in ("#col-next", "#col-timeline", ".third .on-facts", ".third .on-ties"):
        expect(page.locator(part).first).to_be_visible()
    for pressed in (".thumb", ".room-tabs", ".write", ".button"):
        assert page.locator(f"{pressed}:visible").count() == 0
    assert overflow(page) == []
    ink = page.locator("h1").first.evaluate("one => getComputedStyle(one).color.match(/\\d+/g).slice(0, 3).map(Number)")
    assert max(ink) < 100
