"""Statements on the shortest way: what comes back, what is refused and who sees them is as Django has it."""

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import Field
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from hikeshi.accounts.models import Person
from hikeshi.kernel import straight
from hikeshi.ledger import keeping
from tests import world

ONE = "SELECT %s AS said, 'kept: 100%%' AS word"


def test_rows_and_marks_are_those_of_djangos_own_cursor() -> None:
    with connection.cursor() as cursor:
        cursor.execute(ONE, ["x"])
        asked = cursor.fetchall()
    assert straight.run(straight.main(), ONE, ["x"]).fetchall() == asked == [("x", "kept: 100%")]


def test_whoever_watches_statements_sees_those_on_the_shortest_way() -> None:
    with CaptureQueriesContext(connection) as seen:
        straight.run(straight.main(), ONE, ["x"])
        straight.run_each(straight.main(), "UPDATE ledger_head SET number = number WHERE id = %s", [[7], [8]])
    assert len(seen) == 2


def test_what_the_database_refuses_is_refused_in_djangos_words() -> None:
    world.person("abe")
    taken = "UPDATE accounts_person SET username = 'abe' WHERE username <> %s"
    for refused in (
        lambda: straight.run(straight.main(), taken, ["abe"]),
        lambda: straight.run_each(straight.main(), taken, [["abe"]]),
    ):
        world.person(f"other-{Person.objects.count()}")
        with pytest.raises(IntegrityError), transaction.atomic():
            refused()


def test_what_is_broken_already_takes_no_further_statement() -> None:
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(TransactionManagementError):
            straight.run(straight.main(), ONE, ["x"])
        transaction.set_rollback(False)


_SAMPLES = {str: ("", "警告", "x' OR 1"), int: (1, 0, 7), bool: (True, False), type(None): (None,)}


def test_values_kept_as_they_are_are_what_django_would_make_of_them() -> None:
    fields: list[Field[object, object]] = [
        one
        for model in apps.get_models()
        for one in model._meta.local_concrete_fields
        if type(one) in keeping._AS_THEY_ARE
    ]
    assert len(fields) > 500
    for field in fields:
        for kind in keeping._AS_THEY_ARE[type(field)]:
            for value in _SAMPLES[kind]:
                made, kept = field.get_db_prep_save(value, connection), keeping._stored(field, value, straight.main())
                assert (type(made), made) == (type(kept), kept), field
