"""Senders that know no bearer tokens send a name and a password (RFC 7617): the password is the token."""

import base64
from typing import Final

_LONGEST: Final = 1_024


def password(encoded: str) -> str:
    """What stands behind ``Basic``, read; "" where it cannot be."""
    if len(encoded) > _LONGEST:
        return ""
    try:
        return base64.b64decode(encoded, validate=True).decode().partition(":")[2]
    except ValueError:
        return ""
