"""The verbs of lists, and the engine's part."""

from hikeshi.lists.actions.following import begin_anew, follow
from hikeshi.lists.actions.limiting import limit_columns
from hikeshi.lists.actions.saving import arrange, mark_seen, remove_filter, restore_filter, save_filter
from hikeshi.lists.actions.together import Trial, change_together, try_together, undo_together

__all__ = [
    "Trial",
    "arrange",
    "begin_anew",
    "change_together",
    "follow",
    "limit_columns",
    "mark_seen",
    "remove_filter",
    "restore_filter",
    "save_filter",
    "try_together",
    "undo_together",
]
