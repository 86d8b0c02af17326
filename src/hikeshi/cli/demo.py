"""``hikeshi demo``: a desk in a throw-away folder, in the world of demonstrations: a small company with weeks behind
it, and the real samples of every source coming in at a human pace.

Nothing leaves such a desk. It runs the same commands a site runs, as processes of their own.
"""

import argparse
import itertools
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from gettext import gettext as _
from pathlib import Path
from typing import Final

from hikeshi.cli import desk, words
from hikeshi.config import environment

MARK: Final = "this-folder-is-a-demonstration"
SAMPLES: Final = Path(__file__).resolve().parent.parent / "intake" / "sources"
READY_WITHIN: Final = 60.0
AT_ONCE: Final = 6
"""Bodies sent when the desk opens, so that the queue is not empty; the rest follow one by one."""
PAUSE: Final = 20.0
_OUTWARD: Final = ("HIKESHI_WATCH_", "HIKESHI_HEARTBEAT_")


def demo(options: argparse.Namespace) -> int:
    folder: Path = options.data.resolve()
    if folder.exists() and not (folder / MARK).exists():
        return words.complain(
            _("%(folder)s is not a demonstration's folder and is left as it is.") % {"folder": folder}
        )
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    (folder / MARK).touch()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OUTWARD)}
    settings = {**kept, "HIKESHI_DATA": str(folder)}
    settings.pop("HIKESHI_DATABASE_URL", None)
    if not environment.read().loopback and not settings.get("HIKESHI_ADMIN_PASSWORD"):
        return words.complain(_("Others can reach this desk: choose its password in HIKESHI_ADMIN_PASSWORD first."))
    words.say(_("A company moves in. This takes about half a minute."))
    if _run(settings, "hikeshi.cli.demonstration").wait() != 0:
        return 1
    return _serve(settings)


def _run(settings: Mapping[str, str], module: str, *verb: str, quietly: bool = False) -> subprocess.Popen[bytes]:
    said = subprocess.DEVNULL if quietly else None
    return subprocess.Popen([sys.executable, "-m", module, *verb], env=settings, stdout=said)  # noqa: S603  # our own


def _serve(settings: Mapping[str, str]) -> int:
    server = _run(settings, "hikeshi.cli", "serve")
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: server.terminate())
    if _ready(server):
        words.say(_("The sign-in page names the people you can be."))
        _feed(server, settings)
    return server.wait()


def _ready(server: subprocess.Popen[bytes]) -> bool:
    here = environment.read()
    end = time.monotonic() + READY_WITHIN
    while server.poll() is None and time.monotonic() < end:
        if desk.answers(here):
            return True
        time.sleep(0.2)
    return False


def _feed(server: subprocess.Popen[bytes], settings: Mapping[str, str]) -> None:
    """One recorded body after another, from a different source each time, until the desk is stopped."""
    for number, (source, file) in enumerate(itertools.cycle(bodies())):
        _run(settings, "hikeshi.cli", "replay", str(file), "--source", source, "--now", quietly=True).wait()
        end = time.monotonic() + (0 if number < AT_ONCE else PAUSE)
        while server.poll() is None and time.monotonic() < end:
            time.sleep(0.2)
        if server.poll() is not None:
            return


def bodies() -> Iterator[tuple[str, Path]]:
    """Every sample, the first of each source before the second of any."""
    sources = [folder for folder in sorted(SAMPLES.glob("*/samples")) if folder.parent.name != "canary"]
    folders = [sorted(folder.glob("*json")) for folder in sources]
    for row in itertools.zip_longest(*folders):
        yield from ((file.parent.parent.name, file) for file in row if file is not None)
