"""A staff list against the directory: compared first, then applied row by row."""

from uuid import UUID

from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from hikeshi.accounts import actions, differences, queries, resting, staff
from hikeshi.accounts.differences import Difference, Sort
from hikeshi.api import planned
from hikeshi.api.callers import Request
from hikeshi.api.shapes import Code, Input, Line, Output, Time
from hikeshi.documents import tables
from hikeshi.phrases import refusals

router = Router(tags=["contacts"], by_alias=True)


class StaffComparisonNew(Input):
    organisation: UUID = Field(description="Whose list it is: whoever belongs there or below and is not on it is gone.")
    file_name: Line
    content: planned.Content
    columns: dict[Code, int] = Field(default={}, description="Field to column, from 0, where the headings do not say.")


class StaffChange(Output):
    field: str
    before: str
    after: str


class StaffRest(Output):
    kind: str
    ref: str
    name: str
    breaks: bool = Field(description="Nobody would be called, or nothing come in: a successor is asked for.")
    movable: bool


class StaffDifference(Output):
    key: str
    mark: str = Field(description="Of what this row says; handed back with `key` to apply it.")
    line: int = Field(description="0: not on the list.")
    name: str
    sort: str = Field(description="`wrong`, `left`, `moved`, `changed`, `back` or `joined`.")
    person: UUID | None
    changes: list[StaffChange]
    notes: list[planned.PlannedProblem]
    problems: list[planned.PlannedProblem]
    rests: list[StaffRest] = []


class StaffRefused(Output):
    key: str
    code: str


class StaffComparison(Output):
    uuid: UUID
    file_name: str
    rows: int
    state: str = Field(description="`prepared` (open), `going`, `done` (put away) or `failed`.")
    added: int
    changed: int
    deactivated: int
    place: int = Field(description="Rows of the order under way that were gone through.")
    refused: list[StaffRefused]
    created_at: Time
    unmatched: list[str] = Field(default=[], description="Fields no heading says; send `columns` for them.")
    headings: list[str] = []
    differences: list[StaffDifference] = []


class StaffColumns(Input):
    columns: dict[Code, int]


class StaffPick(Input):
    key: Line
    mark: Line
    successor: UUID | None = Field(default=None, description="Who takes over what rests on somebody who left.")
    alone: bool = Field(default=False, description="What would break stays without anybody.")


class StaffOrder(Input):
    picks: list[StaffPick] = Field(max_length=5_000)


def _problem(one: tables.Problem) -> planned.PlannedProblem:
    detail = refusals.reason(one.reason, one.params)
    return planned.PlannedProblem(field=one.field, code=one.reason, detail=detail)


def _difference(one: Difference, rests: dict[int, tuple[resting.Rest, ...]]) -> StaffDifference:
    held = rests.get(one.person.pk, ()) if one.person else ()
    return StaffDifference(
        key=one.key,
        mark=one.mark,
        line=one.line,
        name=one.name,
        sort=one.sort.value,
        person=one.person.uuid if one.person else None,
        changes=[StaffChange(field=each.field, before=each.before, after=each.after) for each in one.changes],
        notes=[_problem(each) for each in one.notes],
        problems=[_problem(each) for each in one.problems],
        rests=[
            StaffRest(kind=each.kind, ref=each.ref, name=each.name, breaks=each.breaks, movable=each.movable)
            for each in held
        ],
    )


def _shown(request: Request, file: queries.StaffFile) -> StaffComparison:
    brief = {name: getattr(file, name) for name in ("uuid", "file_name", "rows", "state", "added", "changed")}
    brief |= {"deactivated": file.deactivated, "place": file.place, "created_at": file.created_at}
    brief |= {"refused": [StaffRefused(key=key, code=code) for key, code in file.refused]}
    if file.state != queries.ImportState.PREPARED:
        return StaffComparison(**brief)
    read = staff.opened(file)
    brief |= {"unmatched": list(staff.lacking(read.fit)), "headings": list(read.table.headings.cells)}
    if brief["unmatched"]:
        return StaffComparison(**brief)
    found = [one for one in differences.compare(request.auth, file) if one.sort is not Sort.SAME]
    leaving = [one.person for one in found if one.sort is Sort.LEFT and one.person is not None]
    rests = resting.on(request.auth, leaving)
    return StaffComparison(**brief, differences=[_difference(one, rests) for one in found])


@router.post("/staff_comparisons", response={201: StaffComparison}, summary="Bring a staff list, and see what differs")
def prepare_staff_comparison(request: Request, new: StaffComparisonNew, response: HttpResponse) -> StaffComparison:
    made = actions.prepare_staff_comparison(
        by=request.auth, organisation=new.organisation, file_name=new.file_name, body=planned.file(new.content)
    )
    if new.columns:
        made = actions.match_staff_columns(by=request.auth, staff_file=made.uuid, columns=new.columns)
    response["Location"] = f"/api/v1/staff_comparisons/{made.uuid}"
    return _shown(request, made)


@router.get("/staff_comparisons/{uuid}", response=StaffComparison, summary="How list and directory differ now")
def show_staff_comparison(request: Request, uuid: UUID) -> StaffComparison:
    return _shown(request, staff.staff_file(request.auth, uuid))


@router.put("/staff_comparisons/{uuid}/columns", response=StaffComparison, summary="Say which column is which")
def match_staff_columns(request: Request, uuid: UUID, wanted: StaffColumns) -> StaffComparison:
    file = actions.match_staff_columns(by=request.auth, staff_file=uuid, columns=wanted.columns)
    return _shown(request, file)


@router.post(
    "/staff_comparisons/{uuid}/apply", response=StaffComparison, summary="Apply these rows, each or not at all"
)
def apply_staff_comparison(request: Request, uuid: UUID, order: StaffOrder) -> StaffComparison:
    picks = [
        actions.Pick(one.key, one.mark, str(one.successor) if one.successor else "", one.alone) for one in order.picks
    ]
    return _shown(request, actions.apply_staff_comparison(by=request.auth, staff_file=uuid, picks=picks))


@router.delete("/staff_comparisons/{uuid}", response={204: None}, summary="Put it away; the list is forgotten")
def close_staff_comparison(request: Request, uuid: UUID) -> None:
    actions.close_staff_comparison(by=request.auth, staff_file=uuid)
