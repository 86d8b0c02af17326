"""Where in a text stands what was looked for. Pure, but for the reader it is given."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from hikeshi.search import tokens
from hikeshi.search.apart import Words
from hikeshi.search.folding import folded, folded_in_place
from hikeshi.search.matching import All, Condition, Either, Reader, Token, Wanted

AROUND: Final = 50
WINDOW: Final = 160
_SCANNED: Final = 3_000


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    found: bool = False


Pieces = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Marks:
    """``words`` in their normal form and ``stems``: as tokens; ``letters``: as they stand."""

    words: frozenset[str]
    stems: frozenset[str]
    letters: tuple[str, ...]
    beginnings: tuple[str, ...]

    @property
    def none(self) -> bool:
        return not (self.words or self.stems or self.letters or self.beginnings)


def marks(wanted: Wanted, typed: Sequence[str]) -> Marks:
    """``typed``: the terms as somebody wrote them."""
    found = [one for condition in wanted.have for one in _tokens(condition)]
    letters = {run for text in typed for run in tokens.japanese_runs(folded(text)) if len(run) > 1}
    return Marks(
        words=frozenset(one.text[1:] for one in found if one.text[0] == "w"),
        stems=frozenset(one.text[1:] for one in found if one.text[0] == "s"),
        letters=tuple(sorted(letters, key=len, reverse=True)),
        beginnings=tuple({one.text[1:] for one in found if one.text[0] == "l"}),
    )


def _tokens(condition: Condition) -> Iterator[Token]:
    """What is worth a mark. Of several Japanese words that only together mean what was asked, none says it alone."""
    if isinstance(condition, Token):
        yield condition
        return
    others = condition.of[1:] if isinstance(condition, Either) else ()
    for one in condition.of:
        if not (one in others and isinstance(one, All) and all(each.text[0] == "w" for each in _tokens(one))):
            yield from _tokens(one)


def best(passages: Sequence[str], wanted: Marks) -> str:
    """The part of them that holds most of what was looked for, short enough for a line or two."""
    for passage in passages:
        plain = folded_in_place(passage[:_SCANNED])
        place = min((at for at in _literal(plain.text, wanted) if at >= 0), default=-1)
        if place >= 0:
            return _window(passage, plain.origin[place])
    first = next((passage for passage in passages if passage), "")
    return _window(first, 0)


def _literal(plain: str, wanted: Marks) -> Iterator[int]:
    for one in (*wanted.letters, *wanted.words):
        if len(one) > 1:
            yield plain.find(one)
    for run in tokens.LATIN.finditer(plain):
        if _is_latin(run[0], wanted):
            yield run.start()
            return


def _is_latin(run: str, wanted: Marks) -> bool:
    """Only a beginning of two letters or more counts as one."""
    names = {tokens.compound(run), tokens.joined(run)}
    if tokens.stem(run) in wanted.stems or names & set(wanted.beginnings):
        return True
    return any(name.startswith(one) for one in wanted.beginnings if len(one) > 1 for name in names)


def _window(text: str, place: int) -> str:
    begin = max(0, place - AROUND)
    end = begin + WINDOW
    shown = " ".join(text[begin:end].split())
    return ("…" if begin else "") + shown + ("…" if end < len(text) else "")


def marked(texts: Sequence[str], wanted: Marks, read: Reader) -> list[Pieces]:
    """Each text in pieces; the reader is asked once."""
    plain = [folded_in_place(text) for text in texts]
    runs = [list(tokens.JAPANESE.finditer(one.text)) for one in plain] if wanted.words else [[] for _ in plain]
    asked = list(dict.fromkeys(run[0] for some in runs for run in some))
    words = dict(zip(asked, read(asked), strict=True))
    return [
        tuple(_pieces(text, sorted({*_spans(one.text, wanted), *_read(some, words, wanted)}), one.origin))
        for text, one, some in zip(texts, plain, runs, strict=True)
    ]


def _spans(plain: str, wanted: Marks) -> Iterator[tuple[int, int]]:
    for letters in wanted.letters:
        at = plain.find(letters)
        while at >= 0:
            yield at, at + len(letters)
            at = plain.find(letters, at + len(letters))
    for run in tokens.LATIN.finditer(plain):
        if _is_latin(run[0], wanted):
            yield run.start(), run.end()
            continue
        begin = run.start()
        for part in run[0].replace("_", "-").replace(".", "-").replace("+", "-").split("-"):
            if part and _is_latin(part, wanted):
                yield begin, begin + len(part)
            begin += len(part) + 1


def _read(runs: Sequence["re.Match[str]"], words: dict[str, Words], wanted: Marks) -> Iterator[tuple[int, int]]:
    for run in runs:
        for word in words.get(run[0], ()):
            if tokens.plain_word(word.normal) in wanted.words:
                yield run.start() + word.begin, run.start() + word.end


def _pieces(text: str, spans: Sequence[tuple[int, int]], origin: Sequence[int]) -> Iterator[Piece]:
    done = 0
    for begin, end in spans:
        first, last = max(origin[begin], done), origin[end]
        if last <= done:
            continue
        if first > done:
            yield Piece(text[done:first])
        yield Piece(text[first:last], found=True)
        done = last
    if done < len(text):
        yield Piece(text[done:])
