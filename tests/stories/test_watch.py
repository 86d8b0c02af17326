"""A desk that fails is told by ways that need neither the desk nor its database; first what a watch makes of what it
sees, then a real desk that is broken in one way after another.
"""

import html
import json
import re
import shlex
import subprocess
import sys
import threading
import time
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg
import pytest

from hikeshi.canary.stages import Stage
from hikeshi.cli import outcry, watch, watchman
from hikeshi.cli.main import main
from hikeshi.cli.watchman import PATIENCE, Trouble
from hikeshi.config.environment import BadEnvironment
from tests.edge.test_standing import units
from tests.postgres import Postgres
from tests.receivers import Answer, Receiver, Request, running
from tests.running import HIKESHI, Site, eventually, free_port, prepare

SCRIPT = "import sys; open(sys.argv[1], 'ab').write(sys.stdin.buffer.read())"


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "en")


class Desk:
    """What a watch asks of a desk, as ``hikeshi serve`` answers it (the last test asks the real one)."""

    failing: tuple[str, ...] = ()
    pending = 0

    def answer(self, request: Request) -> Answer:
        if request.path == "/metrics":
            return 200, f"hikeshi_inbox_pending {self.pending}\n".encode()
        checks = {name: "failing" if name in self.failing else "ok" for name in ("database", "storage", "engine")}
        return 503 if self.failing else 200, json.dumps({"checks": checks}).encode()


def test_what_the_desk_says_of_itself_is_understood() -> None:
    desk = Desk()
    with running(Receiver(desk.answer)) as server:
        one = watch.Watch(server.url, {})
        assert one.found(0) == set()
        desk.failing = ("engine", "storage")
        assert one.found(1) == {Trouble.ENGINE, Trouble.STORAGE}
    assert one.found(2) == {Trouble.SILENT}
    assert watch.Watch(server.url, {}, folder=Path("/"), spare=1 << 62).found(3) == {Trouble.SILENT, Trouble.DISK}


def test_trouble_that_lasts_is_cried_out_by_every_way_though_one_is_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steady = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: steady[0])
    monkeypatch.setattr(time, "time", lambda: 1_000_000 + steady[0])
    desk = Desk()
    beats: list[str] = []
    heard = Receiver(lambda request: (200, b"{}"))
    with running(Receiver(desk.answer)) as server, running(heard) as web:
        said = tmp_path / "said.txt"
        monkeypatch.setenv("HIKESHI_WATCH_URL", f"{web.url}/alarm")
        monkeypatch.setenv("HIKESHI_WATCH_COMMAND", shlex.join([sys.executable, "-c", SCRIPT, str(said)]))
        monkeypatch.setenv("HIKESHI_WATCH_MAIL_TO", "night@example.jp")
        monkeypatch.setenv("HIKESHI_WATCH_SMTP", "smtp://127.0.0.1:1")
        monkeypatch.setattr(outcry, "ping", beats.append)
        one = watch.Watch(server.url, outcry.ways(), "https://beats.example/1")
        one.look()
        assert beats == ["https://beats.example/1"]
        desk.failing = ("database",)
        for _ in range(10):
            steady[0] += 10
            one.look()
        assert len(beats) == 1, "no sign of life while something fails: its outside keeper must notice"
        text = heard.seen[0].body.decode()
        assert text.startswith(f"Hikeshi: the database cannot be reached, for {PATIENCE:.0f} s.")
        assert said.read_text().startswith("Hikeshi: the database cannot be reached")
        desk.failing = ()
        for _ in range(5):
            steady[0] += 10
            one.look()
    assert [request.body.decode().split(",")[0] for request in heard.seen] == [
        "Hikeshi: the database cannot be reached",
        "Hikeshi: over: the database cannot be reached",
    ]
    assert len(beats) == 2


def test_a_trial_says_of_each_way_whether_it_was_heard(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["watch", "--try"]) == 1
    assert "HIKESHI_WATCH_URL" in capsys.readouterr().err
    with running(Receiver(lambda request: (200, b""))) as web:
        monkeypatch.setenv("HIKESHI_WATCH_URL", web.url)
        assert main(["watch", "--try"]) == 0
        monkeypatch.setenv("HIKESHI_WATCH_COMMAND", "false")
        assert main(["watch", "--try"]) == 1
    said = capsys.readouterr()
    assert "HIKESHI_WATCH_URL: sent." in said.out
    assert "HIKESHI_WATCH_COMMAND: not sent." in said.err


@pytest.mark.parametrize("name", ["HIKESHI_WATCH_URL", "HIKESHI_HEARTBEAT_URL"])
def test_only_addresses_of_the_web_are_taken(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "file:///etc/passwd")
    with pytest.raises(BadEnvironment, match=name):
        watch.watch(Namespace(**{"try": True, "address": None}))


SOMEBODY_ON_CALL = """
import sys, django
django.setup()
from hikeshi.notify import actions as notify
from tests import world
from tests.domains import calling
notify.set_hosts(by=calling.DESK, hosts="127.0.0.1", window=1)
calling.accounts.add_way(
    by=calling.DESK, owner=calling.ref(world.person("ito", "responder")), kind="webhook", address=sys.argv[1]
)
"""
STILL = """
import django
django.setup()
from datetime import timedelta
from hikeshi.intake.inbox import beats, tables
from hikeshi.intake.inbox.models import Beat
for row in Beat.objects.using(tables.alias()):
    row.at -= timedelta(seconds=120)
    row.save(using=tables.alias())
"""
"""As if two minutes had passed since the engine's last sign of life."""


@dataclass
class Served:
    """A real desk on PostgreSQL, who hears what is cried out beside it, and a device that takes calls."""

    site: Site
    postgres: Postgres
    heard: Receiver
    device: Receiver
    beat: threading.Event
    steady: list[float] = field(default_factory=lambda: [0.0])

    def python(self, script: str, *words: str) -> None:
        environment = {**self.site.environment, "DJANGO_SETTINGS_MODULE": "hikeshi.config.settings"}
        subprocess.run([sys.executable, "-c", script, *words], env=environment, check=True, capture_output=True)

    def told(self) -> list[str]:
        return [re.split(r"[,\n]", request.body.decode())[0] for request in self.heard.seen]

    def watched(self, one: watch.Watch, seconds: int) -> list[str]:
        """What is newly cried out in that time. The watch's clocks are the test's."""
        before = len(self.heard.seen)
        for _ in range(seconds // 10):
            self.steady[0] += 10
            one.look()
        return self.told()[before:]

    def still_engine(self) -> psutil.Process:
        """Suspended between two transactions: in the middle of one it would keep what others wait for."""
        engine = units(self.site)["engine"]

        def between() -> bool:
            engine.suspend()
            time.sleep(0.5)
            with psycopg.connect(self.postgres.url) as asked:
                found = asked.execute("SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'")
                if found.fetchone() == (0,):
                    return True
            engine.resume()
            return False

        assert eventually(between)
        return engine


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    beat, folder, postgres = threading.Event(), tmp_path_factory.mktemp("watched"), Postgres()
    postgres.start()

    def keep(request: Request) -> Answer:
        beat.set()
        return 200, b""

    device = Receiver(lambda request: (200, b"{}"))
    with running(Receiver(keep)) as keeper, running(Receiver(lambda request: (200, b"{}"))) as heard, running(device):
        port = free_port()
        settings = {
            "HIKESHI_HEARTBEAT_URL": f"{keeper.url}/ping",
            "HIKESHI_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "LANGUAGE": "en",
        }
        desk = prepare(Site(folder / "var", postgres.url, settings, port))
        try:
            desk.start()
            yield Served(desk, postgres, heard, device, beat)
        finally:
            if desk.process is not None:
                desk.stop()
            postgres.stop()


@pytest.fixture
def one(served: Served, monkeypatch: pytest.MonkeyPatch) -> watch.Watch:
    """A watch of that desk, from elsewhere, whose clocks the test moves."""
    served.steady[0] += 10_000
    steady = served.steady
    monkeypatch.setattr(watch.time, "monotonic", lambda: steady[0])  # type: ignore[attr-defined]  # the module's own
    monkeypatch.setattr(watch.time, "time", lambda: 1_000_000 + steady[0])  # type: ignore[attr-defined]  # same
    monkeypatch.setenv("HIKESHI_WATCH_URL", f"{served.heard.url}/alarm")
    found = watch.Watch(f"http://127.0.0.1:{served.site.port}", outcry.ways())
    eventually(lambda: found.found(steady[0]) == set())
    return found


@pytest.mark.server
@pytest.mark.timeout(300)
def test_a_served_desk_sends_its_sign_of_life(served: Served) -> None:
    assert eventually(served.beat.is_set)


@pytest.mark.server
@pytest.mark.timeout(300)
def test_a_canary_goes_from_the_door_to_a_device_and_is_answered_on_its_link(served: Served) -> None:
    desk = served.site
    served.python(SOMEBODY_ON_CALL, f"{served.device.url}/hook")
    asked = subprocess.Popen(
        [*HIKESHI, "canary", "--user", "ito", "--minutes", "4", "--json"],
        env=desk.environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    called = eventually(lambda: served.device.seen)[0].body.decode()
    assert "test" in called.lower()
    link = re.search(r"/a/[\w.~-]+", called)
    assert link is not None
    page = desk.get(link[0])
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.body.decode())
    assert token is not None
    form = f"csrfmiddlewaretoken={html.unescape(token[1])}&choice=here".encode()
    cookie = page.headers["set-cookie"].split(";")[0]
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    assert desk.request("POST", link[0], form, headers=headers).status in {200, 302}
    said, _ = asked.communicate(timeout=240)
    found = json.loads(said.splitlines()[-1])
    assert asked.returncode == 0
    assert found["state"] == "answered"
    took = [found["seconds"][stage] for stage in Stage]
    assert took == sorted(took)
    assert desk.metric("hikeshi_canary_failed") == 0
    assert desk.run("verify", "--state", check=False).returncode == 0


@pytest.mark.server
@pytest.mark.timeout(300)
def test_an_engine_that_stands_still_and_the_queue_that_grows_before_it_are_told(
    served: Served, one: watch.Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watchman, "BACKLOG", 5)
    desk = served.site
    token = desk.token("--source", "generic")
    engine = served.still_engine()
    try:
        served.python(STILL)
        eventually(lambda: desk.get("/readyz").status == 503)
        assert served.watched(one, 60) == ["Hikeshi: the engine stands still"]
        for number in range(8):
            assert desk.post("/intake/v1/generic", {"title": f"{number}"}, token=token).status == 202
        eventually(lambda: desk.metric("hikeshi_inbox_pending") >= 8)
        assert served.watched(one, 400) == ["Hikeshi: alerts pile up undigested"]
    finally:
        engine.resume()
    eventually(lambda: one.found(served.steady[0]) == set())
    assert served.watched(one, 60) == [
        "Hikeshi: over: the engine stands still",
        "Hikeshi: over: alerts pile up undigested",
    ]


@pytest.mark.server
@pytest.mark.timeout(300)
def test_a_clock_that_jumps_is_told(served: Served, one: watch.Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    assert served.watched(one, 20) == []
    monkeypatch.setattr(watch.time, "time", lambda: 1_000_300 + served.steady[0])  # type: ignore[attr-defined]  # same
    assert served.watched(one, 20) == ["Hikeshi: the clock of this machine jumped by 300 s."]


@pytest.mark.server
@pytest.mark.timeout(300)
def test_a_disk_that_fills_is_told_before_it_is_full(served: Served, one: watch.Watch) -> None:
    one.folder, one.spare = served.site.data, 1 << 62
    assert served.watched(one, 60) == ["Hikeshi: the disk is nearly full"]
    one.spare = 1
    assert served.watched(one, 60) == ["Hikeshi: over: the disk is nearly full"]


@pytest.mark.server
@pytest.mark.timeout(300)
def test_a_database_that_cannot_be_reached_is_told_and_so_is_its_return(served: Served, one: watch.Watch) -> None:
    served.postgres.stop()
    try:
        eventually(lambda: Trouble.DATABASE in one.found(served.steady[0]))
        assert "Hikeshi: the database cannot be reached" in served.watched(one, 60)
    finally:
        served.postgres.start()
    eventually(lambda: one.found(served.steady[0]) == set())
    assert "Hikeshi: over: the database cannot be reached" in served.watched(one, 60)
