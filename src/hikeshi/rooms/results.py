"""What came of an errand at a chat tool. Pure."""

from dataclasses import dataclass
from datetime import datetime

from hikeshi.notify.handing import Fault


@dataclass(frozen=True, slots=True)
class Written:
    """A message people wrote there. ``author`` as the tool names them."""

    text: str
    author: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """``fault`` is None where it was done. ``asked`` and ``topic`` None: nothing was done about them. ``replaced``: the
    room cannot be used any more, and another is to be made.
    """

    fault: Fault | None = None
    provider_id: str = ""
    place: str = ""
    url: str = ""
    asked: tuple[str, ...] | None = None
    topic: str | None = None
    written: Written | None = None
    replaced: bool = False
