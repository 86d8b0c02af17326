"""Every kind of problem is told in both languages."""

import pytest
from django.utils import translation

from hikeshi.api.problems import KINDS


@pytest.mark.parametrize("code", KINDS)
def test_a_kind_of_problem_has_its_sentence_in_japanese_and_in_english(code: str) -> None:
    with translation.override("en"):
        english = str(KINDS[code].title)
    with translation.override("ja"):
        japanese = str(KINDS[code].title)
    assert english.isascii()
    assert not japanese.isascii()
