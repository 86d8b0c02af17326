"""What an alert must say for a test to hold at all, and the index that finds by it the few tests worth asking. Pure.

A cover is a set of needs one of which is met whenever the test holds; an empty one promises nothing. Asking costs a
look-up for each value of the fields that needs name and one walk over each text in which words are looked for, however
many rules there are.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

import re2

from hikeshi.intake.field_values import Document, field_values, key

# Asked by last: nearly every alert has one of few values there, so they tell rules apart the least.
_COARSE: Final = ("metadata.log_provider", "severity_id", "status_id")
_SHORT, _KNOWN = 200, 1_000
"""Letters of a text that is remembered, and how many are."""
_MEMORY: Final = 64 << 20
"""Bytes that the walk over a text may keep of what it learnt; RE2 forgets and goes on when they are used up."""


class Need(NamedTuple):
    """``word`` as `key` writes it: the field's whole value, or ``inside``, a part of it."""

    field: str
    word: str
    inside: bool = False


Cover: TypeAlias = frozenset[Need]
NOTHING: Final[Cover] = frozenset()


def equal(field: str, keys: Iterable[str]) -> Cover:
    return frozenset(Need(field, each) for each in keys)


def holding(field: str, words: Iterable[str]) -> Cover:
    """Nothing where one of the words is empty: every text holds it."""
    found = frozenset(Need(field, each, inside=True) for each in words)
    return found if all(one.word for one in found) else NOTHING


def of_all(covers: Iterable[Cover]) -> Cover:
    """Of tests that hold together each cover is one; the one that fewest alerts meet is the best."""
    return min((one for one in covers if one), key=_breadth, default=NOTHING)


def of_any(covers: Sequence[Cover]) -> Cover:
    return frozenset().union(*covers) if all(covers) else NOTHING


def _breadth(cover: Cover) -> tuple[int, int, list[Need]]:
    coarsest = max(_COARSE.index(one.field) if one.field in _COARSE else -1 for one in cover)
    return coarsest, len(cover), sorted(cover)


class Index:
    """Numbers of the tests whose cover an alert meets, and of those that have none."""

    def __init__(self, covers: Iterable[Cover]) -> None:
        self._always: list[int] = []
        whole: dict[str, dict[str, list[int]]] = {}
        parts: dict[str, dict[str, list[int]]] = {}
        for number, cover in enumerate(covers):
            if not cover:
                self._always.append(number)
            for field, word, inside in cover:
                (parts if inside else whole).setdefault(field, {}).setdefault(word, []).append(number)
        self._fields = [
            (field_values(name), whole.get(name, {}), _Words(parts[name]) if name in parts else None)
            for name in {**whole, **parts}
        ]

    def candidates(self, normal: Document) -> set[int]:
        found = set(self._always)
        for values, whole, words in self._fields:
            for value in values(normal):
                text = key(value)
                if text in whole:
                    found.update(whole[text])
                if words is not None:
                    words.add_to(found, text)
        return found


class _Words:
    """Which of many words a text holds, in one walk over it."""

    def __init__(self, numbers: Mapping[str, Sequence[int]]) -> None:
        options = re2.Options()
        options.max_mem, options.log_errors = _MEMORY, False
        options.literal = True
        self._numbers = list(numbers.values())
        self._set = re2.Set.SearchSet(options)
        for word in numbers:
            self._set.Add(_bytes(word))
        self._set.Compile()
        self._known: dict[str, tuple[int, ...]] = {}

    def add_to(self, found: set[int], text: str) -> None:
        """Detectors say the same titles again and again: what short ones hold is remembered."""
        if len(text) > _SHORT:
            found.update(self._in(text))
            return
        known = self._known.get(text)
        if known is None:
            if len(self._known) >= _KNOWN:
                self._known.clear()
            known = self._known[text] = self._in(text)
        found.update(known)

    def _in(self, text: str) -> tuple[int, ...]:
        return tuple(number for each in self._set.Match(_bytes(text)) or () for number in self._numbers[each])


def _bytes(text: str) -> bytes:
    """A rule may name half a surrogate pair, which has no bytes. No alert holds one: cleaning saw to that."""
    return text.encode("utf-8", "replace")
