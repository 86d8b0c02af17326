"""Files of people: a preview first, then one act."""

from uuid import UUID

from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from hikeshi.accounts import actions, planning, queries
from hikeshi.api import planned
from hikeshi.api.accounts.schemas import PersonBrief
from hikeshi.api.callers import Request
from hikeshi.api.shapes import Input, Line, Output, Time

router = Router(tags=["people"], by_alias=True)


class PeopleImportNew(Input):
    organisation: UUID = Field(description="For lines that name none; the file reaches it and below.")
    file_name: Line
    content: planned.Content


class PeopleImportOrder(Input):
    leaving: list[UUID] = Field(default=[], max_length=5_000, description="Of `missing`: put out of use.")


class PeopleImport(Output):
    uuid: UUID
    file_name: str
    rows: int
    added: int
    changed: int
    deactivated: int
    state: str = Field(description="`prepared`, `going`, `done` or `failed`.")
    error: str
    error_line: int
    done_at: Time | None


class PeopleImportWhole(PeopleImport):
    """One wrong line holds the whole file."""

    lines: list[planned.PlannedLine]
    missing: list[PersonBrief] = Field(description="In the organisation and below, and not in the file.")


@router.post("/people_imports", response={201: PeopleImportWhole}, summary="Bring a file, and see what it would do")
def prepare_people_import(request: Request, new: PeopleImportNew, response: HttpResponse) -> PeopleImportWhole:
    made = actions.prepare_people_import(
        by=request.auth, organisation=new.organisation, file_name=new.file_name, body=planned.file(new.content)
    )
    response["Location"] = f"/api/v1/people_imports/{made.uuid}"
    return _whole(request, made)


@router.get("/people_imports/{uuid}", response=PeopleImportWhole, summary="Its preview, or what came of it")
def show_people_import(request: Request, uuid: UUID) -> PeopleImportWhole:
    return _whole(request, planning.people_file(request.auth, uuid))


@router.post("/people_imports/{uuid}/carry_out", response=PeopleImport, summary="Do all of it, once")
def carry_out_people_import(request: Request, uuid: UUID, order: PeopleImportOrder) -> PeopleImport:
    done = actions.carry_out_people_import(by=request.auth, people_file=uuid, leaving=order.leaving)
    return PeopleImport.model_validate(done)


def _whole(request: Request, kept: queries.PeopleFile) -> PeopleImportWhole:
    brief = PeopleImport.model_validate(kept).model_dump()
    if kept.state != queries.ImportState.PREPARED:
        return PeopleImportWhole.model_validate({**brief, "lines": [], "missing": []})
    plan = planning.plan(request.auth, kept.organisation, planning.kept(kept))
    lines = [planned.line(one) for one in plan.lines.lines]
    return PeopleImportWhole.model_validate({**brief, "lines": lines, "missing": list(plan.missing)})
