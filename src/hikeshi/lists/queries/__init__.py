"""What lists are narrowed by, and which filters there are."""

from hikeshi.lists.queries.arranging import GROUPABLE, ORDERS, Grouping, grouped, key_of, ordered
from hikeshi.lists.queries.board import (
    CARDS,
    Column,
    Limits,
    by_owner,
    by_phase,
    by_status,
    column_limits,
    may_limit,
    team_mates,
)
from hikeshi.lists.queries.naming import Choices, choices, named
from hikeshi.lists.queries.narrowing import ME, NOBODY, codes_of, narrowed
from hikeshi.lists.queries.saved import (
    Kept,
    Shelf,
    changeable,
    history,
    kept,
    may_change,
    may_share,
    must_change,
    own_teams,
    shelf,
)
from hikeshi.lists.queries.together import BatchView, batch

__all__ = [
    "CARDS",
    "GROUPABLE",
    "ME",
    "NOBODY",
    "ORDERS",
    "BatchView",
    "Choices",
    "Column",
    "Grouping",
    "Kept",
    "Limits",
    "Shelf",
    "batch",
    "by_owner",
    "by_phase",
    "by_status",
    "changeable",
    "choices",
    "codes_of",
    "column_limits",
    "grouped",
    "history",
    "kept",
    "key_of",
    "may_change",
    "may_limit",
    "may_share",
    "must_change",
    "named",
    "narrowed",
    "ordered",
    "own_teams",
    "shelf",
    "team_mates",
]
