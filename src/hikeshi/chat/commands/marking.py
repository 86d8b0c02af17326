"""A message of the room is named, to stand in the timeline."""

import re
from typing import Final

from django.utils.translation import gettext as _

from hikeshi.chat.commands.asking import Asked, Reply, of_record
from hikeshi.rooms import actions

_NAMED: Final = re.compile(r"/pl/([a-z0-9]{26})\b")
"""The permanent link of a message of Mattermost."""


def mark(asked: Asked) -> Reply:
    """Its words are asked for where the room is, and nowhere else."""
    named = _NAMED.search(asked.words)
    if not asked.reads or asked.workspace is None:
        return Reply((_("Messages are not taken by a command here. Write them as a note."),))
    if named is None:
        return Reply((_("Copy the link of the message from its menu, and write it after the command."),))
    ref = actions.mark_later(by=asked.by, workspace=asked.workspace, place=asked.place, message=named[1])
    return Reply((_("The message goes into the timeline of %(ref)s.") % {"ref": ref},), of_record(ref))
