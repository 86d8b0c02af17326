"""Where a form contradicts itself. Pure.

Everything is found at once, each with the place it is said at: ``title_en``, or ``f3.label_ja`` for a field's part.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from hikeshi.forms.definitions import (
    CHOOSING,
    HELP,
    LANGUAGES,
    LINE,
    MOST_CHOICES,
    MOST_FIELDS,
    MOST_FILES,
    Audience,
    Definition,
    Field,
    FieldKind,
    Text,
    Use,
)
from hikeshi.kernel.texts import folded, storable

KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,7}", re.ASCII)
CODE: Final = re.compile(r"[a-z0-9_-]{1,40}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Flaw:
    place: str
    reason: str
    params: Mapping[str, str] = field(default_factory=dict)


def flaws(definition: Definition) -> tuple[Flaw, ...]:
    """Empty: the form can be used."""
    return tuple(_found(definition))


def _found(definition: Definition) -> Iterator[Flaw]:
    yield from _words("title", definition.title, most=LINE, required=True)
    yield from _words("intro", definition.intro, most=HELP)
    yield from _words("question", definition.question, most=LINE)
    if definition.audience is Audience.ORGANISATION and not definition.organisation:
        yield Flaw("organisation", "required")
    if len(definition.fields) > MOST_FIELDS:
        yield Flaw("", "too_many", {"limit": str(MOST_FIELDS)})
    files = [one for one in definition.fields if one.kind is FieldKind.FILE]
    if len(files) > MOST_FILES:
        yield Flaw(f"{files[MOST_FILES].key}.kind", "too_many", {"limit": str(MOST_FILES)})
    if definition.use is Use.PHONE and files:
        yield Flaw(f"{files[0].key}.kind", "no_files_by_phone")
    for one in definition.fields:
        yield from _words(f"{one.key}.label", one.label, most=LINE, required=True)
        yield from _words(f"{one.key}.help", one.help, most=HELP)
        yield from _choices(one)
        if one.low is not None and one.high is not None and one.low > one.high:
            yield Flaw(f"{one.key}.high", "too_small", {"limit": str(one.low)})
    yield from _keys(definition.fields)
    yield from _twice(definition.fields)
    yield from _conditions(definition.fields)


def _words(place: str, text: Text, *, most: int, required: bool = False) -> Iterator[Flaw]:
    """In both languages or in none; ``required``: in both."""
    for language in LANGUAGES:
        said = getattr(text, language)
        at = f"{place}_{language}"
        if not said and (required or text.ja or text.en):
            yield Flaw(at, "both_languages")
        elif len(said) > most:
            yield Flaw(at, "too_long", {"limit": str(most)})
        elif not storable(said):
            yield Flaw(at, "unstorable_character")


def _choices(one: Field) -> Iterator[Flaw]:
    if one.kind not in CHOOSING:
        return
    if not 2 <= len(one.choices) <= MOST_CHOICES:
        yield Flaw(f"{one.key}.choices_ja", "choices_wanted", {"limit": str(MOST_CHOICES)})
    for language in LANGUAGES:
        at, seen = f"{one.key}.choices_{language}", set()
        for number, choice in enumerate(one.choices, 1):
            word = folded(getattr(choice.label, language))
            if not word:
                yield Flaw(at, "choice_wordless", {"line": str(number)})
            elif len(word) > LINE:
                yield Flaw(at, "too_long", {"limit": str(LINE)})
            elif word in seen:
                yield Flaw(at, "choice_twice", {"line": str(number)})
            seen.add(word)


def _keys(fields: Sequence[Field]) -> Iterator[Flaw]:
    """What the page makes itself, and a program has to name: a key for each question, a code for each choice."""
    seen: set[str] = set()
    for one in fields:
        if KEY.fullmatch(one.key) is None:
            yield Flaw(f"{one.key}.key", "code_characters")
        elif one.key in seen:
            yield Flaw(f"{one.key}.key", "code_twice")
        seen.add(one.key)
        codes = [choice.code for choice in one.choices]
        if any(CODE.fullmatch(code) is None for code in codes):
            yield Flaw(f"{one.key}.choices_ja", "code_characters")
        elif len(set(codes)) < len(codes):
            yield Flaw(f"{one.key}.choices_ja", "code_twice")
        if codes and one.kind not in CHOOSING:
            yield Flaw(f"{one.key}.choices_ja", "no_choices_here")


def _twice(fields: Sequence[Field]) -> Iterator[Flaw]:
    for language in LANGUAGES:
        seen: set[str] = set()
        for one in fields:
            label = folded(getattr(one.label, language))
            if label and label in seen:
                yield Flaw(f"{one.key}.label_{language}", "label_twice")
            seen.add(label)


def _conditions(fields: Sequence[Field]) -> Iterator[Flaw]:
    known = {one.key: one for one in fields}
    order = {one.key: at for at, one in enumerate(fields)}
    shown = _ever_shown(fields)
    for one in fields:
        at = f"{one.key}.when"
        if any(pair.field not in known or pair.value not in known[pair.field].values for pair in one.when):
            yield Flaw(at, "condition_unknown")
        elif any(pair.field == one.key for pair in one.when):
            yield Flaw(at, "condition_self")
        elif _in_circle(one, known):
            yield Flaw(at, "condition_circle")
        elif any(order[pair.field] > order[one.key] for pair in one.when):
            yield Flaw(at, "condition_later")
        if one.key not in shown and one.required:
            yield Flaw(f"{one.key}.required", "required_never_shown")


def _ever_shown(fields: Sequence[Field]) -> set[str]:
    """Those that some answers bring up."""
    shown: dict[str, Field] = {}
    grown = True
    while grown:
        before = len(shown)
        for one in fields:
            met = any(pair.field in shown and pair.value in shown[pair.field].values for pair in one.when)
            if not one.when or met:
                shown[one.key] = one
        grown = len(shown) > before
    return set(shown)


def _in_circle(one: Field, known: Mapping[str, Field]) -> bool:
    """Whether what it depends on depends on it."""
    seen: set[str] = set()
    waiting = [pair.field for pair in one.when]
    while waiting:
        key = waiting.pop()
        if key == one.key:
            return True
        if key in known and key not in seen:
            seen.add(key)
            waiting.extend(pair.field for pair in known[key].when)
    return False


def codes_of(before: Sequence[tuple[str, Text]], wanted: Sequence[Text]) -> list[str]:
    """A code for each choice: one whose words stay in either language keeps its own, so that conditions still hold."""
    left = list(before)
    found: list[str] = []
    for text in wanted:
        same = next((pair for pair in left if pair[1] == text), None)
        same = same or next((pair for pair in left if pair[1].ja == text.ja or pair[1].en == text.en), None)
        if same is not None:
            left.remove(same)
        found.append(same[0] if same is not None else "")
    taken = {code for code, _ in before}
    return [code or _fresh(taken) for code in found]


def _fresh(taken: set[str]) -> str:
    number = next(at for at in range(1, len(taken) + 2) if f"c{at}" not in taken)
    taken.add(f"c{number}")
    return f"c{number}"
