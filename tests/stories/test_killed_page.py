"""kill -9 at every step of a page, from the plan that calls somebody to the proof that they were called: they get it,
once or more, never not at all, and where it may be a repeat, it says so.
"""

import json
import signal
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from tests.receivers import Receiver, Request, running
from tests.running import Site, eventually, prepare
from tests.stopping import POINTS

pytestmark = [pytest.mark.server, pytest.mark.timeout(400)]
NOT_TAKEN = {"queueing", "queued", "planned", "ready"}
"""Nothing was handed to anybody yet, and the desk knows it."""
TAKEN = {"taken", "recording"}
"""The provider has it; the desk does not know."""


class Doorstep:
    """What the provider took, by the page it was."""

    def __init__(self) -> None:
        self.texts: dict[str, list[str]] = defaultdict(list)

    def answer(self, request: Request) -> tuple[int, object]:
        said = request.json()
        self.texts[said["subject"]].append(said["text"])
        return 200, {}


def killed_at(desk: Site, point: str, number: int, receiver: str) -> dict[str, list[list[object]]]:
    """What is proved of the pages before this one."""
    mark, proof = desk.data.parent / f"mark-{number}", desk.data.parent / f"proof-{number}"
    words = [point, str(mark), str(proof), str(number), receiver]
    with (desk.data.parent / "engine.log").open("ab") as log:
        engine = subprocess.Popen(
            [sys.executable, "-m", "tests.stopping", *words], env=desk.environment, stdout=log, stderr=log
        )
    try:
        eventually(proof.exists if point == "none" else mark.exists)
    finally:
        engine.send_signal(signal.SIGKILL)
        engine.wait()
    proved: dict[str, list[list[object]]] = json.loads(proof.read_text())
    return proved


def test_killed_at_every_step_of_a_page_it_arrives_and_says_where_it_may_be_a_repeat(tmp_path: Path) -> None:
    desk, doorstep = prepare(Site(tmp_path / "var", settings={"LANGUAGE": "en"})), Doorstep()
    with running(Receiver(doorstep.answer)) as provider:
        proved = {}
        for number, point in enumerate([*POINTS, "none"], start=1):
            proved = killed_at(desk, point, number, f"{provider.url}/hook")
    pages = dict(zip(POINTS, proved, strict=True))
    for point, subject in pages.items():
        texts, tries = doorstep.texts[subject], [tuple(one) for one in proved[subject]]
        repeats = [text for text in texts if "\u91cd\u8907" in text or "repeat" in text]
        if point in NOT_TAKEN or point == "recorded":
            assert (len(texts), tries, repeats) == (1, [("sent", False)], []), point
        else:
            assert tries == [("unknown", False), ("sent", True)], point
            assert (len(texts), len(repeats)) == (2 if point in TAKEN else 1, 1), point
    assert desk.run("verify", "--state", check=False).returncode == 0
