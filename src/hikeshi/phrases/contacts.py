"""Whom to call and by what way, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from hikeshi.phrases.wording import Sentence
from hikeshi.phrases.wording import noted as _

SENTENCES: Final = {
    "accounts.WayAdded": Sentence(_("Added a way to reach somebody: %(kind)s."), {"kind": "way_kind"}),
    "accounts.WayChanged": Sentence(_("Changed a way to reach somebody.")),
    "accounts.WayRemoved": Sentence(_("Removed a way to reach somebody.")),
    "accounts.WayProven": Sentence(_("A way to reach somebody was proven: %(how)s."), {"how": "way_proof"}),
    "accounts.WayDoubted": Sentence(_("A way to reach somebody is in doubt: %(why)s."), {"why": "way_trouble"}),
    "accounts.WaysOrdered": Sentence(_("Changed the order in which somebody is reached.")),
    "accounts.CardChanged": Sentence(_("Changed a person's entry in the directory.")),
    "accounts.PartyAdded": Sentence(_("Added an outside party: %(kind)s."), {"kind": "party_kind"}),
    "accounts.PartyChanged": Sentence(_("Changed an outside party: %(kind)s."), {"kind": "party_kind"}),
    "accounts.PartyRetired": Sentence(_("Put an outside party out of use.")),
    "accounts.PartyReinstated": Sentence(_("Put an outside party in use again.")),
    "accounts.ResponsibilitiesSet": Sentence(_("Wrote down who does what with an outside party. Lines: %(lines)s")),
    "accounts.CallSheetSet": Sentence(_("Changed the call sheet.")),
    "accounts.ContactRulesSet": Sentence(
        _("Contacts count as stale after %(stale_days)s days; the desk asks for an answer every %(check_days)s days.")
    ),
}

LABELS: Final[Mapping[str, Mapping[str, str | Promise]]] = {
    "way_kind": {
        "mail": pgettext_lazy("way_kind", "E-mail"),
        "phone": pgettext_lazy("way_kind", "Telephone"),
        "sms": pgettext_lazy("way_kind", "Text message (SMS)"),
        "push": pgettext_lazy("way_kind", "This desk on a device"),
        "slack": "Slack",
        "teams": "Microsoft Teams",
        "mattermost": "Mattermost",
        "line": "LINE",
        "line_works": "LINE WORKS",
        "chatwork": "Chatwork",
        "ntfy": "ntfy",
        "webhook": "Webhook",
        "apprise": "Apprise",
    },
    "way_proof": {
        "answered": pgettext_lazy("way_proof", "a message was answered"),
        "called": pgettext_lazy("way_proof", "a colleague spoke with them"),
        "confirmed": pgettext_lazy("way_proof", "confirmed by themselves"),
    },
    "way_trouble": {
        "bounced": pgettext_lazy("way_trouble", "what was sent came back"),
        "silent": pgettext_lazy("way_trouble", "nobody answered"),
        "wrong": pgettext_lazy("way_trouble", "it leads to somebody else"),
    },
    "way_standing": {
        "trouble": pgettext_lazy("way_standing", "In doubt"),
        "never": pgettext_lazy("way_standing", "Never proven"),
        "stale": pgettext_lazy("way_standing", "Not proven for long"),
        "proven": pgettext_lazy("way_standing", "Proven"),
    },
    "party_kind": {
        "forensic": pgettext_lazy("party_kind", "Forensic firm"),
        "insurer": pgettext_lazy("party_kind", "Insurer"),
        "law_firm": pgettext_lazy("party_kind", "Law firm"),
        "cloud": pgettext_lazy("party_kind", "Cloud provider"),
        "contractor": pgettext_lazy("party_kind", "Contractor"),
        "police": pgettext_lazy("party_kind", "Police"),
        "jpcert": "JPCERT/CC",
        "ipa": "IPA",
        "authority": pgettext_lazy("party_kind", "Authority"),
        "pr": pgettext_lazy("party_kind", "PR agency"),
        "other": pgettext_lazy("party_kind", "Other"),
    },
    "who": {
        "us": pgettext_lazy("who", "We"),
        "them": pgettext_lazy("who", "They"),
        "shared": pgettext_lazy("who", "Both"),
    },
    "weekday_code": {
        "mon": pgettext_lazy("weekday_code", "Mon"),
        "tue": pgettext_lazy("weekday_code", "Tue"),
        "wed": pgettext_lazy("weekday_code", "Wed"),
        "thu": pgettext_lazy("weekday_code", "Thu"),
        "fri": pgettext_lazy("weekday_code", "Fri"),
        "sat": pgettext_lazy("weekday_code", "Sat"),
        "sun": pgettext_lazy("weekday_code", "Sun"),
    },
}

REASONS: Final[Mapping[str, Promise]] = {
    "address_characters": gettext_lazy("An address holds no spaces."),
    "called_twice": gettext_lazy("Somebody stands twice on this sheet."),
    "deputy_circle": gettext_lazy("The deputies would stand in for each other in a circle."),
    "deputy_elsewhere": gettext_lazy("The deputy belongs to another organisation."),
    "deputy_gone": gettext_lazy("This person is out of use; choose somebody who is there."),
    "desk_of_a_desk": gettext_lazy("A desk has no desks of its own."),
    "no_such_number": gettext_lazy("There is no such telephone number. Check its digits and its country code."),
    "not_a_number": gettext_lazy("This is not a telephone number. Write 03-1234-5678 ext. 12, or +81 3 1234 5678."),
    "takes_no_text": gettext_lazy("A landline or an extension takes no text messages."),
    "unknown_zone": gettext_lazy("There is no time zone of this name. Write one as Asia/Tokyo."),
    "unknown_zone_near": gettext_lazy("There is no time zone of this name. The nearest: %(near)s"),
    "way_twice": gettext_lazy("This address is already there."),
    "weekly_hours_form": gettext_lazy("Write hours as mon-fri 09:00-18:00; sat 10:00-12:00."),
}
