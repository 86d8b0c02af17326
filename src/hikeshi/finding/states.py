"""How the groups of words look to ``hikeshi verify --state``."""

from collections.abc import Iterator

from hikeshi.finding import synonyms
from hikeshi.finding.models import SynonymsVersion
from hikeshi.ledger import states


def _versions() -> Iterator[tuple[str, states.Columns]]:
    for row in SynonymsVersion.objects.order_by("number"):
        yield str(row.number), {"content": synonyms.digest(row.content)}


states.register("finding.synonyms", _versions)
