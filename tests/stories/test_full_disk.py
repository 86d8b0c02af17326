"""A full disk: detectors are told to come again, nothing acknowledged is lost, and space alone mends it."""

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import psutil
import pytest

from tests.running import Site, eventually, site

pytestmark = [pytest.mark.server, pytest.mark.timeout(300)]
MIB = 1024 * 1024


class Disk(Protocol):
    def fill(self, desk: Site) -> None: ...
    def free(self, desk: Site) -> None: ...


class Small:
    """A file system of its own, filled to the last byte."""

    def __init__(self, folder: Path) -> None:
        self.ballast = folder / "ballast"

    def fill(self, desk: Site) -> None:
        with self.ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(bytes(4096))

    def free(self, desk: Site) -> None:
        self.ballast.unlink()


class Rationed:
    """The server's files may not grow: where no file system can be mounted, and for the error that is not ENOSPC."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self, desk: Site) -> None:
        self._limit(desk, 4096)

    def free(self, desk: Site) -> None:
        self._limit(desk, psutil.RLIM_INFINITY)

    def _limit(self, desk: Site, size: int) -> None:
        assert desk.process is not None
        for child in psutil.Process(desk.process.pid).children():
            child.rlimit(psutil.RLIMIT_FSIZE, (size, psutil.RLIM_INFINITY))


@pytest.fixture(params=[Small, Rationed])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Path, Disk]]:
    folder = tmp_path / "disk"
    folder.mkdir()
    if request.param is Rationed:
        yield folder, Rationed(folder)
        return
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "hikeshi-test", folder], check=False, capture_output=True
    )
    if mounted.returncode != 0:
        pytest.skip("only root may mount a small disk; the rationed one is tested")
    yield folder, Small(folder)
    subprocess.run(["umount", "-l", folder], check=True)


def test_a_full_disk_turns_detectors_away_and_recovers_by_itself(disk):
    folder, filling = disk
    with site(folder / "site") as desk:
        token = desk.token("--source", "generic")
        taken = 0

        def send(title: str) -> int:
            nonlocal taken
            body = {"title": title, "description": "x" * 20_000}
            answer = desk.post("/intake/v1/generic", body, token=token)
            taken += answer.status == 202
            assert answer.status == 202 or int(answer.headers["retry-after"]) >= 1
            return answer.status

        assert send("before") == 202
        filling.fill(desk)
        statuses = [send(f"full {number}") for number in range(40)]
        assert set(statuses) <= {202, 503}
        assert statuses[-1] == 503
        assert desk.get("/healthz").status == 200
        assert eventually(lambda: desk.get("/readyz").status == 503)

        filling.free(desk)
        eventually(lambda: send("after") == 202)
        eventually(lambda: desk.get("/readyz").status == 200)
        eventually(lambda: desk.metric("hikeshi_inbox_pending") == 0)
        assert desk.metric("hikeshi_intake_accepted_total") == taken
        assert desk.metric("hikeshi_intake_digested_total") == taken
        assert desk.run("verify", check=False).returncode == 0
