"""``hikeshi serve``: prepares the database, then keeps the site's two processes alive. Loads no Django itself."""

import argparse
import os
import select
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from gettext import gettext as _
from types import FrameType
from typing import Final

from hikeshi.cli import occupied, units, watch, words
from hikeshi.config import environment, listening

CHILDREN: Final = ("site", "engine")
FIRST_PAUSE: Final = 0.2
LONGEST_PAUSE: Final = 10.0
STEADY: Final = 30.0
"""Seconds a child must have lived for its next death to count as the first again."""
GOODBYE: Final = 8.0


def serve(options: argparse.Namespace) -> int:
    """Raises BadEnvironment."""
    here = environment.read()
    if not options.only:
        listening.check(here)
    with occupied.hold(here.data):
        if options.only:
            units.end(units.run(options.only))
        scheme = "https" if here.certificate else "http"
        host = f"[{here.host}]" if ":" in here.host else here.host
        watch.beside(here)
        return _Supervisor(f"{scheme}://{host}:{here.port}/").run()


@dataclass(slots=True)
class _Child:
    """A unit and the pipe that tells it to begin, and by its end to stop."""

    unit: str
    process: subprocess.Popen[bytes] | None = None
    pipe: int = -1
    began: float = 0.0
    due: float = 0.0
    deaths: int = 0

    def start(self) -> None:
        reading, self.pipe = os.pipe()
        command = [sys.executable, "-m", "hikeshi.cli.units", self.unit, str(reading)]
        self.process = subprocess.Popen(command, pass_fds=(reading,))  # noqa: S603  # our own words
        os.close(reading)
        self.began = time.monotonic()

    def go(self) -> None:
        try:
            os.write(self.pipe, b"g")
        except BrokenPipeError:
            return  # it died while loading; the watch sees that

    def bury(self) -> int | None:
        """The exit status where it has just died, else None."""
        status = self.process.poll() if self.process else None
        if status is None:
            return None
        os.close(self.pipe)
        lived = time.monotonic() - self.began
        self.process = None
        self.deaths = 1 if lived > STEADY else self.deaths + 1
        self.due = time.monotonic() + min(FIRST_PAUSE * 2 ** (self.deaths - 1), LONGEST_PAUSE)
        return status


@dataclass(slots=True)
class _Supervisor:
    address: str
    _children: list[_Child] = field(default_factory=lambda: [_Child(unit) for unit in CHILDREN])
    _told: bool = False
    _ear: int = -1

    def run(self) -> int:
        self._listen()
        preparing = subprocess.Popen([sys.executable, "-m", "hikeshi.cli", "prepare"])
        first, *others = self._children
        first.start()  # it loads while the database is being prepared, and waits; the two keep two cores busy
        try:
            status = self._prepared(preparing)
            if status == 0 and not self._told:
                first.go()
                for child in others:
                    child.start()
                    child.go()
                print(_("Hikeshi serves at %(address)s") % {"address": self.address}, flush=True)
                status = self._watch()
        finally:
            self._stop([preparing, *(child.process for child in self._children if child.process)])
        return status

    def _listen(self) -> None:
        """Signals become bytes on a pipe, so that waiting for them, for children and for time is one wait."""
        self._ear, mouth = os.pipe()
        os.set_blocking(self._ear, False)
        os.set_blocking(mouth, False)
        signal.set_wakeup_fd(mouth)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._hear)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        self._told = True

    def _wait(self, seconds: float) -> None:
        ready, _, _ = select.select([self._ear], [], [], max(0.0, seconds))
        if ready:
            os.read(self._ear, 4096)

    def _prepared(self, preparing: subprocess.Popen[bytes]) -> int:
        while preparing.poll() is None and not self._told:
            self._wait(1.0)
        return preparing.returncode or 0

    def _watch(self) -> int:
        """Until told to stop: 0; until a unit says that its settings cannot work: 1."""
        while not self._told:
            now = time.monotonic()
            for child in self._children:
                status = child.bury()
                if status == units.MISCONFIGURED:
                    return 1
                if status is not None:
                    fields = {"unit": child.unit, "status": status}
                    words.complain(_("The %(unit)s process ended with %(status)s and is started again.") % fields)
                if child.process is None and now >= child.due:
                    child.start()
                    child.go()
            due = [child.due for child in self._children if child.process is None]
            self._wait(min([1.0, *(at - now for at in due)]))
        return 0

    def _stop(self, processes: list[subprocess.Popen[bytes]]) -> None:
        alive = [process for process in processes if process.poll() is None]
        for process in alive:
            process.terminate()
        end = time.monotonic() + GOODBYE
        for process in alive:
            try:
                process.wait(max(0.0, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
