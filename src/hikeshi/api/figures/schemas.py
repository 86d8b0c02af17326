from datetime import date

from pydantic import Field

from hikeshi.api.shapes import Listed, Output, Time


class Known(Output):
    code: str
    by: list[str] = Field(description="What its lines can stand for; the first where nobody says.")
    now: bool = Field(description="How it stands at this moment, whatever the period.")
    how: str = Field(description="How it is counted, in words.")


class Figures(Listed[Known]):
    pass


class Series(Output):
    code: str
    unit: str = Field(description="`count`, `seconds` or `percent`.")


class Line(Output):
    """``numbers`` stand beside the series; null where nothing is known."""

    key: str = Field(description="A code, a uuid or the first day of a piece of time.")
    name: str
    numbers: list[int | None]
    before: list[int | None] = Field(description="Of the period before; empty where no comparison is asked or made.")
    filters: list[str] = Field(description="For `GET incidents?filter=`: lists what each number counts.")


class FigureWay(Output):
    code: str
    start: list[str] = Field(description="The first of these that is known.")
    end: list[str]


class Figure(Output):
    code: str
    by: str
    since: date
    until: date = Field(description="The first day that is not meant.")
    time_zone: str
    how: str
    series: list[Series]
    lines: list[Line]
    total: int
    total_before: int | None
    filter: str
    limit: int = Field(description="Only so many of the newest were counted; 0: all.")
    definitions: str | None = Field(description="Whose definitions the times follow.")
    ways: list[FigureWay] = Field(description="From which moment to which each time goes.")
    at: Time
