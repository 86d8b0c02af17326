"""A file of rows that was sent, and what each of its lines would come to."""

import base64
import binascii
from typing import Annotated, TypeVar

from pydantic import Field

from hikeshi.api.shapes import Output
from hikeshi.documents import tables
from hikeshi.kernel.refusals import Invalid
from hikeshi.phrases import refusals

Draft = TypeVar("Draft")
Content = Annotated[str, Field(max_length=1_400_000, description="The CSV or Excel file, base64.")]


class PlannedProblem(Output):
    field: str
    code: str
    detail: str


class PlannedLine(Output):
    line: int
    name: str
    fate: str = Field(description="`new`, `changed`, `same` or `wrong`.")
    changed: list[str]
    problems: list[PlannedProblem]


def file(content: str) -> bytes:
    """Raises Invalid."""
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Invalid("content", "wrong_type") from error


def line(one: tables.Planned[Draft]) -> PlannedLine:
    problems = [
        PlannedProblem(field=found.field, code=found.reason, detail=refusals.reason(found.reason, found.params))
        for found in one.problems
    ]
    return PlannedLine(line=one.line, name=one.name, fate=one.fate.value, changed=list(one.changed), problems=problems)
