"""How names are written down, so that two spellings of one user name are one person."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from hikeshi.kernel.refusals import Invalid

LONGEST_NAME = 200
LONGEST_USERNAME = 150
LONGEST_EMAIL = 254
_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_USERNAME = re.compile(r"[\w.@+-]+")


def normalise(username: str) -> str:
    """Full-width, half-width and upper-case spellings meet: ``Ｙａｍａｄａ`` signs in as ``yamada``."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", username).casefold()).strip()


def username(typed: str) -> str:
    """Raises Invalid."""
    written = normalise(typed)
    if not written:
        raise Invalid("username", "required")
    if len(written) > LONGEST_USERNAME:
        raise Invalid("username", "too_long", limit=LONGEST_USERNAME)
    if not _USERNAME.fullmatch(written):
        raise Invalid("username", "username_characters")
    return written


def title(typed: str, field: str = "name") -> str:
    """A name for people to read: one line, nothing invisible. Raises Invalid."""
    written = " ".join(unicodedata.normalize("NFC", typed).split())
    if not written:
        raise Invalid(field, "required")
    if len(written) > LONGEST_NAME:
        raise Invalid(field, "too_long", limit=LONGEST_NAME)
    if any(unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co", "Cn"} for letter in written):
        raise Invalid(field, "invisible_characters")
    return written


def email(typed: str) -> str:
    """Empty, or an address. Raises Invalid."""
    written = typed.strip()
    if len(written) > LONGEST_EMAIL:
        raise Invalid("email", "too_long", limit=LONGEST_EMAIL)
    if written:
        try:
            validate_email(written)
        except ValidationError as error:
            raise Invalid("email", "not_an_address") from error
    return written


def code(typed: str) -> str:
    """What programs call something a site names itself. Raises Invalid."""
    if not _CODE.fullmatch(typed):
        raise Invalid("code", "code_characters")
    return typed
