"""What lists are narrowed by, beside what reporters answered. No facts: it says nothing that their rows do not say."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final
from uuid import UUID

from hikeshi.incidents.answered import Said, said
from hikeshi.incidents.models import Answer, Question, Reporter
from hikeshi.kernel.facts import JSON
from hikeshi.ledger.acts import unit

STEP: Final = 200
Asked = tuple[UUID, str]
_SAID: Final = ("code", "words", "long", "number", "moment")


@dataclass(frozen=True, slots=True)
class Mended:
    """``place``: the last report that was looked at; ``wrong``: how many were not as their reporters said."""

    place: int
    looked: int
    wrong: int


def keep(incident: int, form: UUID, answers: Mapping[str, JSON]) -> None:
    """Part of other verbs: of a report that has just come."""
    _write({incident: _meant(form, answers)})


def forget(incidents: Iterable[int]) -> None:
    """Part of other verbs: of reporters who were erased."""
    Answer.objects.filter(incident__in=list(incidents)).delete()


def mend_answers(after: int) -> Mended:
    """The next reports after this one, compared and made anew where they differ; a short step. Nobody erases a reporter
    meanwhile.
    """
    with unit():
        rows = list(Reporter.objects.select_for_update().filter(pk__gt=after).order_by("pk")[:STEP])
        meant = {
            row.incident_id: _meant(row.form, row.answers) if row.form and row.erased_at is None else {} for row in rows
        }
        kept = _kept(list(meant))
        wrong = {incident: asked for incident, asked in meant.items() if asked != kept.get(incident, {})}
        if wrong:
            forget(wrong)
            _write(wrong)
    return Mended(rows[-1].pk if rows else after, len(rows), len(wrong))


_All = Mapping[Asked, frozenset[Said]]


def _meant(form: UUID, answers: Mapping[str, JSON]) -> _All:
    found = {(form, key): frozenset(said(answer)) for key, answer in answers.items()}
    return {asked: told for asked, told in found.items() if told}


def _kept(incidents: Sequence[int]) -> Mapping[int, _All]:
    found: dict[int, dict[Asked, frozenset[Said]]] = defaultdict(dict)
    rows = Answer.objects.filter(incident__in=incidents)
    for incident, form, key, *told in rows.values_list("incident", "question__form", "question__key", *_SAID):
        said_so_far = found[incident].get((form, key), frozenset())
        found[incident][form, key] = said_so_far | {Said(*told)}
    return found


def _write(meant: Mapping[int, _All]) -> None:
    known = _questions({asked for told in meant.values() for asked in told})
    Answer.objects.bulk_create(
        (
            Answer(incident_id=incident, question_id=known[asked], **asdict(one))
            for incident, told in meant.items()
            for asked, every in told.items()
            for one in every
        ),
        batch_size=500,
    )


def _questions(asked: Iterable[Asked]) -> Mapping[Asked, int]:
    """Their keys; those that were never answered before are made, by whoever is first."""
    wanted = set(asked)
    known = _known(wanted)
    if new := wanted - known.keys():
        Question.objects.bulk_create((Question(form=form, key=key) for form, key in sorted(new)), ignore_conflicts=True)
        known = _known(wanted)
    return known


def _known(asked: Iterable[Asked]) -> dict[Asked, int]:
    forms = {form for form, _ in asked}
    rows = Question.objects.filter(form__in=forms) if forms else Question.objects.none()
    return {(form, key): pk for form, key, pk in rows.values_list("form", "key", "pk")}
