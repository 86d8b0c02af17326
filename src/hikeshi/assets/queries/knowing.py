"""What the digest says in alerts of the assets they name: for a whole batch at once, of no reader."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from hikeshi.assets.codes import IdentifierType
from hikeshi.assets.identifiers import asked, width
from hikeshi.assets.models import Asset, Identifier
from hikeshi.kernel.prepared import Prepared

ASKED_AT_ONCE: Final = 5_000
MOST_ASKED: Final = 20_000
"""Keys of one batch; what names more is a flood, and its first names count."""
Seen = tuple[str, str]
"""Type and value of an observable."""


@dataclass(frozen=True, slots=True)
class Ours:
    """``owner`` is ``person:<uuid>`` or empty, ``team`` its name; ``path`` that of the organisation it belongs to."""

    uuid: UUID
    name: str
    kind: str
    criticality: int
    owner: str
    team: str
    place: str
    path: str

    def near(self, path: str) -> bool:
        """Of that organisation, one beneath or one above it: never a neighbour's, whose addresses may be the same."""
        return self.path.startswith(path) or path.startswith(self.path)


@dataclass(slots=True)
class _Widths:
    """The prefixes of the networks there are, looked up where an identifier came since. Those of identifiers taken out
    stay until then; they only cost a key more.
    """

    newest: tuple[int, UUID] | None = None
    found: tuple[str, ...] = ()

    def __call__(self, newest: tuple[int, UUID]) -> tuple[str, ...]:
        if newest != self.newest:
            rows = Identifier.objects.filter(type=IdentifierType.ADDRESS).order_by()
            found = {width(key) for key in rows.values_list("key", flat=True).iterator()}
            self.found, self.newest = tuple(sorted(found - {""})), newest
        return self.found


_widths: Final = _Widths()
_NEWEST = Prepared(lambda: Identifier.objects.order_by("-pk").values_list("pk", "asset__uuid")[:1])


def ours(seen: Collection[Seen]) -> Mapping[Seen, Sequence[Ours]]:
    """The assets in use that are meant by each of these, those its most exact identifier names, the gravest first. One
    query where there is no asset; else one more per five thousand keys, whatever the number of alerts and of assets.
    """
    newest = next(iter(_NEWEST()), None)
    if newest is None or not seen:
        return {}
    widths = _widths(newest)
    wanted: dict[str, list[tuple[int, Seen]]] = {}
    for one in seen:
        for each in asked(*one, widths):
            wanted.setdefault(each.key, []).append((each.rank, one))
    best: dict[Seen, tuple[int, dict[UUID, Ours]]] = {}
    for key, asset in _rows(list(wanted)[:MOST_ASKED]):
        for rank, one in wanted[key]:
            held = best.get(one)
            if held is None or rank > held[0]:
                best[one] = (rank, {asset.uuid: asset})
            elif rank == held[0]:
                held[1][asset.uuid] = asset
    return {one: sorted(found.values(), key=_gravest) for one, (_, found) in best.items()}


def _gravest(one: Ours) -> tuple[int, str]:
    return -one.criticality, one.name


def _rows(keys: Sequence[str]) -> list[tuple[str, Ours]]:
    found = []
    for start in range(0, len(keys), ASKED_AT_ONCE):
        part = Identifier.objects.filter(key__in=keys[start : start + ASKED_AT_ONCE], asset__retired_at__isnull=True)
        whole = part.select_related("asset__owner", "asset__team", "asset__organisation").order_by("id")
        found += [(one.key, _ours(one.asset)) for one in whole]
    return found


def _ours(asset: Asset) -> Ours:
    return Ours(
        uuid=asset.uuid,
        name=asset.name,
        kind=asset.kind,
        criticality=asset.criticality,
        owner=f"person:{asset.owner.uuid}" if asset.owner else "",
        team=asset.team.name if asset.team else "",
        place=asset.place,
        path=asset.organisation.path,
    )
