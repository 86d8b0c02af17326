"""How boards look to ``hikeshi verify --state``."""

from collections.abc import Iterator

from hikeshi.figures.models import Board
from hikeshi.figures.terms import content_of
from hikeshi.incidents.models import person_ref
from hikeshi.kernel.facts import commit
from hikeshi.ledger import states


def _boards() -> Iterator[tuple[str, states.Columns]]:
    for row in Board.objects.select_related("owner").order_by("pk").iterator(chunk_size=500):
        said = commit(content_of(row), row.secret).digest
        yield (
            str(row.uuid),
            {
                "number": row.version,
                "audience": row.audience,
                "owner": person_ref(row.owner),
                "content": said,
                "removed": row.removed_at is not None,
            },
        )


states.register("figures.board", _boards)
