"""Tells a site that cannot write at the moment from a body that can never be written."""

from typing import Final

from django.db import InterfaceError, OperationalError

_SQLITE_SITE: Final = frozenset({5, 6, 7, 8, 10, 13, 14})
"""Busy, locked, no memory, read-only, I/O error, full, cannot open (sqlite.org/rescode.html)."""
_POSTGRESQL_BODY: Final = "54"
"""SQLSTATE class "program limit exceeded": the one kind of OperationalError that a statement brings upon itself."""


def of_the_site(error: Exception) -> bool:
    """Whether the same work may go through later, unchanged."""
    if isinstance(error, InterfaceError):
        return True
    if not isinstance(error, OperationalError):
        return False
    cause = error.__cause__
    code = getattr(cause, "sqlite_errorcode", None)
    if isinstance(code, int):
        return code & 0xFF in _SQLITE_SITE
    state = getattr(cause, "sqlstate", None)
    return not (isinstance(state, str) and state.startswith(_POSTGRESQL_BODY))
