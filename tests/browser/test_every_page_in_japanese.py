"""Every page in Japanese, on a desk in light and on a telephone in dark."""

import json
from collections.abc import Iterator

import pytest

from tests.browser.conftest import desk_in
from tests.browser.every_page import addresses, faults_of
from tests.browser.people import NARROW, WIDE, Desk, Window


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Of its own: what a page weighs and says hangs on what stands on it, and no other story writes here."""
    with desk_in(tmp_path_factory.mktemp("every-page")) as running:
        yield running


@pytest.fixture(scope="module")
def pages(desk: Desk) -> list[str]:
    return addresses(desk)


@pytest.mark.timeout(1200)
@pytest.mark.parametrize(("size", "dark"), [(WIDE, False), (NARROW, True)])
def test_every_page_is_whole_and_open_to_everybody(
    window: Window, pages: list[str], size: tuple[int, int], dark: bool
) -> None:
    faults = faults_of(window, pages, "ja", size, dark=dark)
    assert faults == [], json.dumps(faults, ensure_ascii=False, indent=1)
