"""How assets look to ``hikeshi verify --state``."""

from collections.abc import Iterator

from hikeshi.assets import details
from hikeshi.assets.models import Asset, IndicatorList, Loaded
from hikeshi.kernel.facts import commit
from hikeshi.ledger import states

CHUNK = 500


def _assets() -> Iterator[tuple[str, states.Columns]]:
    rows = Asset.objects.select_related("organisation", "owner").order_by("pk")
    for one in rows.prefetch_related("identifiers", "needing__needs").iterator(chunk_size=CHUNK):
        said = details.text(one, details.identifiers_of(one), details.needs_of(one))
        columns: states.Columns = {
            "organisation": str(one.organisation.uuid),
            "kind": one.kind,
            "criticality": one.criticality,
            "owner": f"person:{one.owner.uuid}" if one.owner else "",
            "name": commit(one.name, one.secret).digest,
            "details": commit(said, one.secret).digest,
            "retired": one.retired_at is not None,
        }
        yield str(one.uuid), columns


def _lists() -> Iterator[tuple[str, states.Columns]]:
    for one in IndicatorList.objects.select_related("organisation").iterator():
        columns: states.Columns = {
            "organisation": str(one.organisation.uuid),
            "title": commit(one.title, one.secret).digest,
            "tlp": one.tlp,
            "digest": one.digest,
            "state": one.state,
        }
        yield str(one.uuid), columns


def _catalogues() -> Iterator[tuple[str, states.Columns]]:
    for one in Loaded.objects.iterator():
        yield one.which, {"number": one.number, "digest": one.digest, "count": one.count}


states.register("assets.asset", _assets)
states.register("assets.indicators", _lists)
states.register("assets.catalogue", _catalogues)
