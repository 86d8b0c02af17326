"""What an answer does. A package above registers it for its purpose; see ``wording`` about ``subject``."""

from typing import Protocol

from hikeshi.kernel.acting import Actor
from hikeshi.notify.messages import Purpose, Queued


class Act(Protocol):
    """Runs in the transaction of the answer. Its refusals reach who answered, in words."""

    def __call__(self, *, by: Actor, message: Queued, choice: str) -> None: ...


_acts: dict[tuple[Purpose, str], Act] = {}


def register(purpose: Purpose, act: Act, subject: str = "") -> None:
    _acts[purpose, subject] = act


def act(*, by: Actor, message: Queued, choice: str) -> None:
    """Nothing happens where nobody registered: that it was answered is written down all the same."""
    kind = message.subject.partition(":")[0]
    found = _acts.get((message.purpose, kind)) or _acts.get((message.purpose, ""))
    if found is not None:
        found(by=by, message=message, choice=choice)
