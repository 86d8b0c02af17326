"""What somebody answered: which questions are theirs, and what they said to each. Pure but for the words' own rules."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from hikeshi.forms.definitions import DECIDING, Definition, Field, FieldKind
from hikeshi.incidents.actions.receiving import readable
from hikeshi.incidents.answered import NUMBER
from hikeshi.kernel.facts import JSON
from hikeshi.kernel.refusals import Invalid

Given = Mapping[str, Sequence[str]]
"""As it came in: by field, what was typed or chosen; for a file its name, with a thing of the site its uuid second."""
Named = Mapping[str, JSON]
"""Things of the site that were chosen, by field, as they are kept."""
LONG: Final = 20_000
SHORT: Final = 500
MAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
PHONE: Final = re.compile(r"\+?[0-9() .-]{3,40}")


def asked(fields: Sequence[Field], given: Given) -> list[Field]:
    """Those whose condition holds. A field that is not asked answers nothing, whatever came with it."""
    shown: dict[str, Field] = {}
    for one in fields:
        if not one.when or any(pair.field in shown and pair.value in given.get(pair.field, ()) for pair in one.when):
            shown[one.key] = one
    return list(shown.values())


def answers(definition: Definition, given: Given, named: Named) -> tuple[dict[str, JSON], list[Invalid]]:
    """What is kept, and everything that cannot be, each refusal with its field's key."""
    kept: dict[str, JSON] = {}
    wrong: list[Invalid] = []
    for one in asked(definition.fields, given):
        try:
            answer = named.get(one.key) or _answer(one, [text for text in given.get(one.key, ()) if text.strip()])
        except Invalid as refusal:
            wrong.append(refusal)
            continue
        if answer is not None:
            kept[one.key] = answer
    return kept, wrong


def _answer(one: Field, said: list[str]) -> JSON:
    """None: nothing was said. Raises Invalid."""
    if not said:
        if one.required:
            raise Invalid(one.key, "required")
        return None
    if one.kind in DECIDING:
        return _chosen(one, said)
    if one.kind is FieldKind.FILE:
        return [readable(name, one.key, most=SHORT) for name in said]
    text = readable(said[0], one.key, most=LONG if one.kind is FieldKind.LONG else SHORT)
    check = _CHECKS.get(one.kind)
    return check(one, text) if check is not None else text


def _chosen(one: Field, said: list[str]) -> JSON:
    known = one.values
    if any(code not in known for code in said):
        raise Invalid(one.key, "unknown")
    if one.kind is FieldKind.SEVERAL:
        return [code for code in known if code in said]
    return said[0]


def _number(one: Field, text: str) -> JSON:
    """As it was written, in plain digits: a number of pieces stays one, and no digit gets lost."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "").strip()
    if NUMBER.fullmatch(plain) is None:
        raise Invalid(one.key, "number_wanted")
    value = Decimal(plain)
    if one.low is not None and value < one.low:
        raise Invalid(one.key, "too_small", limit=one.low)
    if one.high is not None and value > one.high:
        raise Invalid(one.key, "too_large", limit=one.high)
    return plain


def _moment(one: Field, text: str) -> JSON:
    try:
        return datetime.fromisoformat(text).strftime("%Y-%m-%dT%H:%M")
    except ValueError:
        raise Invalid(one.key, "day_and_time_wanted") from None


def _mail(one: Field, text: str) -> JSON:
    if MAIL.fullmatch(text) is None:
        raise Invalid(one.key, "not_an_address")
    return text


def _phone(one: Field, text: str) -> JSON:
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES)
    if PHONE.fullmatch(plain) is None:
        raise Invalid(one.key, "telephone_wanted")
    return plain


_DASHES: Final = dict.fromkeys((0x30FC, 0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2212), "-")
"""What people type for a hyphen with a Japanese keyboard."""
_CHECKS: Final[Mapping[FieldKind, Callable[[Field, str], JSON]]] = {
    FieldKind.NUMBER: _number,
    FieldKind.MOMENT: _moment,
    FieldKind.MAIL: _mail,
    FieldKind.PHONE: _phone,
}
