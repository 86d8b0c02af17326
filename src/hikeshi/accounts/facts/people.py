"""What happened to the site, its people, rights and keys. No name, address or typed text: commitments stand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

from hikeshi.kernel.facts import JSON, Commitment, Fact, Row


class Method(StrEnum):
    """How a person proved to be who they say."""

    PASSWORD = "password"  # noqa: S105  # the name of a method, not a password
    TOTP = "totp"
    PASSKEY = "webauthn"
    RECOVERY_CODE = "recovery_codes"
    INVITATION = "invitation"


class Ending(StrEnum):
    SIGNED_OUT = "signed_out"
    REVOKED = "revoked"
    DEACTIVATED = "deactivated"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  # why a session ended, not a password


def _person(person: UUID, **columns: JSON) -> Mapping[str, Row]:
    return {f"accounts.person:{person}": columns}


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePrepared(Fact):
    world: str

    def sets(self) -> Mapping[str, Row]:
        return {"accounts.site:1": {"live": True, "world": self.world}}


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteHeld(Fact):
    """Nothing leaves the site until somebody releases it."""

    def sets(self) -> Mapping[str, Row]:
        return {"accounts.site:1": {"live": False}}


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteReleased(Fact):
    def sets(self) -> Mapping[str, Row]:
        return {"accounts.site:1": {"live": True}}


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteChanged(Fact):
    """``languages``, ``notice`` and ``currency`` came later; an older entry says nothing of them."""

    title: str
    language: str
    time_zone: str
    languages: tuple[str, ...] | None = None
    notice: str | None = None
    currency: str | None = None

    def sets(self) -> Mapping[str, Row]:
        columns: dict[str, JSON] = {"name": self.title, "language": self.language, "time_zone": self.time_zone}
        if self.languages is not None:
            columns["languages"] = list(self.languages)
        if self.notice is not None:
            columns["notice"] = self.notice
        if self.currency is not None:
            columns["currency"] = self.currency
        return {"accounts.site:1": columns}


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarSet(Fact):
    """Added (version 1) or changed. ``content`` is the digest of its hours and days."""

    calendar: UUID
    number: int
    title: str
    content: str

    def sets(self) -> Mapping[str, Row]:
        return {f"accounts.calendar:{self.calendar}": {"name": self.title, "content": self.content}}


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarRemoved(Fact):
    calendar: UUID
    title: str

    def sets(self) -> Mapping[str, Row]:
        return {f"accounts.calendar:{self.calendar}": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarChosen(Fact):
    """Whose hours count in the organisation from now on; None: those of the organisation above."""

    organisation: UUID
    calendar: UUID | None
    title: str = ""

    def sets(self) -> Mapping[str, Row]:
        chosen = str(self.calendar) if self.calendar else None
        return {f"accounts.organisation:{self.organisation}": {"calendar": chosen}}


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteReadingChosen(Fact):
    """In whose words the phases are named; empty: the desk's own."""

    reading: str

    def sets(self) -> Mapping[str, Row]:
        return {"accounts.site:1": {"reading": self.reading}}


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationAdded(Fact):
    organisation: UUID
    parent: UUID | None
    title: Commitment

    def sets(self) -> Mapping[str, Row]:
        parent = str(self.parent) if self.parent else None
        return {f"accounts.organisation:{self.organisation}": {"parent": parent, "name": self.title.digest}}


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationRenamed(Fact):
    organisation: UUID
    title: Commitment

    def sets(self) -> Mapping[str, Row]:
        return {f"accounts.organisation:{self.organisation}": {"name": self.title.digest}}


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationMoved(Fact):
    organisation: UUID
    parent: UUID | None

    def sets(self) -> Mapping[str, Row]:
        return {f"accounts.organisation:{self.organisation}": {"parent": str(self.parent) if self.parent else None}}


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationRetired(Fact):
    organisation: UUID

    def sets(self) -> Mapping[str, Row]:
        return {f"accounts.organisation:{self.organisation}": {"retired": True}}


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationReinstated(Fact):
    organisation: UUID

    def sets(self) -> Mapping[str, Row]:
        return {f"accounts.organisation:{self.organisation}": {"retired": False}}


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleImported(Fact):
    """A file of people was carried out; what became of each is told by facts of their own."""

    file: UUID
    digest: str
    rows: int
    added: int
    changed: int
    deactivated: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonMoved(Fact):
    person: UUID
    organisation: UUID

    def sets(self) -> Mapping[str, Row]:
        return _person(self.person, organisation=str(self.organisation))


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonAdded(Fact):
    person: UUID
    organisation: UUID
    username: Commitment
    title: Commitment
    email: Commitment

    def sets(self) -> Mapping[str, Row]:
        return _person(
            self.person,
            organisation=str(self.organisation),
            username=self.username.digest,
            name=self.title.digest,
            email=self.email.digest,
            is_active=True,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChanged(Fact):
    person: UUID
    title: Commitment
    email: Commitment

    def sets(self) -> Mapping[str, Row]:
        return _person(self.person, name=self.title.digest, email=self.email.digest)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDeactivated(Fact):
    person: UUID

    def sets(self) -> Mapping[str, Row]:
        return _person(self.person, is_active=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonReactivated(Fact):
    person: UUID

    def sets(self) -> Mapping[str, Row]:
        return _person(self.person, is_active=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordSet(Fact):
    """``stored`` commits to the stored hash, so that one swapped behind the desk's back is found."""

    person: UUID
    stored: Commitment

    def sets(self) -> Mapping[str, Row]:
        return _person(self.person, password=self.stored.digest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited(Fact):
    person: UUID
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleDefined(Fact):
    role: str
    verbs: tuple[str, ...]

    def sets(self) -> Mapping[str, Row]:
        return {f"accounts.role:{self.role}": {"verbs": list(self.verbs)}}


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorRequired(Fact):
    """Whether whoever holds this role must have a second factor."""

    role: str
    required: bool

    def sets(self) -> Mapping[str, Row]:
        return {f"accounts.role:{self.role}": {"requires_mfa": self.required}}


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleGranted(Fact):
    grant: UUID
    person: UUID
    role: str
    organisation: UUID

    def sets(self) -> Mapping[str, Row]:
        columns: dict[str, JSON] = {
            "person": str(self.person),
            "role": self.role,
            "organisation": str(self.organisation),
        }
        return {f"accounts.grant:{self.grant}": columns}


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRevoked(Fact):
    grant: UUID
    person: UUID
    role: str
    organisation: UUID

    def sets(self) -> Mapping[str, Row]:
        return {f"accounts.grant:{self.grant}": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenCreated(Fact):
    token: UUID
    scope: str
    source: str
    organisation: UUID
    person: UUID | None
    stored: str
    expires_at: datetime | None

    def sets(self) -> Mapping[str, Row]:
        columns: dict[str, JSON] = {
            "digest": self.stored,
            "scope": self.scope,
            "source": self.source,
            "organisation": str(self.organisation),
            "person": str(self.person) if self.person else None,
            "expires_at": self.expires_at.astimezone(UTC).isoformat() if self.expires_at else None,
            "revoked": False,
        }
        return {f"accounts.token:{self.token}": columns}


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRevoked(Fact):
    token: UUID

    def sets(self) -> Mapping[str, Row]:
        return {f"accounts.token:{self.token}": {"revoked": True}}


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn(Fact):
    person: UUID
    session: UUID
    methods: tuple[Method, ...]
    address: Commitment


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInFailed(Fact):
    """``person`` is None where nobody has that name. ``address`` is committed under the attempt's own secret."""

    attempt: UUID
    person: UUID | None
    step: str
    address: Commitment


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionEnded(Fact):
    person: UUID
    session: UUID
    ending: Ending


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorAdded(Fact):
    """``stored`` commits to the key, so that one slipped in or swapped behind the desk's back is found."""

    person: UUID
    factor: int
    method: Method
    stored: Commitment

    def sets(self) -> Mapping[str, Row]:
        return {f"accounts.second_factor:{self.factor}": {"person": str(self.person), "stored": self.stored.digest}}


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorRemoved(Fact):
    person: UUID
    factor: int
    method: Method

    def sets(self) -> Mapping[str, Row]:
        return {f"accounts.second_factor:{self.factor}": None}
