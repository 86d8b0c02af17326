"""A question as one condition over tokens, and how each database wants it written. Pure.

A word that the dictionary knows is looked for as that word, in whatever spelling. What it does not know, and kana, is
looked for by its letters as well; kana also by how words are read.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from hikeshi.search import tokens
from hikeshi.search.apart import Words
from hikeshi.search.folding import folded
from hikeshi.search.question import Term

_KANA: Final = re.compile(r"[\u3041-\u3096\u30a1-\u30fa\u30fc]+")
_SHORTEST_BEGINNING: Final = 2


@dataclass(frozen=True, slots=True)
class Token:
    text: str
    beginning: bool = False


@dataclass(frozen=True, slots=True)
class All:
    of: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class Either:
    of: "tuple[Condition, ...]"


Condition: TypeAlias = Token | All | Either
Reader: TypeAlias = Callable[[Sequence[str]], Sequence[Words]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """``have`` all must hold, ``lack`` none."""

    have: tuple[Condition, ...] = ()
    lack: tuple[Condition, ...] = ()


def _all(of: Iterable[Condition]) -> Condition | None:
    found = tuple(dict.fromkeys(of))
    return found[0] if len(found) == 1 else All(found) if found else None


def _either(of: Iterable[Condition | None]) -> Condition | None:
    found = tuple(dict.fromkeys(one for one in of if one is not None))
    return found[0] if len(found) == 1 else Either(found) if found else None


@dataclass(frozen=True, slots=True)
class Book:
    """Words that mean the same here: what one of them is known by -> the texts of its group."""

    groups: Mapping[tuple[str, ...], tuple[str, ...]]

    def others(self, key: tuple[str, ...]) -> tuple[str, ...]:
        return self.groups.get(key, ())


NO_BOOK: Final = Book({})


def key_of(text: str, read: Reader) -> tuple[str, ...]:
    """What two spellings of a word have in common."""
    plain = folded(text)
    runs = tokens.japanese_runs(plain)
    words = [tokens.plain_word(word.normal) for some in read(runs) for word in some]
    latin = [tokens.stem(part) for part in tokens.LATIN.findall(plain)]
    return (*latin, *words)


def wanted(terms: Sequence[Term], read: Reader, book: Book = NO_BOOK) -> Wanted:
    have = [one for one in _having([term for term in terms if not term.minus], read, book) if one is not None]
    lack = [_term(term, read, NO_BOOK) for term in terms if term.minus]
    return Wanted(tuple(dict.fromkeys(have)), tuple(one for one in lack if one is not None))


def _having(terms: Sequence[Term], read: Reader, book: Book) -> list[Condition | None]:
    """Two or three words may together be one that has others of its meaning."""
    found: list[Condition | None] = []
    place = 0
    while place < len(terms):
        length = next((many for many in (3, 2) if _together(terms[place : place + many], many, read, book)), 1)
        some = terms[place : place + length]
        plain = _all(one for one in (_term(term, read, book) for term in some) if one is not None)
        others = _others(" ".join(term.text for term in some), some[0].exact, read, book)
        found.append(_either([plain, *others]))
        place += length
    return found


def _together(terms: Sequence[Term], many: int, read: Reader, book: Book) -> bool:
    if len(terms) < many or any(term.exact for term in terms):
        return False
    return bool(book.others(key_of(" ".join(term.text for term in terms), read)))


def _others(text: str, exact: bool, read: Reader, book: Book) -> list[Condition | None]:
    if exact:
        return []
    return [_term(Term(other), read, NO_BOOK) for other in book.others(key_of(text, read))]


def _term(term: Term, read: Reader, book: Book) -> Condition | None:
    plain = folded(term.text)
    runs = tokens.japanese_runs(plain)
    found: list[Condition | None] = []
    for latin in tokens.LATIN.finditer(plain):
        last = term.unfinished and latin.end() == len(plain)
        found.append(_exactly(latin[0]) if term.exact else _latin(latin[0], last, read, book))
    for run, words in zip(runs, read(runs), strict=True):
        found.append(_letters(run) if term.exact else _japanese(run, words, read, book))
    return _all(one for one in found if one is not None)


def _exactly(run: str) -> Condition:
    return Token("l" + (tokens.compound(run)))


def _latin(run: str, last: bool, read: Reader, book: Book) -> Condition | None:
    beginning = last and len(run) >= _SHORTEST_BEGINNING
    plain = tokens.compound(run)
    found: list[Condition | None] = [Token("l" + plain, beginning)]
    if plain != run:
        found.append(Token("l" + tokens.joined(run), beginning))
    elif run.isalpha():
        found.append(Token("s" + tokens.stem(run)))
    return _either([*found, *_others(run, exact=False, read=read, book=book)])


def _letters(run: str) -> Condition | None:
    return _all(Token(pair) for pair in tokens.pairs(run)) if len(run) > 1 else Token("w" + run)


def _japanese(run: str, words: Words, read: Reader, book: Book) -> Condition | None:
    """Where every word is known, and they are not kana alone, only as words: two letters are soon beside each other."""
    meant = _all(
        one
        for word in words
        if (one := _either([Token("w" + tokens.plain_word(word.normal)), *_said(word.normal, read, book)])) is not None
    )
    kana = _KANA.fullmatch(run) is not None
    if words and all(word.known for word in words) and not kana:
        return meant
    reading = Token("r" + tokens.said(run)) if kana and len(run) > 1 else None
    return _either([meant if _trusted(words) else None, _letters(run), reading])


def _trusted(words: Words) -> bool:
    """A guess is no word; a letter alone says nothing."""
    return bool(words) and all(word.known for word in words) and any(word.end - word.begin > 1 for word in words)


def _said(normal: str, read: Reader, book: Book) -> list[Condition | None]:
    return [_term(Term(other), read, NO_BOOK) for other in book.others((tokens.plain_word(normal),))]


def simplest(condition: Condition) -> Condition:
    """The same without what says nothing more: a word that means what another does brings that one's words along, and
    each place they stand in costs the database a look into every document it meets.
    """
    match condition:
        case All(of):
            return _joined(All, Either, of)
        case Either(of):
            return _joined(Either, All, of)
    return condition


def _joined(kind: type[All | Either], other: type[All | Either], of: Iterable[Condition]) -> Condition:
    """One or both is one; one, and either it or something else, is one as well."""
    parts = (one.of if isinstance(one, kind) else (one,) for one in map(simplest, of))
    flat = dict.fromkeys(each for some in parts for each in some)
    kept = [one for one in flat if not (isinstance(one, other) and flat.keys() & set(one.of))]
    if kind is Either:
        begun = tuple(one.text for one in kept if isinstance(one, Token) and one.beginning)
        kept = [one for one in kept if not _begins(one, begun)]
    return kept[0] if len(kept) == 1 else kind(tuple(kept))


def _begins(one: Condition, begun: tuple[str, ...]) -> bool:
    return isinstance(one, Token) and not one.beginning and one.text.startswith(begun)


@dataclass(frozen=True, slots=True)
class _Spelling:
    both: str
    either: str
    without: str
    token: Callable[[Token, str], str]


def _fts5_token(one: Token, before: str) -> str:
    return f'"{before}{one.text}"' + (" *" if one.beginning else "")


def _tsquery_token(one: Token, before: str) -> str:
    return f"'{before}{one.text}'" + (":*" if one.beginning else "")


_SPELLINGS: Final[Mapping[str, _Spelling]] = {
    "sqlite": _Spelling(" AND ", " OR ", " NOT ", _fts5_token),
    "postgresql": _Spelling(" & ", " | ", " & !", _tsquery_token),
}


def written(condition: Condition, vendor: str, *, heading: bool = False) -> str:
    """For FTS5's MATCH or as a tsquery. Tokens hold letters and digits only, so nothing in them can end one."""
    spelling = _SPELLINGS[vendor]
    match condition:
        case Token():
            return spelling.token(condition, tokens.HEADING if heading else "")
        case All(of):
            return "(" + spelling.both.join(written(one, vendor, heading=heading) for one in of) + ")"
        case Either(of):
            return "(" + spelling.either.join(written(one, vendor, heading=heading) for one in of) + ")"


def found(kind: str, wanted: Wanted, vendor: str, *, heading: bool | None = None) -> str:
    """The whole question as one condition. ``heading``: all of it stands there; not all of it does; None: anywhere."""
    spelling = _SPELLINGS[vendor]
    have, of_kind = simplest(All(wanted.have)), written(Token(tokens.KIND + kind), vendor)
    spelled = spelling.both.join((of_kind, written(have, vendor, heading=heading is True)))
    lack = [written(one, vendor) for one in wanted.lack]
    if heading is False:
        lack.append(written(have, vendor, heading=True))
    for one in lack:
        spelled = f"({spelled}){spelling.without}({one})"
    return spelled
