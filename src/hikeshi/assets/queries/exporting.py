"""Assets as the rows of a file, which an import understands again."""

from collections.abc import Iterator

from django.db.models import QuerySet

from hikeshi.assets import cells
from hikeshi.assets.models import Asset
from hikeshi.assets.queries.lists import given
from hikeshi.assets.queries.visibility import visible
from hikeshi.documents.tables import Cell
from hikeshi.kernel.acting import Actor
from hikeshi.phrases.labels import label

CHUNK = 500


def rows(by: Actor, wanted: QuerySet[Asset]) -> Iterator[list[Cell]]:
    """In the order of the columns, in the language that is active. Of what an asset needs, what the reader sees."""
    seen = set(visible(by).values_list("pk", flat=True))
    whole = wanted.prefetch_related("identifiers", "needing__needs")
    for one in whole.iterator(chunk_size=CHUNK):
        said = _cells(one, seen)
        yield [said.get(column) for column in cells.sheet().columns]


def _cells(row: Asset, seen: set[int]) -> dict[str, Cell]:
    stated = given(row)
    plain: dict[str, Cell] = {name: getattr(row, name) for name in (*cells.TEXTS, *cells.NUMBERS)}
    identifiers: dict[str, Cell] = {
        column: cells.joined(one.value for one in stated.identifiers if one.type is kind)
        for column, kind in cells.IDENTIFIERS.items()
    }
    return {
        **plain,
        **identifiers,
        "kind": label("asset_kind", row.kind),
        "criticality": row.criticality,
        "owner": row.owner.username if row.owner else "",
        "team": row.team.name if row.team else "",
        "data": cells.joined(label("asset_data", one) for one in row.data),
        "public": label("yes_no", "yes") if row.public else "",
        "restored_on": row.restored_on,
        "needs": cells.joined(one.needs.name for one in row.needing.all() if one.needs.pk in seen),
    }
