"""The verbs of figures: keeping boards of them; and the engine's part."""

from hikeshi.figures.actions.keeping import keep_board, remove_board
from hikeshi.figures.actions.tallying import tally

__all__ = ["keep_board", "remove_board", "tally"]
