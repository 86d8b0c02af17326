from typing import Annotated
from uuid import UUID

from pydantic import AliasPath, BeforeValidator, Field, StringConstraints

from hikeshi.api.shapes import Code, Input, Line, Listed, Output, Time, related

Password = Annotated[str, StringConstraints(max_length=1000)]


class Place(Output):
    """An organisation, briefly."""

    uuid: UUID
    name: str


class PersonBrief(Output):
    uuid: UUID
    username: str
    name: str


class Person(PersonBrief):
    email: str
    organisation: Place
    language: str
    time_zone: str
    active: bool = Field(validation_alias="is_active")
    created_at: Time


class People(Listed[Person]):
    pass


class Me(Output):
    person: Person | None
    verbs: list[str] = Field(description="What the caller may do, somewhere.")


class PersonNew(Input):
    username: Line
    name: Line
    organisation: UUID
    email: Line = ""
    language: Code = ""


class PersonChange(Input):
    name: Line | None = None
    email: Line | None = None


class Invitation(Output):
    secret: str = Field(description="Opens the link by which a password is chosen; shown this once.")


class Organisation(Output):
    uuid: UUID
    name: str
    parent: UUID | None = Field(default=None, validation_alias=AliasPath("parent", "uuid"))
    calendar: UUID | None = Field(
        default=None, validation_alias=AliasPath("calendar", "uuid"), description="Null: that of the one above."
    )
    retired_at: Time | None = Field(default=None, description="Since then it takes in nothing new.")


class Organisations(Listed[Organisation]):
    pass


class OrganisationNew(Input):
    name: Line
    parent: UUID


class OrganisationChange(Input):
    name: Line | None = None
    parent: UUID | None = None


class Role(Output):
    code: str
    name: str
    verbs: list[str]
    requires_mfa: bool
    builtin: bool


class Roles(Listed[Role]):
    pass


class RoleDefinition(Input):
    verbs: list[Code] = Field(max_length=100)
    name: Line = ""


class SecondFactor(Input):
    required: bool = Field(strict=True)


class Grant(Output):
    role: str = Field(validation_alias=AliasPath("role", "code"))
    organisation: Place
    granted_at: Time


class Grants(Listed[Grant]):
    pass


class GrantNew(Input):
    role: Code
    organisation: UUID


class PersonMove(Input):
    organisation: UUID


class Leaving(Input):
    """Who goes for good."""

    successor: UUID | None = Field(default=None, description="Who takes over what rests on them, in the same act.")
    alone: bool = Field(default=False, strict=True, description="What would break stays without anybody.")


class Rest(Output):
    kind: str
    ref: str
    name: str
    breaks: bool = Field(description="Nobody would be called, or nothing come in: a successor is asked for.")
    movable: bool = Field(description="Whether a successor can take it over.")


class Rests(Listed[Rest]):
    pass


class Team(Output):
    uuid: UUID
    name: str
    organisation: Place
    people: Annotated[list[PersonBrief], BeforeValidator(related)]
    lead: PersonBrief | None
    retired_at: Time | None = Field(default=None, description="Since then nothing new names it.")


class TeamUse(Output):
    kind: str = Field(
        description="`policy`, `executives`, `assignment`, `target`, `asset`, `alert_rule`, `criteria` or `silence`."
    )
    ref: str
    name: str
    breaks: bool = Field(description="The team cannot go out of use before this is changed.")


class TeamUses(Output):
    items: list[TeamUse]


class Teams(Listed[Team]):
    pass


class TeamNew(Input):
    name: Line
    organisation: UUID
    people: list[UUID] = Field(default=[], max_length=1000)
    lead: UUID | None = None


class TeamWhole(Input):
    name: Line
    people: list[UUID] = Field(max_length=1000)
    lead: UUID | None = None


class Token(Output):
    uuid: UUID
    name: str
    hint: str = Field(description="The last characters of the secret.")
    scope: str
    source: str
    organisation: Place
    person: PersonBrief | None
    created_at: Time
    expires_at: Time | None
    revoked_at: Time | None


class Tokens(Listed[Token]):
    pass


class TokenNew(Input):
    scope: Code = Field(description="`intake` and `signed` speak for a source, `api` for a person.")
    name: Line = ""
    source: Code = ""
    organisation: UUID | None = Field(default=None, description="For intake; the topmost one if left out.")
    person: UUID | None = Field(default=None, description="For the API; yourself if left out.")
    expires_at: Time | None = None
    secret: Line = Field(default="", description="For `signed`: what the maker signs with, if it chose that itself.")


class TokenMade(Token):
    secret: str = Field(description="Shown this once.")
