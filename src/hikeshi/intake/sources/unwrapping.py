"""Finding the alerts inside what a sender framed: lists of them, envelopes around them, JSON written into a string."""

import base64
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

MAX_WRAPPERS = 6


@dataclass(frozen=True, slots=True)
class Step:
    """``hits.hits``: what is inside, one or many. ``alerts?``: an empty list leaves the element standing for itself.
    ``Message!``: JSON written into a string. ``data[]``: only where it is a list.
    """

    keys: tuple[str, ...]
    keep_empty: bool
    json: bool
    many: bool = False


class Wrapped(NamedTuple):
    document: object
    envelope: dict[str, object] | None  # the nearest body around it


def step(text: str) -> Step:
    path = text.rstrip("?![]")
    marks = text[len(path) :]
    return Step(tuple(path.split(".")), keep_empty="?" in marks, json="!" in marks, many="[]" in marks)


def unwrap(element: object, steps: Sequence[Step]) -> list[Wrapped]:
    """Every alert in the element. The first step that applies is taken, then all steps are tried on what it found."""
    if type(element) is dict and "specversion" in element:
        return _open(Wrapped(_carried(element), element), steps, MAX_WRAPPERS)
    if type(element) is dict and "TopicArn" in element:
        return _open(_delivered(element), steps, MAX_WRAPPERS)
    return _open(Wrapped(element, None), steps, MAX_WRAPPERS)


def _delivered(element: dict[str, object]) -> Wrapped:
    """What a notification of Amazon SNS brings, where that is JSON; what is plain text stays in its envelope."""
    inside = _json(element.get("Message")) if element.get("Type") == "Notification" else None
    return Wrapped(inside, element) if type(inside) is dict else Wrapped(element, None)


def _carried(event: dict[str, object]) -> object:
    """What a CloudEvent (1.0) brings, in either of its places; the event itself where that is no table."""
    if not all(isinstance(event.get(name), str) for name in ("specversion", "id", "source", "type")):
        return event
    data = event.get("data")
    packed = event.get("data_base64")
    if data is None and isinstance(packed, str):
        with contextlib.suppress(ValueError, msgspec.MsgspecError, RecursionError):
            data = msgspec.json.decode(base64.b64decode(packed, validate=True))
    if isinstance(data, str):
        data = _json(data)
    return data if type(data) is dict else event


def _open(one: Wrapped, steps: Sequence[Step], left: int) -> list[Wrapped]:
    document = one.document
    if type(document) is not dict or not left:
        return [one]
    for each in steps:
        inside = _inside(document, each)
        if type(inside) is dict and not each.many:
            return _open(Wrapped(inside, document), steps, left - 1)
        if type(inside) is list and (inside or not each.keep_empty):
            return [found for item in inside for found in _open(Wrapped(item, document), steps, left - 1)]
    return [one]


def _inside(document: dict[str, object], each: Step) -> object:
    value: object = document
    for key in each.keys:
        value = value.get(key) if isinstance(value, dict) else None
    if each.json:
        return _json(value)
    return value


def _json(value: object) -> object:
    if not isinstance(value, str) or not value.lstrip().startswith(("{", "[")):
        return None
    try:
        return msgspec.json.decode(value.encode("utf-8", "surrogatepass"))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
