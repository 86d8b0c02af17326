"""Chat tools, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from hikeshi.phrases.wording import Sentence
from hikeshi.phrases.wording import noted as _

MAKER: Final = {"maker": "chat_tool"}

SENTENCES: Final = {
    "rooms.WorkspaceSet": Sentence(_("Said how a chat tool is connected: %(maker)s."), MAKER),
    "rooms.WorkspaceRemoved": Sentence(_("Disconnected a chat tool: %(maker)s."), MAKER),
    "rooms.PersonLinked": Sentence(_("An account of a chat tool was tied to %(person)s: %(maker)s."), MAKER),
    "rooms.LinkConfirmed": Sentence(_("%(person)s confirmed their account of a chat tool: %(maker)s."), MAKER),
    "rooms.PersonUnlinked": Sentence(_("An account of a chat tool is no longer that of %(person)s: %(maker)s."), MAKER),
    "rooms.RoomMade": Sentence(_("A chat room was opened: %(maker)s."), MAKER),
    "rooms.RoomFailed": Sentence(
        _("No chat room could be opened: %(maker)s. %(why)s"), {"maker": "chat_tool", "why": "chat_trouble"}
    ),
    "rooms.RoomClosed": Sentence(_("The chat room was closed: %(maker)s."), MAKER),
    "rooms.RoomReopened": Sentence(_("The chat room was opened again: %(maker)s."), MAKER),
    "rooms.RoomAsked": Sentence(_("Asked for a chat room: %(maker)s."), MAKER),
    "rooms.RoomDismissed": Sentence(_("Asked to close the chat room: %(maker)s."), MAKER),
}

LABELS: Final[Mapping[str, Mapping[str, str | Promise]]] = {
    "chat_tool": {
        "slack": "Slack",
        "teams": "Microsoft Teams",
        "mattermost": "Mattermost",
        "line_works": "LINE WORKS",
    },
    "chat_field": {
        "signing_secret": pgettext_lazy("chat_field", "Signing secret"),
        "bot_token": pgettext_lazy("chat_field", "Token of the bot"),
        "reaction": pgettext_lazy("chat_field", "Reaction that takes a message into the timeline"),
        "security_token": pgettext_lazy("chat_field", "Security token"),
        "webhook": pgettext_lazy("chat_field", "Address of the incoming webhook"),
        "command_token": pgettext_lazy("chat_field", "Token of the slash command"),
        "server": pgettext_lazy("chat_field", "Address of the server"),
        "team": pgettext_lazy("chat_field", "Team ID"),
        "bot_secret": pgettext_lazy("chat_field", "Bot secret"),
        "bot": pgettext_lazy("chat_field", "Bot ID"),
        "client_id": pgettext_lazy("chat_field", "Client ID"),
        "client_secret": pgettext_lazy("chat_field", "Client secret"),
        "service_account": pgettext_lazy("chat_field", "Service account"),
        "private_key": pgettext_lazy("chat_field", "Private key"),
    },
    "room_state": {
        "making": pgettext_lazy("room_state", "Being made"),
        "open": pgettext_lazy("room_state", "Open"),
        "closed": pgettext_lazy("room_state", "Closed"),
        "failed": pgettext_lazy("room_state", "Could not be made"),
        "none": pgettext_lazy("room_state", "None yet"),
    },
    "chat_trouble": {
        "invalid_auth": gettext_lazy("The tool refused the desk's token."),
        "missing_scope": gettext_lazy("The token lacks a right that rooms need."),
        "name_taken": gettext_lazy("The names for the channel are taken."),
        "no_people": gettext_lazy("Nobody who owns the record or takes part in it is known there."),
        "too_many": gettext_lazy("More people or channels are there than the desk reads."),
        "record_closed": gettext_lazy("The record was closed before."),
        "unknown_outcome": gettext_lazy(
            "The desk could not learn whether the room was made. Look there before you ask for another."
        ),
        "strangers": gettext_lazy("Somebody who may not see the record is in the room and could not be taken out."),
        "not_there": gettext_lazy("The channel or person is not there any more."),
        "not_possible": gettext_lazy("This tool cannot do that."),
        "refused": gettext_lazy("The tool refused it."),
        "unauthorised": gettext_lazy("The tool refused the desk's token."),
        "busy": gettext_lazy("The tool asks to wait."),
        "provider": gettext_lazy("The tool has trouble of its own."),
        "unreachable": gettext_lazy("The tool could not be reached."),
        "timeout": gettext_lazy("The tool did not answer in time."),
        "certificate": gettext_lazy("The tool's certificate is not trusted."),
        "proxy": gettext_lazy("The proxy for calls to the outside opens no way there."),
        "forbidden_host": gettext_lazy("This host lies inside the network and was not permitted by the settings."),
        "desk_shut": gettext_lazy("This desk calls nobody: it is held, or for trying things out."),
        "bad_address": gettext_lazy("The address cannot be used."),
        "too_large": gettext_lazy("The tool's answer was too large."),
        "refused_address": gettext_lazy("The channel or person is not there any more."),
    },
}

REFUSALS: Final[Mapping[str, Promise]] = {
    "chat_too_fast": gettext_lazy("That was too often. Wait a few minutes and try again."),
    "heard_before": gettext_lazy("This was done already."),
    "link_code_unknown": gettext_lazy("This code is not valid. Make a new one in your account."),
}

REASONS: Final[Mapping[str, Promise]] = {
    "linked_already": gettext_lazy("This account or this person is tied to another already. Untie that first."),
    "makes_no_rooms": gettext_lazy("This tool is switched off, or lacks what rooms need."),
    "no_room_for_it": gettext_lazy("Rooms are for real records that are not closed."),
    "others_read_it": gettext_lazy("Everybody reads along there. A restricted record gets no room in this tool."),
    "nothing_to_try": gettext_lazy("Save what rooms need first: there is nothing to try without it."),
}
