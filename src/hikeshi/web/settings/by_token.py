"""What a mail server is shown instead of a password: asked for only where it is chosen."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hikeshi.notify.tokens import NEEDED, Way

NAMES: Final[Mapping[str, Promise]] = {
    "oauth_tenant": _("Tenant (directory ID)"),
    "oauth_client_id": _("Client ID of the application"),
    "oauth_client_secret": _("Client secret of the application"),
    "oauth_service_key": _("Key of the service account (the JSON file)"),
    "oauth_refresh_token": _("Refresh token"),
    "oauth_token_url": _("Address of the token service"),
}
HELP: Final[Mapping[str, Promise]] = {
    "oauth_client_secret": _("Its value, not its ID. It ends on the day that was set there: note it."),
    "oauth_token_url": _("Empty: that of Microsoft or Google. Another only for a national cloud."),
}
_WAYS: Final = ("auth", "imap_auth")


@dataclass(frozen=True, slots=True)
class Row:
    """``when``: the answers that open it, as asking.js reads them; empty: always open."""

    box: forms.BoundField
    when: str = ""
    shut: bool = False

    @property
    def key(self) -> str:
        return self.box.name


def rows(form: forms.Form) -> Sequence[Row]:
    return [_row(form, box) for box in form.visible_fields()]


def _row(form: forms.Form, box: forms.BoundField) -> Row:
    if box.name not in NAMES:
        return Row(box)
    opens = [way.value for way in Way if box.name in NEEDED[way] or (box.name == "oauth_token_url" and NEEDED[way])]
    asking = [name for name in _WAYS if name in form.fields]
    shut = not any(form[name].value() in opens for name in asking)
    return Row(box, json.dumps([[name, way] for name in asking for way in opens]), shut)
