"""Lists by keyset: every row once, whatever is inserted meanwhile, and bad cursors are refused in words."""

from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest

from hikeshi.kernel import clock, paging
from hikeshi.kernel.refusals import Invalid
from hikeshi.ledger.models import Reading

ORDER = ("-at", "what", "-id")


def _rows(count: int) -> None:
    now = clock.now()
    Reading.objects.bulk_create(
        Reading(at=now - timedelta(minutes=place % 4), actor="a", subject=str(uuid4()), what=f"w{place % 3}")
        for place in range(count)
    )


def _walk(limit: int) -> list[int]:
    seen: list[int] = []
    cursor: str | None = None
    while True:
        page = paging.paginate(Reading.objects.all(), order=ORDER, cursor=cursor, limit=limit)
        seen += [row.pk for row in page.items]
        cursor = page.next
        if cursor is None:
            return seen


@pytest.mark.parametrize("limit", [1, 7, 24, 25, 500])
def test_walking_the_pages_meets_every_row_once_in_order(limit: int) -> None:
    _rows(24)
    assert _walk(limit) == list(Reading.objects.order_by(*ORDER).values_list("pk", flat=True))


def test_a_row_that_arrives_meanwhile_neither_hides_nor_repeats_another() -> None:
    _rows(10)
    first = paging.paginate(Reading.objects.all(), order=ORDER, limit=5)
    _rows(1)
    second = paging.paginate(Reading.objects.all(), order=ORDER, cursor=first.next, limit=50)
    seen = [row.pk for row in (*first.items, *second.items)]
    assert len(seen) == len(set(seen))
    assert {row.pk for row in Reading.objects.all()[:10]} <= set(seen)


def test_a_total_is_exact_up_to_the_cap_and_says_so_beyond(monkeypatch: pytest.MonkeyPatch) -> None:
    _rows(12)
    monkeypatch.setattr(paging, "EXACT_TO", 12)
    assert paging.count(Reading.objects.all()) == (12, True)
    monkeypatch.setattr(paging, "EXACT_TO", 11)
    assert paging.count(Reading.objects.all()) == (11, False)


def test_of_each_value_it_is_counted_how_many_have_it_up_to_the_cap(monkeypatch: pytest.MonkeyPatch) -> None:
    _rows(12)
    every = Reading.objects.all()
    for column in ("subject", "actor", "what"):
        assert paging.tally(every, column) == (Counter(every.values_list(column, flat=True)), True), column
    assert paging.tally(every.none(), "subject") == (Counter(), True)
    monkeypatch.setattr(paging, "EXACT_TO", 11)
    found: Counter[int]
    found, exact = paging.tally(every, "id")
    assert (found.total(), exact) == (12, False), "one more than the cap, and no more"
    monkeypatch.setattr(paging, "EXACT_TO", 3)
    assert paging.tally(every, "id")[0].total() == 4


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "!!!!",
        "W10",
        paging.encode([1]),
        paging.encode(["no date", "w", 1]),
        paging.encode([1, 2, "x"]),
        "\x00",
        "漢",
    ],
)
def test_a_cursor_nobody_gave_out_is_refused(cursor: str) -> None:
    _rows(3)
    with pytest.raises(Invalid, match="cursor"):
        paging.paginate(Reading.objects.all(), order=ORDER, cursor=cursor)


@pytest.mark.parametrize("limit", [0, -1, 501])
def test_a_page_has_at_least_one_and_at_most_five_hundred_rows(limit: int) -> None:
    with pytest.raises(Invalid, match="limit"):
        paging.paginate(Reading.objects.all(), order=ORDER, limit=limit)
