"""Rooms of chat tools for this record."""

from django.utils.translation import gettext_lazy as _

from hikeshi.rooms import actions
from hikeshi.web.room.acts.form import ActForm


class MakeRoom(ActForm):
    head = _("Open a chat room for this record")
    button = _("Open the room")
    done = _("The room is being made. Its link appears among the links.")
    consequence = _("Whoever owns the record or takes part in it, and is known there, is asked in. Nobody else is.")

    def act(self) -> None:
        actions.make_room(by=self.by, ref=self.ref, workspace=self.part_uuid)


class CloseRoom(ActForm):
    head = _("Close the chat room")
    button = _("Close the room")
    done = _("The room is being closed.")
    consequence = _("Nothing more is said there. What was taken into the timeline stays. You can open it again.")

    def act(self) -> None:
        actions.close_room(by=self.by, ref=self.ref, workspace=self.part_uuid)
