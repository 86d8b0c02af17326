"""What all requests and answers have in common."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Final, Generic, TypeVar

from django.db.models.manager import BaseManager
from ninja import Query
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from hikeshi.kernel.paging import Page

T = TypeVar("T")
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def _time(value: object) -> datetime:
    """RFC 3339 with its zone and nothing looser: a time whose zone is guessed is wrong at night."""
    fault = PydanticCustomError("not_a_time", "not a time")
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        raise fault
    try:
        return datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise fault from error


Time = Annotated[datetime, BeforeValidator(_time), WithJsonSchema({"type": "string", "format": "date-time"})]
"""RFC 3339; answers are in UTC with ``Z``."""
Line = Annotated[str, StringConstraints(max_length=10_000)]
Text = Annotated[str, StringConstraints(max_length=200_000)]
Reason = Annotated[str, StringConstraints(max_length=10_000)]
Code = Annotated[str, StringConstraints(max_length=64)]
Cursor = Annotated[str | None, Query(None, description="`next` of the page before.", max_length=2_000)]
Limit = Annotated[int, Query(50, ge=1, le=500, description="Rows on a page.")]
Words = Annotated[str, Query("", max_length=200, description="Words to look for.")]


class Input(BaseModel):
    """What is sent. A field nobody knows is refused: a mistyped name must not be lost in silence."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True, hide_input_in_errors=True)


class Output(BaseModel):
    """What is answered, read from the attributes of rows."""

    model_config = ConfigDict(from_attributes=True, populate_by_name=True)


class Listed(Output, Generic[T]):
    items: list[T]
    next: str | None = Field(description="The cursor of the next page; null on the last.")
    total: int = Field(description="Exact to 10,000.")
    total_exact: bool


class Problem(Output):
    """RFC 9457. Further members depend on ``code``: see ``/api/v1/problems/``."""

    type: str
    title: str
    status: int
    detail: str
    code: str


def related(rows: object) -> object:
    """What a row's related manager leads to, as a list."""
    return list(rows.all()) if isinstance(rows, BaseManager) else rows


def uuid_of(row: object) -> object:
    """The public identifier of a row that is only pointed to."""
    return getattr(row, "uuid", row)


L = TypeVar("L", bound=BaseModel)


def listed(shape: type[L], found: Page[T]) -> L:
    """The page as ``shape``, a subclass of Listed whose items are read from the rows' attributes."""
    return shape.model_validate(found)


def whole(shape: type[L], rows: Sequence[T]) -> L:
    """A list short enough to be given at once."""
    return listed(shape, Page(items=rows, next=None, total=len(rows), total_exact=True))
