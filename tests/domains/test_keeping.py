"""Rows written by statements worked out once are the rows that Django would have written."""

from datetime import timedelta

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, transaction
from django.forms.models import model_to_dict

from hikeshi.accounts.models import Organisation
from hikeshi.incidents.models import AttachedAlert, Incident, Observable
from hikeshi.kernel import clock
from hikeshi.kernel.ids import uuid7
from hikeshi.ledger import keeping
from hikeshi.notify.models import Outgoing
from tests import world
from tests.domains import incidents


def _message(key: str, **more: object) -> Outgoing:
    about = {"ref": 'It\'s "so" %s', "zone": "\u6771\u4eac"}
    said = {"purpose": "page", "subject": "run:1", "to": "person:1", "urgency": 1, "about": about, "ways": ["a", "b"]}
    return Outgoing(**{"key": key, "queued_at": clock.now(), "course": "waiting", **said, **more})


@pytest.mark.parametrize("many", [1, 3, keeping.FEW + 1])
def test_new_rows_are_kept_as_django_keeps_them_and_know_their_keys(many: int) -> None:
    rows = [_message(f"ours {number}", due_at=clock.now() if number % 2 else None) for number in range(many)]
    keeping.keep_new(rows)
    for row in rows:
        kept = Outgoing.objects.get(key=row.key)
        assert (kept.pk, kept.uuid, row._state.adding) == (row.pk, row.uuid, False)
        theirs = _message(f"theirs {row.key}", due_at=row.due_at, queued_at=row.queued_at)
        theirs.save()
        left_out = ["id", "key", "uuid"]
        kept_by_django = Outgoing.objects.get(pk=theirs.pk)
        assert model_to_dict(kept, exclude=left_out) == model_to_dict(kept_by_django, exclude=left_out)


def test_no_rows_are_no_statement(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]  # pytest-django's
    with django_assert_num_queries(0):
        keeping.keep_new([])


@pytest.mark.parametrize("many", [2, keeping.FEW + 2])
def test_once_passes_over_what_is_there_and_keeps_the_rest(many: int) -> None:
    keeping.keep_new([_message("known", subject="run:first")])
    keeping.keep_new([_message("known"), *[_message(f"new {number}") for number in range(many - 1)]], once=True)
    assert Outgoing.objects.count() == many
    assert Outgoing.objects.get(key="known").subject == "run:first"
    with pytest.raises(IntegrityError), transaction.atomic():
        keeping.keep_new([_message("known")])


def test_rows_that_hang_on_others_and_reserved_names_of_columns_are_kept() -> None:
    record = incidents.opened(by=world.actor("chief", "commander"))
    alert = uuid7()
    keeping.keep_new([AttachedAlert(incident=record, alert=alert, entry=7)])
    seen = Observable(incident=record, type="ip", value="192.0.2.1", digest="0", first_seen=clock.now())
    keeping.keep_new([seen])
    assert AttachedAlert.objects.get(incident=record).alert == alert
    assert Observable.objects.get(pk=seen.pk).secret == seen.secret


def test_a_change_writes_the_columns_it_names_and_no_other() -> None:
    record = incidents.opened(by=world.actor("chief", "commander"))
    before = Incident.objects.get(pk=record.pk)
    later = clock.now() + timedelta(hours=1)
    record.title, record.updated_at, record.changed_at, record.impact = "New", later, {"title": 9}, 3
    record.organisation = Organisation.objects.create(name="Other", path="/9/", parent=before.organisation)
    keeping.keep_change(record, "title", "updated_at", "changed_at", "organisation")
    after = Incident.objects.get(pk=record.pk)
    assert (after.title, after.updated_at, after.changed_at) == ("New", later, {"title": 9})
    assert (after.impact, after.organisation.name) == (before.impact, "Other")


def test_a_change_of_a_row_that_is_gone_is_not_passed_over() -> None:
    row = _message("gone")
    keeping.keep_new([row])
    Outgoing.objects.filter(pk=row.pk).delete()
    with pytest.raises(ObjectDoesNotExist):
        keeping.keep_change(row, "subject")
