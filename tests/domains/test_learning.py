"""What SQLite goes by when it chooses an index is learnt when the desk starts, and while it runs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hikeshi.engine.run import loops
from hikeshi.incidents.models import Incident
from hikeshi.kernel import clock, learning
from hikeshi.kernel.ids import uuid7
from hikeshi.search.models import Document
from tests.domains.test_finding import _bulk

pytestmark = pytest.mark.django_db


def grow(many: int) -> None:
    Document.objects.bulk_create(Document(kind="incident", uuid=uuid7(), digest="") for _ in range(many))


def known() -> dict[str, int]:
    with connection.cursor() as cursor:
        return dict(learning._known(cursor))


def test_large_tables_are_looked_at_once_and_again_when_they_have_grown(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "sqlite":
        learning.learn(connection)  # its own upkeep does it
        return
    monkeypatch.setattr(learning, "SMALL", 50)
    grow(100)
    Document.objects.filter(pk__in=list(Document.objects.order_by("pk").values_list("pk", flat=True)[:60])).delete()
    learning.learn(connection)
    assert "search_document" not in known(), "what is known of a small one would be believed when it has grown"
    for more, then in ((40, 80), (40, 80), (400, 520)):
        grow(more)
        learning.learn(connection)
        assert known()["search_document"] == then


def test_of_a_table_that_was_made_anew_it_is_learnt_again(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "sqlite":
        return
    monkeypatch.setattr(learning, "SMALL", 50)
    grow(60)
    learning.learn(connection)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sqlite_stat1 WHERE tbl = 'search_document'")
    learning.learn(connection)
    assert known()["search_document"] == 60


def test_an_index_of_some_rows_says_nothing_of_how_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "sqlite":
        return
    monkeypatch.setattr(learning, "SMALL", 50)
    _bulk(60, "VPN")
    Incident.objects.filter(pk=Incident.objects.earliest("pk").pk).update(restricted=True)
    learning.learn(connection)
    with connection.cursor() as cursor:
        cursor.execute("SELECT CAST(stat AS INTEGER) FROM sqlite_stat1 WHERE tbl = 'incidents_incident'")
        assert {1, 60} <= {rows for (rows,) in cursor.fetchall()}
    assert known()["incidents_incident"] == 60
    with CaptureQueriesContext(connection) as asked:
        learning.learn(connection)
    assert not [one for one in asked.captured_queries if one["sql"].startswith("ANALYZE")]


def learnt() -> int:
    """Steps of the engine's loop until nothing is due."""
    step = next(loop for loop in loops() if loop.name == "learn").step
    steps = 0
    while step(clock.now()):
        steps += 1
    return steps


def test_a_desk_that_runs_for_months_learns_too_index_by_index(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each by itself, so that others write in between."""
    monkeypatch.setattr(learning, "SMALL", 50)
    grow(60)
    with CaptureQueriesContext(connection) as asked:
        steps = learnt()
    looked = [one["sql"] for one in asked.captured_queries if one["sql"].startswith("ANALYZE")]
    if connection.vendor != "sqlite":
        assert (steps, asked.captured_queries) == (0, [])
        return
    assert known()["search_document"] == 60
    assert len(looked) > 1
    assert not [one for one in looked if one == 'ANALYZE "search_document"']
    assert learnt() == 0, "once is enough"
    grow(200)
    assert learnt() == 1
    assert known()["search_document"] == 260


def test_a_look_while_people_work_ends_however_many_rows_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "sqlite":
        return
    monkeypatch.setattr(learning, "SMALL", 50)
    monkeypatch.setattr(learning, "LOOKED_THROUGH", 100)
    learnt()
    grow(2_000)
    assert learnt() == 1
    assert known()["search_document"] == 2_000, "not what SQLite guesses, or it would be looked at for ever"
    assert of_one_kind() == 101, "so many of one kind were looked through, and no more"
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sqlite_stat1 WHERE tbl = 'search_document'")
    learning.learn(connection)
    assert of_one_kind() == 2_000, "at a start all are"


def test_a_table_of_which_most_is_gone_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "sqlite":
        return
    monkeypatch.setattr(learning, "SMALL", 50)
    learnt()
    grow(2_000)
    Document.objects.filter(pk__lte=Document.objects.order_by("-pk")[60].pk).delete()
    assert learnt() == 1
    assert learnt() == 0


def of_one_kind() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT stat FROM sqlite_stat1 WHERE idx = 'search_document_newest'")
        return int(cursor.fetchone()[0].split()[1])


def test_connections_that_stand_hear_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "sqlite":
        return
    monkeypatch.setattr(learning, "SMALL", 50)

    def version() -> int:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA schema_version")
            return int(cursor.fetchone()[0])

    learnt()
    before = version()
    assert learnt() == 0
    assert version() == before, "what is known stays known"
    grow(60)
    assert learnt() == 1
    assert version() > before
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM sqlite_master WHERE type = 'view'")
        assert cursor.fetchone()[0] == 0
