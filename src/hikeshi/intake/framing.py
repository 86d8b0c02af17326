"""What one accepted body holds: its elements, each with its own bytes, and how many alerts that is.

An *element* is what the sender framed: the object, one item of the array, one line. An *alert* is what the source's
`unwrap` finds in it: an Alertmanager body is one element and as many alerts as its list is long. The door counts
alerts with `count`, the digest unwraps with `alerts_of`; both do the same thing, so accepted, digested and the sum of
all counts are one number. What cannot be unwrapped is one alert, and will be parked as one.
"""

import json
from collections.abc import Sequence
from typing import Final

import msgspec

from hikeshi.intake import cleaning
from hikeshi.intake.inbox import framing as bodies
from hikeshi.intake.sources import book
from hikeshi.intake.sources.unwrapping import Wrapped, unwrap

Unreadable = bodies.Malformed
DUPLICATE_KEYS = "duplicate_keys"
MOST: Final = 5_000
"""Alerts of one body. It is digested in one transaction, and people wait for the pen meanwhile: half a million zeros
fit into a mebibyte.
"""


# A struct and not a dataclass: one is made per element of a batch.
class Element(msgspec.Struct, frozen=True, gc=False):
    raw: bytes  # as it came; where it had to be cut out of a body in another encoding, written anew in UTF-8
    document: object  # made safe to keep (cleaning)
    notes: tuple[str, ...]


def alerts_in(source: str, body: bytes, content_type: str = "") -> int:
    """How many alerts the door accepts with this body. Raises Unreadable, and KeyError for an unknown source."""
    return count(source, bodies.read(body, content_type))


def count(source: str, elements: Sequence[object]) -> int:
    """Alerts in decoded elements. Raises KeyError for a source that does not exist."""
    steps = book.source(source).unwrap
    if not steps:
        return len(elements)
    return sum([len(unwrap(element, steps)) for element in elements])


def alerts_of(source: str, element: Element) -> list[Wrapped]:
    """Each alert with the body around it."""
    return unwrap(element.document, book.source(source).unwrap)


def elements(body: bytes, content_type: str = "") -> list[Element]:
    """Raises Unreadable, for the bodies the door refuses."""
    documents = bodies.read(body, content_type)
    return [_element(raw, document) for raw, document in zip(_cut(body, documents), documents, strict=True)]


def _cut(body: bytes, documents: Sequence[object]) -> list[bytes]:
    """Each element's own bytes."""
    if len(documents) == 1 and not body.lstrip().startswith(b"["):
        return [body]
    try:
        body.decode("utf-8")
        if body.lstrip().startswith(b"["):
            pieces = [bytes(raw) for raw in msgspec.json.decode(body, type=list[msgspec.Raw])]
        else:
            pieces = [line.strip() for line in body.split(b"\n") if line.strip()]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        pieces = []
    if len(pieces) == len(documents):
        return pieces
    return [json.dumps(document).encode() for document in documents]


def _element(raw: bytes, document: object) -> Element:
    notes: tuple[str, ...] = ()
    if cleaning.suspicious(raw):
        document, changed = cleaning.clean(document)
        notes = (cleaning.CLEANED,) if changed else ()
    # Every key of the text is a key of the document unless one repeats; a colon inside a text only costs the slow look.
    if raw.count(b'":') != _keys(document) and _repeats(raw):
        notes = (*notes, DUPLICATE_KEYS)
    return Element(raw, document, notes)


def _keys(value: object) -> int:
    if type(value) is dict:
        total = len(value)
        for child in value.values():
            if type(child) is dict or type(child) is list:
                total += _keys(child)
        return total
    if type(value) is list:
        return sum([_keys(child) for child in value if type(child) is dict or type(child) is list])
    return 0


def _repeats(raw: bytes) -> bool:
    seen = False

    def pairs(items: list[tuple[str, object]]) -> dict[str, object]:
        nonlocal seen
        found = dict(items)
        seen = seen or len(found) < len(items)
        return found

    try:
        json.loads(raw, object_pairs_hook=pairs)
    except ValueError:
        return False  # another encoding: its keys are not counted here
    return seen
