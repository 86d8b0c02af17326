"""What came of an errand at a chat tool. Pure."""

from dataclasses import dataclass
from datetime import datetime

from hikeshi.notify.handing import Fault


@dataclass(frozen=True, slots=True)
class Written:
    """A message people wrote there. ``author`` as the tool names them. ``state``: what the tool calls this wording of
    it, where it says; another one after the next change.
    """

    text: str
    author: str
    at: datetime | None = None
    state: str = ""


@dataclass(frozen=True, slots=True)
class Looked:
    """What became of a message that was taken: its wording's state, or that it is ``gone``."""

    state: str = ""
    gone: bool = False


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
    looked: Looked | None = None
