"""A real desk and a real browser: one server for all stories, a fresh browser for each person of each story."""

import atexit
import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.people import Desk, Window
from tests.running import Site, prepare, served

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


LONG = (
    "test_every_page_in_english.py",
    "test_every_page_in_japanese.py",
    "test_everywhere.py",
    "test_days.py",
    "test_called.py",
    "test_making.py",
)
"""In this order before all others: a file is one worker's, and what comes last should be soon over."""


@pytest.hookimpl(trylast=True)  # after the folders have got their marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whichever story comes first also waits for the desk and its cast: minutes, on a machine that has much to do."""
    for item in items:
        if item.get_closest_marker("browser") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(900))
    place = {name: number for number, name in enumerate(LONG)}
    items.sort(key=lambda item: place.get(item.path.name, len(LONG)))


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
    keys = _peopled(folder)
    with served(Site(folder / "var")) as running:
        yield Desk(running, keys)


def _peopled(folder: Path) -> dict[str, str]:
    """Puts a site there that has not run yet, with everybody the stories are about; their keys. One worker makes it for
    all: each of nearly thirty people has a password, which costs time to make.
    """
    made = Path(tempfile.gettempdir(), f"hikeshi-cast-{os.environ.get('PYTEST_XDIST_TESTRUNUID', os.getpid())}")
    with made.with_suffix(".lock").open("w") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        if not (made / "keys.json").exists():
            atexit.register(_swept, made)
            one = prepare(Site(made / "var"))
            environment = {**one.environment, "DJANGO_SETTINGS_MODULE": "hikeshi.config.settings"}
            script = [sys.executable, "-m", "tests.browser.cast"]
            said = subprocess.run(
                script, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=280, check=False
            )
            assert said.returncode == 0, said.stderr
            (made / "keys.json").write_text(said.stdout)
        shutil.copytree(made, folder, dirs_exist_ok=True)
    return dict(json.loads((folder / "keys.json").read_text()))


def _swept(made: Path) -> None:
    """Not while another worker copies it."""
    with made.with_suffix(".lock").open("w") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        shutil.rmtree(made, ignore_errors=True)
        made.with_suffix(".lock").unlink()


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
