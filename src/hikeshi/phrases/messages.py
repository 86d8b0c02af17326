"""Messages out, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from hikeshi.phrases.wording import Sentence
from hikeshi.phrases.wording import noted as _

_SIGN_IN: Final = {
    "password": pgettext_lazy("mail_auth", "User name and password"),
    "microsoft": pgettext_lazy("mail_auth", "Microsoft 365: an application of the tenant"),
    "google_service": pgettext_lazy("mail_auth", "Google Workspace: a service account"),
    "google_account": pgettext_lazy("mail_auth", "Google: a refresh token of one account"),
}
CODES: Final = {"purpose": "message_purpose", "kind": "way_kind", "why": "message_trouble", "choice": "message_choice"}

REPLIES: Final = {**CODES, "why": "reply_trouble"}

SENTENCES: Final = {
    "notify.MessageQueued": Sentence(_("%(purpose)s for %(to)s."), CODES),
    "notify.MessageSent": Sentence(_("%(purpose)s sent to %(to)s: %(kind)s."), CODES),
    "notify.MessageFailed": Sentence(_("%(purpose)s did not reach %(to)s. %(why)s"), CODES),
    "notify.MessageAnswered": Sentence(_("%(to)s answered: %(choice)s."), CODES),
    "notify.MessageWithdrawn": Sentence(_("%(purpose)s for %(to)s was no longer sent. %(why)s"), CODES),
    "notify.MessageBounced": Sentence(_("%(purpose)s for %(to)s came back undelivered."), CODES),
    "notify.ReplyNotTaken": Sentence(_("%(to)s replied, but it did nothing. %(why)s"), REPLIES),
    "notify.MailboxBroken": Sentence(_("Replies by mail are no longer read. %(why)s"), CODES),
    "notify.MailboxMended": Sentence(_("Replies by mail are read again.")),
    "notify.WayBroken": Sentence(_("The channel does not work: %(kind)s. %(why)s"), CODES),
    "notify.WayMended": Sentence(_("The channel works again: %(kind)s."), CODES),
    "notify.ChannelSet": Sentence(_("Changed how messages leave: %(kind)s."), CODES),
    "notify.ChannelRemoved": Sentence(_("Removed how messages leave: %(kind)s."), CODES),
    "notify.HostsSet": Sentence(_("Changed which hosts inside the network may be called.")),
    "notify.OwnRulesSet": Sentence(_("Chose which way is taken when.")),
}

LABELS: Final[Mapping[str, Mapping[str, str | Promise]]] = {
    "message_purpose": {
        "page": pgettext_lazy("message_purpose", "Call"),
        "told": pgettext_lazy("message_purpose", "Notification"),
        "check": pgettext_lazy("message_purpose", "Check of a contact"),
        "reminder": pgettext_lazy("message_purpose", "Reminder"),
        "clock": pgettext_lazy("message_purpose", "Warning of a deadline"),
        "canary": pgettext_lazy("message_purpose", "Test call"),
    },
    "message_course": {
        "waiting": pgettext_lazy("message_course", "Waiting"),
        "going": pgettext_lazy("message_course", "On its way"),
        "sent": pgettext_lazy("message_course", "Sent"),
        "answered": pgettext_lazy("message_course", "Answered"),
        "withdrawn": pgettext_lazy("message_course", "Withdrawn"),
        "not_needed": pgettext_lazy("message_course", "No longer needed"),
        "failed": pgettext_lazy("message_course", "Reached nobody"),
        "kept": pgettext_lazy("message_course", "Drill or demonstration: never leaves"),
    },
    "delivery_leg": {
        "waiting": pgettext_lazy("delivery_leg", "Waiting"),
        "sending": pgettext_lazy("delivery_leg", "On its way"),
        "sent": pgettext_lazy("delivery_leg", "Taken by the provider"),
        "failed": pgettext_lazy("delivery_leg", "Failed"),
        "unknown": pgettext_lazy("delivery_leg", "Outcome unknown"),
        "withdrawn": pgettext_lazy("delivery_leg", "Withdrawn"),
        "not_needed": pgettext_lazy("delivery_leg", "No longer needed"),
    },
    "channel_state": {
        "open": pgettext_lazy("channel_state", "Needs no setting up"),
        "missing": pgettext_lazy("channel_state", "Not set up"),
        "ready": pgettext_lazy("channel_state", "Set up, never used"),
        "working": pgettext_lazy("channel_state", "Works"),
        "broken": pgettext_lazy("channel_state", "Does not work"),
        "off": pgettext_lazy("channel_state", "Switched off"),
    },
    "security": {
        "starttls": pgettext_lazy("security", "STARTTLS (port 587)"),
        "tls": pgettext_lazy("security", "TLS from the start (port 465)"),
        "none": pgettext_lazy("security", "None: passwords go in clear"),
    },
    "imap_security": {
        "tls": gettext_lazy("TLS from the start (port 993)"),
        "starttls": gettext_lazy("STARTTLS (port 143)"),
        "none": pgettext_lazy("security", "None: passwords go in clear"),
    },
    "auth": _SIGN_IN,
    "imap_auth": _SIGN_IN,
    "call_least": {
        "3": pgettext_lazy("call_least", "everything"),
        "2": pgettext_lazy("call_least", "what is urgent"),
        "1": pgettext_lazy("call_least", "the most urgent only"),
        "0": pgettext_lazy("call_least", "nothing"),
    },
    "message_state": {
        "used": gettext_lazy("This has been answered already."),
        "over": gettext_lazy("This link has ended: it is too old. Sign in to see what is open."),
        "settled": gettext_lazy("This is settled. There is nothing left to do here."),
    },
    "message_choice": {
        "acknowledge": pgettext_lazy("message_choice", "I take it"),
        "hand_over": pgettext_lazy("message_choice", "Hand it over"),
        "help": pgettext_lazy("message_choice", "I need help"),
        "here": pgettext_lazy("message_choice", "It reached me"),
    },
    "message_after": {
        "acknowledge": gettext_lazy("It is yours. Nobody else is called. Open it on the desk and go on there."),
        "hand_over": gettext_lazy("Whoever is next is being called. Until they answer nobody has it."),
        "help": gettext_lazy("Somebody else is being called as well. You can still take it."),
    },
    "message_trouble": {
        "no_way": gettext_lazy("There is no way to reach them."),
        "left": gettext_lazy("They are no longer here."),
        "withdrawn": gettext_lazy("It was no longer needed."),
        "acknowledged": gettext_lazy("Somebody has taken it."),
        "closed": gettext_lazy("The record was closed."),
        "merged": gettext_lazy("The record was merged into another."),
        "answered": gettext_lazy("It was answered."),
        "not_real": gettext_lazy("Exercises and demonstrations never leave the desk."),
        "no_words": gettext_lazy("Nobody has words for it."),
        "not_set_up": gettext_lazy("This channel is not set up."),
        "switched_off": gettext_lazy("This channel is switched off."),
        "bad_address": gettext_lazy("The address cannot be used."),
        "refused_address": gettext_lazy("The provider refused this address."),
        "unauthorised": gettext_lazy("The provider refused the desk's credentials."),
        "refused": gettext_lazy("The provider refused the message."),
        "used_up": gettext_lazy("The number of messages the provider allows in a month is used up."),
        "busy": gettext_lazy("The provider asks to wait."),
        "provider": gettext_lazy("The provider has trouble of its own."),
        "unreachable": gettext_lazy("The provider could not be reached."),
        "timeout": gettext_lazy("The provider did not answer in time."),
        "certificate": gettext_lazy("The provider's certificate is not trusted."),
        "proxy": gettext_lazy("The proxy for calls to the outside opens no way there."),
        "forbidden_host": gettext_lazy("This host lies inside the network and was not permitted by the settings."),
        "desk_shut": gettext_lazy("This desk calls nobody: it is held, or for trying things out."),
        "too_large": gettext_lazy("The provider's answer was too large."),
        "unknown_outcome": gettext_lazy("The desk stopped while it was being sent; it may have arrived."),
        "command": gettext_lazy("The command failed."),
        "gone": gettext_lazy("The contact was removed."),
        "unsubscribed": gettext_lazy("The browser takes no messages of this desk any more."),
        "bounced": gettext_lazy("The mail came back undelivered."),
        "no_name": gettext_lazy("No address is known for this name."),
        "token_refused": gettext_lazy("Whoever gives tokens refused the desk."),
        "token_unreachable": gettext_lazy("Whoever gives tokens could not be reached."),
        "no_folder": gettext_lazy("The mailbox has no such folder."),
    },
    "reply_trouble": {
        "not_understood": gettext_lazy(
            "The desk did not understand it. As its first line write only 1 (take it), 2 (hand over) or 3 (help)."
        ),
        "bundled": gettext_lazy(
            "That message told you of several things: a reply can only take all of them, with 1 as its first line. For"
            " anything else open their links."
        ),
        "link_used": gettext_lazy("This has been answered already."),
        "link_over": gettext_lazy("It came too late: this is settled, or too old."),
        "answered_already": gettext_lazy("Somebody else has taken it already."),
        "not_allowed": gettext_lazy("You are not allowed to do that."),
        "invalid": gettext_lazy("This call has ended."),
    },
}

REASONS: Final[Mapping[str, Promise]] = {
    "channel_keys": gettext_lazy("Browsers have subscribed with its keys. Switch it off instead."),
    "channel_command": gettext_lazy("It runs on the machine of the desk, so it is written on its page only."),
}
