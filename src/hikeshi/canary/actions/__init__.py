"""The verbs of canaries. The only writer of this package's rows."""

from hikeshi.canary.actions.arranging import arrange
from hikeshi.canary.actions.asking import ask, ask_by_plan
from hikeshi.canary.actions.following import advance, note_knock, take_key

__all__ = ["advance", "arrange", "ask", "ask_by_plan", "note_knock", "take_key"]
