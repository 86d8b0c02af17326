"""Keeps the alerts of an incident as open, and as hidden, as it is."""

from collections.abc import Sequence
from uuid import UUID

from hikeshi.incidents.codes import Status
from hikeshi.incidents.models import AttachedAlert, Incident
from hikeshi.incidents.queries.visibility import members
from hikeshi.intake import actions as intake
from hikeshi.kernel.acting import system

# The person who acts may not see every alert the record holds; what they do to it reaches all of them.
BY = system("incidents")


def tell_alerts(incident: Incident, added: Sequence[UUID] = (), *, fresh: bool = False) -> None:
    """Writes case, state and visibility onto the alerts it holds and those now added. An alert that has gone over to
    another record stays there. ``fresh``: the record was opened in this act, so that nobody takes part in it yet but
    whom a restricted one before it let in.
    """
    if not added and not AttachedAlert.objects.filter(incident=incident).exists():
        return
    intake.link_case(
        by=BY,
        alerts=added,
        case=incident.subject,
        case_ref=incident.ref,
        open=incident.status != Status.CLOSED,
        restricted=incident.restricted,
        members=() if fresh and not incident.restricted else sorted(members(incident)),
    )


def tell_members(incident: Incident) -> None:
    """After somebody came or went. Only of a restricted record do its alerts ask who that is."""
    if incident.restricted:
        tell_alerts(incident)
