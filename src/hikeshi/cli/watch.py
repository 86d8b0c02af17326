"""Watching the desk from outside its own loops: ``serve`` does it where the environment names a way to be heard,
``hikeshi watch`` does it from another machine. Loads no Django and asks no database.
"""

import argparse
import json
import shutil
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from gettext import gettext as _
from http.client import HTTPException
from pathlib import Path
from typing import Final

from hikeshi.cli import outcry, words
from hikeshi.cli.watchman import Backlog, Clocks, Notice, Trouble, Turn, Watchman
from hikeshi.config import environment

EVERY: Final = 10.0
HEARTBEAT: Final = 60.0
PENDING: Final = "hikeshi_inbox_pending"
CANARY: Final = "hikeshi_canary_failed"


def watch(options: argparse.Namespace) -> int:
    """Until interrupted; with ``--try`` one trial message by each way. Raises BadEnvironment."""
    ways, here = outcry.ways(), environment.read()
    if not ways and not outcry.heartbeat():
        return words.complain(_("Name a way to be heard first: HIKESHI_WATCH_URL, _COMMAND or _MAIL_TO."))
    if getattr(options, "try"):
        return _try(ways)
    Watch(options.address or here.own_address, ways, outcry.heartbeat()).run(threading.Event())
    return 0


def beside(here: environment.Environment) -> None:
    """In a thread of its own beside the supervisor, if the environment names a way. Raises BadEnvironment."""
    ways, heartbeat = outcry.ways(), outcry.heartbeat()
    if ways or heartbeat:
        one = Watch(here.own_address, ways, heartbeat, here.data, here.spare_megabytes * 1_000_000)
        threading.Thread(target=one.run, args=(threading.Event(),), name="watch", daemon=True).start()


def _try(ways: Mapping[str, outcry.Way]) -> int:
    failed = 0
    for name, tell in ways.items():
        try:
            tell(_("Hikeshi: a trial"), _("The watch of this desk can be heard here. Nothing is wrong."))
            words.say(_("%(way)s: sent."), way=name)
        except outcry.FAILURES as error:
            failed += 1
            words.complain(_("%(way)s: not sent. %(error)s") % {"way": name, "error": error})
    return 1 if failed else 0


@dataclass(slots=True)
class Watch:
    """``folder``: the data of a desk on this machine, whose disk is looked at too."""

    address: str
    ways: Mapping[str, outcry.Way]
    heartbeat: str = ""
    folder: Path | None = None
    spare: int = 0
    _watchman: Watchman = field(default_factory=Watchman)
    _backlog: Backlog = field(default_factory=Backlog)
    _clocks: Clocks = field(default_factory=lambda: Clocks(time.time(), time.monotonic()))
    _pinged: float = float("-inf")

    def run(self, stop: threading.Event) -> None:
        while not stop.is_set():
            self.look()
            stop.wait(EVERY)

    def look(self) -> None:
        """One look, and what follows from it."""
        now = time.monotonic()
        jump = self._clocks.step(time.time(), now)
        notices = [*([jump] if jump else []), *self._watchman.step(now, self.found(now))]
        for notice in notices:
            self._tell(notice)
        if self._watchman.well and self.heartbeat and now - self._pinged >= HEARTBEAT:
            self._ping(now)

    def found(self, now: float) -> set[Trouble]:
        """What is wrong at this moment."""
        failing = _failing(self.address)
        figures = {} if Trouble.SILENT in failing else _figures(self.address)
        if figures and self._backlog.step(now, figures.get(PENDING, 0.0)):
            failing.add(Trouble.BACKLOG)
        if figures.get(CANARY):
            failing.add(Trouble.CANARY)
        if self.folder and shutil.disk_usage(self.folder).free < self.spare:
            failing.add(Trouble.DISK)
        return failing

    def _tell(self, notice: Notice) -> None:
        title, body = sentence(notice), _("Desk: %(address)s") % {"address": self.address}
        for name, tell in self.ways.items():
            try:
                tell(title, body)
            except outcry.FAILURES as error:
                words.complain(_("%(way)s: not sent. %(error)s") % {"way": name, "error": error})

    def _ping(self, now: float) -> None:
        """A ping that fails is tried again at the next look; its keeper raises the alarm if none gets through."""
        try:
            outcry.ping(self.heartbeat)
            self._pinged = now
        except outcry.FAILURES as error:
            words.complain(_("%(way)s: not sent. %(error)s") % {"way": "HIKESHI_HEARTBEAT_URL", "error": error})


def _failing(address: str) -> set[Trouble]:
    try:
        status, body = _get(f"{address}/readyz")
        checks = json.loads(body)["checks"] if status == 503 else {}
    except (OSError, HTTPException, ValueError, KeyError):
        return {Trouble.SILENT}
    named = {Trouble(name) for name, state in checks.items() if state != "ok" and name in set(Trouble)}
    return named or ({Trouble.SILENT} if status != 200 else set())


def _figures(address: str) -> dict[str, float]:
    """By name, without labels; empty where they cannot be read."""
    try:
        status, body = _get(f"{address}/metrics")
    except (OSError, HTTPException):
        return {}
    lines = body.decode("utf-8", "replace").splitlines() if status == 200 else []
    rows = (line.rsplit(" ", 1) for line in lines if line.startswith((f"{PENDING} ", f"{CANARY} ")))
    return {name: float(value) for name, value in rows}


def _get(address: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(address, timeout=outcry.SECONDS, context=_trusting(address)) as answer:  # noqa: S310
            return answer.status, answer.read(1_000_000)
    except urllib.error.HTTPError as answer:
        return answer.code, answer.read(1_000_000)


def _trusting(address: str) -> ssl.SSLContext | None:
    """The desk's own certificate names its public host, not this machine: beside the desk it is not compared."""
    if not address.startswith(("https://127.", "https://[::1]", "https://localhost")):
        return None
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def sentence(notice: Notice) -> str:
    if notice.trouble is Trouble.CLOCK:
        return _("Hikeshi: the clock of this machine jumped by %(seconds)s s.") % {"seconds": round(notice.seconds)}
    words_of = {
        Turn.BEGAN: _("Hikeshi: %(what)s, for %(seconds)s s."),
        Turn.LASTS: _("Hikeshi: still %(what)s, for %(seconds)s s."),
        Turn.OVER: _("Hikeshi: over: %(what)s, after %(seconds)s s."),
    }
    return words_of[notice.turn] % {"what": _what(notice.trouble), "seconds": round(notice.seconds)}


def _what(trouble: Trouble) -> str:
    return {
        Trouble.SILENT: _("the desk does not answer"),
        Trouble.DATABASE: _("the database cannot be reached"),
        Trouble.STORAGE: _("alerts cannot be kept"),
        Trouble.LEDGER: _("the ledger is not guarded"),
        Trouble.ENGINE: _("the engine stands still"),
        Trouble.VERSION: _("the database is of a newer version than this desk"),
        Trouble.DISK: _("the disk is nearly full"),
        Trouble.BACKLOG: _("alerts pile up undigested"),
        Trouble.CLOCK: _("the clock jumps"),
        Trouble.CANARY: _("the last canary was not answered: calls may not reach anybody"),
    }[trouble]
