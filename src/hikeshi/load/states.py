"""How settings and profiles look to ``hikeshi verify --state``."""

from collections.abc import Iterator

from hikeshi.ledger import states
from hikeshi.load import book
from hikeshi.load.models import BookVersion, Profile

CHUNK = 500
Rows = Iterator[tuple[str, states.Columns]]


def _books() -> Rows:
    for row in BookVersion.objects.order_by("number"):
        yield str(row.number), {"content": book.digest(row.content)}


def _profiles() -> Rows:
    for row in Profile.objects.select_related("person").order_by("pk").iterator(chunk_size=CHUNK):
        yield str(row.person.uuid), {"weekly": row.weekly, "skills": list(row.skills)}


states.register("load.book", _books)
states.register("load.profile", _profiles)
