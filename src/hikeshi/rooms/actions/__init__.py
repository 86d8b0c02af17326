"""The verbs of chat tools."""

from hikeshi.rooms.actions.hearing import answer, forget_heard, hear
from hikeshi.rooms.actions.making import close_room, make_room
from hikeshi.rooms.actions.marking import mark, mark_later, note_change
from hikeshi.rooms.actions.people import confirm_link, link_by_code, make_link_code, map_person, unlink
from hikeshi.rooms.actions.workspaces import remove_workspace, set_workspace, try_workspace

__all__ = [
    "answer",
    "close_room",
    "confirm_link",
    "forget_heard",
    "hear",
    "link_by_code",
    "make_link_code",
    "make_room",
    "map_person",
    "mark",
    "mark_later",
    "note_change",
    "remove_workspace",
    "set_workspace",
    "try_workspace",
    "unlink",
]
