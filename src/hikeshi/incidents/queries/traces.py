"""What is known of the things a record or an alert names: which other records name them, which lists warn of them."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from hikeshi.accounts.models import Organisation
from hikeshi.assets.queries import intelligence
from hikeshi.incidents.models import Incident, Observable
from hikeshi.incidents.queries.visibility import visible
from hikeshi.kernel.acting import Actor

LOOKED_AT: Final = 300
"""Namings of one asking, the newest; what half of all records name tells nobody much."""
SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Trace:
    """``records``: others that name it, the newest first, as far as the reader sees; ``more`` beyond those."""

    type: str
    value: str
    records: tuple[Incident, ...]
    more: int
    warnings: tuple[intelligence.Hit, ...]


def digest(kind: str, value: str) -> str:
    """As `Observable.digest`."""
    return hashlib.sha256(f"{kind}\0{value}".encode()).hexdigest()


def traces(by: Actor, place: Organisation, named: Iterable[tuple[str, str]], *, but: str = "") -> list[Trace]:
    """Of these, as (type, value), those of which something is known; those that lists warn of first. ``but`` is the ref
    of the record that is looked at. One query for other records, one or two for lists.
    """
    things = list(dict.fromkeys(named))
    if not things:
        return []
    others, warned = _others(by, things, but), intelligence.hits(things)
    found = []
    for one in things:
        records = others.get(digest(*one), ())
        warnings = tuple(hit for hit in warned.get(one, ()) if place.path.startswith(hit.below))
        if records or warnings:
            found.append(Trace(*one, tuple(records[:SHOWN]), max(0, len(records) - SHOWN), warnings))
    return sorted(found, key=lambda one: not one.warnings)


def _others(by: Actor, things: Sequence[tuple[str, str]], but: str) -> Mapping[str, Sequence[Incident]]:
    digests = [digest(*one) for one in things]
    rows = Observable.objects.filter(digest__in=digests, incident__in=visible(by)).exclude(incident__ref=but)
    found: dict[str, list[Incident]] = {}
    for row in rows.select_related("incident").order_by("-incident_id")[:LOOKED_AT]:
        found.setdefault(row.digest, []).append(row.incident)
    return found
