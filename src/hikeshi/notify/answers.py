"""What an answer does. A package above registers it for its purpose; see ``wording`` about ``subject``."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias

from hikeshi.kernel.acting import Actor
from hikeshi.notify.messages import Purpose, Queued


class Act(Protocol):
    """Runs in the transaction of the answer. Its refusals reach who answered, in words."""

    def __call__(self, *, by: Actor, message: Queued, choice: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with what a message was about, as its recipient may know it once the message asks nothing more.
    ``link`` is empty for whoever does not see it; ``taken_by`` where nobody has it.
    """

    title: str
    link: str = ""
    taken_by: str = ""
    taken_at: datetime | None = None


Look: TypeAlias = Callable[[Queued], Standing | None]
_acts: dict[tuple[Purpose, str], Act] = {}
_looks: dict[tuple[Purpose, str], Look] = {}


def register(purpose: Purpose, act: Act, subject: str = "", look: Look | None = None) -> None:
    _acts[purpose, subject] = act
    if look is not None:
        _looks[purpose, subject] = look


def act(*, by: Actor, message: Queued, choice: str) -> None:
    """Nothing happens where nobody registered: that it was answered is written down all the same."""
    found = _acts.get(_key(message)) or _acts.get((message.purpose, ""))
    if found is not None:
        found(by=by, message=message, choice=choice)


def standing(message: Queued) -> Standing | None:
    found = _looks.get(_key(message))
    return found(message) if found is not None else None


def _key(message: Queued) -> tuple[Purpose, str]:
    return message.purpose, message.subject.partition(":")[0]
