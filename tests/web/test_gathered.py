"""What is too weak for a look of its own: off the queue, told once a day and source, and no less a signal."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hikeshi.intake import actions
from hikeshi.intake.models import Alert
from hikeshi.intake.queries import gathered
from hikeshi.kernel import clock
from hikeshi.kernel.refusals import NotAllowed
from tests import world
from tests.api.calling import body, program
from tests.domains.test_silences import responder
from tests.web.desk import alert, browser, page


def weak(title: str, host: str, severity: str = "low", days: float = 0) -> Alert:
    return alert(title, severity, host=host, time=(clock.now() - timedelta(days=days, minutes=1)).isoformat())


def test_what_its_source_calls_low_is_off_the_queue_and_told_with_its_like() -> None:
    for host in ("web01", "db1", "db1"):
        weak("New event type", host)
    weak("Reached for the vault", "pay1")
    weak("Disk slow", "db1", "medium")
    desk = browser("mori", "responder")
    queue = page(desk.get("/alerts/"))
    assert "Disk slow" in queue
    assert "New event type" not in queue
    (digest,) = gathered.of_week(world.admin()).digests
    assert (digest.source, digest.kinds, digest.alerts, digest.reports, digest.hosts) == ("generic", 2, 3, 4, 3)
    assert [line.title for line in digest.lines] == ["Reached for the vault", "New event type"]
    shown = page(desk.get("/alerts/gathered/"))
    assert shown.index("Reached for the vault") < shown.index("New event type")
    assert "Disk slow" not in shown
    assert f"/alerts/silences/new?like={digest.lines[0].newest}" in shown
    assert "New event type" in page(desk.get("/alerts/?stand=gathered"))
    told = body(program(world.person("abe", "responder")).get("gathered"))
    assert told["digests"][0]["lines"][1]["hosts"] == ["db1", "web01"]


def test_a_repetition_is_new_on_no_second_day() -> None:
    weak("New event type", "web01", days=3)
    weak("New event type", "web01")
    weak("New event type", "web02")
    first, second = gathered.of_week(world.admin()).digests
    assert first.day > second.day
    assert [sorted(line.hosts) for line in (*first.lines, *second.lines)] == [["web02"], ["web01"]]
    assert second.lines[0].reports == 2


def test_what_gets_worse_comes_onto_the_queue() -> None:
    weak("Port scan", "web01")
    alert("Port scan", "medium", host="web01", time=clock.now().isoformat())
    assert Alert.objects.get().verdict == "keep"
    assert gathered.of_week(world.admin()).digests == []


def test_what_a_person_wants_to_look_at_stays_on_the_queue_and_counts_against_the_rule() -> None:
    row = weak("Port scan", "web01")
    corrected = actions.correct_verdict(by=responder(), alert=row.uuid, verdict="keep", reason="ours to see")
    weak("Port scan", "web01")
    assert Alert.objects.get().verdict == corrected.verdict == "keep"
    assert row.corrections.get().rule == "low"


def test_it_is_told_to_nobody_elsewhere_and_costs_no_more_queries_the_more_there_is() -> None:
    weak("Port scan", "web01")
    desk = browser("yuki", "auditor", language="ja")
    assert "Port scan" in page(desk.get("/alerts/gathered/"))
    with CaptureQueriesContext(connection) as few:
        desk.get("/alerts/gathered/")
    for number in range(20):
        weak(f"Port scan {number}", f"web{number}")
    with CaptureQueriesContext(connection) as many:
        desk.get("/alerts/gathered/")
    assert len(many) == len(few)
    Alert.objects.update(restricted=True, case="")
    assert "Port scan" not in page(desk.get("/alerts/gathered/"))
    with pytest.raises(NotAllowed):
        gathered.of_week(world.actor("guest"))
