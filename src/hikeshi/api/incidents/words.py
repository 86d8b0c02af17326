"""The vocabularies as they are: kinds, courses, readings, and the priority matrix."""

from ninja import Router

from hikeshi.api.callers import Request
from hikeshi.api.incidents import shapes
from hikeshi.api.shapes import whole
from hikeshi.incidents import names
from hikeshi.incidents import queries as incidents
from hikeshi.incidents.catalogue import CourseSpec, Kind
from hikeshi.incidents.matrix import whole as full
from hikeshi.phrases.labels import label

router = Router(tags=["vocabularies"], by_alias=True)


@router.get("/kinds", response=shapes.Kinds, summary="Kinds of incident, with RSIT and VERIS codes")
def list_kinds(request: Request) -> shapes.Kinds:
    return whole(shapes.Kinds, [_kind(code, one) for code, one in names.in_use().kinds.items()])


def _kind(code: str, kind: Kind) -> shapes.Kind:
    return shapes.Kind(
        code=code,
        label=label("kind", code),
        ja=kind.ja,
        en=kind.en,
        hint_ja=kind.hint_ja,
        hint_en=kind.hint_en,
        course=kind.course,
        rsit=kind.rsit,
        veris=kind.veris,
        retired=kind.retired,
    )


@router.get("/courses", response=shapes.Courses, summary="Courses of phases")
def list_courses(request: Request) -> shapes.Courses:
    known = names.in_use().courses
    beside = _labelled("phase", known.beside)
    return whole(shapes.Courses, [_course(code, one, beside) for code, one in known.courses.items()])


def _course(code: str, spec: CourseSpec, beside: list[shapes.Label]) -> shapes.Course:
    known = names.in_use().courses.phases
    phases = [
        shapes.PhaseOf(code=one, label=label("phase", one), like=known[one].like, role=known[one].role)
        for one in spec.phases
    ]
    gates = [
        shapes.GateOf(
            code=one.code,
            label=label("gate", one.code),
            at=one.at,
            phase=one.phase,
            check=one.check,
            people=one.people,
            classes=list(one.classes),
        )
        for one in spec.gates
    ]
    return shapes.Course(
        code=code, label=label("course", code), phases=phases, beside=beside, gates=gates, retired=spec.retired
    )


@router.get("/readings", response=shapes.Readings, summary="The phases in the words of IPA, SANS, NIST and ITIL")
def list_readings(request: Request) -> shapes.Readings:
    found = [
        shapes.Reading(
            code=code,
            label=label("reading", code),
            words=_labelled(f"reading_{code}", tuple(one.words)),
            phases=dict(one.phases),
        )
        for code, one in names.in_use().readings.items()
    ]
    return whole(shapes.Readings, found)


def _labelled(group: str, codes: tuple[str, ...]) -> list[shapes.Label]:
    return [shapes.Label(code=code, label=label(group, code)) for code in codes]


@router.get("/matrix", response=shapes.Matrix, summary="The priority matrix in force, and those of known tools")
def show_matrix(request: Request) -> shapes.Matrix:
    now = incidents.matrix()
    presets = [
        shapes.Preset(code=code, label=label("matrix", code), origin=one.origin, grid=_lists(full(one.grid())))
        for code, one in names.in_use().presets.items()
    ]
    return shapes.Matrix(number=now.number, preset=now.preset, grid=_lists(now.grid), presets=presets)


def _lists(grid: tuple[tuple[int, ...], ...]) -> list[list[int]]:
    return [list(line) for line in grid]
