"""Keys as makers and the tools between us spell them: one thing said in several cases, or as a path with dots."""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from hikeshi.intake.sources import syslog_lines

Document: TypeAlias = dict[str, object]
Respelling: TypeAlias = Callable[[Document], Document]

DEEPEST: Final = 64
"""Below this nothing is respelt: no maker nests so deep, and a hostile body must not exhaust the stack."""


def _each_key(respelt: Callable[[str], str]) -> Respelling:
    def table(document: Document, depth: int) -> Document:
        return {respelt(key): value(item, depth + 1) for key, item in document.items()}

    def value(item: object, depth: int) -> object:
        if depth > DEEPEST:
            return item
        if type(item) is dict:
            return table(item, depth)
        return [value(one, depth + 1) for one in item] if type(item) is list else item

    return lambda document: table(document, 0)


def nested(document: Document) -> Document:
    """``{"rule.name": …}`` as ``{"rule": {"name": …}}``. A key whose path a value has taken stays as it is written."""
    out: Document = {}
    for key in sorted(document):
        steps = key.split(".")
        inner = _table_at(out, steps[:-1]) if len(steps) > 1 and all(steps) else None
        if inner is None:
            _merge(out, key, document[key])
        else:
            _merge(inner, steps[-1], document[key])
    return out


def _table_at(table: Document, steps: list[str]) -> Document | None:
    for step in steps:
        below = table.setdefault(step, {})
        if type(below) is not dict:
            return None
        table = below
    return table


def _merge(table: Document, key: str, value: object) -> None:
    there = table.get(key)
    if type(there) is dict and type(value) is dict:
        table[key] = {**value, **there}
    else:
        table[key] = dict(value) if type(value) is dict else value


WAYS: Final[Mapping[str, Respelling]] = {
    "first_letter": _each_key(lambda key: key[:1].lower() + key[1:]),
    "small": _each_key(str.lower),
    "nested": nested,
    "syslog": syslog_lines.read,
}
"""What a source.yaml may ask for: ``first_letter`` reads Severity as severity; ``small`` reads any case as small
letters; ``nested`` reads keys with dots as tables; ``syslog`` reads the line that the syslog port stored. Its shapes
then use that one spelling."""
