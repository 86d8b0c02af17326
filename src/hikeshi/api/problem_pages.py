"""Where the ``type`` of a problem leads: what it means, in the reader's language."""

from ninja import Router

from hikeshi.api.callers import Request
from hikeshi.api.problems import KINDS, PLACE
from hikeshi.api.shapes import Output
from hikeshi.kernel.refusals import NotFound

router = Router(tags=["problems"])


class ProblemKind(Output):
    type: str
    code: str
    status: int
    title: str


def _shown(code: str) -> ProblemKind:
    return ProblemKind(type=PLACE + code, code=code, status=KINDS[code].status, title=str(KINDS[code].title))


@router.get("/problems/", response=list[ProblemKind], auth=None, summary="Every kind of problem")
def list_problems(request: Request) -> list[ProblemKind]:
    return [_shown(code) for code in KINDS]


@router.get("/problems/{code}", response=ProblemKind, auth=None, summary="What a kind of problem means")
def show_problem(request: Request, code: str) -> ProblemKind:
    if code not in KINDS:
        raise NotFound("problem")
    return _shown(code)
