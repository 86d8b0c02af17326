"""The guide in the product: whole in both languages, and no link of it leads nowhere."""

import re
from urllib.parse import urljoin

import pytest

from hikeshi.web.help import guide
from tests.web.desk import browser, page


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_page_of_the_guide_is_read_by_whoever_signed_in_and_leads_to_the_others(language: str) -> None:
    reader = browser("reader", "reporter", language=language)
    names = list(guide.pages(language))
    assert len(names) > 7
    for name in names:
        text = page(reader.get(f"/help/{name}"))
        shown = text.partition('class="body guide')[2]
        assert guide.page(language, name).title in text
        assert "](" not in shown
        for link in re.findall(r'href="(?!https?:)([^"]+)"', shown.partition("</section>")[0]):
            page(reader.get(urljoin(f"/help/{name}", link)))


def test_both_languages_have_the_same_pages() -> None:
    assert list(guide.pages("ja")) == list(guide.pages("en"))
    assert reader_files("ja") == reader_files("en") == {f"{name or guide.FIRST}.md" for name in guide.pages("en")}


def reader_files(language: str) -> set[str]:
    return {file.name for file in (guide.CHECKOUT / language).iterdir()}


def test_a_page_that_is_not_there_says_so() -> None:
    page(browser("reader", "reporter").get("/help/no-such-page"), 404)
