"""Files through the real server: flat memory, early refusals, cut connections, kill -9, a full disk, a swapped file."""

import hashlib
import itertools
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, IncompleteRead
from pathlib import Path

import psutil
import pytest

from tests.running import Site, eventually, site

pytestmark = [pytest.mark.server, pytest.mark.timeout(400)]
MB = 1_000_000
LARGE = 200 * MB
BOUNDARY = "a-line-that-no-file-has-by-chance"
"""As long as browsers make theirs: a short one stands by chance somewhere in so many bytes."""
OCTETS = "application/octet-stream"


@dataclass
class Case:
    """An incident at a running desk, and whoever works on it."""

    desk: Site
    token: str
    ref: str

    @property
    def path(self) -> str:
        return f"/api/v1/incidents/{self.ref}/files"

    def send(self, content: bytes, name: str = "x.bin"):
        kind = {"Content-Type": OCTETS}
        return self.desk.request("POST", f"{self.path}?name={name}", content, token=self.token, headers=kind)

    def listed(self) -> list[dict[str, object]]:
        return self.desk.get(self.path, token=self.token).json()["items"]

    def head(self, size: int, *more: str) -> bytes:
        lines = [
            f"POST {self.path}?name=raw.bin HTTP/1.1",
            "Host: desk",
            f"Authorization: Bearer {self.token}",
            f"Content-Type: {OCTETS}",
            f"Content-Length: {size}",
            *more,
        ]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def open(self, sent: bytes) -> socket.socket:
        found = socket.create_connection(("127.0.0.1", self.desk.port), timeout=60)
        found.sendall(sent)
        return found

    @property
    def lying(self) -> list[Path]:
        return [path for path in (self.desk.data / "vault").rglob("*") if path.is_file()]


def opened(desk: Site) -> Case:
    token = desk.token("--scope", "api", "--user", "admin")
    new = {"title": "Ransomware", "kind": "ransomware", "impact": 1, "urgency": 1}
    return Case(desk, token, desk.post("/api/v1/incidents", new, token=token).json()["ref"])


@dataclass
class Memory:
    """The most that the serving process holds while watched, against what it held before."""

    process: psutil.Process
    before: int = 0
    peak: int = 0
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Memory":
        self.before = self.peak = self.process.memory_info().rss
        threading.Thread(target=self._watch, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()

    def _watch(self) -> None:
        while not self._over.wait(0.02):
            self.peak = max(self.peak, self.process.memory_info().rss)

    @property
    def grown(self) -> int:
        return self.peak - self.before


def serving(desk: Site) -> psutil.Process:
    assert desk.process is not None
    children = psutil.Process(desk.process.pid).children()
    return next(child for child in children if "site" in child.cmdline())


def pieces(size: int, found: "hashlib._Hash") -> Iterator[bytes]:
    piece = os.urandom(MB)
    for _ in range(size // MB):
        found.update(piece)
        yield piece


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    with site(tmp_path_factory.mktemp("files")) as desk:
        yield opened(desk)


def test_a_large_file_goes_in_and_out_in_flat_memory(case: Case) -> None:
    case.send(b"warm")
    sent, fetched = hashlib.sha256(), hashlib.sha256()
    with (
        Memory(serving(case.desk)) as memory,
        closing(HTTPConnection("127.0.0.1", case.desk.port, timeout=120)) as line,
    ):
        headers = {"Authorization": f"Bearer {case.token}", "Content-Type": OCTETS, "Content-Length": str(LARGE)}
        line.request("POST", f"{case.path}?name=large.bin", pieces(LARGE, sent), headers)
        answer = json.loads(line.getresponse().read())
        line.request("GET", f"{case.path}/{answer['uuid']}", headers={"Authorization": f"Bearer {case.token}"})
        response = line.getresponse()
        while chunk := response.read(MB):
            fetched.update(chunk)
    assert answer["sha256"] == sent.hexdigest() == fetched.hexdigest()
    assert memory.grown < 60 * MB, memory.grown


def test_five_gigabytes_are_refused_before_a_byte_is_asked_for(case: Case) -> None:
    """Whoever waits for the word to go on would else wait for ever."""
    with closing(case.open(case.head(5_000 * MB, "Expect: 100-continue"))) as line:
        assert line.recv(64).startswith(b"HTTP/1.1 413")


def test_a_sender_that_hangs_up_leaves_nothing(case: Case) -> None:
    kept = case.listed()
    with closing(case.open(case.head(50 * MB))) as line:
        line.sendall(bytes(5 * MB))
        eventually(lambda: any("incoming" in path.parts for path in case.lying))
    eventually(lambda: not any("incoming" in path.parts for path in case.lying))
    assert case.listed() == kept


def test_who_sends_slowly_holds_up_nobody_elses_page(case: Case) -> None:
    slow = case.head(50 * MB) + bytes(1000)
    stalled = [case.open(slow) for _ in range(16)]

    def every_place_is_taken() -> bool:
        for refused in select.select(stalled, [], [], 0)[0]:  # the sender before them had not quite left its place
            assert refused.recv(64).startswith(b"HTTP/1.1 503")
            refused.close()
            stalled[stalled.index(refused)] = case.open(slow)
        return sum("incoming" in path.parts for path in case.lying) == 16

    try:
        eventually(every_place_is_taken)
        assert case.send(b"x").status == 503
        assert case.desk.get("/api/v1/me", token=case.token).status == 200
        assert case.desk.get("/sign-in/").status == 200
    finally:
        for line in stalled:
            line.close()
    eventually(lambda: case.send(b"x").status == 201)


@dataclass
class Stranger:
    """A browser without account at the open form, some seconds after it was shown."""

    desk: Site
    token: str = ""
    stamp: str = ""

    def come(self) -> "Stranger":
        page = self.desk.get("/report/")
        self.token = page.headers["set-cookie"].partition("csrf=")[2].partition(";")[0]
        self.stamp = re.findall(r'name="stamp" value="([^"]+)"', page.body.decode())[0]
        time.sleep(2.1)  # nobody fills in a form within two seconds, and the real server's clock is the machine's
        return self

    def parts(self, name: str) -> bytes:
        words = {"csrfmiddlewaretoken": self.token, "stamp": self.stamp, "what": "A red screen"}
        part = f"--{BOUNDARY}\r\nContent-Disposition: form-data; name="
        head = "".join(f'{part}"{key}"\r\n\r\n{said}\r\n' for key, said in words.items())
        return f'{head}{part}"attached"; filename="{name}"\r\n\r\n'.encode()

    def head(self, size: int) -> dict[str, str]:
        kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", "Content-Length": str(size)}
        return {**kind, "Cookie": f"csrf={self.token}", "Accept": "application/json", "Accept-Language": "en"}

    def begin(self, size: int) -> socket.socket:
        found = socket.create_connection(("127.0.0.1", self.desk.port), timeout=60)
        lines = [
            "POST /report/ HTTP/1.1",
            "Host: 127.0.0.1",
            *(f"{key}: {said}" for key, said in self.head(size).items()),
        ]
        found.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + self.parts("slow.bin"))
        return found


OPENED = """
import django
django.setup()
from hikeshi.incidents import actions
from tests import world
actions.set_reporting(by=world.admin(), open_to_all=True, organisation=world.site().uuid, answer_days=14)
"""


@pytest.fixture(scope="module")
def form(case: Case) -> Stranger:
    environment = {**case.desk.environment, "DJANGO_SETTINGS_MODULE": "hikeshi.config.settings"}
    subprocess.run([sys.executable, "-c", OPENED], env=environment, check=True, timeout=240)
    return Stranger(case.desk).come()


def test_a_strangers_large_file_goes_in_with_the_report_in_flat_memory(case: Case, form: Stranger) -> None:
    tail, before, sent = f"\r\n--{BOUNDARY}--\r\n".encode(), len(case.lying), hashlib.sha256()
    parts = form.parts("video.mp4")
    large = LARGE - MB
    with (
        Memory(serving(case.desk)) as memory,
        closing(HTTPConnection("127.0.0.1", case.desk.port, timeout=120)) as line,
    ):
        body = itertools.chain([parts], pieces(large, sent), [tail])
        line.request("POST", "/report/", body, form.head(len(parts) + large + len(tail)))
        answer = line.getresponse()
        assert (answer.status, json.loads(answer.read())) == (201, {"to": "/report/sent"})
    assert memory.grown < 60 * MB, memory.grown
    assert len(case.lying) == before + 1
    assert case.desk.run("verify", "--files", check=False).returncode == 0


def test_strangers_who_hang_or_send_slowly_hold_up_no_responder_and_leave_nothing(case: Case, form: Stranger) -> None:
    before = len(case.lying)
    stalled = [form.begin(50 * MB) for _ in range(4)]
    try:
        for line in stalled:
            line.sendall(bytes(MB))
        eventually(lambda: sum("incoming" in path.parts for path in case.lying) == 4)
        with closing(form.begin(50 * MB)) as fifth:
            assert fifth.recv(64).startswith(b"HTTP/1.1 503")
        assert case.send(b"x").status == 201
        assert case.desk.get("/report/").status == 200
    finally:
        for line in stalled:
            line.close()
    eventually(lambda: len(case.lying) == before + 1)


def test_a_swapped_file_is_never_whole_and_soon_said_to_be_damaged(case: Case) -> None:
    made = case.send(os.urandom(8 * MB), "evidence.bin").json()
    (place,) = [path for path in case.lying if path.name == made["uuid"]]
    content = bytearray(place.read_bytes())
    content[-5] ^= 1
    place.write_bytes(content)
    with pytest.raises(IncompleteRead):
        case.desk.get(f"{case.path}/{made['uuid']}", token=case.token)
    eventually(lambda: next(one for one in case.listed() if one["uuid"] == made["uuid"])["damaged_at"])
    checked = case.desk.run("verify", "--files", check=False)
    assert checked.returncode == 1
    assert made["uuid"] in checked.stdout


def test_a_record_is_exported_and_checked_by_the_commands_its_keeper_types(case: Case, tmp_path: Path) -> None:
    out = tmp_path / "case.zip"
    case.desk.run("export", case.ref, "--out", str(out))
    assert out.stat().st_mode & 0o077 == 0
    assert "INC-" in case.desk.run("verify", "--extract", str(out), check=False).stdout
    assert case.desk.run("export", case.ref, "--out", str(out), check=False).returncode == 1
    assert case.desk.run("export", "INC-1999-0001", "--out", str(tmp_path / "no.zip"), check=False).returncode == 1
    assert [path.name for path in tmp_path.iterdir()] == ["case.zip"]
    fetched = case.desk.get(f"/api/v1/incidents/{case.ref}/export.zip", token=case.token)
    assert fetched.status == 200
    (tmp_path / "fetched.zip").write_bytes(fetched.body)
    seen = case.desk.get(f"/api/v1/incidents/{case.ref}/timeline", token=case.token).json()["items"]
    assert sum(one["fact"] == "incidents.CaseExported" for one in seen) == 2


def test_killed_in_the_middle_nothing_half_is_there_and_all_that_was_acknowledged_holds(tmp_path: Path) -> None:
    with site(tmp_path / "site") as desk:
        case = opened(desk)
        whole = case.send(os.urandom(3 * MB)).json()
        with closing(case.open(case.head(80 * MB))) as line:
            line.sendall(bytes(20 * MB))
            eventually(lambda: any("incoming" in path.parts for path in case.lying))
            _kill(desk)
        desk.start()
        assert [one["uuid"] for one in case.listed()] == [whole["uuid"]]
        assert desk.run("verify", "--files", "--state", check=False).returncode == 0
        assert case.send(b"after").status == 201


def _kill(desk: Site) -> None:
    assert desk.process is not None
    tree = psutil.Process(desk.process.pid)
    for one in [tree, *tree.children()]:
        with suppress(psutil.NoSuchProcess):
            one.send_signal(signal.SIGKILL)
    desk.process.wait()


@contextmanager
def _small_disk(folder: Path) -> Iterator[Path]:
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=40m", "hikeshi-test", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("only root may mount a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_disk_that_fills_up_refuses_the_file_and_lets_the_desk_work_on(tmp_path: Path) -> None:
    with _small_disk(tmp_path / "disk") as folder, site(folder / "site", HIKESHI_SPARE_MEGABYTES="10") as desk:
        case = opened(desk)
        refused = case.send(bytes(45 * MB))
        assert (refused.status, refused.json()["code"]) == (507, "no_room")
        eventually(lambda: case.lying == [])
        assert case.send(b"small").status == 201
        assert desk.get("/readyz").status == 200
        assert desk.run("verify", "--files", check=False).returncode == 0
