"""Notes and learns when each source usually speaks, and tells of those that say nothing for longer."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from hikeshi.intake import actions
from hikeshi.intake.inbox import place
from hikeshi.intake.queries import watching
from hikeshi.kernel.acting import system
from hikeshi.kernel.clock import now

SETTLING: Final = timedelta(minutes=30)
"""After a start nobody is told for so long: while the desk was down it heard nothing, and senders try again."""


@dataclass(slots=True)
class Listening:
    started: datetime = field(default_factory=now)

    def step(self, at: datetime) -> bool:
        """Looks before it asks for the pen; tells nobody while something lies in the inbox unread."""
        by = system("listening")
        if watching.unnoted(by):
            actions.note_heard(by=by)
        if watching.unlearned(by, at) and actions.learn_rhythms(by=by, at=at):
            return True
        if at - self.started >= SETTLING and not place.inbox().pending():
            actions.remind_of_silence(by=by, at=at)
        return False
