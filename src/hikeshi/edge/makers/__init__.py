"""Doors as other makers built them, for senders that already speak to those: their paths, their answers, our inbox."""

from collections.abc import Callable

from hikeshi.edge.makers import opsgenie, pagerduty, prometheus
from hikeshi.edge.makers.maker import Maker, Sent

_PREFIXES = ("/api/v2/", "/v2/")
"""What begins otherwise is no door of these: asked of every request, so it is two comparisons."""
_FOUND: tuple[Callable[[str], Maker | None], ...] = (prometheus.at, pagerduty.at, opsgenie.at)


def at(path: str) -> Maker | None:
    if not path.startswith(_PREFIXES):
        return None
    return next((maker for maker in (find(path) for find in _FOUND) if maker is not None), None)


__all__ = ["Maker", "Sent", "at"]
