"""What may be read of figures. Each counts what its reader may see, and nothing else."""

from hikeshi.figures.queries.gathering import allowed, figure, figures, known
from hikeshi.figures.queries.kept_boards import BoardView, board, boards, may_change, may_share, must_change

__all__ = [
    "BoardView",
    "allowed",
    "board",
    "boards",
    "figure",
    "figures",
    "known",
    "may_change",
    "may_share",
    "must_change",
]
