"""HTML to the text a person would see, and the addresses behind its links. nh3 reads it; nothing is shown."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Final

import nh3

LONGEST: Final = 1024 * 1024
_BREAKS: Final = re.compile(r"<(?:br|/p|/div|/tr|/li|/h[1-6]|/table|/blockquote)\b[^<>]{0,500}>", re.IGNORECASE)
_CELLS: Final = re.compile(r"</t[dh]\s{0,20}>", re.IGNORECASE)
_UNSEEN: Final = {"script", "style", "head", "title", "template", "noscript"}
_LINKS: Final = re.compile(
    r"\b(?:href|src|action|background)\s{0,20}=\s{0,20}(?:\"([^\"]{1,4000})\"|'([^']{1,4000})'|([^\s\"'<>]{1,4000}))",
    re.IGNORECASE,
)
_MOST_MARKS: Final = 50_000
"""Marks beyond which it is no letter: a parser's tree of it would cost more than it says."""
_BLANKS: Final = re.compile(r"[ \t\u00a0]+")
_EMPTY: Final = re.compile(r"\n{3,}")


def text_of(html: str) -> str:
    source = html[:LONGEST].replace("\r\n", "\n").replace("\n", " ")
    broken = _CELLS.sub("\t", _BREAKS.sub("\n", source))
    if source.count("<") > _MOST_MARKS:
        plain = re.sub(r"<[^<>]{0,4000}>", "", broken)
    else:
        plain = nh3.clean(broken, tags=set(), clean_content_tags=_UNSEEN, strip_comments=True)
    lines = (_BLANKS.sub(" ", line).strip() for line in unescape(plain).split("\n"))
    return _EMPTY.sub("\n\n", "\n".join(lines)).strip()


def links_of(html: str) -> Iterator[str]:
    for mark in _LINKS.finditer(html[:LONGEST]):
        yield unescape(mark[1] or mark[2] or mark[3]).strip()
