"""Keeps the alerts of an incident as open, and as hidden, as it is."""

from hikeshi.incidents.models import Incident


def tell_alerts(incident: Incident) -> None:
    """Writes case, state and visibility onto every alert it holds."""
