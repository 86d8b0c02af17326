"""Values known to be harmless and the thresholds of flapping, on their pages and through the API."""

from datetime import timedelta

from hikeshi.intake.models import Alert, Benign, FlapTerms
from hikeshi.kernel import clock
from tests import world
from tests.api.calling import body, program
from tests.domains.test_calming import flap, with_a_closed_case
from tests.domains.test_silences import send
from tests.web.desk import browser


def given(**more: str) -> dict[str, str]:
    until = (clock.now() + timedelta(days=9)).strftime("%Y-%m-%dT%H:%M")
    said = {"title": "Our <scanner>", "kind": "host", "values": "db1", "reason": "weekly", "until": until}
    return {**said, "organisation": str(world.site().uuid), **more}


def test_values_are_listed_met_looked_at_again_and_taken_off_on_their_pages() -> None:
    keeper = browser("kei", "administrator")
    wrong = keeper.post("/alerts/benign/new", given(kind="address", values="nonsense"))
    assert wrong.status_code == 422
    assert "nonsense" in wrong.content.decode()
    assert keeper.post("/alerts/benign/new", given()).status_code == 302
    row = Benign.objects.get()
    send()
    assert Alert.objects.get().verdict == "keep"
    alert = keeper.get(f"/alerts/{Alert.objects.get().uuid}/").content.decode()
    assert "weekly" in alert
    assert f"/alerts/benign/{row.uuid}/" in alert
    reader = browser("yuki", "auditor", language="ja")
    page = reader.get("/alerts/benign/?stand=review").content.decode()
    assert "Our &lt;scanner&gt;" in page
    assert "/alerts/benign/new" not in page
    assert reader.get("/alerts/benign/new").status_code == 403
    until = (clock.now() + timedelta(days=60)).strftime("%Y-%m-%dT%H:%M")
    assert keeper.post(f"/alerts/benign/{row.uuid}/review", {"until": until}).status_code == 302
    assert "scanner" not in keeper.get("/alerts/benign/?stand=review").content.decode()
    assert keeper.post(f"/alerts/benign/{row.uuid}/end").status_code == 302
    assert "scanner" in keeper.get("/alerts/benign/?stand=over").content.decode()


def test_the_row_says_that_an_alert_flaps_and_the_threshold_is_set_on_a_page() -> None:
    send()
    with_a_closed_case()
    flap()
    keeper = browser("kei", "administrator")
    assert "flapping" in keeper.get("/alerts/?stand=all").content.decode()
    assert keeper.post("/alerts/flapping", {"changes": "2", "minutes": "10"}).status_code == 422
    assert keeper.post("/alerts/flapping", {"changes": "9", "minutes": "30"}).status_code == 302
    assert FlapTerms.objects.values_list("changes", "minutes").get() == (9, 30)


def test_a_program_keeps_the_list_and_the_threshold() -> None:
    caller = program(world.person("kei", "administrator"))
    said = given(until=(clock.now() + timedelta(days=9)).isoformat())
    made = body(caller.post("benign", said))
    later = (clock.now() + timedelta(days=99)).isoformat()
    assert body(caller.post(f"benign/{made['uuid']}/review", {"until": later}))["until"] > made["until"]
    body(caller.post(f"benign/{made['uuid']}/end", {}))
    assert [one["ended_at"] is None for one in body(caller.get("benign"))["items"]] == [False]
    assert body(caller.put("flapping", {"changes": 4, "minutes": 20})) == {"changes": 4, "minutes": 20}
    assert body(caller.get("flapping")) == {"changes": 4, "minutes": 20}
