"""What each kind of channel is asked for. Names are those of the forms and of the API."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from hikeshi.accounts.ways import Kind
from hikeshi.kernel.refusals import Invalid
from hikeshi.kernel.texts import clean
from hikeshi.notify.tokens import Way

LONGEST: Final = 8_000
OWN: Final = "own_"
"""So begins the name of what the desk made for itself."""
PORTS: Final = frozenset({"port", "imap_port"})


@dataclass(frozen=True, slots=True)
class Field:
    """``choices`` are codes. ``several``: more than one line."""

    name: str
    secret: bool = False
    needed: bool = False
    default: str = ""
    choices: tuple[str, ...] = ()
    several: bool = False


BY_TOKEN: Final = (
    Field("oauth_tenant"),
    Field("oauth_client_id"),
    Field("oauth_client_secret", secret=True),
    Field("oauth_service_key", secret=True, several=True),
    Field("oauth_refresh_token", secret=True),
    Field("oauth_token_url"),
)
"""What a mail server is shown instead of a password is asked for with these: tokens.py."""
_WAYS: Final = tuple(Way)
_TEMPLATE: Final = (Field("address_template", secret=True),)
FIELDS: Final[Mapping[str, tuple[Field, ...]]] = {
    Kind.MAIL: (
        Field("host", needed=True),
        Field("port", default="587"),
        Field("security", default="starttls", choices=("starttls", "tls", "none")),
        Field("auth", default=Way.PASSWORD, choices=_WAYS),
        Field("username"),
        Field("password", secret=True),
        Field("sender", needed=True),
        Field("reply_to"),
        Field("imap_host"),
        Field("imap_port"),
        Field("imap_security", default="tls", choices=("tls", "starttls", "none")),
        Field("imap_auth", default=Way.PASSWORD, choices=_WAYS),
        Field("imap_username"),
        Field("imap_password", secret=True),
        Field("imap_folder", default="INBOX"),
        *BY_TOKEN,
    ),
    Kind.SMS: (Field("address_template", secret=True, needed=True),),
    Kind.PUSH: (Field("contact"),),
    Kind.PHONE: (Field("command", needed=True, several=True),),
    Kind.SLACK: _TEMPLATE,
    Kind.TEAMS: _TEMPLATE,
    Kind.MATTERMOST: _TEMPLATE,
    Kind.LINE: (Field("address_template", secret=True, needed=True),),
    Kind.LINE_WORKS: (
        Field("client_id", needed=True),
        Field("client_secret", secret=True, needed=True),
        Field("service_account", needed=True),
        Field("private_key", secret=True, needed=True, several=True),
        Field("bot", needed=True),
    ),
    Kind.CHATWORK: (Field("token", secret=True, needed=True),),
    Kind.NTFY: _TEMPLATE,
    Kind.WEBHOOK: (Field("signing_key", secret=True),),
    Kind.APPRISE: (),
}


def read(
    kind: str,
    given: Mapping[str, str],
    *,
    was_plain: Mapping[str, str],
    was_secret: Mapping[str, str],
    on: bool,
) -> tuple[dict[str, str], dict[str, str]]:
    """Plain and secret settings as they are kept. Raises Invalid; a channel that is switched off may be unfinished."""
    return read_as(FIELDS[Kind(kind)], given, was_plain=was_plain, was_secret=was_secret, on=on)


def read_as(
    asked: tuple[Field, ...],
    given: Mapping[str, str],
    *,
    was_plain: Mapping[str, str],
    was_secret: Mapping[str, str],
    on: bool,
) -> tuple[dict[str, str], dict[str, str]]:
    """The same for settings of another kind. Raises Invalid."""
    plain: dict[str, str] = {}
    secret: dict[str, str] = {}
    for field in asked:
        typed = clean(given.get(field.name, ""), field=field.name).strip()
        old = (was_secret if field.secret else was_plain).get(field.name, "")
        value = typed or (old if field.secret or field.name not in given else "") or field.default
        _check(field, value, on=on)
        if value:
            (secret if field.secret else plain)[field.name] = value
    # What the desk made for itself, as the keys of Web Push, is nobody's to type and stays.
    own = {name: text for name, text in was_secret.items() if name.startswith(OWN)}
    return {**{n: t for n, t in was_plain.items() if n.startswith(OWN)}, **plain}, {**own, **secret}


def _check(field: Field, value: str, *, on: bool) -> None:
    if not value:
        if field.needed and on:
            raise Invalid(field.name, "required")
        return
    if len(value) > LONGEST:
        raise Invalid(field.name, "too_long", limit=LONGEST)
    if field.choices and value not in field.choices:
        raise Invalid(field.name, "not_a_choice", choices=", ".join(field.choices))
    if field.name in PORTS and not (value.isascii() and value.isdigit() and 0 < int(value) < 65_536):
        raise Invalid(field.name, "out_of_range", low=1, high=65_535)
    if field.name in {"sender", "reply_to", "contact"} and ("@" not in value or any(one in value for one in " \n<>,")):
        raise Invalid(field.name, "not_an_address")
    if not field.several and "\n" in value:
        raise Invalid(field.name, "one_line")
