"""Which of our assets an alert is about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from django.db.models import Q

from hikeshi.accounts.models import Organisation
from hikeshi.assets.codes import How
from hikeshi.assets.identifiers import Sought, sought
from hikeshi.assets.models import Asset, Identifier
from hikeshi.assets.queries.visibility import visible
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.prepared import Prepared, Value

ASKED_AT_ONCE: Final = 500
FEW: Final = 128
VALUES: Final = 200
"""Values of one batch of alerts that are looked up; what names more is a flood, and its first names count."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An asset, by which of its identifiers it was found, and what the alert called it."""

    asset: Asset
    how: How
    value: str


def hits(by: Actor, place: Organisation, seen: Iterable[tuple[str, str]]) -> list[Hit]:
    """Assets in use that these observables, as (type, value), name: of the organisation itself, of those beneath it and
    of those above it, never of its neighbours, whose addresses may be the same. Of one value the most exact match
    counts (the longest network), and of several alike the nearest organisation's. The gravest asset comes first.

    Cost: one query per 500 keys, and an address asks for at most 25 (IPv4) or 113 (IPv6) of them.
    """
    wanted = list(sought(list(dict.fromkeys(seen))[:VALUES]))
    rows = _found(by, place, [one.key for one in wanted])
    best: dict[str, tuple[tuple[int, int], Sought, list[Asset]]] = {}
    for one in wanted:
        for asset in rows.get(one.key, ()):
            weight = (one.rank, -_distance(place, asset.organisation))
            held = best.get(one.value)
            if held is None or weight > held[0]:
                best[one.value] = (weight, one, [asset])
            elif weight == held[0]:
                held[2].append(asset)
    found: dict[int, Hit] = {}
    for _, one, matched in best.values():
        for asset in matched:
            found.setdefault(asset.pk, Hit(asset, one.how, one.value))
    return sorted(found.values(), key=lambda hit: (-hit.asset.criticality, hit.asset.called, hit.asset.pk))


def _found(by: Actor, place: Organisation, keys: Sequence[str]) -> dict[str, list[Asset]]:
    if not _any(keys):
        return {}
    above = [int(step) for step in place.path.strip("/").split("/") if step]
    line = Q(asset__organisation__path__startswith=place.path) | Q(asset__organisation__in=above)
    near = Identifier.objects.filter(line, asset__in=visible(by), asset__retired_at__isnull=True)
    asked = list(dict.fromkeys(keys))
    rows: dict[str, list[Asset]] = {}
    for start in range(0, len(asked), ASKED_AT_ONCE):
        part = near.filter(key__in=asked[start : start + ASKED_AT_ONCE])
        for one in part.select_related("asset__organisation", "asset__owner", "asset__team"):
            rows.setdefault(one.key, []).append(one.asset)
    return rows


@cache
def _named(count: int) -> Prepared[int]:
    kinds: dict[str, type[Value]] = {f"key{number}": str for number in range(count)}
    return Prepared(
        lambda **keys: (
            Identifier.objects.filter(key__in=list(keys.values())).order_by().values_list("asset_id", flat=True)[:1]
        ),
        **kinds,
    )


def _any(keys: Sequence[str]) -> bool:
    """Whether anything at all bears one of these names. Mostly nothing does, and this question is worked out once (for
    so many names, the next power of two); of many, only the whole answer is asked for.
    """
    if not keys or len(keys) > FEW:
        return bool(keys)
    many = 1 << (len(keys) - 1).bit_length()
    padded = [*keys, *[keys[-1]] * (many - len(keys))]
    return bool(_named(many)(**{f"key{number}": key for number, key in enumerate(padded)}))


def _distance(here: Organisation, there: Organisation) -> int:
    return abs(here.depth - there.depth)
