from uuid import UUID

from pydantic import Field

from hikeshi.api.shapes import Code, Input, Line, Listed, Output

FILTER = (
    "`field:operator:values:period`; `;` is and, `|` begins another alternative, commas between values: "
    "`kind:is:phishing,malware;owner:is:none|phase:was:contain:last_week`. What a form of the site was answered: "
    "`answer:is:FORM.QUESTION.CHOICE`, `answer:has:FORM.QUESTION.WORDS` (`lacks`), `answer:from:FORM.QUESTION.NUMBER` "
    "(`upto`), `answer:after:FORM.QUESTION.DAY` (`before`)."
)


class Filter(Output):
    uuid: UUID
    name: str
    filter: str = Field(description=FILTER)
    columns: list[str]
    order: str = Field(description="Empty: as usual.")
    group: str
    audience: str = Field(description="`mine`, `team` or `everyone`.")
    team: UUID | None
    version: int


class Filters(Listed[Filter]):
    pass


class FilterChange(Input):
    name: Line
    filter: str = Field(default="", max_length=2000, description=FILTER)
    columns: list[Code] = Field(default=[], max_length=20)
    order: Code = ""
    group: Code = ""
    version: int | None = Field(default=None, description="The version that was read.")


class FilterNew(FilterChange):
    audience: Code = "mine"
    team: UUID | None = None
