"""An asset's own page, and what else falls with it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from hikeshi.assets.identifiers import Identifier
from hikeshi.assets.models import Asset, Dependency
from hikeshi.assets.particulars import is_stale
from hikeshi.assets.permissions import Verb
from hikeshi.assets.queries.lists import asset, given
from hikeshi.assets.queries.visibility import visible
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.ledger.models import Entry

DEEPEST: Final = 5
MOST: Final = 200
HISTORY: Final = 50


@dataclass(frozen=True, slots=True)
class Page:
    """``affected``: what needs it, directly or through others, as far as the reader sees; the gravest first."""

    asset: Asset
    identifiers: Sequence[Identifier]
    needs: Sequence[Asset]
    needed_by: Sequence[Asset]
    affected: Sequence[Asset]
    restore_stale: bool
    history: Sequence[Entry]
    may_manage: bool


def page(by: Actor, uuid: UUID) -> Page:
    """Raises NotFound."""
    found = asset(by, uuid)
    direct = list(_ordered(visible(by).filter(needing__needs=found)))
    further = possibly_affected(by, [found.pk])
    return Page(
        asset=found,
        identifiers=given(found).identifiers,
        needs=list(_ordered(visible(by).filter(needed_by__asset=found))),
        needed_by=direct,
        affected=[one for one in further if one not in direct],
        restore_stale=is_stale(found.restored_on, clock.now().date()),
        history=list(Entry.objects.filter(subject=found.subject).order_by("-number")[:HISTORY]),
        may_manage=by.may(Verb.MANAGE, found.organisation_id),
    )


def _ordered(rows: QuerySet[Asset]) -> QuerySet[Asset]:
    return rows.select_related("organisation", "owner").order_by("-criticality", "called", "id").distinct()[:MOST]


def possibly_affected(by: Actor, hit: Collection[int]) -> list[Asset]:
    """Assets in use that need one of these, directly or through others, and are none of them. Circles end by
    themselves; at most five steps (a query each) and 200 assets are followed.
    """
    reached = set(hit)
    front = set(hit)
    for _ in range(DEEPEST):
        rows = Dependency.objects.filter(needs__in=front, asset__retired_at__isnull=True)
        front = set(rows.order_by("asset").values_list("asset", flat=True)[: MOST * 5]) - reached
        if not front or len(reached) > MOST:
            break
        reached |= front
    further = reached - set(hit)
    return list(_ordered(visible(by).filter(pk__in=further))) if further else []
