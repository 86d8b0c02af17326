"""Open records that what somebody is about to open, or looks at, may already be."""

from collections.abc import Sequence
from typing import Final

from hikeshi.incidents.codes import Status
from hikeshi.incidents.likeness import ALIKE, likeness, pairs
from hikeshi.incidents.models import STANDING, Incident
from hikeshi.incidents.queries.visibility import visible
from hikeshi.kernel.acting import Actor

LOOKED_AT: Final = 500
SHOWN: Final = 5
SHORTEST: Final = 4
KIND: Final = 0.1
"""What the same kind adds; by itself it makes nothing alike."""


def alike(by: Actor, title: str, *, kind: str = "", but: int = 0) -> Sequence[Incident]:
    """The likest first, of the gravest 500 that are open and that this reader sees. One query; nothing for words too
    short to tell.
    """
    wanted = pairs(title)
    if len(wanted) < SHORTEST:
        return ()
    rows = visible(by).filter(standing=STANDING[Status.OPEN]).exclude(pk=but).select_related("owner")
    found = []
    for one in rows.order_by("standing", "priority", "-updated_at", "-id").defer("description", "resolution")[
        :LOOKED_AT
    ]:
        share = likeness(wanted, pairs(one.title))
        if share >= ALIKE:
            found.append((share + (KIND if kind and kind == one.kind else 0), one))
    found.sort(key=lambda pair: pair[0], reverse=True)
    return [one for _, one in found[:SHOWN]]
