"""What can go wrong between this process and the stream's servers."""

import ssl

from django.db import OperationalError


class Unreachable(OperationalError):
    """The stream cannot be asked, or takes nothing, at the moment."""


class ApiError(Exception):
    """The servers understood and refused. ``number`` is their own."""

    def __init__(self, number: int, says: str) -> None:
        super().__init__(f"{says} ({number})")
        self.number = number


def said(error: Exception | None) -> str:
    """Why the servers did not take the desk in, for whoever set it up. Never holds a secret."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate of a server is not believed ({error.verify_message}); see HIKESHI_INBOX_AUTHORITY"
    if isinstance(error, ssl.SSLError):
        return f"TLS with a server fails ({error.reason}); see HIKESHI_INBOX_CERTIFICATE"
    words = str(error or "").lower()
    if "authorization" in words or "authentication" in words:
        return "the servers do not let the desk in: see HIKESHI_INBOX_USER and its password, token or credentials"
    return f"no server answers: {error or 'nothing within the time'}"
