"""The forms of a site: read, written version by version, offered and withdrawn."""

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpResponse
from ninja import Router

from hikeshi.api.bodies import InvalidAt
from hikeshi.api.callers import Request
from hikeshi.api.forms import schemas
from hikeshi.api.incidents.saving import GUARDED, current, tag
from hikeshi.api.shapes import whole
from hikeshi.forms import actions, queries
from hikeshi.forms.definitions import LANGUAGES
from hikeshi.forms.queries import FormVersion
from hikeshi.kernel.refusals import Invalid

router = Router(tags=["forms"], by_alias=True)


@router.get("/forms", response=schemas.Forms, summary="Forms of the site, offered or not")
def list_forms(request: Request) -> schemas.Forms:
    return whole(schemas.Forms, [_short(one) for one in queries.lines(request.auth)])


@router.post("/forms", response={201: schemas.FormShown}, summary="Make a form; nobody sees it before it is offered")
def write_form(request: Request, new: schemas.FormNew, response: HttpResponse) -> schemas.FormShown:
    made = _written(request, new, None, None)
    response["Location"] = f"/api/v1/forms/{made.form.uuid}"
    return _shown(request, made.form.uuid, response)


@router.get("/forms/{form}", response=schemas.FormShown, summary="A form, as its newest version says")
def show_form(request: Request, form: UUID, response: HttpResponse) -> schemas.FormShown:
    return _shown(request, form, response)


@router.put("/forms/{form}", response=schemas.FormShown, summary="Its next version", openapi_extra=GUARDED)
def change_form(request: Request, form: UUID, said: schemas.FormChanged, response: HttpResponse) -> schemas.FormShown:
    read = current(request, said.version, lambda: queries.whole(request.auth, form).newest.number)
    _written(request, said, form, read)
    return _shown(request, form, response)


@router.get("/forms/{form}/versions/{number}", response=schemas.FormShown, summary="As it once said")
def show_form_version(request: Request, form: UUID, number: int) -> schemas.FormShown:
    return _of(queries.whole(request.auth, form), number)


@router.post("/forms/{form}/offer", response=schemas.FormShown, summary="People see this version from now on")
def offer_form(request: Request, form: UUID, wanted: schemas.Offer, response: HttpResponse) -> schemas.FormShown:
    actions.offer_form(by=request.auth, form=form, number=wanted.version)
    return _shown(request, form, response)


@router.post("/forms/{form}/withdraw", response=schemas.FormShown, summary="Nobody is shown it any more")
def withdraw_form(request: Request, form: UUID, response: HttpResponse) -> schemas.FormShown:
    actions.withdraw_form(by=request.auth, form=form)
    return _shown(request, form, response)


def _written(request: Request, said: schemas.FormNew, form: UUID | None, version: int | None) -> FormVersion:
    """Raises what the verb raises, the place of a flaw as it stands in the body."""
    try:
        return actions.write_form(by=request.auth, definition=said.definition, form=form, why=said.why, version=version)
    except Invalid as refusal:
        keys = [one.key for one in said.fields]
        raise InvalidAt(_path(refusal.field, keys), refusal.reason, **refusal.params) from None


def _path(place: str, keys: Sequence[str]) -> list[str | int]:
    """``title_en`` is ``title``, ``en``; ``f3.label_ja`` is ``fields``, its place, ``label``, ``ja``."""
    key, dot, part = place.partition(".")
    if dot and key in keys:
        return ["fields", keys.index(key), *_part(part)]
    return ["class"] if place == "record_class" else _part(place) if place else ["fields"]


def _part(name: str) -> list[str | int]:
    stem, _line, language = name.rpartition("_")
    if language not in LANGUAGES or not stem:
        return [name]
    return [stem] if stem == "choices" else [stem, language]


def _short(one: queries.Line) -> schemas.FormShort:
    return schemas.FormShort(
        uuid=one.uuid,
        title=schemas.WordsShown.model_validate(one.title),
        use=one.use,
        audience=one.audience,
        version=one.newest,
        offered=one.offered,
        questions=one.fields,
    )


def _shown(request: Request, form: UUID, response: HttpResponse) -> schemas.FormShown:
    found = queries.whole(request.auth, form)
    response["ETag"] = tag(found.newest.number)
    return _of(found, found.newest.number)


def _of(found: queries.Whole, number: int) -> schemas.FormShown:
    one = found.version(number)
    names = (
        "title",
        "use",
        "audience",
        "organisation",
        "intro",
        "question",
        "kind",
        "record_class",
        "urgency",
        "place",
    )
    said = {name: getattr(one.terms, name) for name in (*names, "fields")}
    return schemas.FormShown.model_validate(
        {
            **said,
            "uuid": found.line.uuid,
            "version": one.number,
            "newest": found.newest.number,
            "offered": found.line.offered,
            "why": one.why,
            "made_by": found.names.get(one.made_by, ""),
            "at": one.at,
        }
    )
