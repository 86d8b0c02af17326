"""How fast a file is taken in: `python bench/upload.py [--megabytes N] [--rounds N]`.

A throw-away site is started as its users start it; the same file of random bytes is sent to it over loopback, through
the API and through the form a browser sends, and fetched again; in the same run it is copied by `cp` and hashed by
`sha256sum`, the least that keeping it with its hash could cost (the desk also encrypts it and waits until it is on the
disk; `cp` does not). Each figure is the median of the rounds. Prints MB/s, the ratio to `cp` + `sha256sum`, and what
the serving process held before and at most. Exits 1 if memory grew by more than 64 MB or anything came back different.
"""

import argparse
import hashlib
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import psutil

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from tests.running import ADMIN_PASSWORD, Site, site  # found only from here on

MB = 1_000_000
GROWTH = 64 * MB
BOUNDARY = "x" * 40


def main() -> int:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="hikeshi-bench-") as folder:
        source = Path(folder) / "source.bin"
        digest = _make(source, options.megabytes)
        with site(Path(folder) / "site") as desk:
            return _measure(desk, source, digest, options.rounds)


def _options() -> argparse.Namespace:
    options = argparse.ArgumentParser(description="How fast a file is taken in.")
    options.add_argument("--megabytes", type=int, default=500)
    options.add_argument("--rounds", type=int, default=3)
    return options.parse_args()


def _make(path: Path, megabytes: int) -> str:
    found = hashlib.sha256()
    with path.open("wb") as file:
        for _ in range(megabytes):
            piece = os.urandom(MB)
            found.update(piece)
            file.write(piece)
    return found.hexdigest()


def _measure(desk: Site, source: Path, digest: str, rounds: int) -> int:
    token = desk.token("--scope", "api", "--user", "admin")
    new = {"title": "Bench", "kind": "malware", "impact": 3, "urgency": 3}
    ref = desk.post("/api/v1/incidents", new, token=token).json()["ref"]
    browser, forgery = _signed_in(desk, ref)
    process = _serving(desk)
    before, watch = process.memory_info().rss, _Watch(process)
    size = source.stat().st_size
    told: dict[str, list[float]] = {"bare": [], "api": [], "form": [], "fetch": []}
    for _ in range(rounds):
        told["bare"].append(_timed(lambda: _bare(source))[0])
        taken, uuid = _timed(lambda: _by_api(desk, ref, token, source, digest))
        told["api"].append(taken)
        told["form"].append(_timed(lambda: _by_form(desk, ref, browser, forgery, source))[0])
        told["fetch"].append(_fetched(desk, ref, token, uuid, digest))
    return _tell(told, size, before, watch.end())


def _timed(act: Callable[[], str]) -> tuple[float, str]:
    began = time.perf_counter()
    answer = act()
    return time.perf_counter() - began, answer


def _bare(source: Path) -> str:
    copy = source.with_name("copy.bin")
    subprocess.run(["cp", source, copy], check=True)
    told = subprocess.run(["sha256sum", copy], check=True, capture_output=True, text=True)
    copy.unlink()
    return told.stdout


def _pieces(source: Path, head: bytes = b"", tail: bytes = b"") -> Iterator[bytes]:
    yield head
    with source.open("rb") as file:
        while piece := file.read(MB):
            yield piece
    yield tail


def _by_api(desk: Site, ref: str, token: str, source: Path, digest: str) -> str:
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/octet-stream",
        "Content-Length": str(source.stat().st_size),
    }
    with closing(HTTPConnection("127.0.0.1", desk.port, timeout=600)) as line:
        line.request("POST", f"/api/v1/incidents/{ref}/files?name=bench.bin", _pieces(source), headers)
        answer = line.getresponse().read().decode()
    if digest not in answer:
        raise SystemExit(f"not what was sent: {answer}")
    return str(re.search(r'"uuid":"([^"]+)"', answer)[1])  # type: ignore[index]  # it holds the digest, so this too


def _by_form(desk: Site, ref: str, cookies: str, forgery: str, source: Path) -> str:
    part = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="%s"'
    head = f'{part % "csrfmiddlewaretoken"}\r\n\r\n{forgery}\r\n{part % "file"}; filename="b.bin"\r\n\r\n'.encode()
    tail = f"\r\n--{BOUNDARY}--\r\n".encode()
    headers = {
        "Cookie": cookies,
        "Accept": "application/json",
        "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        "Content-Length": str(source.stat().st_size + len(head) + len(tail)),
    }
    with closing(HTTPConnection("127.0.0.1", desk.port, timeout=600)) as line:
        line.request("POST", f"/incidents/{ref}/files", _pieces(source, head, tail), headers)
        response = line.getresponse()
        if response.status != 201:
            raise SystemExit(f"{response.status}: {response.read()[:300]!r}")
        return response.read().decode()


def _fetched(desk: Site, ref: str, token: str, uuid: str, digest: str) -> float:
    found, began = hashlib.sha256(), time.perf_counter()
    with closing(HTTPConnection("127.0.0.1", desk.port, timeout=600)) as line:
        line.request("GET", f"/api/v1/incidents/{ref}/files/{uuid}", headers={"Authorization": f"Bearer {token}"})
        response = line.getresponse()
        while piece := response.read(MB):
            found.update(piece)
    if found.hexdigest() != digest:
        raise SystemExit("what came back is not what was sent")
    return time.perf_counter() - began


def _signed_in(desk: Site, ref: str) -> tuple[str, str]:
    """Cookies and the token of the form, as a browser would have them."""
    jar = CookieJar()
    browser, base = build_opener(HTTPCookieProcessor(jar)), f"http://127.0.0.1:{desk.port}"
    page = browser.open(f"{base}/sign-in/").read().decode()
    said = {"login": "admin", "password": ADMIN_PASSWORD, "csrfmiddlewaretoken": _token(page)}
    browser.open(f"{base}/sign-in/", urlencode(said).encode())
    page = browser.open(f"{base}/incidents/{ref}/files").read().decode()
    return "; ".join(f"{one.name}={one.value}" for one in jar), _token(page)


def _token(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    if found is None:
        raise SystemExit("the page has no form")
    return found[1]


def _serving(desk: Site) -> psutil.Process:
    assert desk.process is not None
    return next(one for one in psutil.Process(desk.process.pid).children() if "site" in one.cmdline())


class _Watch:
    """The most the process held."""

    def __init__(self, process: psutil.Process) -> None:
        self._process, self._peak, self._over = process, 0, threading.Event()
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while not self._over.wait(0.02):
            self._peak = max(self._peak, self._process.memory_info().rss)

    def end(self) -> int:
        self._over.set()
        return self._peak


def _tell(told: dict[str, list[float]], size: int, before: int, peak: int) -> int:
    middle = {name: statistics.median(times) for name, times in told.items()}
    words = {
        "bare": "cp + sha256sum",
        "api": "sent through the API",
        "form": "sent by a form",
        "fetch": "fetched",
    }
    print(f"a file of {size / MB:,.0f} MB, median of {len(told['bare'])}")
    for name, word in words.items():
        ratio = "" if name == "bare" else f"  {middle['bare'] / middle[name]:.2f} of cp + sha256sum"
        print(f"{word:24} {size / MB / middle[name]:8.0f} MB/s{ratio}")
    grown = peak - before
    print(f"memory of the serving process: {before / MB:.0f} MB before, {peak / MB:.0f} MB at most (+{grown / MB:.0f})")
    if grown > GROWTH:
        print(f"memory grew by more than {GROWTH / MB:.0f} MB")
    return int(grown > GROWTH)


if __name__ == "__main__":
    sys.exit(main())
