"""Incidents for tests, built by the product's own verbs."""

from collections.abc import Callable

import pytest

from hikeshi.incidents import actions
from hikeshi.incidents.models import Incident, Moment, Phase
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Refusal


def opened(by: Actor, **fields: object) -> Incident:
    """A ransomware case, P1; any field of ``open_incident`` may be given."""
    given = {"title": "共有サーバのファイルが暗号化された", "kind": "ransomware", "impact": 1, "urgency": 1}
    return actions.open_incident(by=by, **{**given, **fields})


def phases(incident: Incident) -> dict[str, str]:
    return {one.code: one.state for one in Phase.objects.filter(incident=incident, in_course=True)}


def moments(incident: Incident) -> set[str]:
    return set(Moment.objects.filter(incident=incident, superseded_at=None).values_list("kind", flat=True))


def fresh(incident: Incident) -> Incident:
    return Incident.objects.get(pk=incident.pk)


def refusal(act: Callable[[], object]) -> str:
    """Why it was refused: the reason, else the code."""
    with pytest.raises(Refusal) as caught:
        act()
    return str(getattr(caught.value, "reason", caught.value.code))
