from collections.abc import Mapping, Sequence
from typing import Final

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hikeshi.mailboxes.codes import Carries
from hikeshi.mailboxes.fields import FIELDS
from hikeshi.mailboxes.queries import MailboxView
from hikeshi.notify.channels.fields import Field
from hikeshi.phrases import labels
from hikeshi.web.settings import by_token, choices
from hikeshi.web.settings.saving import Versioned

KEPT: Final = _("Set. Type only to replace it.")
HELP: Final[Mapping[str, Promise]] = {
    "imap_host": _("Leave it empty where your mail server hands the mail over to this desk."),
    "imap_security": _(
        "TLS encrypts from the first byte, STARTTLS before the password is sent. Without encryption the password and"
        " every mail can be read on the way."
    ),
    "imap_port": _("Empty: 993 with TLS, else 143."),
    "imap_auth": _("Microsoft 365 and Google take no passwords. The guide says what to set up there."),
    **by_token.HELP,
}
_LIST: Final = {"rows": 3, "class": "code"}


class Mailbox(Versioned):
    on = forms.BooleanField(label=_("Switched on: its mail is taken"), required=False)
    name = forms.CharField(label=_("Name"), max_length=100)
    address = forms.CharField(label=_("E-mail address of the mailbox"), max_length=254)
    carries = forms.ChoiceField(label=_("What its mail is"))
    source = forms.ChoiceField(label=_("Source"), required=False, help_text=_("For alerts: whose mapping reads them."))
    answers = forms.BooleanField(
        label=_("Tell whoever reports that it arrived"),
        required=False,
        help_text=_("With the number and a code to follow it. Machines and forged senders are never answered."),
    )
    trusted = forms.CharField(
        label=_("Servers that check the sender"),
        required=False,
        widget=forms.Textarea(attrs=_LIST),
        help_text=_("As they stand first in Authentication-Results, one a line. Nobody else is believed."),
    )
    senders = forms.CharField(
        label=_("Whose alerts count"),
        required=False,
        widget=forms.Textarea(attrs=_LIST),
        help_text=_("Addresses or domains, one a line. Empty: everybody's."),
    )

    def __init__(self, view: MailboxView | None, data: QueryDict | None) -> None:
        super().__init__(data, initial=_start(view))
        self.kept = view.kept if view is not None else frozenset()
        sources = [("", "-"), *choices.sources()]
        carried = [(one.value, labels.label("mailbox_carries", one)) for one in Carries]
        self.fields["carries"].choices = carried  # type: ignore[attr-defined]  # a choice field has choices
        self.fields["source"].choices = sources  # type: ignore[attr-defined]  # as above
        for one in FIELDS:
            self.fields[one.name] = _field(one, kept=view is not None and one.name in view.kept)

    @property
    def rows(self) -> Sequence[by_token.Row]:
        return by_token.rows(self, self.kept)


def _start(view: MailboxView | None) -> dict[str, object]:
    if view is None:
        return {"on": True, "answers": True, "source": "mail"}
    own = ("on", "name", "address", "carries", "source", "answers", "trusted", "senders", "version")
    return {**view.row.plain, **{name: getattr(view.row, name) for name in own}}


def _field(one: Field, *, kept: bool) -> forms.Field:
    name = str(by_token.NAMES[one.name]) if one.name in by_token.NAMES else labels.label("mailbox_field", one.name)
    text = str(KEPT if kept else HELP.get(one.name, ""))
    if one.choices:
        words = [(choice, labels.label(one.name, choice)) for choice in one.choices]
        return forms.ChoiceField(choices=words, initial=one.default, label=name, required=False, help_text=text)
    widget: forms.Widget = forms.Textarea(attrs=_LIST) if one.several else forms.TextInput()
    if one.secret and not one.several:
        widget = forms.PasswordInput(attrs={"autocomplete": "off"})
    return forms.CharField(widget=widget, initial=one.default, label=name, required=False, help_text=text)
