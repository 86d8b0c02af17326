"""The noise of the week: what waited for people, the most of it first, with a silence proposed one click away."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from hikeshi.intake.models import Alert, Silence
from hikeshi.intake.queries import noise
from hikeshi.kernel import clock
from hikeshi.ledger.verify import verify
from tests import world
from tests.api.calling import body, program
from tests.domains.test_silences import send
from tests.web.desk import browser
from tests.web.test_silences import given


def noisy() -> None:
    for shard in ("1", "2", "3"):
        send(severity="warning", shard=shard)
    send(severity="warning", shard="1")
    send('Fan "A" slow', severity="warning")


def test_the_noise_of_the_week_is_silenced_in_one_click() -> None:
    noisy()
    keeper = browser("mori", "responder")
    page = keeper.get("/alerts/noise/").content.decode()
    (worst, fan) = noise.weekly(world.admin()).lines
    assert (worst.alerts, worst.reports, fan.alerts) == (3, 4, 1)
    assert page.index("DiskFull") < page.index("Fan &quot;A&quot; slow")
    where = f"/alerts/silences/new?like={fan.newest}"
    assert where in page
    form = keeper.get(where).content.decode()
    assert "title = &quot;Fan \\&quot;A\\&quot; slow" in form
    assert keeper.post("/alerts/silences/new", given(title=fan.title, matchers=fan.matchers)).status_code == 302
    assert [one.title for one in Alert.objects.filter(verdict="hold")] == [fan.title], "these and no others"
    assert Silence.objects.count() == 1
    told = body(program(world.person("mori", "responder")).get("noise"))
    assert (told["alerts"], told["whole"]) == (3, True)
    assert [(one["title"], one["alerts"], one["reports"]) for one in told["lines"]] == [(worst.title, 3, 4)]
    assert [(one["source"], one["titles"], one["alerts"]) for one in told["sources"]] == [("alertmanager", 1, 3)]
    assert "Fan" not in keeper.get("/alerts/noise/").content.decode()


def test_what_makes_noise_every_week_is_one_click_from_a_rule_tried_on_what_came() -> None:
    noisy()
    fan = noise.weekly(world.admin()).lines[1]
    keeper = browser("keeper", "administrator")
    where = f"/rules/new?like={fan.newest}"
    assert where in keeper.get("/alerts/noise/").content.decode()
    assert where not in browser("mori", "responder").get("/alerts/noise/").content.decode()
    form = keeper.get(where).content.decode()
    assert "finding_info.title" in form
    assert "Fan &quot;A&quot; slow" in form
    sigma = keeper.get(where).context["form"].initial["sigma"]
    words = {"code": "fans", "title_ja": "x", "title_en": "x", "reason_ja": "x", "reason_en": "x", "rank": "150"}
    more = {"verdict": "drop", "impact": "3", "effect": "3", "urgency": "3", "review": "2040-01-01", "mode": "text"}
    tried = keeper.post(where, {**words, **more, "sigma": sigma, "do": "try", "window": "5000"})
    assert [one.title for one in tried.context["editor"].trial.sample] == [fan.title], "these and no others"
    assert keeper.get("/rules/new?like=nothing").status_code == 200
    elsewhere = Alert.objects.latest("id").uuid
    assert keeper.get(f"/rules/new?like={elsewhere}").status_code == 200


def test_titles_that_differ_in_numbers_are_one_line_with_one_silence_and_one_rule_for_all_of_them() -> None:
    for port in ("1024", "3389"):
        send(f"Deny tcp src outside:203.0.113.9/{port} by acl", severity="warning")
    send("Deny udp src outside:203.0.113.9/53 by acl", severity="warning")
    (many, one) = noise.weekly(world.admin()).lines
    assert (many.alerts, many.titles, one.titles) == (2, 2, 1)
    keeper = browser("keeper", "administrator")
    assert "more titles that differ in numbers alone: 1" in keeper.get("/alerts/noise/").content.decode()
    form = keeper.get(many.silence_at)
    assert "similar" in many.silence_at
    sigma = keeper.get(many.rule_at).context["form"].initial["sigma"]
    assert "|re" in sigma
    words = {"code": "acl", "title_ja": "x", "title_en": "x", "reason_ja": "x", "reason_en": "x", "rank": "150"}
    more = {"verdict": "drop", "impact": "3", "effect": "3", "urgency": "3", "review": "2040-01-01", "mode": "text"}
    tried = keeper.post("/rules/new", {**words, **more, "sigma": sigma, "do": "try", "window": "5000"})
    assert {one.title[:8] for one in tried.context["editor"].trial.sample} == {"Deny tcp"}
    said = form.context["form"].initial["matchers"]
    made = keeper.post("/alerts/silences/new", given(title="acl", matchers=said, every="once"))
    assert made.status_code == 302, made.context["form"].errors
    assert {one.title[:8] for one in Alert.objects.filter(verdict="hold")} == {"Deny tcp"}
    assert Alert.objects.filter(verdict="hold").count() == 2


def test_the_report_of_the_week_is_switched_off_by_whoever_keeps_sources_and_by_a_program() -> None:
    keeper = browser("keeper", "administrator")
    assert "Send it no more" in keeper.get("/alerts/noise/").content.decode()
    keeper.post("/alerts/noise/report", {"on": "0"})
    page = keeper.get("/alerts/noise/").content.decode()
    assert "This is sent to nobody." in page
    reader = browser("mori", "responder")
    assert "noise/report" not in reader.get("/alerts/noise/").content.decode()
    assert reader.post("/alerts/noise/report", {"on": "1"}).status_code == 403
    caller = program(world.person("kei", "administrator"))
    assert body(caller.get("noise/report")) == {"on": False}
    assert body(caller.put("noise/report", {"on": True})) == {"on": True}
    assert program(world.person("yuki", "responder")).put("noise/report", {"on": False}).status_code == 403
    assert verify(state=True).findings == ()


def test_who_only_reads_is_offered_no_silence_and_a_stranger_sees_nothing() -> None:
    noisy()
    page = browser("yuki", "auditor", language="ja").get("/alerts/noise/").content.decode()
    assert "DiskFull" in page
    assert "silences/new" not in page
    elsewhere = browser("kobayashi", "responder", at=world.organisation("Branch"))
    assert "DiskFull" not in elsewhere.get("/alerts/noise/").content.decode()
    hidden = elsewhere.get(f"/alerts/silences/new?like={Alert.objects.latest('id').uuid}")
    assert hidden.status_code == 200
    assert "Fan" not in hidden.content.decode()


def test_what_is_older_than_a_week_is_no_noise_and_more_alerts_cost_no_more_queries() -> None:
    keeper = browser("mori", "responder")
    noisy()
    keeper.get("/alerts/noise/")
    with CaptureQueriesContext(connection) as few:
        keeper.get("/alerts/noise/")
    for number in range(12):
        send(f"Other {number}", severity="warning")
    with CaptureQueriesContext(connection) as many:
        keeper.get("/alerts/noise/")
    assert len(many) == len(few)
    Alert.objects.update(last_seen=clock.now() - timedelta(days=8))
    assert noise.weekly(world.admin()).alerts == 0
    assert "No alert waited" in keeper.get("/alerts/noise/").content.decode()
