"""Idempotency keys: one act for one key, whatever arrives twice, and whatever fails in between."""

from datetime import timedelta
from uuid import uuid4

import pytest

from hikeshi.engine import run
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor, system
from hikeshi.ledger import acts, answers
from hikeshi.ledger.answers import Kept, KeyReused
from hikeshi.ledger.models import Answer, Entry
from tests.at_once import at_once
from tests.domains.test_ledger import Removed

BY, OTHER = system("test"), system("other")


def _act(status: int = 201) -> Kept:
    with acts.unit():
        acts.record(Removed(fence=uuid4()), subject="fence:1", by=BY)
    return Kept(status=status, headers={"Location": "/x"}, body="秘密".encode())


def _once(key: str = "k", request: bytes = b"POST /x {}", by: Actor = BY, status: int = 201) -> tuple[Kept, bool]:
    return answers.once(by=by, key=key, request=request, act=lambda: _act(status))


def test_the_same_key_acts_once_and_answers_the_same() -> None:
    first, kept_before = _once()
    again, kept = _once()
    assert (kept_before, kept) == (False, True)
    assert again == first
    assert Entry.objects.count() == 1


def test_a_key_belongs_to_its_caller() -> None:
    _once()
    _answer, kept = _once(by=OTHER)
    assert not kept
    assert Entry.objects.count() == 2


def test_the_same_key_for_another_request_is_refused_and_does_nothing() -> None:
    _once()
    with pytest.raises(KeyReused):
        _once(request=b"POST /x {other}")
    assert Entry.objects.count() == 1


def test_a_refusal_is_undone_and_not_kept() -> None:
    answer, _kept = _once(status=409)
    assert answer.status == 409
    assert Entry.objects.count() == 0
    _answer, kept = _once()
    assert not kept
    assert Entry.objects.count() == 1


def test_an_act_that_breaks_leaves_neither_entry_nor_claim() -> None:
    def breaks() -> Kept:
        _act()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        answers.once(by=BY, key="k", request=b"r", act=breaks)
    assert (Entry.objects.count(), Answer.objects.count()) == (0, 0)


def test_after_a_day_the_key_is_new_and_the_answer_gone() -> None:
    _once()
    assert not answers.purge(clock.now())
    clock.fast_forward(timedelta(hours=24, seconds=1))
    _answer, kept = _once()
    assert not kept
    assert Entry.objects.count() == 2
    clock.fast_forward(timedelta(hours=25))
    assert answers.purge(clock.now())
    assert Answer.objects.count() == 0


def test_the_engine_takes_answers_away_whose_day_is_over() -> None:
    _once()
    run._purge(clock.now() + timedelta(hours=23))
    assert Answer.objects.count() == 1
    run._purge(clock.now() + timedelta(hours=25))
    assert Answer.objects.count() == 0


def test_what_is_kept_cannot_be_read_from_the_table() -> None:
    _once(key="from-the-caller")
    row = Answer.objects.get()
    assert "秘密".encode() not in bytes(row.sealed)
    assert "from-the-caller" not in row.key


@pytest.mark.django_db(transaction=True, databases="__all__")
def test_twins_at_the_same_moment_are_one_act() -> None:
    found = at_once(*[_once] * 4)
    assert sorted(kept for _answer, kept in found) == [False, True, True, True]
    assert len({answer.body for answer, _kept in found}) == 1
    assert Entry.objects.count() == 1
