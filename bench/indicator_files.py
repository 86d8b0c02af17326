"""A large file of indicators through the door: `python bench/indicator_files.py [--values N] [--megabytes N]
[--database-url URL]`.

A throw-away site is started as its users start it. A list of ``--values`` lines goes in through the API, a STIX bundle
of ``--megabytes`` through the form a browser sends. Printed are how long the sender waited, how long until the file was
taken in, what processor time the engine took for it, what another person's page took meanwhile at most, and what the
serving process and the engine held before and at most. Exits 1 if a sender waited for more than a minute or memory grew
by more than 100 MB.
"""

import argparse
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import psutil

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench"), str(ROOT / "src")]

import upload  # found only from here on

from tests.running import ADMIN_PASSWORD, Site, site

MB = 1_000_000
GROWTH = 100 * MB
PATIENCE = 60.0
EVERY = 0.5
LONGEST = 1_800
BOUNDARY = "x" * 40


@dataclass
class Watch:
    """What processes hold and what a page takes, until it ends."""

    desk: Site
    token: str
    peak: dict[str, int] = field(default_factory=dict)
    page: float = 0.0
    over: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        while not self.over.wait(0.2):
            for name, process in processes(self.desk).items():
                self.peak[name] = max(self.peak.get(name, 0), process.memory_info().rss)
            began = time.perf_counter()
            self.desk.get("/api/v1/alerts", token=self.token)
            self.page = max(self.page, time.perf_counter() - began)


def processes(desk: Site) -> dict[str, psutil.Process]:
    assert desk.process is not None
    children = psutil.Process(desk.process.pid).children()
    words = {one: one.cmdline() for one in children if one.status() != psutil.STATUS_ZOMBIE}
    return {name: one for name in ("site", "engine") for one, said in words.items() if name in said}


def lines(path: Path, values: int) -> None:
    with path.open("wb") as file:
        for number in range(values):
            file.write(b"host%d.evil%d.example,seen by the feed,%d\n" % (number, number % 997, number))


def bundle(path: Path, megabytes: int) -> int:
    """As feeds write them: an indicator with its words, about 1.2 kB. Returns how many."""
    number, size = 0, megabytes * MB
    with path.open("wb") as file:
        file.write(b'{"type": "bundle", "id": "bundle--1", "objects": [')
        while file.tell() < size:
            one = {
                "type": "indicator",
                "spec_version": "2.1",
                "id": f"indicator--00000000-0000-4000-8000-{number:012}",
                "created": "2026-11-20T00:00:00Z",
                "modified": "2026-11-20T00:00:00Z",
                "name": f"host{number}",
                "description": "Seen in a campaign against logistics. " * 24,
                "pattern": f"[domain-name:value = 'host{number}.bundle.example']",
                "pattern_type": "stix",
                "valid_from": "2026-11-20T00:00:00Z",
                "labels": ["malicious-activity"],
            }
            file.write((b"," if number else b"") + json.dumps(one).encode())
            number += 1
        file.write(b"]}")
    return number


def by_api(desk: Site, token: str, place: str, path: Path) -> str:
    size = str(path.stat().st_size)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/octet-stream", "Content-Length": size}
    with closing(HTTPConnection("127.0.0.1", desk.port, timeout=600)) as line:
        address = f"/api/v1/indicator_lists/file?{urlencode({'organisation': place, 'title': 'Lines'})}"
        line.request("POST", address, pieces(path), headers)
        answer = line.getresponse()
        told = answer.read().decode()
    if answer.status != 202:
        raise SystemExit(f"{answer.status}: {told[:300]}")
    return str(json.loads(told)["uuid"])


def by_form(desk: Site, place: str, path: Path) -> str:
    jar = CookieJar()
    browser, base = build_opener(HTTPCookieProcessor(jar)), f"http://127.0.0.1:{desk.port}"
    page = browser.open(f"{base}/sign-in/").read().decode()
    said = {"login": "admin", "password": ADMIN_PASSWORD, "csrfmiddlewaretoken": upload._token(page)}
    browser.open(f"{base}/sign-in/", urlencode(said).encode())
    forgery = upload._token(browser.open(f"{base}/assets/indicators/new").read().decode())
    words = {"csrfmiddlewaretoken": forgery, "title": "Bundle", "organisation": place, "origin": "", "tlp": ""}
    part = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="'
    head = "".join(f'{part}{name}"\r\n\r\n{word}\r\n' for name, word in words.items())
    head += f'{part}file"; filename="bundle.json"\r\n\r\n'
    tail = f"\r\n--{BOUNDARY}--\r\n".encode()
    headers = {
        "Cookie": "; ".join(f"{one.name}={one.value}" for one in jar),
        "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        "Content-Length": str(path.stat().st_size + len(head.encode()) + len(tail)),
    }
    with closing(HTTPConnection("127.0.0.1", desk.port, timeout=600)) as line:
        line.request("POST", "/assets/indicators/new", pieces(path, head.encode(), tail), headers)
        answer = line.getresponse()
        answer.read()
    if answer.status != 302:
        raise SystemExit(f"the form answered {answer.status}")
    return str(answer.headers["Location"]).rstrip("/").rpartition("/")[2]


def pieces(path: Path, head: bytes = b"", tail: bytes = b"") -> Iterator[bytes]:
    yield head
    with path.open("rb") as file:
        while piece := file.read(MB):
            yield piece
    yield tail


def measured(desk: Site, token: str, name: str, values: int, send: Callable[[], str]) -> bool:
    before = {name: process.memory_info().rss for name, process in processes(desk).items()}
    worked = sum(processes(desk)["engine"].cpu_times()[:2])
    watch = Watch(desk, token)
    watching = threading.Thread(target=watch.run, daemon=True)
    watching.start()
    began = time.perf_counter()
    uuid = send()
    waited = time.perf_counter() - began
    told = {"state": "going"}
    while told["state"] == "going" and time.perf_counter() - began < LONGEST:
        time.sleep(EVERY)
        told = desk.get(f"/api/v1/indicator_files/{uuid}", token=token).json()
    taken = time.perf_counter() - began
    watch.over.set()
    watching.join()
    worked = sum(processes(desk)["engine"].cpu_times()[:2]) - worked
    grown = {name: watch.peak[name] - before[name] for name in before}
    held = ", ".join(f"{name} {before[name] // MB} MB and at most {watch.peak[name] // MB} MB" for name in before)
    print(f"{name}: {told['size'] / MB:.0f} MB, {told['place']:,} of {values:,} values, {told['state']}")
    print(f"  the sender waited {waited:.1f} s; taken in after {taken:.0f} s, the engine worked {worked:.0f} s")
    print(f"  a page took at most {watch.page:.2f} s; held: {held}; load {os.getloadavg()[0]:.1f}", flush=True)
    whole = told["state"] == "done" and told["place"] == values
    return whole and waited < PATIENCE and max(grown.values()) < GROWTH


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--values", type=int, default=500_000)
    options.add_argument("--megabytes", type=int, default=100)
    options.add_argument("--database-url", default="")
    said = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="hikeshi-bench-") as folder:
        plain, stix = Path(folder) / "lines.csv", Path(folder) / "bundle.json"
        lines(plain, said.values)
        count = bundle(stix, said.megabytes)
        with site(Path(folder) / "site", database_url=said.database_url) as desk:
            token = desk.token("--scope", "api", "--user", "admin")
            place = desk.get("/api/v1/organisations", token=token).json()["items"][0]["uuid"]
            good = [
                measured(desk, token, "lines by API", said.values, lambda: by_api(desk, token, place, plain)),
                measured(desk, token, "STIX by form", count, lambda: by_form(desk, place, stix)),
            ]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
