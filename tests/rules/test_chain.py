from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hikeshi.kernel import facts, ids
from hikeshi.ledger import chain

AT = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
CONTENT = chain.Content("a.Went", 1, '{"a":1}', "x:1", "person:1", AT, "real", "lists")
TEXT = st.text(st.characters(codec="utf-8"), max_size=12)


@given(first=st.tuples(TEXT, TEXT, TEXT), second=st.tuples(TEXT, TEXT, TEXT))
def test_two_different_contents_never_share_a_digest_by_sliding_text_between_fields(
    first: tuple[str, str, str], second: tuple[str, str, str]
) -> None:
    one, other = (replace(CONTENT, fact=f, body=b, subject=s) for f, b, s in (first, second))
    assert (chain.digest(one) == chain.digest(other)) == (first == second)


def test_the_same_moment_in_another_zone_is_the_same_entry() -> None:
    tokyo = AT.astimezone(timezone(timedelta(hours=9)))
    assert chain.digest(replace(CONTENT, at=tokyo)) == chain.digest(CONTENT)


@pytest.mark.parametrize(
    "change",
    [
        {"fact": "a.Came"},
        {"version": 2},
        {"body": '{"a":2}'},
        {"subject": "x:2"},
        {"actor": "person:2"},
        {"at": AT + timedelta(microseconds=1)},
        {"world": "drill"},
        {"topics": "other"},
    ],
)
def test_every_field_of_an_entry_is_under_its_digest(change: dict[str, object]) -> None:
    assert chain.digest(replace(CONTENT, **change)) != chain.digest(CONTENT)  # type: ignore[arg-type]  # one field each


def test_a_link_depends_on_place_predecessor_and_digest() -> None:
    links = {chain.link(*parts) for parts in [(1, "a", "b"), (2, "a", "b"), (1, "c", "b"), (1, "a", "d")]}
    assert len(links) == 4


def test_a_commitment_needs_both_the_text_and_its_secret() -> None:
    secret = facts.new_secret()
    kept = facts.commit("山田太郎から電話", secret)
    assert facts.commit("山田太郎から電話", secret) == kept
    assert facts.commit("山田太郎から電話", facts.new_secret()) != kept
    assert facts.commit("山田太郎から電話。", secret) != kept


def test_identifiers_are_version_7_and_sort_by_time() -> None:
    made = [ids.uuid7() for _ in range(50)]
    assert {one.version for one in made} == {7}
    assert {one.variant for one in made} == {made[0].variant}
    assert [one.int >> 80 for one in made] == sorted(one.int >> 80 for one in made)
