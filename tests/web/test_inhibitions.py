"""Inhibitions on their pages and through the API: set, seen, changed, ended, and the row that says by which alert."""

from hikeshi.intake.models import Alert, Inhibition
from tests import world
from tests.api.calling import body, program
from tests.domains.test_inhibitions import inhibition, send, settle
from tests.web.desk import browser

GIVEN = {
    "title": "Host explains services",
    "source": "title =~ HostDown.*",
    "target": "title =~ Service.*",
    "equal": "host",
    "hours": "8",
    "reason": "one cause",
}


def test_an_inhibition_is_set_seen_changed_and_ended_on_its_pages() -> None:
    keeper, place = browser("kei", "administrator"), {"organisation": str(world.site().uuid)}
    wrong = keeper.post("/alerts/inhibitions/new", {**GIVEN, **place, "target": "colour = red", "title": "<b>x</b>"})
    assert wrong.status_code == 422
    assert "colour" in wrong.content.decode()
    assert "&lt;b&gt;x" in wrong.content.decode()
    made = keeper.post("/alerts/inhibitions/new", {**GIVEN, **place})
    row = Inhibition.objects.get()
    assert made.headers["Location"] == f"/alerts/inhibitions/{row.uuid}/"
    send("HostDown", severity="warning")
    send("ServiceSlow", severity="warning")
    source, held = (Alert.objects.get(title__startswith=name) for name in ("HostDown", "ServiceSlow"))
    assert held.verdict == "hold"
    queue = keeper.get("/alerts/?stand=silenced").content.decode()
    assert f'<a href="/alerts/{source.uuid}/">' in queue
    page = keeper.get(f"/alerts/{held.uuid}/").content.decode()
    assert f"/alerts/inhibitions/{row.uuid}/" in page
    assert f'<a href="/alerts/{source.uuid}/">' in page
    assert "ServiceSlow" in keeper.get(f"/alerts/inhibitions/{row.uuid}/").content.decode()
    changed = keeper.post(f"/alerts/inhibitions/{row.uuid}/change", {**GIVEN, "equal": "host, user"})
    second = Inhibition.objects.get(number=2)
    assert (changed.status_code, second.equal) == (302, "host\nuser")
    shown = browser("yuki", "auditor", language="ja").get(f"/alerts/inhibitions/{second.uuid}/").content.decode()
    assert f"/alerts/inhibitions/{row.uuid}/" in shown, "what it said before stays readable"
    assert keeper.post(f"/alerts/inhibitions/{second.uuid}/end").status_code == 302
    settle()
    assert "ServiceSlow" in keeper.get("/alerts/").content.decode()
    assert "Host explains" not in keeper.get("/alerts/inhibitions/").content.decode()
    assert "Host explains" in keeper.get("/alerts/inhibitions/?stand=over").content.decode()


def test_who_judges_only_sees_inhibitions_and_a_source_of_a_hidden_case_is_not_named() -> None:
    inhibition()
    send("HostDown", severity="warning")
    send("ServiceSlow", severity="warning")
    Alert.objects.filter(title__startswith="HostDown").update(restricted=True, case="incident:x")
    reader = browser("mori", "responder")
    assert "The host explains" in reader.get("/alerts/inhibitions/").content.decode()
    assert "/alerts/inhibitions/new" not in reader.get("/alerts/inhibitions/").content.decode()
    assert reader.get("/alerts/inhibitions/new").status_code == 403
    queue = reader.get("/alerts/?stand=silenced").content.decode()
    assert "ServiceSlow" in queue
    assert "HostDown" not in queue
    assert "may not see" in queue


def test_a_program_sets_changes_and_ends_one() -> None:
    caller = program(world.person("kei", "administrator"))
    said = {**GIVEN, "hours": 8}
    made = body(caller.post("inhibitions", {**said, "organisation": str(world.site().uuid)}))
    changed = body(caller.put(f"inhibitions/{made['uuid']}", {**said, "hours": 24}))
    assert (changed["number"], changed["hours"], changed["family"]) == (2, 24, made["family"])
    body(caller.post(f"inhibitions/{changed['uuid']}/end", {}))
    told = [(one["number"], one["ended_at"] is not None) for one in body(caller.get("inhibitions"))["items"]]
    assert told == [(2, True), (1, True)]
