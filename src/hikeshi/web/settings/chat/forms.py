from collections.abc import Mapping
from typing import Final

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hikeshi.notify.channels.fields import Field
from hikeshi.phrases import labels
from hikeshi.rooms.makers import FIELDS, Maker
from hikeshi.rooms.queries import Workspace, WorkspaceView
from hikeshi.web.settings.saving import Versioned

KEPT: Final = _("Set. Type only to replace it.")
HELP: Final[Mapping[str, Promise]] = {
    "signing_secret": _("Basic Information > App Credentials > Signing Secret."),
    "bot_token": _("For rooms. Leave it empty for commands alone."),
    "reaction": _("Its name, such as pushpin or memo."),
    "security_token": _("Teams shows it once, when the outgoing webhook is made."),
    "webhook": _("For posts into one channel. Leave it empty for commands alone."),
    "command_token": _("Mattermost shows it when the slash command is made."),
    "server": _("Such as https://chat.example.jp. For rooms."),
    "team": _("The team in which rooms are made."),
    "bot_secret": _("Developer Console > Bot > Bot Secret."),
}


class New(forms.Form):
    maker = forms.ChoiceField(label=_("Which tool"))
    name = forms.CharField(label=_("Name of the workspace"), max_length=100)

    def __init__(self, data: QueryDict | None) -> None:
        super().__init__(data)
        named = [(one.value, labels.label("chat_tool", one)) for one in Maker]
        self.fields["maker"].choices = named  # type: ignore[attr-defined]  # a choice field has choices


class Connection(Versioned):
    on = forms.BooleanField(label=_("Switched on: commands from there are done"), required=False)
    name = forms.CharField(label=_("Name of the workspace"), max_length=100)

    def __init__(self, view: WorkspaceView, data: QueryDict | None) -> None:
        row = view.row
        super().__init__(data, initial=_start(row))
        for one in FIELDS[Maker(row.maker)]:
            self.fields[one.name] = _field(one, kept=one.name in view.kept)
        self.fields["makes_rooms"] = forms.BooleanField(label=_("A room for each incident"), required=False)
        self.fields["threshold"] = forms.ChoiceField(
            label=_("From this priority on"), choices=[(str(one), f"P{one}") for one in range(1, 6)]
        )
        self.fields["archives"] = forms.BooleanField(
            label=_("Archive the room when the record is closed"), required=False
        )


def _start(row: Workspace) -> dict[str, object]:
    own = ("on", "name", "makes_rooms", "threshold", "archives", "version")
    return {**row.plain, **{name: getattr(row, name) for name in own}}


def _field(one: Field, *, kept: bool) -> forms.Field:
    widget: forms.Widget = forms.Textarea(attrs={"rows": 4, "class": "code"}) if one.several else forms.TextInput()
    if one.secret and not one.several:
        widget = forms.PasswordInput(attrs={"autocomplete": "off"})
    text = str(KEPT if kept else HELP.get(one.name, ""))
    name = labels.label("chat_field", one.name)
    return forms.CharField(widget=widget, initial=one.default, label=name, required=False, help_text=text)


class Mapped(forms.Form):
    person = forms.CharField(label=_("User name at the desk"), max_length=150)
    chat_id = forms.CharField(
        label=_("ID of the account there"),
        max_length=200,
        help_text=_("As the tool names it, such as U012AB3CD. It counts once the person has confirmed it."),
    )
