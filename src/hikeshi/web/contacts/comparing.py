"""A comparison as its page shows it, and what was ticked there."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.http import QueryDict

from hikeshi.accounts import actions, contacts, queries, resting, staff
from hikeshi.accounts import differences as reads
from hikeshi.accounts.differences import Change, Difference, Sort
from hikeshi.accounts.telephones import FIELDS
from hikeshi.accounts.ways import Kind
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid
from hikeshi.phrases import labels, refusals
from hikeshi.web.contacts import showing
from hikeshi.web.contacts.resting import Shown, shown

SHOWN: Final = 200
SUGGESTED: Final = 1_000
TICKED: Final = frozenset({Sort.MOVED, Sort.CHANGED})
"""Ticked to begin with; whoever comes or goes is ticked by hand."""


@dataclass(frozen=True, slots=True)
class Row:
    said: Difference
    changes: Sequence[tuple[str, str, str]]
    notes: Sequence[tuple[str, str]]
    rests: Sequence[Shown] = ()
    why_left: str = ""

    @property
    def value(self) -> str:
        return f"{self.said.key}.{self.said.mark}"

    @property
    def asks_successor(self) -> bool:
        return any(one.movable for one in self.rests)

    @property
    def breaks(self) -> bool:
        return any(one.movable and one.breaks for one in self.rests)


@dataclass(frozen=True, slots=True)
class Group:
    sort: str
    word: str
    count: int
    rows: Sequence[Row]
    ticked: bool

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


def groups(by: Actor, file: queries.StaffFile) -> list[Group]:
    """Raises Invalid."""
    found = reads.compare(by, file)
    refused = dict(file.refused)
    return [_group(by, sort, [one for one in found if one.sort is sort], refused) for sort in Sort]


def _group(by: Actor, sort: Sort, found: Sequence[Difference], refused: Mapping[str, str]) -> Group:
    part = found[: SHOWN if sort is not Sort.SAME else 0]
    leaving = [one.person for one in part if one.person is not None and sort is Sort.LEFT]
    rests = resting.on(by, leaving)
    country = contacts.rules().country
    rows = [_row(one, rests, refused, country) for one in part]
    return Group(sort.value, labels.label("staff_sort", sort), len(found), rows, sort in TICKED)


def _row(one: Difference, rests: Mapping[int, Sequence[resting.Rest]], refused: Mapping[str, str], country: str) -> Row:
    problems = [
        (field_word(each.field), refusals.reason(each.reason, each.params)) for each in (*one.problems, *one.notes)
    ]
    left = refused.get(one.key, "")
    return Row(
        one,
        [
            (field_word(each.field), _said(each, each.before, country), _said(each, each.after, country))
            for each in one.changes
        ],
        problems,
        shown(rests.get(one.person.pk, ())) if one.person else (),
        why(left) if left else "",
    )


def why(code: str) -> str:
    """Why a row was left."""
    return str(refusals.SENTENCES[code]) if code in refusals.SENTENCES else refusals.reason(code, {})


def field_word(name: str) -> str:
    return labels.label("staff_field", name) if name else ""


def _said(change: Change, value: str, country: str) -> str:
    return showing.spoken(Kind.PHONE, value, country) if change.field in FIELDS and value else value


def picks(by: Actor, posted: QueryDict) -> list[actions.Pick]:
    """Raises Invalid, NotFound for a successor nobody knows."""
    return list(_picks(by, posted))


def _picks(by: Actor, posted: QueryDict) -> Iterator[actions.Pick]:
    for value in posted.getlist("pick"):
        key, _, mark = value.rpartition(".")
        if not key:
            raise Invalid("picks", "changed_since")
        name = posted.get(f"successor-{key}", "").strip()
        to = str(queries.person_by_username(by, name).uuid) if name else ""
        yield actions.Pick(key, mark, to, f"alone-{key}" in posted)


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of the list with the first things that stand in it."""

    column: int
    heading: str
    examples: Sequence[str]
    chosen: str


def headings(file: queries.StaffFile) -> list[Heading]:
    read = staff.opened(file)
    fields = {column: code for code, column in read.fit.columns.items()}
    rows = read.table.rows[:3]
    return [
        Heading(column, text, [row.cell(column) for row in rows if row.cell(column)], fields.get(column, ""))
        for column, text in enumerate(read.table.headings.cells)
        if text or any(row.cell(column) for row in rows)
    ]


def fields() -> list[tuple[str, str]]:
    return [(one.code, labels.label("staff_field", one.code)) for one in staff.sheet().fields]


def matched(posted: QueryDict) -> dict[str, int]:
    """Field to column. Raises Invalid where one field was chosen for two columns."""
    found: dict[str, int] = {}
    for name, code in posted.items():
        head, _, column = name.partition("-")
        if head != "column" or not column.isdigit() or not code:
            continue
        if str(code) in found:
            raise Invalid(f"columns.{code}", "field_twice")
        found[str(code)] = int(column)
    return found
