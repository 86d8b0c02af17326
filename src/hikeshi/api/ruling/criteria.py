"""Severity and escalation criteria as written."""

from ninja import Router

from hikeshi.api.callers import Request
from hikeshi.api.ruling import schemas
from hikeshi.api.shapes import whole
from hikeshi.incidents import actions
from hikeshi.incidents.criteria import CriteriaField, Texts
from hikeshi.incidents.queries import criteria
from hikeshi.kernel.acting import Actor

router = Router(tags=["vocabularies"], by_alias=True)


@router.get("/criteria", response=schemas.CriteriaList, summary="What each class, kind and level means, in writing")
def list_criteria(request: Request) -> schemas.CriteriaList:
    found = criteria.keepings(request.auth)
    return whole(schemas.CriteriaList, [_of(one, criteria.written(one.field)) for one in found])


@router.get("/criteria/{field}", response=schemas.Criteria, summary="The criteria of one field")
def show_criteria(request: Request, field: str) -> schemas.Criteria:
    return _shown(request.auth, criteria.field_named(field))


@router.put("/criteria/{field}", response=schemas.Criteria, summary="Write them; the texts before stay as a version")
def write_criteria(request: Request, field: str, new: schemas.CriteriaNew) -> schemas.Criteria:
    of = criteria.field_named(field)
    texts = {value: {str(language): text for language, text in said.items()} for value, said in new.texts.items()}
    actions.write_criteria(by=request.auth, criteria_of=of, texts=texts, why=new.why, version=new.version)
    return _shown(request.auth, of)


@router.post(
    "/criteria/{field}/review", response=schemas.Criteria, summary="Say that they were looked at and still hold"
)
def review_criteria(request: Request, field: str, done: schemas.Review) -> schemas.Criteria:
    of = criteria.field_named(field)
    actions.review_criteria(by=request.auth, criteria_of=of, review=done.review, owner=done.owner)
    return _shown(request.auth, of)


def _shown(by: Actor, of: CriteriaField) -> schemas.Criteria:
    found = criteria.whole(by, of)
    return _of(found.line, found.newest.terms)


def _of(keeping: criteria.Keeping, texts: Texts) -> schemas.Criteria:
    return schemas.Criteria(
        field=keeping.field,
        number=keeping.number,
        owner=keeping.owner,
        review=keeping.review,
        overdue=keeping.overdue,
        texts={value: dict(said) for value, said in texts.items()},
    )
