"""What may be read of load. Records a reader may not see count for whoever owns them, and as a number only."""

from hikeshi.load.queries.assigning import Proposal, proposal, try_rule
from hikeshi.load.queries.board import Board, board, candidates, candidates_for, person_board
from hikeshi.load.queries.figures import Figures, figures
from hikeshi.load.queries.profiles import may_manage, profile, skilled
from hikeshi.load.queries.settings import InForce, in_force, may_configure, settings
from hikeshi.load.queries.standing_in import Wanted, absent_owners, any_unplaced, instead, left_behind, wanted

__all__ = [
    "Board",
    "Figures",
    "InForce",
    "Proposal",
    "Wanted",
    "absent_owners",
    "any_unplaced",
    "board",
    "candidates",
    "candidates_for",
    "figures",
    "in_force",
    "instead",
    "left_behind",
    "may_configure",
    "may_manage",
    "person_board",
    "profile",
    "proposal",
    "settings",
    "skilled",
    "try_rule",
    "wanted",
]
