"""Words of the record as paper holds them."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from django.utils.translation import get_language
from markdown_it import MarkdownIt
from markdown_it.token import Token

from hikeshi.incidents import names
from hikeshi.incidents.queries import Incident
from hikeshi.phrases.labels import label

_SIGNS: Final = re.compile(
    r"[^\w ,.:;/'\"?%@\u3000-\u303f\uff00-\uffef\n-]|_|^[\s-]|\s$|  |^\d+\.|(?!\n)[^\S ]", re.MULTILINE
)
"""Whatever could mean anything to Markdown; a text with none of these is what it says."""
_READER: Final = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def kind(incident: Incident) -> str:
    """In the words of the day it was judged."""
    word = names.kind_word(incident.kind, incident.kinds)
    if word is None:
        return label("kind", incident.kind)
    return word.ja if get_language() == "ja" else word.en


def unmarked(markdown: str) -> str:
    """The text without its signs of emphasis: paper shows none. Lists keep their dashes, links their address."""
    return markdown if plain(markdown) else read(markdown)


def plain(markdown: str) -> bool:
    """Most notes are: sentences that the reader of Markdown would give back as they are, a hundred times slower."""
    return not _SIGNS.search(markdown)


def read(markdown: str) -> str:
    return "\n".join(_lines(_READER.parse(markdown))) or markdown


def _lines(tokens: Sequence[Token]) -> Iterator[str]:
    lead = ""
    for token in tokens:
        if token.type == "list_item_open":
            lead = f"{token.info}{token.markup} " if token.info else "- "
        elif token.type == "inline":
            yield lead + "".join(_pieces(token.children or ()))
            lead = ""
        elif token.type in {"fence", "code_block"}:
            yield token.content.rstrip("\n")


def _pieces(tokens: Sequence[Token]) -> Iterator[str]:
    address = ""
    for token in tokens:
        if token.type == "link_open":
            address = str(token.attrGet("href") or "") if token.info != "auto" else ""
        elif token.type == "link_close":
            yield f" ({address})" if address else ""
        elif token.type in {"softbreak", "hardbreak"}:
            yield "\n"
        else:
            yield token.content
