"""Signed-in browsers as rows that name their person, so that they can be listed and ended.

Django's own store keeps the cookie's value as the row's key and the data readable: whoever reads the table, or a backup
of it, is signed in. Here the key is a digest and the data is sealed.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final, TypedDict
from uuid import UUID

import msgspec
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from hikeshi.accounts import sealing
from hikeshi.accounts.models import Person, Session
from hikeshi.kernel import clock
from hikeshi.kernel.facts import JSON
from hikeshi.kernel.ids import uuid7

ORIGIN: Final = "origin"
PURPOSE: Final = "session"
UNDECIDED_LASTS: Final = timedelta(minutes=15)
"""Until somebody has signed in: anybody at all can make such rows."""


class Origin(TypedDict):
    """Where and when a browser signed in; kept in the session so that every save writes the same row."""

    session: str
    address: str
    device: str
    started_at: float
    acted_at: float


def begin(address: str, device: str) -> Origin:
    at = clock.now().timestamp()
    return Origin(session=str(uuid7()), address=address[:64], device=device[:300], started_at=at, acted_at=at)


class SessionStore(DatabaseStore):
    """Django finds this class by its name in the module that SESSION_ENGINE names."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def load(self) -> dict[str, JSON]:
        found = Session.objects.filter(
            session_key=sealing.digest(self.session_key or ""), expire_date__gt=clock.now()
        ).first()
        if found is None:
            self._session_key = None
            return {}
        return self.decode(found.session_data)

    def exists(self, session_key: str | None = None) -> bool:
        return Session.objects.filter(session_key=sealing.digest(session_key or "")).exists()

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            Session.objects.filter(session_key=sealing.digest(key)).delete()

    def cycle_key(self) -> None:
        """The row under the old key goes first: both carry the same public uuid."""
        self.keys()  # read before it goes
        self.delete()
        super().cycle_key()

    def encode(self, session_dict: Mapping[str, JSON]) -> str:
        return sealing.seal(settings.MASTER_KEY, PURPOSE, msgspec.json.encode(session_dict).decode())

    def decode(self, session_data: bytes | str) -> dict[str, JSON]:
        try:
            text = sealing.unseal(settings.MASTER_KEY, PURPOSE, str(session_data))
        except InvalidToken:
            return {}  # sealed under another key, as after a restore: nobody is signed in by it
        found: dict[str, JSON] = msgspec.json.decode(text)
        return found

    def create_model_instance(self, data: dict[str, JSON]) -> Session:
        row = Session(
            session_key=sealing.digest(self.session_key or ""),  # Django makes the key before it asks for the row
            session_data=self.encode(data),
            expire_date=clock.now() + UNDECIDED_LASTS,
        )
        origin = data.get(ORIGIN)
        if SESSION_KEY in data and isinstance(origin, dict):
            _sign(row, str(data[SESSION_KEY]), msgspec.convert(origin, Origin))
        return row


def _sign(row: Session, person: str, origin: Origin) -> None:
    """Signed in: it lasts its time from the sign-in on, however busy it is (NIST SP 800-63B-4 §2.2.3)."""
    row.person = Person.objects.only("pk").get(pk=person)
    row.uuid = UUID(origin["session"])
    row.address, row.device = origin["address"], origin["device"]
    row.started_at = datetime.fromtimestamp(origin["started_at"], UTC)
    row.acted_at = datetime.fromtimestamp(origin["acted_at"], UTC)
    row.expire_date = row.started_at + timedelta(seconds=settings.SESSION_COOKIE_AGE)
