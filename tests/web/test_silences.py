"""Silences on their pages: set, seen, ended, and one alert snoozed, in both languages and for who may not."""

from datetime import timedelta

from hikeshi.intake import actions as intake
from hikeshi.intake.models import Alert, Silence
from hikeshi.kernel import clock
from hikeshi.kernel.acting import system
from tests import world
from tests.domains.test_silences import send, silence
from tests.web.desk import browser


def given(**more: str) -> dict[str, str]:
    """As a browser sends it; a beginning that is over is the present."""
    times = {"starts_at": clock.now() - timedelta(hours=20), "ends_at": clock.now() + timedelta(hours=30)}
    said = {name: at.strftime("%Y-%m-%dT%H:%M") for name, at in times.items()}
    place = {"organisation": str(world.site().uuid)}
    return {"title": "Work on db1", "matchers": "host = db1", "reason": "planned", **said, **place, **more}


def test_a_silence_is_set_seen_and_ended_on_its_pages() -> None:
    send(severity="warning")
    keeper = browser("mori", "responder")
    wrong = keeper.post("/alerts/silences/new", given(matchers="colour = red", title="<b>x</b>"))
    assert wrong.status_code == 422
    assert "colour" in wrong.content.decode()
    assert "&lt;b&gt;x" in wrong.content.decode()
    set_ = keeper.post("/alerts/silences/new", given())
    row = Silence.objects.get()
    assert set_.headers["Location"] == f"/alerts/silences/{row.uuid}/"
    assert Alert.objects.get().verdict == "hold"
    listed = keeper.get("/alerts/silences/").content.decode()
    assert "Work on db1" in listed
    shown = keeper.get(f"/alerts/silences/{row.uuid}/").content.decode()
    assert "DiskFull" in shown
    assert f"/alerts/silences/{row.uuid}/" in keeper.get(f"/alerts/{Alert.objects.get().uuid}/").content.decode()
    assert "DiskFull" not in keeper.get("/alerts/").content.decode()
    assert "DiskFull" in keeper.get("/alerts/?stand=silenced").content.decode()
    assert "Work on db1" in browser("yuki", "auditor", language="ja").get("/alerts/silences/").content.decode()
    assert keeper.post(f"/alerts/silences/{row.uuid}/end").status_code == 302
    assert intake.speak_after_silence(by=system("test"), at=clock.now())
    assert "DiskFull" in keeper.get("/alerts/").content.decode()
    assert "Work on db1" not in keeper.get("/alerts/silences/").content.decode()
    assert "Work on db1" in keeper.get("/alerts/silences/?stand=over").content.decode()


def test_one_alert_is_snoozed_on_its_page() -> None:
    send(severity="warning")
    uuid, keeper = Alert.objects.get().uuid, browser("mori", "responder")
    assert "snooze" in keeper.get(f"/alerts/{uuid}/").content.decode()
    assert keeper.post(f"/alerts/{uuid}/snooze", {"hours": "4", "reason": ""}).status_code == 422
    assert keeper.post(f"/alerts/{uuid}/snooze", {"hours": "4", "reason": "known"}).status_code == 302
    assert Alert.objects.get().verdict == "hold"


def test_who_only_reads_sees_silences_and_sets_none() -> None:
    row = silence()
    reader = browser("ida", "auditor")
    assert "Work on db1" in reader.get("/alerts/silences/").content.decode()
    assert "/alerts/silences/new" not in reader.get("/alerts/silences/").content.decode()
    assert reader.get("/alerts/silences/new").status_code == 403
    assert reader.post(f"/alerts/silences/{row.uuid}/end").status_code == 403
    assert 'name="every"' not in browser("mori", "responder").get("/alerts/silences/new").content.decode()
    assert 'name="every"' in browser("kei", "administrator").get("/alerts/silences/new").content.decode()
