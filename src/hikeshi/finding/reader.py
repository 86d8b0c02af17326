"""Japanese read for questions. When the reader cannot be had, words are looked for by their letters alone: that finds
less, and more than nothing at three in the morning.
"""

import logging
from collections.abc import Sequence
from functools import lru_cache, partial
from typing import Final

from hikeshi.finding import synonyms
from hikeshi.search import apart, matching, tokens
from hikeshi.search.apart import Word, Words
from hikeshi.search.folding import folded

log = logging.getLogger(__name__)
KEPT: Final = 4


def read(texts: Sequence[str]) -> list[Words]:
    try:
        return apart.read(texts)
    except apart.NoReader:
        log.warning("the reader of Japanese does not answer; words are looked for by their letters")
        return [(Word(0, len(text), text, "", known=False),) for text in texts]


def book(content: str) -> matching.Book:
    try:
        return _book(content)
    except apart.NoReader:
        return matching.NO_BOOK


@lru_cache(maxsize=KEPT)
def _book(content: str) -> matching.Book:
    """All words of the groups are read at once. Raises apart.NoReader."""
    words = [word for group in synonyms.groups_of(content) for word in group]
    runs = list(dict.fromkeys(run for word in words for run in tokens.japanese_runs(folded(word))))
    known = dict(zip(runs, apart.read(runs), strict=True))
    return synonyms.book(content, partial(matching.key_of, read=lambda texts: [known[text] for text in texts]))
