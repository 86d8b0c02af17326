"""What opening a record answers: the record, and what it may already be."""

from pydantic import Field

from hikeshi.api.accounts.schemas import PersonBrief
from hikeshi.api.incidents.shapes import Incident
from hikeshi.api.shapes import Output


class Similar(Output):
    ref: str
    title: str
    kind: str
    priority: int
    owner: PersonBrief | None


class Opened(Incident):
    similar: list[Similar] = Field(
        default_factory=list,
        description="Open records you may see that this may already be; the likest first, at most 5.",
    )
