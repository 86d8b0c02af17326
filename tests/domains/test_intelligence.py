"""What the desk knows of attackers, said in the alerts that name it, before rules judge them."""

import json
from datetime import timedelta

import msgspec
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hikeshi.accounts import actions as accounts
from hikeshi.assets import actions
from hikeshi.assets.actions import intelligence as bringing
from hikeshi.assets.codes import IdentifierType
from hikeshi.assets.intelligence.reading import whole
from hikeshi.assets.models import Indicator, IndicatorList
from hikeshi.assets.queries import intelligence
from hikeshi.incidents import actions as records
from hikeshi.incidents import queries as incidents
from hikeshi.intake import actions as intake
from hikeshi.intake import digesting
from hikeshi.intake.inbox.items import InboxItem
from hikeshi.intake.models import Alert
from hikeshi.intake.sources.book import FOLDER
from hikeshi.kernel import clock
from hikeshi.kernel.acting import system
from hikeshi.kernel.ids import uuid7
from hikeshi.kernel.refusals import Invalid, NotAllowed, NotFound
from hikeshi.kernel.worlds import World
from tests import world
from tests.domains import assets
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
    return actions.add_indicators(pieces=whole(body.encode()), **terms)


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
    assert asked[0] == asked[1] <= 4


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


ON_ASSET = "detection:\n  hit:\n    enrichments.data.criticality|gte: 4\n  condition: hit\n"
ON_SIGHTING = "detection:\n  hit:\n    enrichments.data.alerts|gte: 2\n  condition: hit\n"


def test_an_alert_that_names_an_asset_says_how_grave_it_is_and_a_rule_may_open_for_it() -> None:
    team = accounts.add_team(by=world.admin(), name="DBA", organisation=world.site().uuid, people=[])
    hosts, nets = assets.named("db1"), assets.named("10.1.0.0/16", type_=IdentifierType.ADDRESS)
    kept = assets.added("DB", criticality=4, place="B1", team=team.uuid, identifiers=(*hosts, *nets))
    assets.added("Printer", criticality=1, identifiers=assets.named("10.1.2.0/24", type_=IdentifierType.ADDRESS))
    on("grave_asset", sigma=ON_ASSET, verdict="open", kind="intrusion")
    loud, quiet = told("loud", host="db1.corp.example"), told("quiet", src_ip="10.1.2.3")
    assert (loud.verdict, loud.rule, quiet.verdict) == ("open", "grave_asset", "gather")
    (found,) = said(loud, "asset")
    assert (found["name"], found["value"]) == ("host", "db1.corp.example")
    terms = {"asset": "DB", "uid": str(kept.uuid), "kind": kept.kind, "criticality": 4, "team": "DBA", "place": "B1"}
    assert found["data"] == terms
    assert [one["data"]["asset"] for one in said(quiet, "asset")] == ["Printer"], "the longest network counts"
    assert [one["data"]["asset"] for one in said(told("other", src_ip="10.1.9.3"), "asset")] == ["DB"]


def test_a_neighbours_assets_are_not_told_of() -> None:
    ours, theirs = world.organisation("ours"), world.organisation("theirs")
    assets.added("Theirs", at=theirs, identifiers=assets.named("db1"))
    assert said(told("a", at=ours.pk, host="db1"), "asset") == []
    assert said(told("b", at=theirs.pk, host="db1"), "asset")
    assert said(told("c", host="db1"), "asset"), "whoever is above them"


def test_earlier_alerts_that_named_the_same_are_counted_and_a_rule_may_ask_for_them() -> None:
    on("again_and_again", sigma=ON_SIGHTING, verdict="open", kind="intrusion")
    first = told("first", src_ip="203.0.113.9")
    assert said(first, "sighting") == []
    again = told("first", src_ip="203.0.113.9")
    assert (again.pk, said(again, "sighting")) == (first.pk, []), "an alert that repeats has not seen itself"
    second = told("second", src_ip="203.0.113.9")
    (found,) = said(second, "sighting")
    assert (found["value"], found["data"]["alerts"], second.verdict) == ("203.0.113.9", 1, "gather")
    assert found["data"]["last"] == first.last_seen.isoformat()
    assert told("third", src_ip="203.0.113.9").verdict == "open"
    elsewhere = world.organisation("elsewhere")
    assert said(told("theirs", at=elsewhere.pk, src_ip="203.0.113.9"), "sighting") == []


@pytest.mark.skipif(settings.DATABASES["default"]["ENGINE"].endswith("postgresql"), reason="plans a small table anew")
def test_earlier_alerts_are_found_by_their_index_however_many_there_are() -> None:
    told("one", src_ip="203.0.113.9")
    with CaptureQueriesContext(connection) as asked:
        told("two", src_ip="203.0.113.9")
    (query,) = [one["sql"] for one in asked if one["sql"].startswith("SELECT") and "intake_seenbefore" in one["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {query}")
        plan = [str(row[3]) for row in cursor.fetchall()]
    assert any(line.startswith("SEARCH intake_seenbefore USING INDEX") for line in plan), plan
    assert not any(line.startswith("SCAN intake_seenbefore") for line in plan), plan


def test_alerts_of_a_restricted_record_are_counted_no_more_until_everybody_may_see_them() -> None:
    by, hidden = system("incidents"), told("hidden", src_ip="203.0.113.9")
    case = {"by": by, "alerts": [hidden.uuid], "case": "incident:x", "case_ref": "INC-1", "open": True}
    intake.link_case(restricted=True, **case)
    assert said(told("a", src_ip="203.0.113.9"), "sighting") == []
    assert [one["data"]["alerts"] for one in said(told("b", src_ip="203.0.113.9"), "sighting")] == [1]
    intake.link_case(restricted=False, **case)
    assert [one["data"]["alerts"] for one in said(told("c", src_ip="203.0.113.9"), "sighting")] == [3]
    world.clock.fast_forward(timedelta(days=401))
    assert not intake.forget_things(clock.now())
    assert said(told("d", src_ip="203.0.113.9"), "sighting") == []


def test_what_else_is_known_of_a_trace_is_told_as_far_as_the_reader_sees() -> None:
    feed("203.0.113.9\n")
    responder, other = world.actor("chief", "commander"), world.actor("other", "responder")
    alerts = [told(name, src_ip="203.0.113.9", host=name) for name in ("one", "two", "three")]
    terms = {"by": responder, "kind": "malware", "impact": 2}
    plain, secret, mine = (records.open_from_alerts(alerts=[one.uuid], **terms) for one in alerts)
    records.restrict(by=responder, ref=secret.ref, reason="insider")
    found = {by.ref: incidents.room(by, mine.ref).traces for by in (responder, other)}
    (all_of_it,), (part,) = found[responder.ref], found[other.ref]
    assert {one.ref for one in all_of_it.records} == {plain.ref, secret.ref}
    assert [one.ref for one in part.records] == [plain.ref]
    assert (part.value, [hit.title for hit in part.warnings]) == ("203.0.113.9", ["JPCERT"])


def test_a_domain_of_a_list_is_hit_by_what_lies_in_it_until_it_ends_and_by_nothing_else() -> None:
    feed("evil.example\n", until=clock.now() + timedelta(days=1))
    for number, named in enumerate(
        [("host", "a.evil.example"), ("domain", "b.a.evil.example"), ("url", "https://c.evil.example/x")]
    ):
        seen = [{"type": named[0], "value": named[1]}]
        (hit,) = said(told(f"hit {number}", observables=seen), "indicator")
        assert hit["data"]["indicator"] == "evil.example"
    for number, named in enumerate(["notevil.example", "evil.example.org", "example"]):
        assert said(told(f"no hit {number}", host=named), "indicator") == []
    world.clock.fast_forward(timedelta(days=1, seconds=1))
    assert said(told("over", host="a.evil.example"), "indicator") == []


def test_a_file_that_breaks_off_changes_nothing_and_the_line_is_said() -> None:
    first = feed()
    value = {"type": "indicator", "pattern": "[ipv4-addr:value = '203.0.113.7']"}
    text = json.dumps({"type": "bundle", "objects": [value] * 3_000}, indent=1)
    with pytest.raises(Invalid) as refused:
        feed(text[:-3])
    assert (refused.value.reason, int(refused.value.params["line"])) == ("indicators_json", text.count("\n"))
    assert list(IndicatorList.objects.all()) == [first]
    assert intelligence.total() == 3


def test_what_a_file_says_twice_is_kept_once_as_it_says_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bringing, "STEP", 2)
    named = [(7, 10), (8, 20), (7, 30), (9, 40), (7, 50), (7, 60)]
    objects = [
        {"type": "indicator", "pattern": f"[ipv4-addr:value = '203.0.113.{last}']", "confidence": sure}
        for last, sure in named
    ]
    kept = feed(json.dumps({"type": "bundle", "objects": objects}))
    found = dict(kept.indicators.values_list("value", "confidence"))
    assert found == {"203.0.113.7": 60, "203.0.113.8": 20, "203.0.113.9": 40}
    assert kept.count == 3
