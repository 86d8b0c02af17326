"""Whose language a page speaks, and that no reader's language stays behind."""

import pytest
from django.conf import settings
from django.utils.translation import get_language

from tests.web import desk

OTHER = {"ja": "en", "en": "ja"}


@pytest.mark.parametrize("turn", ["first", "second"])
def test_whoever_read_a_page_before_a_test_begins_in_the_language_of_the_site(turn: str) -> None:
    assert get_language() == settings.LANGUAGE_CODE, turn
    other = OTHER[settings.LANGUAGE_CODE]
    assert f'lang="{other}"' in desk.page(desk.browser("mori", "responder", language=other).get("/"))
    assert get_language() == other, "as long as the thread serves nobody else"
