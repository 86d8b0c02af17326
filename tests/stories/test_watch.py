"""A desk that fails is told by ways that need neither the desk nor its database."""

import json
import shlex
import sys
import threading
import time
from argparse import Namespace
from pathlib import Path

import pytest

from hikeshi.cli import outcry, watch
from hikeshi.cli.main import main
from hikeshi.cli.watchman import PATIENCE, Trouble
from hikeshi.config.environment import BadEnvironment
from tests.receivers import Answer, Receiver, Request, running
from tests.running import eventually, site

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


@pytest.mark.server
@pytest.mark.timeout(200)
def test_a_served_desk_sends_its_sign_of_life(tmp_path: Path) -> None:
    beat = threading.Event()

    def keep(request: Request) -> Answer:
        beat.set()
        return 200, b""

    with running(Receiver(keep)) as keeper, site(tmp_path / "desk", HIKESHI_HEARTBEAT_URL=f"{keeper.url}/ping") as desk:
        assert eventually(beat.is_set, within=60)
        assert watch.Watch(f"http://127.0.0.1:{desk.port}", {}).found(0) == set()
