"""Changing the vocabularies: kinds, courses, the matrix and the words of its levels. Each change is a new version."""

from pydantic import Field

from hikeshi.api.callers import Request
from hikeshi.api.incidents import schemas, shapes, words
from hikeshi.api.incidents.words import list_courses, list_kinds, show_matrix
from hikeshi.api.shapes import Code, Input, Line, Listed, Output, Reason, Time, whole
from hikeshi.incidents import actions
from hikeshi.incidents import queries as incidents
from hikeshi.incidents.catalogue import Name
from hikeshi.incidents.codes import RecordClass
from hikeshi.incidents.drafts import GateDraft, PhaseDraft
from hikeshi.incidents.gates import At, Check, GateSpec
from hikeshi.incidents.vocabularies import Subject
from hikeshi.kernel.refusals import NotFound

router = words.router  # reading and changing stand at the same addresses, and an address belongs to one router


class KindWhole(Input):
    ja: Line
    en: Line
    course: Code
    rsit: Line = "other/other"
    veris: Line = "none"
    hint_ja: Line = Field(default="", description="When to choose it.")
    hint_en: Line = ""


class KindNew(KindWhole):
    code: Code = Field(description="For programs; never changes.")


class KindEdit(KindWhole):
    version: int | None = Field(default=None, description="The version of the kinds that was read.")


class KindOrder(Input):
    codes: list[Code] = Field(max_length=1000)


class PhaseWhole(Input):
    code: Code
    ja: Line = Field(default="", description="Empty: as it is called already.")
    en: Line = ""
    like: Code = Field(default="", description="Of a phase of your own: the shipped one it is read as.")
    role: Code = Field(default="", description="Who owns it when it starts.")


class GateWhole(Input):
    """Either `check` or `people`."""

    code: Code
    at: At
    phase: Code = ""
    check: Check | None = None
    people: int = Field(default=0, ge=0, le=5)
    classes: list[RecordClass] = Field(default=[], max_length=5, description="Asked of these only; empty: of all.")
    ja: Line = ""
    en: Line = ""


class CourseWhole(Input):
    ja: Line
    en: Line
    phases: list[PhaseWhole] = Field(max_length=50)
    gates: list[GateWhole] = Field(default=[], max_length=100)
    version: int | None = None


class VersionNumber(Input):
    number: int


class ReasonGiven(Input):
    reason: Reason


class WordsOfLevel(Input):
    ja: Line
    en: Line


class LevelWords(Input):
    words: dict[Code, dict[Code, WordsOfLevel]] = Field(description="`impact`, `effect`, `urgency`: each level's word.")
    version: int | None = None


class VocabularyVersion(Output):
    number: int
    deed: str
    about: str
    made_by: str
    at: Time


class Versions(Listed[VocabularyVersion]):
    pass


class MatrixVersion(Output):
    number: int
    preset: str
    grid: shapes.Grid
    made_by: str
    at: Time


class MatrixVersions(Listed[MatrixVersion]):
    pass


class MatrixMove(Output):
    was: int
    now: int
    count: int


class MovedRecord(Output):
    ref: str
    was: int
    now: int


class Preview(Output):
    """Of the open records the caller sees and works on."""

    moving: int
    staying: int
    by_hand: int = Field(description="Of those that stay: set by hand.")
    moves: list[MatrixMove]
    records: list[MovedRecord] = Field(description="The gravest fifty.")


class Rejudged(Output):
    changed: int


@router.post("/kinds", response={201: shapes.Kinds}, summary="Add a kind")
def add_kind(request: Request, new: KindNew) -> shapes.Kinds:
    actions.add_kind(by=request.auth, **new.model_dump())
    return list_kinds(request)


@router.put("/kinds", response=shapes.Kinds, summary="In which order they are offered")
def order_kinds(request: Request, order: KindOrder) -> shapes.Kinds:
    actions.order_kinds(by=request.auth, codes=order.codes)
    return list_kinds(request)


@router.put("/kinds/{code}", response=shapes.Kinds, summary="Words, codes and course; records keep the words they have")
def edit_kind(request: Request, code: str, whole: KindEdit) -> shapes.Kinds:
    actions.edit_kind(by=request.auth, code=code, **whole.model_dump())
    return list_kinds(request)


@router.post("/kinds/{code}/retire", response=shapes.Kinds, summary="It can no longer be chosen; records keep it")
def retire_kind(request: Request, code: str) -> shapes.Kinds:
    actions.retire_kind(by=request.auth, code=code)
    return list_kinds(request)


@router.post("/kinds/{code}/restore", response=shapes.Kinds, summary="Take a retired kind back into use")
def restore_kind(request: Request, code: str) -> shapes.Kinds:
    actions.retire_kind(by=request.auth, code=code, retired=False)
    return list_kinds(request)


@router.put("/courses/{code}", response=shapes.Courses, summary="Draw a course; running records keep theirs")
def set_course(request: Request, code: str, drawn: CourseWhole) -> shapes.Courses:
    phases = [PhaseDraft(**one.model_dump()) for one in drawn.phases]
    actions.set_course(
        by=request.auth,
        code=code,
        ja=drawn.ja,
        en=drawn.en,
        phases=phases,
        gates=[_gate(one) for one in drawn.gates],
        version=drawn.version,
    )
    return list_courses(request)


def _gate(sent: GateWhole) -> GateDraft:
    spec = GateSpec(sent.code, sent.at, sent.phase, sent.check, sent.people, tuple(sent.classes))
    return GateDraft(spec, sent.ja, sent.en)


@router.post("/courses/{code}/retire", response=shapes.Courses, summary="No kind can be given to it any more")
def retire_course(request: Request, code: str) -> shapes.Courses:
    actions.retire_course(by=request.auth, code=code)
    return list_courses(request)


@router.post("/courses/{code}/restore", response=shapes.Courses, summary="Take a retired course back into use")
def restore_course(request: Request, code: str) -> shapes.Courses:
    actions.retire_course(by=request.auth, code=code, retired=False)
    return list_courses(request)


@router.get("/vocabularies/{subject}", response=Versions, summary="Versions of kinds, courses or levels, newest first")
def list_vocabulary_versions(request: Request, subject: str) -> Versions:
    return whole(
        Versions, [VocabularyVersion.model_validate(one.row) for one in incidents.versions(request.auth, _of(subject))]
    )


def _of(subject: str) -> Subject:
    if subject not in set(Subject):
        raise NotFound("vocabulary")
    return Subject(subject)


@router.post(
    "/vocabularies/{subject}/restore", response=VocabularyVersion, summary="Go back to an earlier version, as a new one"
)
def restore_vocabulary(request: Request, subject: str, version: VersionNumber) -> VocabularyVersion:
    return VocabularyVersion.model_validate(
        actions.roll_back(by=request.auth, subject=_of(subject), number=version.number)
    )


@router.put("/matrix", response=shapes.Matrix, summary="Put a matrix in force; records judged before keep theirs")
def set_matrix(request: Request, new: schemas.MatrixNew) -> shapes.Matrix:
    actions.set_matrix(by=request.auth, preset=new.preset, grid=new.grid, version=new.version)
    return show_matrix(request)


@router.put("/matrix/words", response=shapes.Matrix, summary="What the levels of impact, effect and urgency are called")
def word_levels(request: Request, named: LevelWords) -> shapes.Matrix:
    said = {
        axis: {level: Name(ja=word.ja, en=word.en) for level, word in levels.items()}
        for axis, levels in named.words.items()
    }
    actions.word_levels(by=request.auth, words=said, version=named.version)
    return show_matrix(request)


@router.get("/matrix/versions", response=MatrixVersions, summary="The newest versions of the matrix")
def list_matrices(request: Request) -> MatrixVersions:
    return whole(MatrixVersions, [MatrixVersion.model_validate(one.row) for one in incidents.matrices(request.auth)])


@router.post("/matrix/restore", response=shapes.Matrix, summary="Put an earlier matrix in force again")
def restore_matrix(request: Request, version: VersionNumber) -> shapes.Matrix:
    actions.restore_matrix(by=request.auth, number=version.number)
    return show_matrix(request)


@router.post("/matrix/preview", response=Preview, summary="What a matrix would make of the open records; saves nothing")
def preview_matrix(request: Request, new: schemas.MatrixNew) -> Preview:
    found = incidents.preview(request.auth, actions.usable(preset=new.preset, grid=new.grid))
    records = [MovedRecord(ref=one.record.ref, was=one.record.priority, now=one.now) for one in found.records]
    moves = [MatrixMove(was=one.was, now=one.now, count=one.count) for one in found.moves]
    counts = {"moving": found.moving, "staying": found.staying, "by_hand": found.by_hand}
    return Preview(moves=moves, records=records, **counts)


@router.post("/matrix/rejudge", response=Rejudged, summary="Judge open records by the matrix in force, with a reason")
def rejudge(request: Request, why: ReasonGiven) -> Rejudged:
    return Rejudged(changed=actions.rejudge_all(by=request.auth, reason=why.reason))
