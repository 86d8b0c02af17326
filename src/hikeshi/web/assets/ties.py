"""Incidents that an asset was part of."""

from collections.abc import Sequence
from dataclasses import dataclass

from hikeshi.assets.queries import Asset
from hikeshi.incidents import queries as incidents
from hikeshi.intake import queries as intake
from hikeshi.intake.permissions import Verb
from hikeshi.kernel.acting import Actor

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Ties:
    """Open ones first; ``more``: there are others. ``alerts`` are the newest of theirs."""

    items: Sequence[incidents.Incident]
    more: bool
    alerts: Sequence[intake.Alert]


def incidents_of(by: Actor, asset: Asset) -> Ties:
    """Cost: two queries, whatever its history."""
    found = list(incidents.incidents(by, asset=str(asset.uuid))[: SHOWN + 1])
    subjects = [one.subject for one in found[:SHOWN]]
    may_look = by.may(Verb.VIEW) and bool(subjects)
    alerts = intake.alerts(by).exclude(case="").filter(case__in=subjects)[:SHOWN] if may_look else []
    return Ties(found[:SHOWN], len(found) > SHOWN, list(alerts))
