from typing import Annotated
from uuid import UUID

from pydantic import Field

from hikeshi.api.shapes import Code, Input, Line, Listed, Output, Reason, Text, Time
from hikeshi.intake.actions import MOST_QUIET_DAYS

BODY = 1_000_000


class Source(Output):
    code: str
    name: str
    vendor: str
    documentation: str
    reads: str
    last_heard: Time | None = None
    alerts: int = 0
    parked: int = 0
    origin: str = Field(description="`shipped`, `site`, or `changed` for a shipped one this site mapped anew.")
    state: str = Field(description="`on` or `off`: what is sent to one that is off is refused.")
    newest: int = Field(description="The newest version of the site's own mapping; 0 where it has none.")
    quiet_days: int | None = Field(
        description="Silence is told of after so many days, 0 is never; null: as learned from its past."
    )
    due_at: Time | None = Field(description="When its next word is due at the latest, as learned; null: not known.")
    owner: str = Field(description="Who hears of it; empty for whoever keeps the sources.")
    silent: bool


class Sources(Listed[Source]):
    pass


class Mapping(Output):
    title_en: str
    title_ja: str
    text: str = Field(description="`unwrap`, `keys` and `shapes` of a source.yaml.")


class SourceVersion(Output):
    number: int = Field(description="0 is what the desk comes with.")
    why: str
    made_by: str
    at: Time | None
    terms: Mapping


class SourceWhole(Source):
    versions: list[SourceVersion] = Field(description="Newest first.")


class MappingNew(Input):
    title_en: Line
    title_ja: Line
    text: Text = Field(description="`unwrap`, `keys` and `shapes` of a source.yaml, as YAML.")


class SourceNew(MappingNew):
    why: Reason = ""
    version: int | None = Field(None, description="The number of the version that was read; an older one answers 409.")


class SourceTrying(MappingNew):
    body: Annotated[str, Field(max_length=BODY, description="What the product sends: JSON or NDJSON.")]


class Seen(Output):
    number: int
    error: str = Field(description="A code; empty where it could be read.")
    detail: str
    severity: int
    status: str
    first: Time | None
    last: Time | None
    normal: dict[str, object]
    notes: list[str] = Field(description="What was not understood.")
    rule: str = Field(description="The rule that would decide.")
    twin: int = Field(description="The number of an earlier one it would be one alert with; 0 for none.")


class SourceTrial(Output):
    alerts: int
    unreadable: int
    seen: list[Seen] = Field(description="The first twenty.")


class SourceWatch(Input):
    quiet_days: Annotated[int, Field(ge=0, le=MOST_QUIET_DAYS)] | None = None
    owner: Code = Field("", description="`person:<uuid>`, `team:<uuid>`, or empty.")


class Asked(Input):
    after: Annotated[int, Field(ge=0)] = 0
    until: Annotated[int, Field(ge=0)] = 0


class Progress(Output):
    """Asked again with `after` and `until` as they came, it goes on until `left` is 0."""

    read: int
    still: int
    left: int
    after: int
    until: int


class Topic(Output):
    uuid: UUID
    source: str
    arn: str
    organisation: UUID
    state: str = Field(description="`waiting`, `asked`, `confirmed` or `ended`.")
    changed_at: Time
    trouble: str = Field(description="Why the subscription could not be confirmed yet: a code, or empty.")


class Topics(Listed[Topic]):
    pass


class TopicNew(Input):
    arn: Line = Field(description="Of a standard topic.")
    organisation: UUID | None = Field(None, description="Whose alerts they are; the whole site's without one.")
