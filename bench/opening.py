"""How soon a page can be worked with, and what it weighs: `python bench/opening.py [--times N]`.

A throw-away site with the people of the browser tests, and Chromium. Every page those tests look at is opened with an
empty cache and again with a full one. Prints for each: ms until its scripts have run (the page answers to whoever
presses something), bytes on their way without the font, and bytes of the parts of the font that it shows. Exits 1 where
the lowest of the times with a full cache is above a second, or page and font together above 285 kB.
"""

import argparse
import statistics
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import CHROMIUM, QUIET, peopled
from tests.browser.every_page import HEAVIEST, NEWER, addresses
from tests.browser.people import Desk, Window, come_anew, weight
from tests.running import site

SLOWEST = 1_000.0  # ms
READY = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"


@dataclass(frozen=True, slots=True)
class Opened:
    path: str
    empty: float
    full: float
    lowest: float
    bytes: int
    font: int


def opened(desk: Desk, chromium: Browser, times: int) -> Iterator[Opened]:
    window = Window(desk, chromium)
    page = window.open("admin")
    tools = page.context.new_cdp_session(page)
    for path in [*addresses(desk), *NEWER]:
        come_anew(tools)
        empty = once(page, path)
        kept, font = weight(page)
        tools.send("Network.setBypassServiceWorker", {"bypass": False})
        full = [once(page, path) for _ in range(times)]
        yield Opened(path, empty, statistics.median(full), min(full), kept, font)
    window.close()


def once(page: Page, path: str) -> float:
    page.goto(path)
    return float(page.evaluate(READY))


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--times", type=int, default=5)
    times, failed = options.parse_args().times, False
    with (
        tempfile.TemporaryDirectory(prefix="hikeshi-bench-") as folder,
        site(Path(folder) / "site") as running,
        sync_playwright() as play,
    ):
        desk = peopled(running)
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        print(f"{'page':44} {'empty ms':>9} {'full ms':>8} {'lowest':>7} {'kB':>6} {'font kB':>8}")
        for one in opened(desk, chromium, times):
            bad = one.lowest > SLOWEST or one.bytes + one.font > HEAVIEST
            failed |= bad
            figures = (
                f"{one.empty:9.0f} {one.full:8.0f} {one.lowest:7.0f} {one.bytes / 1000:6.0f} {one.font / 1000:8.0f}"
            )
            print(f"{one.path[:44]:44} {figures} {'  TOO SLOW OR TOO HEAVY' if bad else ''}", flush=True)
        chromium.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
