from collections.abc import Sequence

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from hikeshi.accounts.ways import Kind
from hikeshi.kernel.acting import Actor
from hikeshi.notify import queries
from hikeshi.notify.channels.fields import FIELDS, Field
from hikeshi.notify.queries import ChannelView
from hikeshi.phrases import labels
from hikeshi.web.settings import by_token
from hikeshi.web.settings.saving import Versioned

NAMES = {
    "host": _("Mail server"),
    "port": _("Port"),
    "security": _("Encryption"),
    "auth": _("Sign-in"),
    "username": _("User name"),
    "password": _("Password"),
    "sender": _("Sender's address"),
    "reply_to": _("Address for replies"),
    "imap_host": _("Server of the mailbox for replies (IMAP)"),
    "imap_port": _("Port of the mailbox"),
    "imap_security": _("Encryption of the mailbox"),
    "imap_auth": _("Sign-in to the mailbox"),
    "imap_username": _("User name of the mailbox"),
    "imap_password": _("Password of the mailbox"),
    "imap_folder": _("Folder of the mailbox"),
    "address_template": _("Address of the gateway, as Apprise writes it"),
    "contact": _("Address the push services may write to"),
    "command": _("Command"),
    "client_id": _("Client ID"),
    "client_secret": _("Client secret"),
    "service_account": _("Service account"),
    "private_key": _("Private key"),
    "bot": _("Bot ID"),
    "token": _("API token"),
    "signing_key": _("Signing key"),
    **by_token.NAMES,
}
HELP = {
    "auth": _("Microsoft 365 and Google take no passwords. The guide says what to set up there."),
    **by_token.HELP,
    "reply_to": _("A reply to it, with a mark after + for each call, can answer the call."),
    "imap_host": _("Where replies arrive. Empty: nobody reads them, and calls are answered by their links only."),
    "imap_port": _("Empty: 993 with TLS from the start, else 143."),
    "imap_username": _("Empty: the user name and password given above."),
    "imap_folder": _("It is read and not changed: no mail is moved, deleted or marked."),
    "address_template": _("{address} stands for the number or name of whoever is written to."),
    "contact": _("Empty: they are told the public address of this desk. The keys are made by the desk itself."),
    "command": _("A word on each line; {number}, {extension} and {language} are filled in. What to say is its input."),
    "signing_key": _(
        "With a key each document is signed (HMAC-SHA256), so that its receiver can tell where it is from."
    ),
}
KEPT = _("Set. Type only to replace it.")


class Channel(Versioned):
    on = forms.BooleanField(label=_("Messages leave this way"), required=False)

    def __init__(self, view: ChannelView, data: QueryDict | None) -> None:
        start = {**view.plain, "on": view.on, "per_minute": view.line.per_minute, "version": view.line.version}
        super().__init__(data, initial=start)
        self.kept = view.kept
        for one in FIELDS[Kind(view.line.kind)]:
            self.fields[one.name] = _field(one, kept=one.name in view.kept)
        self.fields["per_minute"] = forms.IntegerField(
            label=_("At most a minute"), min_value=0, max_value=10_000, help_text=_("0: as many as there are.")
        )

    @property
    def rows(self) -> Sequence[by_token.Row]:
        return by_token.rows(self, self.kept)


def _field(one: Field, *, kept: bool) -> forms.Field:
    widget: forms.Widget = forms.Textarea(attrs={"rows": 4, "class": "code"}) if one.several else forms.TextInput()
    if one.secret and not one.several:
        widget = forms.PasswordInput(attrs={"autocomplete": "off"})
    text = str(KEPT if kept else HELP.get(one.name, ""))
    name = str(NAMES[one.name])
    if one.choices:
        options = [(code, labels.label(one.name, code)) for code in one.choices]
        return forms.ChoiceField(choices=options, initial=one.default, label=name, required=False, help_text=text)
    return forms.CharField(widget=widget, initial=one.default, label=name, required=False, help_text=text)


class Hosts(Versioned):
    hosts = forms.CharField(
        label=_("Hosts inside the network that may be called"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "class": "code"}),
        help_text=_("One a line, such as ntfy.example.jp or 192.0.2.10:8080. Everything else inside is refused."),
    )
    window = forms.IntegerField(
        label=_("Seconds for which a storm is gathered"),
        min_value=1,
        max_value=600,
        help_text=_("Three messages go out one by one; after them, so many seconds become one message."),
    )


class Attempt(forms.Form):
    way = forms.ChoiceField(label=_("To which of your own contacts"))

    def __init__(self, by: Actor, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # a form takes what it takes
        mine = queries.own_ways(by)
        named = [(one.ref, f"{labels.label('way_kind', one.kind)} {one.label}".strip()) for one in mine]
        self.fields["way"].choices = named  # type: ignore[attr-defined]  # a choice field has choices
