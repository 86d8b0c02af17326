"""The rule files as they judge, kept beside the data: a restart finds them, whatever a file says by then.

One file of the machine whose rule files they are, replaced whole. Where it is damaged or missing nothing is kept, and a
file that cannot be read judges nothing, as on the first day.
"""

import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

NAME: Final = "rules_in_force.json"
FOLDER: Final = "rules"
log = logging.getLogger(__name__)


def kept(data: Path) -> dict[str, str]:
    """What the files said, by their names. ``data``: the site's folder."""
    try:
        return msgspec.json.decode((data / NAME).read_bytes(), type=dict[str, str])
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.DecodeError) as error:
        log.warning("%s cannot be read: %s", NAME, type(error).__name__)
        return {}


def keep(data: Path, said: Mapping[str, str]) -> bool:
    """Whether it had to be written anew. Raises OSError where it cannot be."""
    if kept(data) == said:
        return False
    new = data / f".{NAME}.{os.getpid()}"
    try:
        with new.open("wb") as file:
            file.write(msgspec.json.encode(dict(said)))
            file.flush()
            os.fsync(file.fileno())
        new.replace(data / NAME)
    finally:
        new.unlink(missing_ok=True)
    return True
