"""The values that a dotted name has in a normal form, and how equality sees them. Pure."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

Document: TypeAlias = Mapping[str, object]
Values: TypeAlias = Callable[[Document], Sequence[object]]


def key(value: object) -> str:
    """How equality sees a value: without case; 5, 5.0 and "5" are the same."""
    if isinstance(value, str):
        return value.lower()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).lower()


def field_values(name: str) -> Values:
    """All values a dotted name has; lists on the way are walked through."""
    keys = tuple(name.split("."))
    if len(keys) == 2:
        return _of_two(*keys)

    def values(document: Document) -> Sequence[object]:
        value: object = document
        for at, each in enumerate(keys):
            if type(value) is not dict:
                return _through(value, keys[at:])
            value = value.get(each)
            if value is None:
                return ()
        return value if type(value) is list else (value,)

    return values


def _of_two(first: str, second: str) -> Values:
    """Most fields that rules ask for have names of two parts."""

    def values(document: Document) -> Sequence[object]:
        value = document.get(first)
        if type(value) is not dict:
            return () if value is None else _through(value, (second,))
        value = value.get(second)
        if value is None:
            return ()
        return value if type(value) is list else (value,)

    return values


def _through(value: object, keys: tuple[str, ...]) -> Sequence[object]:
    if isinstance(value, list):
        return [found for item in value for found in _through(item, keys)]
    if not keys:
        return (value,)
    inner = value.get(keys[0]) if isinstance(value, dict) else None
    return () if inner is None else _through(inner, keys[1:])
