"""Writing answers to common questions, publishing them, and a reader's word on whether they helped."""

from typing import Final
from uuid import UUID

from hikeshi.intake.queries import ruling
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import commit
from hikeshi.kernel.refusals import Invalid, NotAllowed, NotFound
from hikeshi.kernel.texts import words
from hikeshi.kernel.versions import must_be_current
from hikeshi.knowledge import facts, queries
from hikeshi.knowledge.drafts import WHY, AnswerDraft, Mark, checked, content_of, read, written
from hikeshi.knowledge.models import Answer, AnswerMark, AnswerVersion
from hikeshi.knowledge.permissions import Verb
from hikeshi.ledger.acts import action, record

TOPICS: Final = ("settings",)


@action
def write_answer(
    *, by: Actor, draft: AnswerDraft, answer: UUID | None = None, why: str = "", version: int | None = None
) -> AnswerVersion:
    """Saves what it says, as its next version; without ``answer``, a new one. Nobody reads it before it is published.
    ``version``: the one its writer had read. Raises NotAllowed, NotFound, Invalid, Conflict.
    """
    queries.must_write(by)
    said = checked(draft)
    if said.owner and not ruling.may_own(by, said.owner):
        raise Invalid("owner", "unknown")
    reason = words(why, field="why", most=WHY, required=False)
    row = _held(answer)
    if row.pk is not None:
        theirs = read(row.versions.get(number=row.newest).texts)
        must_be_current(read=version, now=row.newest, yours=written(said), theirs=written(theirs))

    row.newest += 1
    row.save()
    kept = AnswerVersion.objects.create(
        answer=row, number=row.newest, texts=written(said), why=reason, made_by=by.ref, at=clock.now()
    )
    content = commit(content_of(said), kept.secret)
    fact = facts.AnswerWritten(answer=row.uuid, number=row.newest, text=kept.uuid, content=content)
    record(fact, subject=f"answer:{row.uuid}", by=by, topics=TOPICS)
    return kept


@action
def publish_answer(*, by: Actor, answer: UUID, number: int) -> Answer:
    """People read this version from now on. Raises NotAllowed, NotFound."""
    queries.must_write(by)
    row = _held(answer)
    if not row.versions.filter(number=number).exists():
        raise NotFound("version")
    if row.published == number:
        return row

    row.published = number
    row.save(update_fields=["published"])
    record(facts.AnswerPublished(answer=row.uuid, number=number), subject=f"answer:{row.uuid}", by=by, topics=TOPICS)
    return row


@action
def withdraw_answer(*, by: Actor, answer: UUID) -> Answer:
    """Nobody reads it any more. Raises NotAllowed, NotFound."""
    queries.must_write(by)
    row = _held(answer)
    if row.published is None:
        return row

    row.published = None
    row.save(update_fields=["published"])
    record(facts.AnswerWithdrawn(answer=row.uuid), subject=f"answer:{row.uuid}", by=by, topics=TOPICS)
    return row


@action
def mark_answer(*, by: Actor, answer: UUID, mark: Mark, place: str, reader: Actor | None) -> bool:
    """A reader says whether it helped; the last word of each ``place`` (a person or a browser) counts. Whether it
    changed anything. ``reader``: who reads, None without an account. For the portal. Raises NotAllowed, NotFound.
    """
    if not by.unlimited:
        raise NotAllowed(Verb.WRITE)
    queries.one(reader, answer, "en")
    row = _held(answer)
    kept = queries.place_of(place)
    before = AnswerMark.objects.filter(answer=row, place=kept).first()
    was = before.mark if before else ""
    if was == mark:
        return False

    for name, step in ((was, -1), (mark.value, 1)):
        if name:
            setattr(row, name, getattr(row, name) + step)
    row.save(update_fields=[one.value for one in Mark])
    mine = before or AnswerMark(answer=row, place=kept)
    mine.mark, mine.at = mark, clock.now()
    mine.save()
    fact = facts.AnswerMarked(answer=row.uuid, reader=mine.uuid, mark=mark, was=was)
    record(fact, subject=f"answer:{row.uuid}", by=by, topics=TOPICS)
    return True


def _held(answer: UUID | None) -> Answer:
    """Raises NotFound, Invalid."""
    if answer is not None:
        found = Answer.objects.select_for_update().filter(uuid=answer).first()
        if found is None:
            raise NotFound("answer")
        return found
    if Answer.objects.count() >= queries.MOST:
        raise Invalid("question_ja", "too_many", limit=queries.MOST)
    return Answer()
