"""How answers look to ``hikeshi verify --state``."""

from collections.abc import Iterator

from hikeshi.kernel.facts import commit
from hikeshi.knowledge.drafts import content_of, read
from hikeshi.knowledge.models import Answer, AnswerMark, AnswerVersion
from hikeshi.ledger import states

CHUNK = 200
Rows = Iterator[tuple[str, states.Columns]]


def _answers() -> Rows:
    for row in Answer.objects.order_by("pk").iterator(chunk_size=CHUNK):
        yield str(row.uuid), {"newest": row.newest, "published": row.published}


def _versions() -> Rows:
    for row in AnswerVersion.objects.select_related("answer").order_by("pk").iterator(chunk_size=CHUNK):
        content = commit(content_of(read(row.texts)), row.secret).digest
        yield str(row.uuid), {"answer": str(row.answer.uuid), "number": row.number, "content": content}


def _marks() -> Rows:
    for row in AnswerMark.objects.select_related("answer").order_by("pk").iterator(chunk_size=CHUNK):
        yield str(row.uuid), {"answer": str(row.answer.uuid), "mark": row.mark}


states.register("knowledge.answer", _answers)
states.register("knowledge.version", _versions)
states.register("knowledge.mark", _marks)
