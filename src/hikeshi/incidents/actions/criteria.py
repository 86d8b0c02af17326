"""The criteria of a site: written, and looked at again. They count for every organisation of it."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from hikeshi.accounts import queries as accounts
from hikeshi.accounts import zones
from hikeshi.incidents import criteria, facts
from hikeshi.incidents.criteria import CriteriaField, Texts
from hikeshi.incidents.models import Criteria, CriteriaVersion
from hikeshi.incidents.queries import criteria as written
from hikeshi.intake.queries import ruling
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import commit
from hikeshi.kernel.refusals import Conflict, Invalid
from hikeshi.kernel.texts import words
from hikeshi.ledger.acts import action, record

LANGUAGES: Final = ("ja", "en")
TOPICS: Final = ("settings",)


@action
def write_criteria(
    *, by: Actor, criteria_of: CriteriaField, texts: Texts, why: str = "", version: int | None = None
) -> CriteriaVersion:
    """These texts are shown from now on; those before stay as their version. ``version`` is the one that was read.
    Raises NotAllowed, Invalid, Conflict.
    """
    written.must_write(by)
    wanted = _clean(criteria_of, texts)
    said = words(why, field="why", most=criteria.LONGEST, required=False)
    row = _held(criteria_of)
    if version is not None and version != row.newest:
        raise _clash(criteria_of, wanted, row.newest)

    row.newest += 1
    row.save()
    kept = CriteriaVersion.objects.create(
        criteria=row, number=row.newest, texts=wanted, why=said, made_by=by.ref, at=clock.now()
    )

    fact = facts.CriteriaWritten(
        criteria=row.uuid,
        criteria_of=criteria_of,
        number=kept.number,
        owner=row.owner,
        review=_day(row),
        text=kept.uuid,
        content=commit(criteria.content(wanted), kept.secret),
    )
    record(fact, subject=f"criteria:{row.uuid}", by=by, topics=TOPICS)
    return kept


@action
def review_criteria(*, by: Actor, criteria_of: CriteriaField, review: date, owner: str = "") -> Criteria:
    """Somebody looked at them and lets them stand until that day. Raises NotAllowed, Invalid."""
    written.must_write(by)
    if review <= clock.now().date():
        raise Invalid("review", "past")
    if owner and not ruling.may_own(by, owner):
        raise Invalid("owner", "unknown")
    row = _held(criteria_of)

    row.owner, row.review = owner or row.owner, review
    row.due_at = zones.day_begins(review, accounts.site().time_zone)
    row.save()

    fact = facts.CriteriaReviewed(
        criteria=row.uuid, criteria_of=criteria_of, number=row.newest, owner=row.owner, review=_day(row)
    )
    record(fact, subject=f"criteria:{row.uuid}", by=by, topics=TOPICS)
    return row


def _held(of: CriteriaField) -> Criteria:
    found = Criteria.objects.select_for_update().filter(field=of).first()
    if found is not None:
        return found
    shipped = criteria.shipped()
    due_at = zones.day_begins(shipped.review, accounts.site().time_zone)
    return Criteria(field=of, owner=shipped.owner, review=shipped.review, due_at=due_at)


def _day(row: Criteria) -> str:
    return row.review.isoformat() if row.review else ""


def _clean(of: CriteriaField, texts: Texts) -> dict[str, dict[str, str]]:
    known = written.values(of)
    unknown = sorted(set(texts) - set(known))
    if unknown:
        raise Invalid("texts", "not_a_choice", choices=", ".join(known))
    found = {}
    for value in known:
        said = {
            one: words(_text(texts, value, one), field=f"{value}-{one}", most=criteria.LONGEST, required=False)
            for one in LANGUAGES
        }
        if any(said.values()):
            missing = next((language for language in LANGUAGES if not said[language]), "")
            if missing:
                raise Invalid(f"{value}-{missing}", "both_languages")
            found[value] = said
    if not found:
        raise Invalid("texts", "no_criteria")
    return found


def _clash(of: CriteriaField, yours: Texts, newest: int) -> Conflict:
    theirs = written.written(of)
    differ = [
        (value, language)
        for value in written.values(of)
        for language in LANGUAGES
        if _text(yours, value, language) != _text(theirs, value, language)
    ]
    return Conflict(
        yours={f"{value}-{language}": _text(yours, value, language) for value, language in differ},
        theirs={f"{value}-{language}": _text(theirs, value, language) for value, language in differ},
        version=newest,
    )


def _text(texts: Mapping[str, Mapping[str, str]], value: str, language: str) -> str:
    return texts.get(value, {}).get(language, "")
