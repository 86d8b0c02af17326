"""What a text is found by. A token begins with a letter that says what it is, so that kinds never meet.

``w`` a word in its normal form, ``r`` its reading, ``g`` two letters that stand side by side, ``l`` a run of Latin
letters and digits, ``s`` its English stem, ``k`` the kind of thing it belongs to. What stands in the heading
is there once more behind an ``h``.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

from snowballstemmer.english_stemmer import EnglishStemmer

from hikeshi.search import apart
from hikeshi.search.folding import folded, katakana

HEADING: Final = "h"
KIND: Final = "k"
LATIN: Final = re.compile(r"[0-9a-z\u00c0-\u024f]+(?:[._+\-][0-9a-z\u00c0-\u024f]+)*")
"""With what joins the parts of a host's name, an address, a version or an identifier."""
_PART: Final = re.compile(r"[._+\-]")
_JOINT: Final = "\u00b7"
JAPANESE: Final = re.compile(
    r"[\u3005\u3006\u3041-\u3096\u309d\u309e\u30a1-\u30fa\u30fc-\u30fe\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    r"\U00020000-\U0003ffff]+"
)
_LONG_VOWEL: Final = re.compile(r"(?<=[\u30a1-\u30fa\u30fc]{2})\u30fc+(?![\u30a1-\u30fa\u30fc])")
LONGEST: Final = 64
_STEMMER: Final = EnglishStemmer()


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    return str(_STEMMER.stemWord(word)) if word.isascii() and word.isalpha() else word


def compound(run: str) -> str:
    """Its parts told apart by what no database takes for an end."""
    return _PART.sub(_JOINT, run)[:LONGEST]


def joined(run: str) -> str:
    return _PART.sub("", run)[:LONGEST]


def of_latin(text: str) -> Iterator[str]:
    """``text`` is folded."""
    for run in LATIN.findall(text):
        parts = _PART.split(run)
        if len(parts) > 1:
            yield "l" + compound(run)
            yield "l" + joined(run)
        for part in parts:
            yield "l" + part[:LONGEST]
            if part.isalpha():
                yield "s" + stem(part[:LONGEST])


def said(kana: str) -> str:
    """How it is said, whichever kana it is written in."""
    return plain_word(_LONG_VOWEL.sub("", katakana(kana)))


def pairs(run: str) -> list[str]:
    """Every two letters side by side; a long vowel at the end of a word is said or not."""
    plain = _LONG_VOWEL.sub("", run)
    return ["g" + one + two for one, two in pairwise(plain)] or ["g" + plain]


def of_words(words: apart.Words) -> Iterator[str]:
    for word in words:
        yield "w" + plain_word(word.normal)
        if word.reading:
            yield "r" + said(word.reading)


def plain_word(normal: str) -> str:
    """As a token may be written: a database ends a word at a blank or a sign."""
    return "".join(letter for letter in folded(normal) if letter.isalnum() or letter > "\u3000")[:LONGEST]


def japanese_runs(text: str) -> list[str]:
    return JAPANESE.findall(text)


def of_texts(texts: Sequence[str]) -> list[set[str]]:
    """For each text its tokens; the reader is asked once for all of them, and only where there is Japanese.

    Raises apart.NoReader.
    """
    plain = [folded(text) for text in texts]
    runs = [japanese_runs(text) for text in plain]
    asked = {run: place for place, run in enumerate(dict.fromkeys(run for some in runs for run in some))}
    read = apart.read(list(asked))
    return [{*of_latin(text), *_japanese(some, asked, read)} for text, some in zip(plain, runs, strict=True)]


def _japanese(runs: Iterable[str], asked: dict[str, int], read: Sequence[apart.Words]) -> Iterator[str]:
    for run in runs:
        yield from of_words(read[asked[run]])
        yield from pairs(run)


def document(kind: str, heading: set[str], body: set[str]) -> list[str]:
    """All that a document is found by, sorted: what hardly differs then is written hardly longer."""
    return sorted(
        {KIND + kind, *(HEADING + one for one in heading), *heading, *body} - {"w", "r", "g", "hw", "hr", "hg"}
    )
