"""The pictures of every page are made by a command of its own, outside any test."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tools import screens

ROOT = Path(__file__).resolve().parents[2]


def test_the_command_starts_where_nothing_was_set_up_before_it() -> None:
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "HIKESHI_"))}
    begun = "from tools import screens; screens.set_up(); print(*screens.missing(set()))"
    done = subprocess.run(
        [sys.executable, "-c", begun], cwd=ROOT, env=bare, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert {"incidents/", "settings/", "report/"} <= set(done.stdout.split())


def test_some_pages_are_taken_by_a_pattern_and_one_that_meets_none_is_a_fault() -> None:
    faults: list[str] = []
    assert screens.wanted(["/load/", "/board/"], re.compile("^/lo"), faults) == ["/load/"]
    assert faults == []
    assert screens.wanted(["/load/", "/board/"], re.compile("^/x"), faults) == []
    assert faults == ["no page's address meets ^/x"]
