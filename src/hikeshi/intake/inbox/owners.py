"""Who holds a claim: a process that can be told from a later one of the same number, so its death is seen at once."""

import os
import socket
from pathlib import Path


def me() -> str:
    """The machine, the number of this process on it, the moment it started."""
    return f"{socket.gethostname()}/{os.getpid()}/{_started(os.getpid())}"


def lives(owner: str) -> bool:
    """False only where it is certain: same machine, and no such process any more. Elsewhere the lease decides."""
    machine, number, started = owner.rsplit("/", 2) if owner.count("/") >= 2 else ("", "", "")
    if machine != socket.gethostname() or not number.isdigit():
        return True
    return started == "" or _started(int(number)) == started


def _started(number: int) -> str:
    """Clock ticks between boot and the start of the process; "" where it is not there or /proc is not."""
    try:
        line = Path(f"/proc/{number}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    # Field 22, counted behind the command's closing bracket: the command may hold spaces and brackets itself.
    return line.rpartition(")")[2].split()[19]
