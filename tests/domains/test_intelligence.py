"""What the desk knows of attackers, said in the alerts that name it, before rules judge them."""

import json
from datetime import timedelta

import msgspec
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hikeshi.assets import actions
from hikeshi.assets.actions import intelligence as bringing
from hikeshi.assets.models import Indicator, IndicatorList
from hikeshi.assets.queries import intelligence
from hikeshi.intake import digesting
from hikeshi.intake.inbox.items import InboxItem
from hikeshi.intake.models import Alert
from hikeshi.intake.sources.book import FOLDER
from hikeshi.kernel import clock
from hikeshi.kernel.ids import uuid7
from hikeshi.kernel.refusals import Invalid, NotAllowed, NotFound
from hikeshi.kernel.worlds import World
from tests import world
from tests.domains.test_intake_site_rules import on

RULE = "detection:\n  hit:\n    enrichments.type: indicator\n  condition: hit\n"


def item(*alerts: dict[str, object], at: int | None = None) -> InboxItem:
    return InboxItem(
        receipt=uuid7(),
        source="generic",
        organisation_id=at or world.site().pk,
        body=json.dumps({"alerts": alerts}).encode(),
        content_type="application/json",
        received_at=clock.now(),
        world=World.REAL,
        alerts=len(alerts),
    )


def told(name: str, *, at: int | None = None, **more: object) -> Alert:
    digesting.digest([item({"title": name, "severity": "low", "key": name, **more}, at=at)])
    return Alert.objects.get(title=name)


def said(row: Alert, kind: str) -> list[dict[str, object]]:
    return [one for one in row.normal.get("enrichments", []) if one["type"] == kind]


def feed(body: str = "198.51.100.0/24\n203.0.113.7\nevil.example\n", **more: object) -> IndicatorList:
    terms = {"by": world.admin(), "organisation": world.site().uuid, "title": "JPCERT", **more}
    return actions.add_indicators(body=body.encode(), **terms)


def test_an_alert_that_names_an_indicator_says_so_and_a_rule_may_open_for_it() -> None:
    feed(tlp="green", origin="JPCERT/CC")
    on("indicator_hit", sigma=RULE, verdict="open", kind="intrusion")
    quiet = told("quiet", src_ip="203.0.113.8")
    loud = told("loud", src_ip="198.51.100.9")
    assert (quiet.verdict, said(quiet, "indicator")) == ("gather", [])
    assert (loud.verdict, loud.rule) == ("open", "indicator_hit")
    (hit,) = said(loud, "indicator")
    assert (hit["value"], hit["provider"]) == ("198.51.100.9", "JPCERT")
    assert hit["data"] == {
        "sort": "network",
        "indicator": "198.51.100.0/24",
        "tlp": "green",
        "origin": "JPCERT/CC",
    }


def test_the_strictest_marking_counts_and_nobody_loosens_what_a_file_says() -> None:
    red = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"
    marked = {"type": "indicator", "pattern": "[ipv4-addr:value = '192.0.2.1']", "object_marking_refs": [red]}
    body = json.dumps({"type": "bundle", "objects": [marked]})
    assert feed(body, tlp="clear").tlp == feed(body).tlp == "red"
    assert feed(tlp="clear").tlp == "clear"
    assert feed().tlp == "amber", "who says nothing says amber"
    with pytest.raises(Invalid):
        feed(tlp="blue")


def test_what_is_over_and_what_is_taken_out_is_compared_with_no_more() -> None:
    until = (clock.now() + timedelta(days=1)).isoformat()
    objects = [
        {"type": "indicator", "pattern": "[ipv4-addr:value = '192.0.2.1']", "valid_until": until},
        {"type": "indicator", "pattern": "[ipv4-addr:value = '192.0.2.2']", "confidence": 70},
    ]
    kept = feed(json.dumps({"type": "bundle", "objects": objects}))
    assert said(told("a", src_ip="192.0.2.1"), "indicator")
    world.clock.fast_forward(timedelta(days=1, seconds=1))
    assert not said(told("b", src_ip="192.0.2.1"), "indicator")
    (hit,) = said(told("c", src_ip="192.0.2.2"), "indicator")
    assert hit["data"]["confidence"] == 70
    key = Indicator.objects.get(value="192.0.2.2").key
    actions.remove_indicator(by=world.admin(), indicators=kept.uuid, key=key)
    assert not said(told("d", src_ip="192.0.2.2"), "indicator")
    with pytest.raises(NotFound):
        actions.remove_indicator(by=world.admin(), indicators=kept.uuid, key=key)
    actions.remove_indicators(by=world.admin(), indicators=kept.uuid)
    assert not Indicator.objects.exists()
    assert said(Alert.objects.get(title="c"), "indicator"), "what was found stays said"


def test_a_list_half_taken_in_is_not_compared_with() -> None:
    kept = feed()
    IndicatorList.objects.filter(pk=kept.pk).update(state="filling")
    assert not said(told("a", src_ip="203.0.113.7"), "indicator")


def test_a_list_is_for_its_organisation_and_those_below_it_and_seen_by_nobody_else() -> None:
    ours, theirs = world.organisation("ours"), world.organisation("theirs")
    below = world.organisation("below", ours)
    kept = feed(organisation=ours.uuid)
    assert said(told("below", at=below.pk, src_ip="203.0.113.7"), "indicator")
    assert not said(told("theirs", at=theirs.pk, src_ip="203.0.113.7"), "indicator")
    assert not said(told("above", src_ip="203.0.113.7"), "indicator")
    with pytest.raises(NotFound):
        intelligence.indicator_list(world.actor("other", "commander", at=theirs), kept.uuid)
    with pytest.raises(NotFound):
        actions.remove_indicators(by=world.actor("another", "commander", at=theirs), indicators=kept.uuid)
    with pytest.raises(NotAllowed):
        feed(by=world.actor("auditor", "auditor"))
    with pytest.raises(NotAllowed):
        actions.load_catalogue(by=world.actor("local", "administrator", at=ours), which="domains", body=b"corp.example")


def test_catalogues_say_what_is_exploited_what_a_technique_is_called_and_what_is_ours() -> None:
    by = world.admin()
    listed = {"cveID": "CVE-2024-3400", "vulnerabilityName": "PAN-OS", "dueDate": "2024-04-19"}
    technique = {
        "type": "attack-pattern",
        "name": "Shell",
        "external_references": [{"source_name": "mitre-attack", "external_id": "T1059"}],
    }
    before = told("before CVE-2024-3400", src_ip="10.0.0.5")
    assert (said(before, "exploited"), said(before, "address")[0]["data"]) == ([], {"class": "private"})
    kev = json.dumps({"catalogVersion": "2026.11.20", "vulnerabilities": [listed]}).encode()
    actions.load_catalogue(by=by, which="kev", body=kev)
    actions.load_catalogue(by=by, which="attack", body=json.dumps({"objects": [technique]}).encode())
    actions.load_catalogue(by=by, which="domains", body=b"corp.example\n")
    row = told("after CVE-2024-3400 and CVE-2000-0001", host="db1.corp.example")
    assert [one["value"] for one in said(row, "exploited")] == ["CVE-2024-3400"]
    assert said(row, "exploited")[0]["data"] == {"name": "PAN-OS", "due": "2024-04-19", "ransomware": False}
    assert [one["value"] for one in said(row, "own_domain")] == ["db1.corp.example"]
    assert actions.load_catalogue(by=by, which="kev", body=kev).number == 2
    shell = (FOLDER / "falco/samples/shell_in_container.json").read_bytes()  # names T1059
    digesting.digest([msgspec.structs.replace(item(), source="falco", body=shell, alerts=1)])
    (named,) = said(Alert.objects.get(source="falco"), "technique")
    assert (named["value"], named["data"]) == ("T1059", {"name": "Shell"})
    with pytest.raises(Invalid):
        actions.load_catalogue(by=by, which="weather", body=kev)


def test_the_digest_asks_as_often_for_two_hundred_alerts_as_for_two() -> None:
    feed()
    asked = []
    for size in (2, 200):
        alerts = [{"title": f"{size} {n}", "key": f"{size} {n}", "src_ip": f"10.0.{n}.{size}"} for n in range(size)]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            digesting.digest([item(*alerts)])
        asked.append(sum("assets_" in one["sql"] for one in queries))
    assert asked[0] == asked[1] <= 3


def test_a_site_without_lists_asks_two_small_questions() -> None:
    with CaptureQueriesContext(connection) as queries:
        intelligence.known()
        assert intelligence.hits({("ip", "192.0.2.1"): None}.keys()) == {}
    assert len(queries) == 2


def test_a_site_that_is_full_takes_no_more(monkeypatch: pytest.MonkeyPatch) -> None:

    monkeypatch.setattr(bringing, "MOST", 4)
    feed()
    with pytest.raises(Invalid, match="indicators_full"):
        feed()
