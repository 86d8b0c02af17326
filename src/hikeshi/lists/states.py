"""How saved filters look to ``hikeshi verify --state``."""

from collections.abc import Iterator

from hikeshi.incidents.models import person_ref
from hikeshi.kernel.facts import commit
from hikeshi.ledger import states
from hikeshi.lists.models import ColumnLimits, FilterVersion, SavedFilter
from hikeshi.lists.terms import content_of

CHUNK = 500
Rows = Iterator[tuple[str, states.Columns]]


def _saved() -> Rows:
    for row in SavedFilter.objects.select_related("owner", "team").order_by("pk").iterator(chunk_size=CHUNK):
        whose = {"audience": row.audience, "owner": person_ref(row.owner)}
        team = str(row.team.uuid) if row.team else ""
        yield str(row.uuid), {**whose, "team": team, "newest": row.newest, "removed": row.removed_at is not None}


def _versions() -> Rows:
    for row in FilterVersion.objects.order_by("pk").iterator(chunk_size=CHUNK):
        said = commit(content_of(row), row.secret).digest
        yield str(row.uuid), {"number": row.number, "content": said}


def _board() -> Rows:
    for row in ColumnLimits.objects.all():
        yield "phase", {"limits": row.limits}


states.register("lists.board", _board)
states.register("lists.saved", _saved)
states.register("lists.version", _versions)
