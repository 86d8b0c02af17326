"""Markdown that people wrote, as HTML that can do nothing but be read."""

from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from hikeshi.web.turning import TURNING

# No images: a note must not be able to tell another machine who reads it. No raw HTML: it is shown as it was typed.
_TAGS = {
    "p", "br", "hr", "strong", "em", "del", "code", "pre", "blockquote", "ul", "ol", "li",
    "h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td", "a",
}  # fmt: skip
_READER = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])


@lru_cache(maxsize=2_000)
def html(text: str) -> SafeString:
    """The text again, formatted and cleaned: written twice as carefully, since it comes from anybody."""
    cleaned = nh3.clean(
        _READER.render(text.translate(TURNING)),
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
    return mark_safe(cleaned)  # noqa: S308  # nh3 has just taken out everything that is not on the list
