"""Shares a batch out among the sources that wait, as `claims` does with rows: evenly, what small ones leave to the
large ones, and every second batch to the quiet ones alone. The stream's own counts say how much waits of each.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nats.aio.client import Client

from hikeshi.intake.inbox.claims import ALERTS, BYTES, FEW
from hikeshi.intake.inbox.jetstream import reading
from hikeshi.intake.inbox.jetstream.reading import Kept


@dataclass(frozen=True, slots=True)
class Share:
    """Of one source: how many bodies to read at most, and how many alerts and bytes of them to take."""

    bodies: int
    alerts: int
    size: int


def shares(
    counts: Mapping[str, Mapping[int, int]], in_hand: Mapping[str, tuple[int, int]], *, quick: bool
) -> tuple[dict[str, Share], bool]:
    """By source; and whether they are the quiet ones alone."""
    waiting = sorted(_waiting(counts, in_hand), key=lambda one: one[1])
    quiet = [one for one in waiting if one[2] <= FEW]
    quick = quick and 0 < len(quiet) < len(waiting)
    waiting = quiet if quick else waiting
    found: dict[str, Share] = {}
    left = ALERTS
    for place, (source, bodies, alerts) in enumerate(waiting):
        share = left // (len(waiting) - place)
        of_each = max(1, alerts // bodies)
        found[source] = Share(min(bodies, share // of_each + 1, ALERTS), share, BYTES // len(waiting))
        left -= min(share, alerts)
    return found, quick


def _waiting(
    counts: Mapping[str, Mapping[int, int]], in_hand: Mapping[str, tuple[int, int]]
) -> Sequence[tuple[str, int, int]]:
    """Source, bodies and alerts that are in no run."""
    found = []
    for source, each in counts.items():
        held_bodies, held_alerts = in_hand.get(source, (0, 0))
        bodies = sum(each.values()) - held_bodies
        alerts = sum(alerts * many for alerts, many in each.items()) - held_alerts
        if bodies > 0:
            found.append((source, bodies, max(0, alerts)))
    return found


async def read(
    client: Client, name: str, wanted: Mapping[str, Share], lanes: Mapping[str, int]
) -> dict[str, Sequence[Kept]]:
    """What fits of each share, at least one body; from where its lane ends."""
    read = [
        reading.bodies(client, name, source, first=lanes.get(source, 0) + 1, most=share.bodies, size=share.size)
        for source, share in wanted.items()
    ]
    found = zip(wanted.items(), await asyncio.gather(*read), strict=True)
    return {source: _fitting(bodies, share) for (source, share), bodies in found if bodies}


def _fitting(bodies: Sequence[Kept], share: Share) -> Sequence[Kept]:
    alerts, size = share.alerts, share.size
    for place, one in enumerate(bodies):
        alerts, size = alerts - one.item.alerts, size - len(one.item.body)
        if place and (alerts < 0 or size < 0):
            return bodies[:place]
    return bodies
