"""A record that a rule opened is a suspicion until a person says what it is, wherever it is read."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hikeshi.incidents import actions, queries
from hikeshi.incidents import reactions as _hears  # noqa: F401  # of judgements
from hikeshi.incidents.codes import RecordClass
from hikeshi.incidents.models import Incident
from hikeshi.kernel import clock
from hikeshi.ledger import reactions as hearing
from tests import world
from tests.api.calling import body, program
from tests.web.desk import alert, browser, incident, page


@pytest.fixture
def suspected() -> Incident:
    hearing.begin()
    for minutes, title in ((50, "Port scan seen"), (30, "High entropy in access request"), (1, "Sudo to root")):
        alert(title, "low", host="web01", time=(clock.now() - timedelta(minutes=minutes)).isoformat())
    while hearing.step(clock.now()):
        pass
    return Incident.objects.get()


def test_it_is_called_suspected_until_a_person_decides_its_class(suspected: Incident) -> None:
    reported = incident("Odd mail")
    desk, caller = browser("abe", "commander"), program(world.person("ito", "commander"))
    room, narrowed = f"/incidents/{suspected.ref}/", "/incidents/?record_class=suspected"
    assert "Suspected incident" in page(desk.get(room))
    assert "Suspected incident" not in page(desk.get(f"/incidents/{reported.ref}/"))
    assert suspected.ref in page(desk.get(narrowed))
    assert reported.ref not in page(desk.get(narrowed))
    assert body(caller.get(f"incidents/{suspected.ref}"))["suspected"] is True
    found = body(caller.get("incidents?class=suspected"))["items"]
    assert [(one["ref"], one["suspected"]) for one in found] == [(suspected.ref, True)]

    reason = {"record_class": RecordClass.INCIDENT, "reason": "somebody is in"}
    actions.classify(by=world.actor("mori", "commander"), ref=suspected.ref, **reason)
    assert "Suspected incident" not in page(desk.get(room))
    assert suspected.ref not in page(desk.get(narrowed)).split('id="incident-rows"', 1)[1]
    assert body(caller.get(f"incidents/{suspected.ref}"))["suspected"] is False


def test_a_list_of_them_asks_nothing_more_for_each(suspected: Incident) -> None:
    rows = queries.brief(queries.incidents(world.admin(), record_class="suspected"))
    with CaptureQueriesContext(connection) as asked:
        assert [one.shown_class for one in rows] == ["suspected"]
    assert len(asked) <= 2
