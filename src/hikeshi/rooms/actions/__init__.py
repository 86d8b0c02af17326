"""The verbs of chat tools."""

from hikeshi.rooms.actions.hearing import answer, forget_heard, hear
from hikeshi.rooms.actions.people import confirm_link, link_by_code, make_link_code, map_person, unlink
from hikeshi.rooms.actions.workspaces import remove_workspace, set_workspace, try_workspace

__all__ = [
    "answer",
    "confirm_link",
    "forget_heard",
    "hear",
    "link_by_code",
    "make_link_code",
    "map_person",
    "remove_workspace",
    "set_workspace",
    "try_workspace",
    "unlink",
]
