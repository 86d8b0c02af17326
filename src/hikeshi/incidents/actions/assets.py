"""What of ours is hit: found from alerts, linked and unlinked by people."""

from collections.abc import Iterable
from uuid import UUID

from hikeshi.assets import queries as assets
from hikeshi.assets.codes import How
from hikeshi.assets.models import Asset
from hikeshi.incidents import facts
from hikeshi.incidents.actions import saving
from hikeshi.incidents.actions.weighing import weigh
from hikeshi.incidents.facts import Said
from hikeshi.incidents.models import Incident, LinkedAsset
from hikeshi.intake.models import Alert
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor, system
from hikeshi.kernel.refusals import NotFound
from hikeshi.ledger.acts import action

# Whoever attaches an alert may not see every asset; the record is weighed by all of them.
FINDER = system("incidents")


def find_assets(incident: Incident, rows: Iterable[Alert]) -> None:
    """Links the assets that these alerts name, unless they were linked or removed before."""
    seen = [(str(one["type"]), str(one["value"])) for row in rows for one in row.observables]
    found = assets.hits(FINDER, incident.organisation, seen)
    known = set(LinkedAsset.objects.filter(incident=incident).values_list("asset", flat=True)) if found else set()
    new = [one for one in found if one.asset.pk not in known]
    if not new:
        return
    links = [
        LinkedAsset(incident=incident, asset=one.asset, how=one.how, value=one.value[:500], linked_by=FINDER.ref)
        for one in new
    ]
    LinkedAsset.objects.bulk_create(links)
    saving.save(incident)
    items = tuple(facts.FoundAsset(link=one.uuid, asset=one.asset.uuid, how=one.how) for one in links)
    saving.tell(incident, FINDER, facts.AssetsFound(incident=incident.uuid, items=items, count=len(items)))
    weigh(incident, FINDER)


def link_named(incident: Incident, by: Actor, named: Iterable[UUID]) -> None:
    """Those that whoever reports says are hit, linked as the desk does it by hand. Whoever calls has checked that they
    may name them.
    """
    rows = list(Asset.objects.filter(uuid__in=list(named), retired_at__isnull=True).order_by("pk"))
    for one in rows:
        _linked(LinkedAsset(incident=incident, asset=one), by, None)
    if rows:
        weigh(incident, FINDER)


@action
def link_asset(*, by: Actor, ref: str, asset: UUID, reason: str = "") -> LinkedAsset:
    """Says that this asset is hit; saying it again changes nothing. Raises NotFound, NotAllowed, Invalid."""
    incident = saving.hold(by, ref)
    wanted = assets.asset(by, asset)
    why = saving.because(incident, reason)
    row = LinkedAsset.objects.select_related("asset").filter(incident=incident, asset=wanted).first()
    if row is not None and row.removed_at is None:
        return row

    row = _linked(row or LinkedAsset(incident=incident, asset=wanted), by, why)
    weigh(incident, by)
    return row


def _linked(row: LinkedAsset, by: Actor, why: Said | None) -> LinkedAsset:
    incident = row.incident
    row.how, row.value, row.removed_at = How.PERSON, "", None
    row.linked_by, row.linked_at = by.ref, clock.now()
    row.save()
    saving.save(incident)
    fact = facts.AssetLinked(incident=incident.uuid, link=row.uuid, asset=row.asset.uuid, how=row.how, reason=why)
    saving.tell(incident, by, fact)
    return row


@action
def unlink_asset(*, by: Actor, ref: str, asset: UUID, reason: str) -> None:
    """It is not hit after all; no alert links it again. Raises NotFound, NotAllowed, Invalid."""
    incident = saving.hold(by, ref)
    seen = assets.asset(by, asset)
    row = LinkedAsset.objects.filter(incident=incident, asset=seen, removed_at__isnull=True).first()
    if row is None:
        raise NotFound("asset")
    why = saving.say(incident, "reason", saving.words(reason, "reason"))

    row.removed_at = clock.now()
    row.save(update_fields=["removed_at"])
    saving.save(incident)
    fact = facts.AssetUnlinked(incident=incident.uuid, link=row.uuid, asset=seen.uuid, reason=why)
    saving.tell(incident, by, fact)
    weigh(incident, by)
