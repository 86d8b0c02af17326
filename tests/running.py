"""A real site for a test: the server as its users start it, on a free port, with its own data; and a plain client."""

import atexit
import contextlib
import fcntl
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from http.client import HTTPConnection
from pathlib import Path
from typing import IO, Any

HIKESHI = [sys.executable, "-m", "hikeshi.cli"]
ADMIN_PASSWORD = "correct horse battery staple 火消し"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:  # a test reads what it expects
        return json.loads(self.body)


_HELD: dict[int, IO[bytes]] = {}
_PORTS = range(20_000, 32_000)
"""Below those that a machine gives to whoever connects out: what is to listen later, or again, finds its port free."""


def free_port() -> int:
    """A port of this machine that nobody listens at, and that no other test run is given while this one lives."""
    folder = Path(tempfile.gettempdir(), f"hikeshi-ports-{os.getuid()}")
    folder.mkdir(exist_ok=True)
    for port in random.SystemRandom().sample(_PORTS, len(_PORTS)):
        if port in _HELD:
            continue
        mark = (folder / str(port)).open("wb")
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with socket.socket() as one:
                one.bind(("127.0.0.1", port))
        except OSError:
            mark.close()
            continue
        _HELD[port] = mark
        return port
    raise AssertionError("no port is free")


@dataclass(slots=True)
class Site:
    """``data`` is the site's folder. Give ``database_url`` for PostgreSQL."""

    data: Path
    database_url: str = ""
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("HIKESHI_", "DJANGO_", "PYTHONDONT"))
        }
        own = {
            "HIKESHI_DATA": str(self.data),
            "HIKESHI_PORT": str(self.port),
            "HIKESHI_ADMIN_PASSWORD": ADMIN_PASSWORD,
            "HIKESHI_DATABASE_URL": self.database_url,
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        return {**kept, **own, **self.settings}

    def run(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """A command of the site: ``site.run("token", "create", "--source", "wazuh")``."""
        return subprocess.run(
            [*HIKESHI, *words], env=self.environment, capture_output=True, text=True, check=check, timeout=240
        )

    def token(self, *words: str) -> str:
        return self.run("token", "create", *words).stdout.split()[-1]

    def start(self, *, within: float = 240) -> None:
        self.data.parent.mkdir(parents=True, exist_ok=True)
        log = (self.data.parent / "serve.log").open("ab")
        self.process = subprocess.Popen([*HIKESHI, "serve"], env=self.environment, stdout=log, stderr=log)
        log.close()
        self.await_ready(within)

    def await_ready(self, within: float) -> None:
        end = time.monotonic() + within
        while time.monotonic() < end:
            if self.process is not None and self.process.poll() is not None:
                break
            with contextlib.suppress(OSError):
                if self.get("/readyz").status == 200:
                    return
            time.sleep(0.05)
        raise AssertionError(f"not ready: {(self.data.parent / 'serve.log').read_text(errors='replace')[-4000:]}")

    def stop(self, how: signal.Signals = signal.SIGTERM, *, within: float = 60) -> int:
        assert self.process is not None
        self.process.send_signal(how)
        code = self.process.wait(within)
        self.process = None
        return code

    def request(
        self, method: str, path: str, body: object = None, *, token: str = "", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """``body`` as bytes goes out as it is; anything else as JSON."""
        sent = {"Accept-Language": "en", **(headers or {})}
        if token:
            sent["Authorization"] = f"Bearer {token}"
        raw = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        if raw is not None:
            sent.setdefault("Content-Type", "application/json")
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, raw, sent)
            answer = connection.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def get(self, path: str, *, token: str = "") -> Answer:
        return self.request("GET", path, token=token)

    def post(self, path: str, body: object, *, token: str = "", headers: Mapping[str, str] | None = None) -> Answer:
        return self.request("POST", path, body, token=token, headers=headers)

    def metric(self, name: str) -> float:
        """The value of a metric, its label sets added up."""
        lines = self.get("/metrics").body.decode().splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith((f"{name} ", f"{name}{{")))


def eventually(what: object, *, within: float = 90) -> Any:  # whatever the question answers
    """Asks until the answer is true; for what another process does in its own time. ``within`` seconds bound what would
    never be: a busy machine may take many times what an idle one does.
    """
    assert callable(what)
    end = time.monotonic() + within
    while True:
        answer = what()
        if answer:
            return answer
        assert time.monotonic() < end, "it did not come to be"
        time.sleep(0.05)


@cache
def _prepared() -> Path:
    """A site on SQLite after its first start, made once: building every table anew takes seconds of each test."""
    folder = Path(tempfile.mkdtemp(prefix="hikeshi-prepared-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    Site(folder / "var").run("prepare")
    return folder


def prepare(one: Site) -> Site:
    """Its first start, done: on SQLite a copy of another's."""
    if one.database_url:
        one.run("prepare")
    else:
        shutil.copytree(_prepared(), one.data.parent, dirs_exist_ok=True)
    return one


@contextlib.contextmanager
def site(folder: Path, *, database_url: str = "", **settings: str) -> Iterator[Site]:
    """A running site, stopped and swept away afterwards."""
    with served(prepare(Site(folder / "var", database_url, settings))) as running:
        yield running


@contextlib.contextmanager
def served(one: Site) -> Iterator[Site]:
    """The same site, running; stopped and swept away with its folder afterwards."""
    try:
        one.start()
        yield one
    finally:
        if one.process is not None:
            one.stop(signal.SIGKILL if one.process.poll() is not None else signal.SIGTERM)
        shutil.rmtree(one.data.parent, ignore_errors=True)
