"""Accepted bodies -> findings with their fingerprints, and what cannot be read. Pure, and outside any transaction."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from hikeshi.intake import framing, repeats
from hikeshi.intake.framing import Element
from hikeshi.intake.inbox.items import InboxItem
from hikeshi.intake.normalise import Finding, Unmappable
from hikeshi.intake.repeats import Told
from hikeshi.intake.sources import book
from hikeshi.intake.sources.unwrapping import Wrapped

WHOLE = 64 * 1024
"""Bytes that one element may cost when it is kept whole with each of its alerts; beyond, each keeps only its part, or
a large element would be multiplied.
"""
MAX_DETAIL = 4_000
APART = 20
"""Parts of one body that are put aside one by one; of more, all go together, or rubbish would cost most of all."""


class Sighting(msgspec.Struct, gc=False):
    """One alert, read. ``said`` names all that describes it but its times, what the site knows of it among it; the row
    that says the same is described already. Empty where that cannot be told.
    """

    fingerprint: str
    told: Told
    raw: bytes
    content_type: str
    received_at: datetime
    said: str = ""
    enriched: bool = False

    @property
    def finding(self) -> Finding:
        return self.told.finding


@dataclass(frozen=True, slots=True)
class Aside:
    """What could not be read. ``body`` can be sent through the same door again."""

    body: bytes
    content_type: str
    alerts: int
    error: str
    detail: str


@dataclass(frozen=True, slots=True)
class Prepared:
    item: InboxItem
    sightings: tuple[Sighting, ...]
    aside: tuple[Aside, ...]

    @property
    def alerts(self) -> int:
        """What the counters add for this body: what was read, and what was put aside."""
        return len(self.sightings) + (sum(aside.alerts for aside in self.aside) if self.aside else 0)


def prepare(batch: Sequence[InboxItem]) -> list[Prepared]:
    return [_prepared(item) for item in batch]


def _prepared(item: InboxItem) -> Prepared:
    try:
        elements = framing.elements(item.body, item.content_type)
        parts = [(element, framing.alerts_of(item.source, element)) for element in elements]
    except framing.Unreadable as error:
        return aside_whole(item, error.code, str(error))
    except KeyError:
        return aside_whole(item, "unknown_source", item.source)
    sightings: list[Sighting] = []
    aside: list[Aside] = []
    source, whose = book.source(item.source), (item.organisation_id, item.world.value)
    for element, found in parts:
        whole = len(found) == 1 or len(element.raw) * len(found) <= WHOLE
        for wrapped in found:
            raw = element.raw if whole else _written(wrapped.document)
            try:
                told = repeats.read(source, wrapped, item.received_at, element.notes, whose)
                sightings.append(Sighting(told.fingerprint, told, raw, item.content_type, item.received_at, told.said))
            except Unmappable as error:
                aside.append(_part(item, element, wrapped, error, alone=len(found) == 1))
    return Prepared(item, tuple(sightings), tuple(aside) if len(aside) <= APART else (_together(aside),))


def _together(parts: Sequence[Aside]) -> Aside:
    """As one array, under the error of the first: the mapping that is mended for it will tell of the others."""
    first = parts[0]
    bodies = (part.body[1:-1] if part.body.startswith(b"[") else part.body for part in parts)
    body = b"[" + b",".join(bodies) + b"]"
    return Aside(body, "application/json", sum(part.alerts for part in parts), first.error, first.detail)


def aside_whole(item: InboxItem, code: str, detail: str) -> Prepared:
    """A body of which nothing could be read; it stands for the alerts the door counted."""
    aside = Aside(item.body, item.content_type, item.alerts, code, detail[:MAX_DETAIL])
    return Prepared(item, (), (aside,))


def _part(item: InboxItem, element: Element, wrapped: Wrapped, error: Unmappable, *, alone: bool) -> Aside:
    whole = alone and element.raw.lstrip().startswith(b"{")
    body = element.raw if whole else b"[" + _written(wrapped.document) + b"]"
    return Aside(body, item.content_type, 1, error.code, error.detail[:MAX_DETAIL])


def _written(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode("utf-8", "backslashreplace")
