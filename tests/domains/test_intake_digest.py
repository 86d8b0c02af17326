"""From an accepted body to an alert: counted once, folded, judged, kept, shown to whom it may be shown."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection

from hikeshi.accounts.models import Organisation
from hikeshi.intake import actions, digesting, queries
from hikeshi.intake.actions import rows
from hikeshi.intake.inbox.items import InboxItem
from hikeshi.intake.models import Alert, RawBody
from hikeshi.intake.queries import sourcing
from hikeshi.kernel.acting import system
from hikeshi.kernel.clock import now
from hikeshi.kernel.ids import uuid7
from hikeshi.kernel.refusals import Invalid, NotAllowed, NotFound
from hikeshi.kernel.worlds import World
from hikeshi.ledger.models import Entry
from hikeshi.ledger.verify import verify
from tests import world

DESK = system("test")


def body(source: str, *documents: object, at: Organisation | None = None, alerts: int = 0, **more: object) -> InboxItem:
    content = documents[0] if len(documents) == 1 else list(documents)
    given = {
        "receipt": uuid7(),
        "source": source,
        "organisation_id": (at or world.site()).pk,
        "body": content if isinstance(content, bytes) else json.dumps(content).encode(),
        "content_type": "application/json",
        "received_at": now(),
        "world": World.REAL,
        "alerts": alerts or len(documents),
    }
    return InboxItem(**{**given, **more})


def firing(name: str = "DiskFull", severity: str = "warning", **labels: str) -> dict[str, object]:
    return {
        "status": "firing",
        "labels": {"alertname": name, "severity": severity, "host": "db1", **labels},
        "annotations": {"summary": f"{name} on db1"},
        "startsAt": "2026-11-21T00:00:00Z",
        "endsAt": "0001-01-01T00:00:00Z",
    }


def am(*alerts: object) -> dict[str, object]:
    return {"version": "4", "status": "firing", "alerts": list(alerts), "externalURL": "http://am:9093"}


def only() -> Alert:
    return Alert.objects.get()


def facts(name: str) -> list[dict[str, object]]:
    return [json.loads(entry.body) for entry in Entry.objects.filter(fact=f"intake.{name}").order_by("number")]


def test_an_alert_sent_again_and_again_is_one_row_that_counts() -> None:
    for _ in range(3):
        digesting.digest([body("alertmanager", am(firing()), alerts=1), body("alertmanager", am(firing()), alerts=1)])
    assert (only().count, only().status, only().fired) == (6, "firing", 0)
    assert queries.totals() == queries.Totals(digested=6, alerts=1, parked=0)


def test_identical_alerts_inside_one_batch_are_one_row() -> None:
    result = digesting.digest([body("alertmanager", am(firing(), firing(), firing()), alerts=3)])
    assert (result.alerts, result.new, only().count) == (3, 1, 3)


def test_a_receipt_worked_through_is_not_counted_again() -> None:
    item = body("alertmanager", am(firing()), alerts=1)
    digesting.digest([item, item])
    digesting.digest([item])
    assert only().count == 1
    assert queries.totals().digested == 1


def test_an_alert_ends_and_fires_again() -> None:
    end = {**firing(), "status": "resolved", "endsAt": "2026-11-21T01:00:00Z"}
    again = {**firing(), "startsAt": "2026-11-21T02:00:00Z"}
    digesting.digest([body("alertmanager", am(firing()), alerts=1)])
    digesting.digest([body("alertmanager", am(end), alerts=1)])
    assert only().status == "resolved"
    digesting.digest([body("alertmanager", am(firing()), alerts=1)])
    assert only().status == "resolved", "a late copy of the first firing does not re-open"
    digesting.digest([body("alertmanager", am(again), alerts=1)])
    assert (only().status, only().fired, only().count) == ("firing", 1, 4)


def test_a_late_copy_of_what_is_over_wipes_nothing_that_is_known_of_it() -> None:
    ended = {**firing(), "status": "resolved", "endsAt": "2026-11-21T01:00:00Z"}
    digesting.digest([body("alertmanager", am(firing()), alerts=1)])
    digesting.digest([body("alertmanager", am(ended), alerts=1)])
    known = only()
    digesting.digest([body("alertmanager", am(firing()), alerts=1)])
    late = only()
    assert (late.count, late.status) == (3, "resolved")
    assert known.observables
    assert (late.observables, late.normal, late.words) == (known.observables, known.normal, known.words)


def event(action: str, **more: object) -> dict[str, object]:
    payload = {"summary": "Disk full", "source": "db1", "severity": "critical"}
    return {"event_action": action, "dedup_key": "k", **({"payload": payload} if action == "trigger" else {}), **more}


def test_what_pagerduty_says_of_one_key_is_one_alert_that_keeps_its_words() -> None:
    digesting.digest([body("pagerduty", event("trigger"))])
    digesting.digest([body("pagerduty", event("acknowledge"))])
    assert (only().title, only().status, only().severity, only().verdict) == ("Disk full", "firing", 5, "open")
    digesting.digest([body("pagerduty", event("resolve"))])
    assert (only().title, only().status, only().count) == ("Disk full", "resolved", 3)
    digesting.digest([body("pagerduty", event("acknowledge"))])
    assert (only().status, only().fired) == ("resolved", 0)
    digesting.digest([body("pagerduty", event("trigger"))])
    assert (only().status, only().fired) == ("firing", 1)


def test_what_was_never_triggered_is_kept_and_opens_nothing() -> None:
    digesting.digest([body("pagerduty", event("acknowledge")), body("pagerduty", event("resolve", dedup_key="other"))])
    assert {(row.status, row.verdict, row.rule) for row in Alert.objects.all()} == {("resolved", "keep", "resolved")}


def test_trigger_and_resolution_in_one_batch_are_called_by_what_triggered_them() -> None:
    digesting.digest([body("pagerduty", event("resolve")), body("pagerduty", event("trigger"))])
    assert only().title == "Disk full"


def nagios(kind: str, state: str, at: int) -> dict[str, object]:
    return {"type": kind, "host": "db1", "service": "Disk", "state": state, "output": f"DISK {state}", "time": str(at)}


def test_an_end_renames_no_alert_and_no_incident() -> None:
    begun, ended = nagios("PROBLEM", "CRITICAL", 1763600000), nagios("RECOVERY", "OK", 1763603600)
    digesting.digest([body("nagios", begun)])
    digesting.digest([body("nagios", ended)])
    other = {"host": "db2"}
    digesting.digest([body("nagios", {**begun, **other}, {**ended, **other})])
    said = {(row.title, row.status, row.severity, row.normal["finding_info"]["desc"]) for row in Alert.objects.all()}
    assert said == {(f"Disk on {host}: CRITICAL", "resolved", 5, "DISK CRITICAL") for host in ("db1", "db2")}


def test_one_bad_element_is_parked_and_the_others_go_through() -> None:
    result = digesting.digest([body("generic", {"title": "one"}, {"nothing": "here"}, 7, {"title": "two"})])
    assert (result.alerts, result.new, result.parked) == (4, 2, 2)
    assert sorted(Alert.objects.values_list("title", flat=True)) == ["one", "two"]
    errors = list(queries.parked(world.admin()).values_list("error", flat=True))
    assert sorted(errors) == ["no_title", "not_an_object"]
    assert queries.totals() == queries.Totals(digested=4, alerts=2, parked=2)


def test_what_was_parked_is_read_once_its_mapping_is_mended(monkeypatch: pytest.MonkeyPatch) -> None:
    admin = world.admin()
    digesting.digest([body("generic", {"headline": "strange"}, {"title": "fine"})])
    parked = queries.parked(admin).get()
    assert actions.replay(by=admin, parked=parked.uuid).parked == 1
    parked = queries.parked(admin).get()
    parked.body = b'{"title": "mended"}'
    parked.save()
    actions.replay(by=admin, parked=parked.uuid)
    assert sorted(Alert.objects.values_list("title", flat=True)) == ["fine", "mended"]
    assert queries.totals() == queries.Totals(digested=2, alerts=2, parked=0)
    assert not queries.parked(admin).exists()


def test_a_body_that_ends_every_digest_is_parked_whole_and_once() -> None:
    item = body("generic", {"title": "deadly"}, {"title": "batch"})
    actions.park(item, "boom")
    actions.park(item, "boom")
    digesting.digest([item])
    assert queries.totals() == queries.Totals(digested=2, alerts=0, parked=2)


def test_parked_bodies_are_for_those_who_manage_intake() -> None:
    digesting.digest([body("generic", {"nothing": 1})])
    uuid = queries.parked(world.admin()).get().uuid
    stranger = world.actor("stranger", "administrator", at=world.organisation("Elsewhere"))
    with pytest.raises(NotAllowed):
        queries.parked(world.actor("resi", "responder"))
    with pytest.raises(NotFound):
        actions.dismiss_parked(by=stranger, parked=uuid)
    actions.dismiss_parked(by=world.admin(), parked=uuid)
    assert queries.totals().parked == 1, "what was let go was never read"


def test_a_critical_alert_opens_once_and_what_concerns_the_same_thing_joins_it() -> None:
    digesting.digest(
        [body("alertmanager", am(firing("DbDown", "critical"), firing("DbDown", "critical", shard="2")), alerts=2)]
    )
    digesting.digest([body("alertmanager", am(firing("DbDown", "critical", shard="3")), alerts=1)])
    first, second, third = facts("AlertJudged")
    assert [first["verdict"], second["verdict"], third["verdict"]] == ["open", "attach", "attach"]
    assert first["kind"] == "service_outage"
    assert second["beside"] == first["alert"]
    assert third["beside"] in {first["alert"], second["alert"]}
    assert [first["opens"], second["opens"], third["opens"]] == [False, True, True]
    assert {one["impact"] for one in (second, third)} == {first["impact"]}, "it joins as grave as it would be alone"


def test_an_alert_that_repeats_is_not_judged_again() -> None:
    item = am(firing("DbDown", "critical"))
    for _ in range(3):
        digesting.digest([body("alertmanager", item, alerts=1)])
    assert len(facts("AlertJudged")) == 1


def test_an_alert_that_gets_worse_is_judged_again() -> None:
    digesting.digest([body("generic", {"title": "x", "key": "k", "severity": "low", "time": "2026-11-20T00:00:00Z"})])
    assert only().verdict == "gather"
    digesting.digest([body("generic", {"title": "x", "key": "k", "severity": "high", "time": "2026-11-20T01:00:00Z"})])
    assert (only().verdict, only().severity, only().count) == ("open", 4, 2)


def test_a_linked_alert_that_gets_worse_makes_its_case_as_grave_as_it_is_now() -> None:
    digesting.digest([body("generic", {"title": "x", "key": "k", "severity": "high", "time": "2026-11-20T00:00:00Z"})])
    link(only())
    worse = {"title": "x", "key": "k", "severity": "critical", "time": "2026-11-20T01:00:00Z"}
    digesting.digest([body("generic", worse)])
    first, last = facts("AlertJudged")
    assert (last["verdict"], last["case"], last["opens"]) == ("attach", "incident:1", True)
    assert last["impact"] <= first["impact"]


def test_a_linked_alert_that_fires_again_stays_with_its_open_case() -> None:
    digesting.digest([body("alertmanager", am(firing("DbDown", "critical")), alerts=1)])
    link(only())
    end = {**firing("DbDown", "critical"), "status": "resolved", "endsAt": "2026-11-21T01:00:00Z"}
    again = {**firing("DbDown", "critical"), "startsAt": "2026-11-21T02:00:00Z"}
    digesting.digest([body("alertmanager", am(end), alerts=1)])
    digesting.digest([body("alertmanager", am(again), alerts=1)])
    assert facts("AlertResolved")[0]["case"] == "incident:1"
    last = facts("AlertJudged")[-1]
    assert (last["verdict"], last["case"], last["change"]) == ("attach", "incident:1", "refired")
    assert verify(state=True).findings == ()


def test_once_its_case_is_closed_an_alert_that_fires_again_opens_another() -> None:
    digesting.digest([body("alertmanager", am(firing("DbDown", "critical")), alerts=1)])
    link(only(), open=False)
    end = {**firing("DbDown", "critical"), "status": "resolved", "endsAt": "2026-11-21T01:00:00Z"}
    again = {**firing("DbDown", "critical"), "startsAt": "2026-11-21T02:00:00Z"}
    digesting.digest([body("alertmanager", am(end), alerts=1), body("alertmanager", am(again), alerts=1)])
    assert [fact["verdict"] for fact in facts("AlertJudged")] == ["open", "open"]


def link(alert: Alert, case: str = "incident:1", **more: object) -> None:
    given = {"case_ref": "INC-2026-0001", "open": True, "restricted": False, "members": ()}
    actions.link_case(by=DESK, alerts=[alert.uuid], case=case, **{**given, **more})


def test_alerts_of_a_restricted_case_are_hidden_from_all_but_its_members() -> None:
    digesting.digest([body("generic", {"title": "insider", "key": "a"})])
    member, other = world.actor("memo", "responder"), world.admin()
    link(only(), restricted=True, members=(member.person_id,))
    assert queries.alerts(member).count() == 1
    assert queries.alerts(other).count() == 0
    assert queries.alerts(other, q="insider").count() == 0
    with pytest.raises(NotFound):
        queries.alert(other, only().uuid)
    with pytest.raises(NotFound):
        queries.raw_of(other, only())
    with pytest.raises(NotFound):
        actions.correct_verdict(by=other, alert=only().uuid, verdict="drop", reason="no")
    link(only(), restricted=False)
    assert queries.alerts(other).count() == 1


def test_alerts_of_another_organisation_are_not_there() -> None:
    digesting.digest([body("generic", {"title": "ours", "key": "a"})])
    stranger = world.actor("stranger", "administrator", at=world.organisation("Elsewhere"))
    assert queries.alerts(stranger).count() == 0
    assert all(one.last_at is None for one in sourcing.lines(stranger))
    with pytest.raises(NotFound):
        queries.alert(stranger, only().uuid)
    with pytest.raises(NotAllowed):
        actions.link_case(
            by=stranger, alerts=[only().uuid], case="incident:9", case_ref="", open=True, restricted=False
        )
    with pytest.raises(NotAllowed):
        queries.alerts(world.actor("nobody", "reporter"))
    with pytest.raises(NotFound):
        actions.link_case(by=DESK, alerts=[uuid7()], case="incident:9", case_ref="", open=True, restricted=False)


def test_the_same_alert_of_two_organisations_is_two_things() -> None:
    for place in (world.organisation("North"), world.organisation("South")):
        digesting.digest([body("generic", {"title": "same", "key": "a"}, at=place)])
    assert Alert.objects.count() == 2


def test_a_drill_never_folds_into_what_is_real() -> None:
    digesting.digest([body("generic", {"title": "same", "key": "a"})])
    digesting.digest([body("generic", {"title": "same", "key": "a"}, world=World.DRILL)])
    assert sorted(Alert.objects.values_list("world", "count")) == [("drill", 1), ("real", 1)]


def test_a_person_corrects_a_verdict_with_a_reason_that_the_ledger_only_commits_to() -> None:
    digesting.digest([body("generic", {"title": "noisy printer", "key": "a", "severity": "high"})])
    responder = world.actor("resi", "responder")
    with pytest.raises(Invalid):
        actions.correct_verdict(by=responder, alert=only().uuid, verdict="drop", reason=" ")
    actions.correct_verdict(by=responder, alert=only().uuid, verdict="drop", reason="The printer of floor 3.")
    assert (only().verdict, queries.reason_of(only(), "ja")) == ("drop", "The printer of floor 3.")
    assert not Entry.objects.filter(body__contains="printer").exists()
    assert verify(state=True).findings == ()
    Alert.objects.update(verdict="keep")
    assert verify(state=True).findings != ()


def test_a_verdict_gives_its_reason_in_the_readers_language() -> None:
    digesting.digest([body("alertmanager", am(firing("DbDown", "critical")), alerts=1)])
    assert queries.reason_of(only(), "en") == "Monitoring calls it critical."
    assert queries.reason_of(only(), "ja") == "監視が重大と報告しています。"


def test_the_first_and_the_newest_five_bodies_are_kept_byte_for_byte() -> None:
    bodies = [json.dumps({"title": "t", "key": "k", "n": n}, indent=n).encode() for n in range(9)]
    digesting.digest([body("generic", each) for each in bodies[:7]])
    digesting.digest([body("generic", each) for each in bodies[7:]])
    kept = [bytes(each.body) for each in queries.bodies_of(world.admin(), only())]
    assert sorted(kept) == sorted([bodies[0], *bodies[4:]])
    assert bytes(queries.raw_of(world.admin(), only()).body) == bodies[8]


def test_a_large_body_of_many_alerts_is_not_multiplied() -> None:
    alerts = [firing(f"A{n}", padding="x" * 500) for n in range(200)]
    digesting.digest([body("alertmanager", am(*alerts), alerts=200)])
    assert sum(len(bytes(each.body)) for each in RawBody.objects.all()) < 400_000


def test_hostile_text_is_kept_visible_and_harmless() -> None:
    raw = b'{"title": "<script>alert(1)</script> \\u0000 \\ud800 gnp.\\u202eexe", "key": "\\u0000"}'
    digesting.digest([body("generic", raw)])
    assert only().title == "<script>alert(1)</script> ␀ \ufffd gnp.⟨U+202E⟩exe"
    assert bytes(queries.raw_of(world.admin(), only()).body) == raw


def test_a_shift_jis_body_becomes_readable_and_keeps_its_bytes() -> None:
    raw = '{"title": "①ウイルスを検知しました", "host": "経理PC"}'.encode("cp932")
    digesting.digest([body("generic", raw, content_type="application/json; charset=Shift_JIS")])
    assert only().title == "①ウイルスを検知しました"
    assert bytes(queries.raw_of(world.admin(), only()).body) == raw


def test_the_queue_is_searched_and_filtered() -> None:
    digesting.digest(
        [
            body("generic", {"title": "Ransom note found", "host": "PC-7", "severity": "critical"}),
            body("generic", {"title": "Printer", "severity": "low"}),
        ]
    )
    admin = world.admin()
    assert [row.title for row in queries.alerts(admin, q="ransom pc-7")] == ["Ransom note found"]
    assert [row.title for row in queries.alerts(admin, severity=4)] == ["Ransom note found"]
    assert queries.alerts(admin, verdict="gather,drop").count() == 1
    assert queries.alerts(admin, case="none").count() == 2
    assert queries.alerts(admin, source="wazuh").count() == 0


def test_absurd_dates_become_the_time_of_receipt_and_say_so() -> None:
    received = datetime(2026, 11, 21, 9, tzinfo=UTC)
    item = body("generic", {"title": "t", "time": "0001-01-01T00:00:00Z"}, received_at=received)
    digesting.digest([item])
    assert only().first_seen == received
    assert "time_quality:first:clamped" in only().normal["unmapped"]["hikeshi_notes"]


def test_a_batch_leaves_one_entry_however_many_alerts_it_holds() -> None:
    digesting.digest([body("generic", *[{"title": f"t{n}"} for n in range(50)])])
    (fact,) = facts("Digested")
    assert (fact["alerts"], fact["new"], fact["sources"]) == (50, 50, {"generic": 1})
    assert verify(state=True).findings == ()


def test_what_each_source_last_sent_is_known() -> None:
    later = now() + timedelta(minutes=1)
    digesting.digest([body("generic", {"title": "t"}, received_at=later), body("generic", {"title": "u"})])
    heard = [one for one in sourcing.lines(world.admin()) if one.last_at is not None]
    assert [(one.code, one.last_at, one.ever) for one in heard] == [("generic", later, 2)]


def test_an_unknown_source_parks_and_never_raises() -> None:
    digesting.digest([body("nosuch", {"title": "t"})])
    assert queries.parked(world.admin()).get().error == "unknown_source"


def test_the_sum_of_all_counts_and_parked_is_what_was_accepted() -> None:
    items = [
        body("alertmanager", am(firing(), firing("B"), 3), alerts=3),
        body("generic", {"title": "a"}, {"title": "a"}, {}, alerts=3),
        body("guardduty", {"Findings": []}, alerts=0),
    ]
    digesting.digest(items)
    total = queries.totals()
    assert total.digested == 6 == sum(Alert.objects.values_list("count", flat=True)) + total.parked


def test_uuids_are_public_and_sort_by_age() -> None:
    digesting.digest([body("generic", {"title": "t"})])
    assert isinstance(only().uuid, UUID)
    assert only().uuid.version == 7


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer: nobody can be first in between")
def test_two_digesters_that_meet_the_same_new_alert_make_one_row(monkeypatch: pytest.MonkeyPatch) -> None:
    digesting.digest([body("generic", {"title": "t", "key": "k"})])
    held = rows.held
    answers = iter([{}])
    monkeypatch.setattr(rows, "held", lambda wanted: next(answers, None) or held(wanted))
    digesting.digest([body("generic", {"title": "t", "key": "k"})])
    assert only().count == 2
    assert queries.totals() == queries.Totals(digested=2, alerts=1, parked=0)


def test_an_attempt_and_a_policy_signature_of_suricata_open_nothing_but_running_malware_does():
    def eve(number: int, signature: str, category: str) -> dict[str, object]:
        at = f"2026-11-21T00:00:{number:02d}.000000+0000"
        alert = {
            "signature_id": number,
            "signature": signature,
            "category": category,
            "severity": 1,
            "action": "allowed",
        }
        return {"timestamp": at, "event_type": "alert", "src_ip": "203.0.113.9", "dest_ip": "10.0.0.5", "alert": alert}

    lines = [
        eve(1, "ET EXPLOIT Struts", "Attempted Administrator Privilege Gain"),
        eve(2, "ET POLICY TeamViewer", "Potential Corporate Privacy Violation"),
        eve(3, "ET POLICY odd user agent", "A Network Trojan was detected"),
        eve(4, "ET TROJAN beacon", "Malware Command and Control Activity Detected"),
    ]
    digesting.digest([body("suricata", *lines)])
    verdicts = list(Alert.objects.order_by("first_seen").values_list("verdict", flat=True))
    assert [one == "open" for one in verdicts] == [False, False, False, True]
