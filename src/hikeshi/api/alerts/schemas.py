from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BeforeValidator, Field

from hikeshi.api.shapes import Code, Input, Line, Listed, Output, Reason, Text, Time, uuid_of


class ObservableSeen(Output):
    type: str
    value: str


class Alert(Output):
    """One real thing a detector reported, however often."""

    uuid: UUID
    source: str
    title: str
    severity: int = Field(description="OCSF: 1 informational, 2 low, 3 medium, 4 high, 5 critical, 6 fatal.")
    status: str = Field(description="`firing` or `resolved`.")
    first_seen: Time
    last_seen: Time
    count: int = Field(description="How often it was reported.")
    fired: int = Field(description="How often it came back after it was resolved.")
    verdict: str = Field(
        description="`drop`, `keep`, `gather`, `attach`, `open`, or `hold` by a silence or an inhibition."
    )
    rule: str = Field(description="The rule that gave the verdict, or `person`.")
    reason: str = Field(description="Why, in the reader's language.")
    incident: Annotated[str | None, BeforeValidator(lambda ref: ref or None)] = Field(
        validation_alias="case_ref", description="The ref of the record that holds it."
    )
    observables: list[ObservableSeen]
    raw: str | None = Field(
        default=None,
        description="The newest body as it came, as text. In lists null above 16 KiB and for restricted records: "
        "`/alerts/{uuid}/raw` has the bytes.",
    )
    organisation: Annotated[UUID, BeforeValidator(uuid_of)]
    fingerprint: str
    world: str


class AlertWhole(Alert):
    normal: dict[str, object] = Field(description="In OCSF's names: Detection Finding, class 2004.")


class Alerts(Listed[Alert]):
    pass


class Correction(Input):
    verdict: Code = Field(description="`drop` or `keep`.")
    reason: Reason


class Parked(Output):
    """A body that is JSON but could not be read as what its source sends; kept until it can."""

    uuid: UUID
    source: str
    received_at: Time
    alerts: int
    error: str
    detail: str
    content_type: str


class ParkedList(Listed[Parked]):
    pass


class Replayed(Output):
    alerts: int = Field(description="Read, or still put aside.")
    parked: int = Field(description="Still put aside, with the newest error.")


class Silence(Output):
    """Alerts that match are held from its beginning; what still fires at its end is judged then."""

    uuid: UUID
    organisation: Annotated[UUID, BeforeValidator(uuid_of)]
    title: str
    matchers: str = Field(description="One condition per line, all must hold: `host = db1`, `title =~ Disk.*`.")
    reason: str
    owner: str
    starts_at: Time
    ends_at: Time
    every: str = Field(description="`once`, `day` or `week`.")
    until: Time | None
    ended_at: Time | None


class Silences(Listed[Silence]):
    pass


class SilenceNew(Input):
    organisation: UUID
    title: Line
    matchers: Text
    reason: Reason
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    every: Literal["once", "day", "week"] = "once"
    until: AwareDatetime | None = None
    owner: Code = Field(default="", description="`person:<uuid>` or `team:<uuid>`; yourself where it is empty.")


class Noise(Output):
    source: str
    title: str
    severity: int = Field(description="The gravest of them, 1 to 6.")
    alerts: int
    reports: int = Field(description="With every repetition.")
    newest: UUID
    titles: int = Field(description="Those that differ in numbers and addresses alone are one line.")
    matchers: str = Field(description="Conditions of a silence that would hold just these.")


class NoiseOfSource(Output):
    source: str
    titles: int = Field(description="Different ones.")
    alerts: int
    reports: int = Field(description="With every repetition.")


class NoiseOfWeek(Output):
    lines: list[Noise] = Field(description="The most alerts first, 30 at most.")
    sources: list[NoiseOfSource] = Field(description="The most alerts first.")
    alerts: int = Field(description="How many were added up: the newest 5,000 at most.")
    whole: bool


class NoiseReport(Output):
    on: bool = Field(description="Whether the noise of each week is sent to owners of sources and rules.")


class NoiseReportSet(Input):
    on: bool


class GatheredKind(Output):
    title: str
    severity: int = Field(description="The gravest of them, 1 to 6.")
    alerts: int
    reports: int = Field(description="With every repetition.")
    hosts: Annotated[list[str], BeforeValidator(sorted)]
    newest: UUID
    matchers: str = Field(description="Conditions of a silence that would hold just these.")


class Digest(Output):
    day: date = Field(description="At the site, when they were first seen.")
    source: str
    kinds: int
    alerts: int
    reports: int
    hosts: int
    lines: list[GatheredKind] = Field(description="The gravest and rarest first, 40 at most.")


class GatheredOfWeek(Output):
    digests: list[Digest] = Field(description="The newest day first.")
    whole: bool = Field(description="Whether all were looked at: the newest 5,000 at most are.")


class Snooze(Input):
    until: AwareDatetime
    reason: Reason
