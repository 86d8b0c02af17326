"""A real desk and a real browser: one server for all stories, a fresh browser for each person of each story."""

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.people import Desk, Window
from tests.running import Site, site

ROOT = Path(__file__).parents[2]
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
UNUSED = (
    # Two lists of proposals under the address, drawn anew for every window: half a second of processor each time.
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    # A second switch of this name takes the place of Playwright's own: what of that bears upon pages and windows.
    "AimEnabled",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "OptimizationHints",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
)
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(UNUSED)}",
)


def _built(made: Path, of: Path, *command: str) -> None:
    """Anew where a source is younger than what was made of it. One worker builds, the others wait."""
    with (ROOT / "pyproject.toml").open() as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        sources = (one.stat().st_mtime for one in of.rglob("*") if one.is_file())
        if not made.exists() or made.stat().st_mtime < max(sources):
            subprocess.run([sys.executable, *command], cwd=ROOT, check=True, timeout=280)


@pytest.hookimpl(trylast=True)  # after the folders have got their marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whichever story comes first also waits for the desk and its cast: minutes, on a machine that has much to do."""
    for item in items:
        if item.get_closest_marker("browser") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(300))


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """For all stories of a worker."""
    with desk_in(tmp_path_factory.mktemp("browser")) as running:
        yield running


@contextmanager
def desk_in(folder: Path) -> Iterator[Desk]:
    static, words = ROOT / "src/hikeshi/web/static", ROOT / "src/hikeshi/locale"
    _built(static / "vendor/manifest.json", static / "web", "tools/assets.py")
    _built(words / "ja/LC_MESSAGES/django.mo", words, "-m", "tools.messages", "compile")
    with site(folder) as running:
        yield peopled(running)


def peopled(running: Site) -> Desk:
    """The same site with everybody the stories are about."""
    environment = {**running.environment, "DJANGO_SETTINGS_MODULE": "hikeshi.config.settings"}
    script = [sys.executable, "-m", "tests.browser.cast"]
    said = subprocess.run(script, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=280, check=False)
    assert said.returncode == 0, said.stderr
    return Desk(running, json.loads(said.stdout))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture
def window(desk: Desk, chromium: Browser) -> Iterator[Window]:
    """Opens browsers; at the end none of them may have complained."""
    opened = Window(desk, chromium)
    yield opened
    opened.close()
    assert opened.complaints == []
