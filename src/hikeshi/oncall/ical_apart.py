"""A calendar file of somebody else's, read by a process of its own: a rule that is true on no day lets every program
that works it out search until the year 9999, and no check of the text finds all of these. This one is ended instead.
"""

import os
import resource
import subprocess
import sys
from datetime import datetime
from typing import Final

import msgspec

from hikeshi.oncall import ical
from hikeshi.oncall.ical import Fault, Shift, Unreadable

PATIENCE: Final = 60
MEMORY: Final = 1024**3
EXIT: Final = 3


def read(
    body: bytes, zone: str, since: datetime, until: datetime, *, limits: ical.Limits = ical.FILE
) -> tuple[Shift, ...]:
    """As ``ical.read``. Raises Unreadable."""
    if len(body) > limits.bytes:
        raise Unreadable(Fault.TOO_LARGE)
    bounds = f"{limits.bytes},{limits.events},{limits.seconds}"
    command = [sys.executable, "-P", "-m", __name__, bounds, zone, since.isoformat(), until.isoformat()]
    paths = {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "PATH": os.environ.get("PATH", "")}
    try:
        done = subprocess.run(command, input=body, capture_output=True, env=paths, timeout=PATIENCE, check=False)  # noqa: S603  # our own interpreter
    except subprocess.TimeoutExpired as error:
        raise Unreadable(Fault.TOO_MUCH) from error
    if done.returncode == EXIT:
        raise Unreadable(Fault(done.stdout.decode()))
    if done.returncode:
        raise Unreadable(Fault.TOO_MUCH)
    return msgspec.json.decode(done.stdout, type=tuple[Shift, ...])


def _main(bounds: str, zone: str, since: str, until: str) -> int:
    limits = ical.Limits(*map(int, bounds.split(",")))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    body = sys.stdin.buffer.read(limits.bytes + 1)
    try:
        found = ical.read(body, zone, datetime.fromisoformat(since), datetime.fromisoformat(until), limits)
    except Unreadable as error:
        sys.stdout.write(error.fault.value)
        return EXIT
    sys.stdout.buffer.write(msgspec.json.encode(found))
    return 0


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
