"""What a mail server is shown instead of a password: asked for only where it is chosen."""

import json
from collections.abc import Collection, Mapping, Sequence
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
_WAYS: Final[tuple[str, ...]] = ("auth", "imap_auth")
_OWN: Final[Mapping[str, str]] = {"password": "auth", "imap_password": "imap_auth"}
"""Asked for by one of the two alone."""


@dataclass(frozen=True, slots=True)
class Row:
    """``when``: the answers that open it, as asking.js reads them; empty: always open."""

    box: forms.BoundField
    when: str = ""
    shut: bool = False

    @property
    def key(self) -> str:
        return self.box.name


def rows(form: forms.Form, kept: Collection[str]) -> Sequence[Row]:
    """For the page, once what was sent has been looked at. ``kept``: secrets that need not be typed again."""
    return [_row(form, box, kept) for box in form.visible_fields()]


def _row(form: forms.Form, box: forms.BoundField, kept: Collection[str]) -> Row:
    if box.name not in NAMES and box.name not in _OWN:
        return Row(box)
    opens, asking = [way.value for way in Way if _asks(way, box.name)], [name for name in _WAYS if name in form.fields]
    if box.name in _OWN:
        asking = [_OWN[box.name]]
    box.field.required = box.name not in kept and any(box.name in names for names in NEEDED.values())
    shut = not any(form[name].value() in opens for name in asking)
    return Row(box, json.dumps([[name, way] for name in asking for way in opens]), shut)


def _asks(way: Way, name: str) -> bool:
    if name in _OWN:
        return way is Way.PASSWORD
    return name in NEEDED[way] or (name == "oauth_token_url" and way is not Way.PASSWORD)
