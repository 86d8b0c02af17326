from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from hikeshi.api.shapes import Code, Input, Line, Listed, Output, Reason, Text, Time

Level = Annotated[int, Field(ge=1, le=3)]


class Rule(Output):
    """A rule and how it does. Hits are counted for the caller's organisations."""

    code: str
    titles: dict[str, str]
    verdict: str
    rank: int = Field(description="The first rule that matches decides.")
    state: str = Field(description="`draft`, `on` or `off`.")
    origin: str = Field(description="`shipped`, `file`, `site`, or `changed` for a shipped one this site rewrote.")
    live: int = Field(description="The version that judges; 0 where none does.")
    newest: int
    owner: str
    review: date | None
    overdue: bool
    week: int = Field(description="Hits of the last 7 days.")
    month: int = Field(description="Hits of the last 30 days.")
    ever: int
    last_hit: Time | None
    corrections: int = Field(description="How often people overruled it.")
    corrected_month: int = Field(description="How often in the last 30 days.")
    wrong: float | None = Field(description="Of a hundred verdicts of the last 30 days, how many people overruled.")


class Rules(Listed[Rule]):
    pass


class Terms(Output):
    """What one version says."""

    title_en: str
    title_ja: str
    sigma: str
    reason_en: str
    reason_ja: str
    rank: int
    verdict: str
    kind: str
    impact: int
    effect: int
    urgency: int


class Version(Output):
    number: int
    why: str
    made_by: str = Field(description="Empty for what came with a file.")
    at: Time | None
    terms: Terms


class RuleWhole(Rule):
    versions: list[Version] = Field(description="Newest first.")


class TermsNew(Input):
    title_en: Line
    title_ja: Line
    sigma: Text = Field(description="Sigma over the normal form; `detection` is enough.")
    reason_en: Reason
    reason_ja: Reason
    rank: Annotated[int, Field(ge=1, le=999)] = 550
    verdict: Literal["drop", "keep", "gather", "attach", "open"] = "keep"
    kind: Code = ""
    impact: Level = 3
    effect: Level = 3
    urgency: Level = 3


class RuleNew(TermsNew):
    owner: Line = Field("", description="`person:<uuid>` or `team:<uuid>`.")
    review: date | None = None
    why: Reason = ""
    version: int | None = Field(None, description="The number of the version that was read; an older one answers 409.")


class Trying(TermsNew):
    last: Annotated[int, Field(ge=0, le=20_000)] = Field(0, description="The newest so many alerts.")
    days: Annotated[int, Field(ge=0, le=365)] = Field(0, description="Those of the last so many days.")


class Change(Output):
    before: str
    after: str
    alerts: int


class Sample(Output):
    uuid: str
    title: str
    before: str
    after: str


class Trial(Output):
    hits: int
    of: int
    whole: bool = Field(description="False where the trial stopped at its limit.")
    anything: bool = Field(description="The condition holds for whatever comes.")
    too_wide: bool
    people: int = Field(description="Hits on which a person has decided; their word stands.")
    changes: list[Change]
    sample: list[Sample]
    seconds: float


class Switch(Input):
    on: bool
    version: int = Field(0, description="0 is the newest.")
    confirmed: int | None = Field(None, description="The number of hits that a refusal for being too wide has named.")


class Review(Input):
    review: date
    owner: Line = ""


class Criteria(Output):
    field: str
    number: int = Field(description="0 for the texts this desk comes with.")
    owner: str
    review: date | None
    overdue: bool
    texts: dict[str, dict[str, str]] = Field(description="Value, then language: Markdown.")


class CriteriaList(Listed[Criteria]):
    pass


class CriteriaNew(Input):
    texts: dict[Code, dict[Literal["ja", "en"], Text]]
    why: Reason = ""
    version: int | None = None
