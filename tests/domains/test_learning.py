"""What SQLite goes by when it chooses an index is learnt when the desk starts."""

import pytest
from django.db import connection

from hikeshi.cli import prepare
from hikeshi.kernel.ids import uuid7
from hikeshi.search.models import Document

pytestmark = pytest.mark.django_db


def grow(many: int) -> None:
    Document.objects.bulk_create(Document(kind="incident", uuid=uuid7(), digest="") for _ in range(many))


def known() -> dict[str, int]:
    with connection.cursor() as cursor:
        return dict(prepare._known(cursor))


def test_large_tables_are_looked_at_once_and_again_when_they_have_grown(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "sqlite":
        prepare.learn(connection)  # its own upkeep does it
        return
    monkeypatch.setattr(prepare, "SMALL", 50)
    grow(40)
    prepare.learn(connection)
    assert "search_document" not in known(), "what is known of a small one would be believed when it has grown"
    for more, then in ((40, 80), (40, 80), (400, 520)):
        grow(more)
        prepare.learn(connection)
        assert known()["search_document"] == then


def test_of_a_table_that_was_made_anew_it_is_learnt_again(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "sqlite":
        return
    monkeypatch.setattr(prepare, "SMALL", 50)
    grow(60)
    prepare.learn(connection)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sqlite_stat1 WHERE tbl = 'search_document'")
    prepare.learn(connection)
    assert known()["search_document"] == 60
