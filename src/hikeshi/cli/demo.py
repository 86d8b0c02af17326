"""``hikeshi demo``: a desk in a throw-away folder, in the world of demonstrations, with the samples of every source.

Nothing leaves such a desk. It runs the same commands a site runs, as processes of their own.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from gettext import gettext as _
from pathlib import Path

from hikeshi.cli import desk, words
from hikeshi.config import environment

MARK = "this-folder-is-a-demonstration"
SAMPLES = Path(__file__).resolve().parent.parent / "intake" / "sources"
READY_WITHIN = 60.0


def demo(options: argparse.Namespace) -> int:
    folder: Path = options.data.resolve()
    if folder.exists() and not (folder / MARK).exists():
        return words.complain(
            _("%(folder)s is not a demonstration's folder and is left as it is.") % {"folder": folder}
        )
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    (folder / MARK).touch()
    settings = {**os.environ, "HIKESHI_DATA": str(folder)}
    settings.pop("HIKESHI_DATABASE_URL", None)
    if _hikeshi(settings, "prepare", "--world", "demo").wait() != 0:
        return 1
    return _serve(settings)


def _hikeshi(settings: Mapping[str, str], *verb: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "hikeshi.cli", *verb], env=settings)  # noqa: S603  # our own verbs


def _serve(settings: Mapping[str, str]) -> int:
    server = _hikeshi(settings, "serve")
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: server.terminate())
    if _ready(server):
        _fill(settings)
    return server.wait()


def _ready(server: subprocess.Popen[bytes]) -> bool:
    here = environment.read()
    end = time.monotonic() + READY_WITHIN
    while server.poll() is None and time.monotonic() < end:
        if desk.answers(here):
            return True
        time.sleep(0.2)
    return False


def _fill(settings: Mapping[str, str]) -> None:
    for folder in sorted(SAMPLES.glob("*/samples")):
        files = [str(file) for file in sorted(folder.glob("*json"))]
        if files:
            _hikeshi(settings, "replay", *files, "--source", folder.parent.name).wait()
