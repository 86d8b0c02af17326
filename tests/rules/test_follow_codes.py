"""The follow code: long, readable aloud, and a slip is noticed."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hikeshi.incidents import follow_codes
from hikeshi.incidents.follow_codes import GROUP, LENGTH, LETTERS, made, tidy

SEEDS = st.binary(min_size=32, max_size=32)


@given(SEEDS)
def test_a_code_is_known_again_however_it_is_typed(seed: bytes) -> None:
    code = made(seed)
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in code)
    assert {tidy(code), tidy(code.lower()), tidy(code.replace("-", " ")), tidy(f" {wide}\n")} == {code}


@given(SEEDS, st.integers(0, LENGTH - 1), st.sampled_from(LETTERS))
def test_one_wrong_letter_is_noticed(seed: bytes, at: int, letter: str) -> None:
    plain = made(seed).replace("-", "")
    wrong = plain[:at] + letter + plain[at + 1 :]
    assert (tidy(wrong) == "") == (wrong != plain)


@given(SEEDS, st.integers(0, LENGTH - 3))
def test_two_neighbours_that_changed_places_are_noticed(seed: bytes, at: int) -> None:
    plain = made(seed).replace("-", "")
    swapped = plain[:at] + plain[at + 1] + plain[at] + plain[at + 2 :]
    assert (tidy(swapped) == "") == (swapped != plain)


@pytest.mark.parametrize("text", ["", "ABCD", "0" * 20, "あ" * 20, "A" * 500_000, "ABCD-EFGH-JKMN-PQRS-TUVÜ", "\x00"])
def test_what_is_no_code_is_none(text: str) -> None:
    assert tidy(text) == ""


def test_a_code_cannot_be_guessed_and_can_be_read_aloud() -> None:
    assert len(LETTERS) ** (LENGTH - 1) > 2**80
    assert not set("01ILO") & set(LETTERS)
    code = made(secrets.token_bytes(32))
    assert [len(group) for group in code.split("-")] == [GROUP] * (LENGTH // GROUP)
    assert all(len(words.split()) == GROUP for words in follow_codes.spelt(code))
    assert len({made(secrets.token_bytes(32)) for _ in range(1000)}) == 1000
