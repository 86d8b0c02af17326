"""Lists of indicators and catalogues as they are read: by people, and by the digest for a whole batch at once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final
from uuid import UUID

import msgspec
from django.db.models import Q, QuerySet, Sum

from hikeshi.accounts.models import ImportState, Organisation
from hikeshi.assets.intelligence import values
from hikeshi.assets.intelligence.catalogues import Kept, Known
from hikeshi.assets.intelligence.codes import Catalogue, ListState
from hikeshi.assets.models import Indicator as Indicator
from hikeshi.assets.models import IndicatorFile as IndicatorFile
from hikeshi.assets.models import IndicatorList as IndicatorList  # surfaces name what they are handed
from hikeshi.assets.models import Loaded as Loaded
from hikeshi.assets.permissions import Verb
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.prepared import Prepared
from hikeshi.kernel.refusals import NotFound

NEWEST: Final = ("-made_at", "-id")
ASKED_AT_ONCE: Final = 5_000
FILES_SHOWN: Final = 20
Seen = tuple[str, str]
"""Type and value of an observable."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A list that names this value. ``below`` is the path of the organisation whose alerts it is for."""

    title: str
    origin: str
    tlp: str
    sort: str
    value: str
    confidence: int | None
    until: datetime | None
    below: str


def lists(by: Actor, verb: Verb = Verb.VIEW) -> QuerySet[IndicatorList]:
    rows = IndicatorList.objects.select_related("organisation")
    return rows if by.unlimited else rows.filter(organisation__in=by.organisations(verb))


def indicator_list(by: Actor, uuid: UUID, verb: Verb = Verb.VIEW) -> IndicatorList:
    """Raises NotFound."""
    found = lists(by, verb).filter(uuid=uuid).first()
    if found is None:
        raise NotFound("indicators")
    return found


def files(by: Actor) -> QuerySet[IndicatorFile]:
    """Large files on their way, and for a day what became of them."""
    rows = IndicatorFile.objects.select_related("organisation", "list").exclude(state=ImportState.PREPARED)
    return rows if by.unlimited else rows.filter(organisation__in=by.organisations(Verb.MANAGE))


def file(by: Actor, uuid: UUID) -> IndicatorFile:
    """Raises NotFound."""
    found = files(by).filter(uuid=uuid).first()
    if found is None:
        raise NotFound("indicator_file")
    return found


def under_way(by: Actor) -> Sequence[IndicatorFile]:
    """Those that are no list yet, or never will be, newest first."""
    return list(files(by).exclude(state=ImportState.DONE).order_by("-created_at", "-pk")[:FILES_SHOWN])


def indicators(kept: IndicatorList, text: str = "") -> QuerySet[Indicator]:
    """Of a list this reader has just found; with ``text`` the one value it names, in whatever spelling."""
    rows = Indicator.objects.filter(list=kept)
    if not text.strip():
        return rows
    found = values.guessed(text)
    return rows.filter(key=found.key) if found else rows.none()


def total() -> int:
    return IndicatorList.objects.aggregate(Sum("count"))["count__sum"] or 0


def loaded(by: Actor) -> Mapping[str, Loaded]:
    """Catalogues by their code, without what they hold. Raises NotAllowed."""
    by.must(Verb.VIEW)
    return {one.which: one for one in Loaded.objects.defer("text")}


_STANDS = Prepared(lambda: Loaded.objects.order_by("which").values_list("which", "number"))
_READY = Prepared(lambda: IndicatorList.objects.filter(state=ListState.READY).select_related("organisation"))


def known() -> Known:
    """One small read, unless a catalogue was loaded since."""
    return _known(tuple(_STANDS()))


def own_domains() -> str:
    """One on each line, as they are written down."""
    return "\n".join(sorted(known().domains))


@lru_cache(maxsize=1)
def _known(stands: tuple[tuple[str, int], ...]) -> Known:
    if not stands:
        return Known()
    kept = {one.which: msgspec.json.decode(one.text, type=Kept) for one in Loaded.objects.all()}
    empty = Kept()
    return Known(
        weaknesses=kept.get(Catalogue.KEV, empty).weaknesses,
        techniques=kept.get(Catalogue.ATTACK, empty).techniques,
        domains=frozenset(kept.get(Catalogue.DOMAINS, empty).domains),
        versions={Catalogue(which): one.version for which, one in kept.items()},
        stamp=" ".join(f"{which}:{number}" for which, number in stands),
    )


def hits(seen: Collection[Seen]) -> dict[Seen, list[Hit]]:
    """For the digest, of no reader: every list that names one of these. One query where there is no list; else one
    more per five thousand keys, whatever the number of alerts and of indicators.
    """
    there = {one.pk: one for one in _READY()}
    if not there or not seen:
        return {}
    widths = tuple(sorted({width for one in there.values() for width in one.widths}))
    asked: dict[str, list[Seen]] = {}
    for one in seen:
        for key in values.keys(*one, widths):
            asked.setdefault(key, []).append(one)
    found: dict[Seen, list[Hit]] = {}
    for row in _rows(list(asked)):
        holder = there.get(row.list_id)
        if holder is not None:
            for one in asked[row.key]:
                found.setdefault(one, []).append(_hit(holder, row))
    return found


def _rows(keys: Sequence[str]) -> Iterable[Indicator]:
    valid = Q(until=None) | Q(until__gt=clock.now())
    for start in range(0, len(keys), ASKED_AT_ONCE):
        yield from Indicator.objects.filter(valid, key__in=keys[start : start + ASKED_AT_ONCE]).order_by("id")


def _hit(holder: IndicatorList, row: Indicator) -> Hit:
    place: Organisation = holder.organisation
    told = (holder.title, holder.origin, holder.tlp, row.sort, row.value, row.confidence, row.until)
    return Hit(*told, below=place.path)
