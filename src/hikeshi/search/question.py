"""What somebody typed into the box: words, words in quotes, words it must not have, and ``name:value``. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from hikeshi.kernel.refusals import Invalid
from hikeshi.search.folding import folded

FIELD: Final = "q"
LONGEST: Final = 200
MOST: Final = 12
_PIECE: Final = re.compile(
    r"(?P<minus>[-\u2212\uff0d](?=\S))?"
    r"(?:(?P<name>[^\W\d]{1,12})[:\uff1a](?P<quoted_value>\"[^\"]+\"|[^\s\"]+)"
    r"|[\"\u201c\u201d\uff02](?P<phrase>[^\"\u201c\u201d\uff02]*)[\"\u201c\u201d\uff02]?"
    r"|(?P<word>\S+))"
)


@dataclass(frozen=True, slots=True)
class Term:
    """``exact``: it stood in quotes. ``unfinished``: the last word, which somebody may still be typing."""

    text: str
    exact: bool = False
    minus: bool = False
    unfinished: bool = False


@dataclass(frozen=True, slots=True)
class Operator:
    name: str
    value: str
    minus: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    terms: tuple[Term, ...] = ()
    operators: tuple[Operator, ...] = ()

    @property
    def empty(self) -> bool:
        return not self.terms and not self.operators


def parse(text: str, names: Mapping[str, str]) -> Question:
    """``names``: how an operator may be written, to what it is called. ``text:`` that is none of them is a word.

    Raises Invalid.
    """
    if len(text) > LONGEST:
        raise Invalid(FIELD, "too_long", limit=LONGEST)
    terms: list[Term] = []
    operators: list[Operator] = []
    for piece in _PIECE.finditer(text.replace("\u3000", " ")):
        name = names.get(folded(piece["name"] or ""))
        minus = piece["minus"] is not None
        if name:
            operators.append(Operator(name, piece["quoted_value"].strip('"'), minus))
        else:
            terms.append(_term(piece, minus))
    kept = [term for term in terms if any(letter.isalnum() for letter in term.text)]
    if len(kept) + len(operators) > MOST:
        raise Invalid(FIELD, "too_many_words", limit=MOST)
    return Question(tuple(_with_end(kept, text)), tuple(operators))


def _term(piece: "re.Match[str]", minus: bool) -> Term:
    if piece["phrase"] is not None:
        return Term(piece["phrase"].strip(), exact=True, minus=minus)
    word = piece["word"] or f"{piece['name']}:{piece['quoted_value']}"
    return Term(word, minus=minus)


def _with_end(terms: list[Term], text: str) -> list[Term]:
    last = terms[-1] if terms else None
    if last is None or last.exact or last.minus or not text.endswith(last.text):
        return terms
    return [*terms[:-1], Term(last.text, unfinished=True)]
