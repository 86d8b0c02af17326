"""Whether a desk on this machine works with these data. Whoever serves holds a shared lock on a file beside them; the
system takes it back when the process ends, however it ends.
"""

import fcntl
from pathlib import Path
from typing import BinaryIO

NAME = "serving.lock"


def hold(data: Path) -> BinaryIO:
    """The lock is held while the file that is returned stays open."""
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = (data / NAME).open("ab")
    fcntl.flock(file, fcntl.LOCK_SH)
    return file


def by_a_desk(data: Path) -> bool:
    try:
        with (data / NAME).open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
