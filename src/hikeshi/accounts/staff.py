"""A staff list that was brought to be compared, and which of its columns says what. Reads only."""

import re
import zlib
from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec
import yaml
from django.db.models import QuerySet

from hikeshi.accounts import names, reaching
from hikeshi.accounts.models import ImportState, StaffFile
from hikeshi.accounts.permissions import Verb
from hikeshi.documents import tables
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotFound
from hikeshi.kernel.texts import folded

DATA: Final = Path(__file__).parent / "data" / "staff.yaml"
MOST: Final = 5_000
WHO: Final = ("number", "username", "email")
"""One of these tells people apart."""
_DAY: Final = re.compile(r"(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})(?!\d)")


@cache
def sheet() -> tables.Sheet:
    return msgspec.convert(yaml.load(DATA.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader), tables.Sheet)


def verb_of(by: Actor) -> str:
    """Whoever manages people compares them there; whoever looks after the site's contacts does wherever they may look.
    Only the first may apply what is found.
    """
    keeper = reaching.rules().keeper_id
    return Verb.VIEW if keeper is not None and keeper == by.person_id else Verb.MANAGE


def staff_files(by: Actor) -> QuerySet[StaffFile]:
    """Those not put away yet, newest first."""
    rows = StaffFile.objects.select_related("organisation", "person").defer("body").order_by("-created_at", "-id")
    if not by.unlimited:
        rows = rows.filter(organisation__in=by.organisations(verb_of(by)))
    return rows.exclude(state=ImportState.DONE)


def staff_file(by: Actor, uuid: UUID) -> StaffFile:
    """Raises NotFound, NotAllowed."""
    found = StaffFile.objects.select_related("organisation", "person").filter(uuid=uuid).first()
    if found is None or not by.may(verb_of(by), found.organisation_id):
        by.must(verb_of(by))
        raise NotFound("staff_file")
    return found


def kept(file: StaffFile) -> tables.Brought:
    """What was brought, its columns as somebody matched them. Raises Invalid where they are not matched yet."""
    read = _read(file.uuid, tuple(sorted(file.columns.items())))
    missing = lacking(read.fit)
    if missing:
        raise Invalid("columns", "columns_unmatched")
    return read


def opened(file: StaffFile) -> tables.Brought:
    """The same, matched or not."""
    return _read(file.uuid, tuple(sorted(file.columns.items())))


@lru_cache(maxsize=2)
def _read(uuid: UUID, matched: tuple[tuple[str, int], ...]) -> tables.Brought:
    """Remembered: a long list is applied in many steps."""
    body = zlib.decompress(bytes(StaffFile.objects.values_list("body", flat=True).get(uuid=uuid)))
    return brought(body, dict(matched))


def named(file: StaffFile) -> frozenset[tuple[str, str]]:
    """Every key of anybody on the list: ``number``, ``username`` or ``email``, and what it is."""
    return _named(file.uuid, tuple(sorted(file.columns.items())))


@lru_cache(maxsize=2)
def _named(uuid: UUID, matched: tuple[tuple[str, int], ...]) -> frozenset[tuple[str, str]]:
    read = _read(uuid, matched)
    found: set[tuple[str, str]] = set()
    for row in read.table.rows:
        number = read.fit.value(row, "number")
        found |= {
            ("number", number_key(number)),
            ("username", names.normalise(number)),
            ("username", number_key(number)),
            ("username", names.normalise(read.fit.value(row, "username"))),
            ("email", folded(read.fit.value(row, "email"))),
        }
    return frozenset(one for one in found if one[1])


def brought(body: bytes, matched: Mapping[str, int] | None = None) -> tables.Brought:
    """``matched``: field to column, instead of what the headings say. Raises Invalid for what is no table."""
    table = tables.read(body, fields=sheet().fields)
    if not table.rows:
        raise Invalid("file", "empty_file")
    if len(table.rows) > MOST:
        raise Invalid("file", "too_many_rows", limit=f"{MOST:,}")
    found = tables.fit(table.headings, sheet().fields)
    if matched:
        found = tables.Fit(matched, (), tuple(one for one in found.missing if one.code not in matched), ())
    numbers = [(row.line, number_key(found.value(row, "number"))) for row in table.rows]
    mails = [(row.line, folded(found.value(row, "email"))) for row in table.rows]
    return tables.Brought(table, found, {**tables.same_twice(mails), **tables.same_twice(numbers)})


def lacking(fit: tables.Fit) -> tuple[str, ...]:
    """Codes of what must still be matched: the name, and something that tells people apart."""
    found = ["name"] if "name" not in fit.columns else []
    if not set(WHO) & set(fit.columns):
        found.append("number")
    return (*found, *(one.code for one in fit.doubled))


def proper_columns(file: StaffFile, wanted: Mapping[str, int]) -> dict[str, int]:
    """Raises Invalid (``columns.<field>``) for a column that is not there or says two things."""
    width = len(opened(file).table.headings.cells)
    known = {one.code for one in sheet().fields}
    used: dict[int, str] = {}
    for code, column in wanted.items():
        if code not in known or not 0 <= column < width:
            raise Invalid(f"columns.{code}", "unknown")
        if column in used:
            raise Invalid(f"columns.{code}", "column_twice")
        used[column] = code
    if "name" not in wanted:
        raise Invalid("columns.name", "required")
    if not set(WHO) & set(wanted):
        raise Invalid("columns.number", "tells_nobody_apart")
    return dict(wanted)


def number_key(typed: str) -> str:
    """Two spellings of one employee number meet: spreadsheets drop leading zeros."""
    plain = names.normalise(typed)
    return (plain.lstrip("0") or "0") if plain.isdigit() else plain


def day_of(typed: str) -> date | None:
    """None where nothing is said. Raises Invalid."""
    if not typed.strip():
        return None
    found = _DAY.search(folded(typed))
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else date.fromisoformat(typed.strip())
    except ValueError as error:
        raise Invalid("left", "not_a_date") from error
