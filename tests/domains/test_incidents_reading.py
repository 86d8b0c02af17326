"""Reading incidents: who sees what, the room in few queries, the timeline in the reader's words."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from hikeshi.incidents import actions, queries
from hikeshi.incidents.codes import Certainty, RecordClass
from hikeshi.incidents.models import Incident
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.paging import paginate
from hikeshi.kernel.refusals import Invalid, NotFound
from tests import world


def opened(by: Actor, **fields: object) -> Incident:
    given = {"title": "Files are encrypted", "kind": "ransomware", "impact": 1, "urgency": 1}
    return actions.open_incident(by=by, **{**given, **fields})


def test_the_timeline_is_told_in_the_readers_words() -> None:
    ichi = world.actor("ichi", "commander")
    incident = opened(ichi)
    actions.assign(by=ichi, ref=incident.ref, owner="ichi")
    actions.note(by=ichi, ref=incident.ref, text="**最初の**メモ")
    actions.declare(by=ichi, ref=incident.ref, reason="暗号化を確認")
    with translation.override("en"):
        lines = queries.timeline(ichi, incident.ref).items
    assert [one.sentence for one in lines] == [
        "Declared: Incident (was: Event).",
        "Wrote a note.",
        "Assigned to Ichi.",
        "Brought in Ichi as Reporter.",
        "Opened as Ransomware, priority Critical.",
    ]
    assert lines[0].detail == "暗号化を確認"
    assert (lines[1].detail, lines[1].markdown) == ("**最初の**メモ", True)
    assert {one.actor_name for one in lines} == {"Ichi"}


def test_room() -> None:
    ichi = world.actor("ichi", "commander")
    incident = opened(ichi)
    room = queries.room(ichi, incident.ref)
    assert room.completeness.known == 1
    assert [one.code for one in room.phases if one.can_start] == ["analyse", "contain", "eradicate", "recover", "report", "learn"]
