"""The site's courses. What a record has begun it finishes: it keeps the version it took."""

from collections.abc import Sequence
from dataclasses import replace

from hikeshi.accounts import names as plain
from hikeshi.accounts import queries as accounts
from hikeshi.incidents import drafts, names
from hikeshi.incidents.actions.settling import settle
from hikeshi.incidents.catalogue import Courses, CourseSpec, Name, PhaseSpec
from hikeshi.incidents.drafts import BadCourse, GateDraft, PhaseDraft
from hikeshi.incidents.models import Vocabulary
from hikeshi.incidents.permissions import Verb
from hikeshi.incidents.queries.vocabularies import in_use
from hikeshi.incidents.vocabularies import Deed, SiteCourses, Subject
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotFound
from hikeshi.ledger.acts import action

LONGEST_CODE = 20


@action
def set_course(
    *,
    by: Actor,
    code: str,
    ja: str,
    en: str,
    phases: Sequence[PhaseDraft],
    gates: Sequence[GateDraft] = (),
    version: int | None = None,
) -> Vocabulary:
    """Adds a course, or draws it anew. A phase or gate keeps one word in all courses. Raises NotAllowed, Invalid for a
    course no record could follow, Conflict.
    """
    by.must(Verb.CONFIGURE, accounts.root().pk)
    known = in_use().courses
    if len(plain.code(code)) > LONGEST_CODE:
        raise Invalid("code", "too_long", limit=LONGEST_CODE)
    try:
        drafts.check(phases, gates, beside=known.beside)
    except BadCourse as error:
        raise Invalid(error.field, error.reason, code=error.code) from error
    before = known.courses.get(code)
    spec = CourseSpec(
        ja=plain.title(ja, "ja"),
        en=plain.title(en, "en"),
        phases=tuple(phase.code for phase in phases),
        gates=tuple(gate.spec for gate in gates),
        retired=before.retired if before else False,
    )
    drawn = replace(
        known,
        phases={**known.phases, **{phase.code: _phase(known, phase) for phase in phases}},
        gates={**known.gates, **{gate.spec.code: _gate(known, gate) for gate in gates}},
        courses={**known.courses, code: spec},
    )
    return _settle(by, drawn, Deed.COURSE_CHANGED if before else Deed.COURSE_ADDED, code, version)


def _phase(known: Courses, draft: PhaseDraft) -> PhaseSpec:
    """Its words (those it has, where none are given), what it is read as, whose it is. Raises Invalid."""
    before = known.phases.get(draft.code)
    name = _words(draft.ja, draft.en, before, draft.code, "phases")
    shipped = names.SHIPPED.known.courses.phases
    if draft.role and draft.role not in names.in_use().roles:
        raise Invalid("phases", "course_role", code=draft.code)
    if draft.code in shipped:
        return PhaseSpec(name.ja, name.en, shipped[draft.code].moment, "", draft.role)
    like = draft.like or (before.like if before else "")
    if like not in shipped:
        raise Invalid("phases", "phase_like_none", code=draft.code)
    return PhaseSpec(name.ja, name.en, shipped[like].moment, like, draft.role)


def _gate(known: Courses, draft: GateDraft) -> Name:
    return _words(draft.ja, draft.en, known.gates.get(draft.spec.code), draft.spec.code, "gates")


def _words(ja: str, en: str, before: PhaseSpec | Name | None, code: str, field: str) -> Name:
    ja, en = ja.strip() or (before.ja if before else ""), en.strip() or (before.en if before else "")
    if not ja or not en:
        raise Invalid(field, "words_needed", code=code)
    return Name(ja=plain.title(ja, field), en=plain.title(en, field))


@action
def retire_course(*, by: Actor, code: str, retired: bool = True) -> Vocabulary | None:
    """A retired course can no longer be given to a kind; records on it go on. False takes it back.

    Raises NotAllowed, NotFound, Invalid while a kind in use follows it.
    """
    by.must(Verb.CONFIGURE, accounts.root().pk)
    known = in_use()
    spec = known.courses.courses.get(code)
    if spec is None:
        raise NotFound("course")
    if spec.retired == retired:
        return None
    following = [one for one, kind in known.kinds.items() if kind.course == code and not kind.retired]
    if retired and following:
        raise Invalid("code", "in_use", where=", ".join(following[:5]))
    changed = {**known.courses.courses, code: replace(spec, retired=retired)}
    deed = Deed.COURSE_RETIRED if retired else Deed.COURSE_RESTORED
    return _settle(by, replace(known.courses, courses=changed), deed, code, None)


def _settle(by: Actor, drawn: Courses, deed: Deed, code: str, version: int | None) -> Vocabulary:
    document = SiteCourses(
        phases=tuple(drawn.phases.items()), courses=tuple(drawn.courses.items()), gates=tuple(drawn.gates.items())
    )
    return settle(by, Subject.COURSES, document, deed, about=code, version=version)
