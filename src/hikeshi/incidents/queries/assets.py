"""What of ours a record has hit, as far as the reader sees."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from hikeshi.accounts.models import Organisation
from hikeshi.assets import queries as assets
from hikeshi.assets.models import Asset
from hikeshi.assets.particulars import is_stale
from hikeshi.incidents.models import Incident, LinkedAsset, Moment
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid

STRIKING = ("occurred", "detected", "restored")


@dataclass(frozen=True, slots=True)
class AssetLine:
    link: LinkedAsset
    asset: Asset
    restore_stale: bool


@dataclass(frozen=True, slots=True)
class Raised:
    """Why the urgency stands above what was asked. ``asset`` is None where the reader does not see it: then its name
    is no reason to tell.
    """

    asset: Asset | None
    criticality: int
    asked: int

    @property
    def name(self) -> str:
        return self.asset.name if self.asset else ""


@dataclass(frozen=True, slots=True)
class Struck:
    """``nearby``: what needs the linked assets, and may fail with them; it raises nothing."""

    linked: Sequence[AssetLine]
    nearby: Sequence[Asset]
    raised: Raised | None


def struck(by: Actor, record: Incident) -> Struck:
    """Assets linked to the record, the gravest first."""
    rows = LinkedAsset.objects.filter(incident=record, removed_at__isnull=True, asset__in=assets.visible(by))
    rows = rows.select_related("asset__owner", "asset__team", "asset__organisation")
    links = list(rows.order_by("-asset__criticality", "asset__called", "id"))
    today = clock.now().date()
    return Struck(
        linked=[AssetLine(one, one.asset, is_stale(one.asset.restored_on, today)) for one in links],
        nearby=assets.possibly_affected(by, [one.asset.pk for one in links]) if links else [],
        raised=_raised(record, links),
    )


@dataclass(frozen=True, slots=True)
class Hit:
    """Something of ours that a record stops or disturbs. ``over_at``: when it has been out for as long as its owner
    can bear; None where nobody has said how long that is.
    """

    name: str
    criticality: int
    since: datetime
    over_at: datetime | None


def hit_by(by: Actor, records: Sequence[Incident]) -> dict[int, list[Hit]]:
    """What these records hit, as far as the reader sees, the gravest first; of a record that has a time of recovery
    nothing. Two queries.
    """
    times: dict[int, dict[str, datetime]] = defaultdict(dict)
    known = Moment.objects.filter(incident__in=[one.pk for one in records], superseded_at=None, kind__in=STRIKING)
    for incident, kind, at in known.order_by().values_list("incident", "kind", "at"):
        times[incident][kind] = at
    since = {
        one.pk: times[one.pk].get("occurred") or times[one.pk].get("detected") or one.opened_at
        for one in records
        if "restored" not in times[one.pk]
    }
    rows = LinkedAsset.objects.filter(incident__in=since, removed_at__isnull=True, asset__in=assets.visible(by))
    found: dict[int, list[Hit]] = defaultdict(list)
    for link in rows.select_related("asset").order_by("-asset__criticality", "asset__called", "id"):
        began, asset = since[link.incident_id], link.asset
        over = began + timedelta(minutes=asset.rto) if asset.rto is not None else None
        found[link.incident_id].append(Hit(asset.name, asset.criticality, began, over))
    return found


def _raised(record: Incident, links: Sequence[LinkedAsset]) -> Raised | None:
    if record.raised_by is None:
        return None
    seen = next((one.asset for one in links if one.asset.pk == record.raised_by_id), None)
    return Raised(seen, record.raised_by.criticality, record.urgency_asked)


def hitting(by: Actor, rows: QuerySet[Incident], asset: str) -> QuerySet[Incident]:
    """Of these records, those an asset the actor sees is linked to. Raises Invalid for what names none."""
    try:
        uuid = UUID(asset)
    except ValueError as error:
        raise Invalid("asset", "unknown") from error
    seen = assets.visible(by).filter(uuid=uuid)
    return rows.filter(pk__in=LinkedAsset.objects.filter(asset__in=seen, removed_at__isnull=True).values("incident"))


def names_seen(by: Actor, uuids: Iterable[UUID]) -> dict[UUID, str]:
    """Names of assets for the timeline; who does not see one reads nothing of it."""
    wanted = set(uuids)
    return dict(assets.visible(by).filter(uuid__in=wanted).values_list("uuid", "name")) if wanted else {}


def alert_hits(by: Actor, place: Organisation, observables: Iterable[dict[str, str]]) -> list[assets.Hit]:
    """Assets that an alert names, for its page."""
    if not by.may("assets.view"):
        return []
    return assets.hits(by, place, [(str(one["type"]), str(one["value"])) for one in observables])
