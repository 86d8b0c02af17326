"""kill -9 at any moment: what was acknowledged is there, and is there once."""

import contextlib
import json
import random
import signal
import threading
import time
from dataclasses import dataclass, field
from http.client import HTTPException

import psutil
import pytest

from tests.postgres import Postgres
from tests.running import Site, eventually, site

ROUNDS = 6
SENDERS = 4
ENOUGH = 20
pytestmark = [pytest.mark.server, pytest.mark.timeout(400)]


@dataclass
class Detector:
    """Sends numbered alerts under their own key, again and again until each is acknowledged, as detectors do."""

    desk: Site
    token: str
    name: str
    acknowledged: dict[str, tuple[str, int]] = field(default_factory=dict)
    stopping: threading.Event = field(default_factory=threading.Event)
    answers: list[int] = field(default_factory=list)

    def run(self) -> None:
        number = 0
        while not self.stopping.is_set():
            number += 1
            size = 1 + number % 5
            self._send_until_acknowledged(f"{self.name}-{number}", size)

    def _send_until_acknowledged(self, key: str, size: int) -> None:
        # One key for each alert of the body: what folds would hide a double count.
        body = [{"title": f"{key} {place}", "severity": "low", "key": f"{key}-{place}"} for place in range(size)]
        while not self.stopping.is_set():
            with contextlib.suppress(OSError, HTTPException, json.JSONDecodeError):
                answer = self.desk.post("/intake/v1/generic", body, token=self.token, headers={"Idempotency-Key": key})
                self.answers.append(answer.status)
                if answer.status == 202:
                    self.acknowledged[key] = (answer.json()["receipt"], answer.json()["accepted"])
                    return
            time.sleep(0.02)


@contextlib.contextmanager
def detectors(desk: Site):
    token = desk.token("--source", "generic")
    sending = [Detector(desk, token, f"detector{number}") for number in range(SENDERS)]
    threads = [threading.Thread(target=one.run) for one in sending]
    for thread in threads:
        thread.start()
    try:
        yield sending
    finally:
        for one in sending:
            one.stopping.set()
        for thread in threads:
            thread.join(90)


def check_every_alert_is_there_once(desk: Site, sending: list[Detector]) -> None:
    """The queue against what the detectors were told. A body under way at the end may be there unacknowledged."""
    told = {key: size for one in sending for key, (_, size) in one.acknowledged.items()}
    assert len(told) > ENOUGH
    eventually(lambda: desk.metric("hikeshi_inbox_pending") == 0)
    counts = dict(kept(desk))
    assert set(counts.values()) == {1}, {key: count for key, count in counts.items() if count != 1}
    expected = {f"{key} {place}" for key, size in told.items() for place in range(size)}
    assert expected <= counts.keys()
    assert len(counts) - len(expected) <= SENDERS * 5
    assert desk.metric("hikeshi_intake_accepted_total") == len(counts)
    assert desk.metric("hikeshi_intake_digested_total") == len(counts)
    assert desk.metric("hikeshi_alerts_total") == len(counts)
    assert desk.run("verify", check=False).returncode == 0


def kept(desk: Site):
    """Title and count of every alert, through the API."""
    token = desk.token("--scope", "api", "--user", "admin")
    cursor: str | None = ""
    while cursor is not None:
        page = desk.get(f"/api/v1/alerts?limit=200&cursor={cursor}", token=token).json()
        yield from ((row["title"], row["count"]) for row in page["items"])
        cursor = page["next"]


def kill_somebody(desk: Site, chance: random.Random) -> None:
    assert desk.process is not None
    tree = psutil.Process(desk.process.pid)
    victims = tree.children() if chance.random() < 0.6 else [tree, *tree.children()]
    chosen = victims if len(victims) > 2 else [chance.choice(victims)]
    for victim in chosen:
        with contextlib.suppress(psutil.NoSuchProcess):
            victim.send_signal(signal.SIGKILL)
    if tree in chosen:
        desk.process.wait()
        desk.start()


def test_nothing_acknowledged_is_lost_or_counted_twice_however_the_desk_is_killed(tmp_path):
    chance = random.Random(20261121)
    with site(tmp_path) as desk, detectors(desk) as sending:
        for _ in range(ROUNDS):
            time.sleep(chance.uniform(0.1, 1.5))
            kill_somebody(desk, chance)
            desk.await_ready(120)
        eventually(lambda: sum(len(one.acknowledged) for one in sending) > ENOUGH)
        for one in sending:
            one.stopping.set()
        check_every_alert_is_there_once(desk, sending)


def test_postgresql_goes_away_and_comes_back_and_nothing_is_lost(tmp_path):
    server = Postgres(durable=True)
    server.start()
    with site(tmp_path, database_url=server.url) as desk, detectors(desk) as sending:
        for _ in range(2):
            eventually(lambda: len(sending[0].acknowledged) > 5)
            server.stop()
            for one in sending:
                one.answers.clear()
            refused = eventually(lambda: 503 in sending[0].answers)
            assert refused
            assert desk.get("/healthz").status == 200
            # What it said is said again for a second.
            assert eventually(lambda: desk.get("/readyz").status == 503)
            server.start()
            eventually(lambda: 202 in sending[0].answers)
        desk.await_ready(120)
        eventually(lambda: sum(len(one.acknowledged) for one in sending) > ENOUGH)
        for one in sending:
            one.stopping.set()
        check_every_alert_is_there_once(desk, sending)
    server.stop()
