"""What open pages cost: `python bench/live.py [--streams N] [--changes N]`.

A throw-away site is started as its users start it; so many browsers read its live stream (each session twelve at most,
as a person with many tabs), then incidents change one after the other. Prints what the serving process held without
and with the streams, how many of them heard of each change, and how long after the change's answer the first, the
median and the last of them heard (100 ms of it is gathering, so that a storm is one word). Exits 1 if any stream missed
a change, or the median is above a second.
"""

import argparse
import asyncio
import json
import re
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import quote, urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import psutil

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from tests.running import ADMIN_PASSWORD, Site, site  # found only from here on

MB = 1_000_000
TABS = 12
SLOWEST = 1.0


@dataclass(slots=True)
class Reader:
    """``heard``: when each word of a change came."""

    heard: list[float] = field(default_factory=list)

    async def read(self, port: int, cookies: str, token: str, ready: asyncio.Semaphore) -> None:
        incoming, outgoing = await asyncio.open_connection("127.0.0.1", port)
        head = f"GET /live/?topics={quote(token)} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookies}\r\n\r\n"
        outgoing.write(head.encode())
        await outgoing.drain()
        first = await incoming.readline()
        if b"200" not in first:
            raise SystemExit(f"a stream was refused: {first!r}")
        ready.release()
        try:
            while line := await incoming.readline():
                if b"event: changed" in line:
                    self.heard.append(time.perf_counter())
        finally:
            outgoing.close()


def signed_in(desk: Site) -> tuple[str, str]:
    """A session's cookies, and the key for its topic."""
    jar, base = CookieJar(), f"http://127.0.0.1:{desk.port}"
    browser = build_opener(HTTPCookieProcessor(jar))
    page = browser.open(f"{base}/sign-in/").read().decode()
    secret = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    if secret is None:
        raise SystemExit("the page has no form")
    said = {"login": "admin", "password": ADMIN_PASSWORD, "csrfmiddlewaretoken": secret[1]}
    browser.open(f"{base}/sign-in/", urlencode(said).encode())
    page = browser.open(f"{base}/incidents/").read().decode()
    where = re.search(r'data-live="([^"]+)"', page)
    if where is None:
        raise SystemExit("not signed in")
    token = json.loads(browser.open(f"{base}{where[1]}?topic=incidents").read())["token"]
    return "; ".join(f"{one.name}={one.value}" for one in jar), token


def held(desk: Site) -> float:
    """Megabytes the serving process holds."""
    assert desk.process is not None
    serving = next(one for one in psutil.Process(desk.process.pid).children() if "site" in one.cmdline())
    return float(serving.memory_info().rss) / MB


async def measure(desk: Site, streams: int, changes: int) -> int:
    token = await asyncio.to_thread(desk.token, "--scope", "api", "--user", "admin")
    sessions = [await asyncio.to_thread(signed_in, desk) for _ in range(-(-streams // TABS))]
    before, ready = held(desk), asyncio.Semaphore(0)
    readers = [Reader() for _ in range(streams)]
    begun = time.perf_counter()
    tasks = [
        asyncio.create_task(one.read(desk.port, *sessions[number // TABS], ready)) for number, one in enumerate(readers)
    ]
    for _ in readers:
        await asyncio.wait_for(ready.acquire(), 60)
    opened = time.perf_counter() - begun
    await asyncio.sleep(3)  # what was missed between page and stream is told first
    delays, missed = [], 0
    for number in range(changes):
        for one in readers:
            one.heard.clear()
        made = {"title": f"Change {number}", "kind": "phishing", "impact": 3, "urgency": 3}
        answer = await asyncio.to_thread(desk.post, "/api/v1/incidents", made, token=token)
        at = time.perf_counter()
        if answer.status != 201:
            raise SystemExit(f"{answer.status}: {answer.body[:300]!r}")
        await asyncio.sleep(3)
        delays += [one.heard[0] - at for one in readers if one.heard]
        missed += sum(not one.heard for one in readers)
    after = held(desk)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    delays.sort()
    print(f"{streams} streams of {len(sessions)} sessions, open after {opened:.1f} s")
    print(f"memory: {before:.0f} MB before, {after:.0f} MB with them; {(after - before) * 1000 / streams:.0f} kB each")
    if delays:
        said = [f"{one * 1000:.0f}" for one in (delays[0], statistics.median(delays), delays[-1])]
        print(f"ms from a change's answer until it was heard, first, median, last: {', '.join(said)}")
    print(f"missed: {missed} of {streams * changes}")
    return 1 if missed or statistics.median(delays) > SLOWEST else 0


def main() -> int:
    options = argparse.ArgumentParser(description="What open pages cost.")
    options.add_argument("--streams", type=int, default=500)
    options.add_argument("--changes", type=int, default=10)
    wanted = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="hikeshi-bench-") as folder, site(Path(folder) / "site") as desk:
        return asyncio.run(measure(desk, wanted.streams, wanted.changes))


if __name__ == "__main__":
    sys.exit(main())
