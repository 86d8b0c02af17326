"""The verbs of figures: keeping boards of them."""

from hikeshi.figures.actions.keeping import keep_board, remove_board

__all__ = ["keep_board", "remove_board"]
