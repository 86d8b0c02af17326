"""A site's rules: written, tried, put in force, counted, overruled; each version kept."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hikeshi.intake import actions, digesting, site_rules, trying
from hikeshi.intake.faulty import SECONDS, Fault
from hikeshi.intake.field_values import Document
from hikeshi.intake.inbox.items import InboxItem
from hikeshi.intake.models import Alert, RuleVersion, SiteRule
from hikeshi.intake.queries import ruling
from hikeshi.intake.rulebook import RuleBook
from hikeshi.intake.site_rules import RuleState, Terms
from hikeshi.intake.verdicts import Verdict
from hikeshi.kernel import clock
from hikeshi.kernel.acting import system
from hikeshi.kernel.ids import uuid7
from hikeshi.kernel.refusals import Conflict, Invalid, NotAllowed, NotFound
from hikeshi.kernel.worlds import World
from hikeshi.ledger.models import Entry
from hikeshi.ledger.verify import verify
from hikeshi.notify.models import Outgoing
from tests import phone, world
from tests.web.desk import browser

PRINTER = "detection:\n  printer:\n    device.hostname|startswith: prn-\n  condition: printer\n"


def terms(sigma: str = PRINTER, verdict: str = "drop", rank: int = 150, **more: object) -> Terms:
    said = {
        "title_en": "Printers",
        "title_ja": "プリンター",
        "reason_en": "A printer.",
        "reason_ja": "プリンターです。",
    }
    return Terms(**{**said, "sigma": sigma, "verdict": Verdict(verdict), "rank": rank, **more})


def saved(code: str = "printers", **more: object) -> RuleVersion:
    return actions.save_rule(by=world.admin(), code=code, terms=terms(**more))


def on(code: str = "printers", **more: object) -> None:
    saved(code, **more)
    actions.switch_rule_on(by=world.admin(), code=code)


def alert(host: str, title: str = "Toner low", severity: str = "medium", at: int | None = None) -> Alert:
    item = InboxItem(
        receipt=uuid7(),
        source="generic",
        organisation_id=at or world.site().pk,
        body=json.dumps({"title": title, "severity": severity, "host": host, "key": host + title}).encode(),
        content_type="application/json",
        received_at=clock.now(),
        world=World.REAL,
        alerts=1,
    )
    digesting.digest([item])
    return Alert.objects.latest("id")


def test_a_rule_judges_once_it_is_switched_on_and_the_alert_names_its_version() -> None:
    saved()
    before = alert("prn-1")
    assert (before.verdict, before.rule) == ("keep", "default"), "a draft judges nothing"
    actions.switch_rule_on(by=world.admin(), code="printers")
    after = alert("prn-2")
    assert (after.verdict, after.rule, after.rule_version) == ("drop", "printers", 1)
    saved(sigma=PRINTER.replace("prn-", "scan-"))
    assert alert("prn-3").rule == "printers", "a version in the works changes nothing"
    actions.switch_rule_on(by=world.admin(), code="printers")
    assert alert("prn-4").rule == "default"
    assert alert("scan-1").rule_version == 2
    actions.switch_rule_off(by=world.admin(), code="printers")
    assert alert("scan-2").rule == "default"
    assert not verify(state=True).findings


def test_a_shipped_rule_is_switched_off_or_replaced_and_comes_back() -> None:
    grave = {"title": "Ransomware found", "severity": "critical"}
    assert alert("pc-1", **grave).rule == "ransomware"
    actions.switch_rule_off(by=world.admin(), code="ransomware")
    assert alert("pc-2", **grave).rule == "grave_of_any_source"
    shipped = ruling.shipped("ransomware")
    assert shipped is not None
    copy = site_rules.terms_of_file(shipped)
    kept = actions.save_rule(by=world.admin(), code="ransomware", terms=copy)
    assert kept.number == shipped.version + 1, "an alert's rule and version name one text"
    actions.switch_rule_on(by=world.admin(), code="ransomware")
    assert (alert("pc-3", **grave).rule, alert("pc-4", **grave).rule_version) == ("ransomware", kept.number)
    actions.switch_rule_on(by=world.admin(), code="ransomware", version=shipped.version)
    assert alert("pc-5", **grave).rule_version == shipped.version
    assert ruling.rule(world.admin(), "ransomware").line.live == shipped.version
    assert not verify(state=True).findings


def test_every_save_is_a_version_that_stays_and_nobody_saves_over_another() -> None:
    saved()
    saved(sigma=PRINTER.replace("prn-", "mfp-"))
    with pytest.raises(Conflict) as clash:
        actions.save_rule(by=world.admin(), code="printers", terms=terms(rank=7), version=1)
    assert clash.value.theirs.keys() == {"sigma", "rank"}
    whole = ruling.rule(world.admin(), "printers")
    assert [one.number for one in whole.versions] == [2, 1]
    assert "prn-" in whole.version(1).terms.sigma
    with pytest.raises(NotFound):
        actions.switch_rule_on(by=world.admin(), code="nothing")


def test_the_ledger_commits_to_what_a_rule_says_and_tells_nothing_of_it() -> None:
    on()
    assert not [one for one in Entry.objects.filter(fact__startswith="intake.Rule") if "prn-" in one.body]
    RuleVersion.objects.update(sigma="detection:\n  a:\n    severity_id: 1\n  condition: a\n")
    assert verify(state=True).findings, "a rule changed behind the desk's back shows"


@pytest.mark.parametrize(
    ("sigma", "code", "line"),
    [
        ("detection:\n  a:\n    EventID: 4\n  condition: a", "rule_field_near", "3"),
        ("detection:\n  a:\n    colour: 4\n  condition: a", "rule_field", "3"),
        ("detection:\n  a:\n    finding_info.titel: x\n  condition: a", "rule_field_near", "3"),
        ("detection:\n  a:\n    count|between: 4\n  condition: a", "rule_modifier", "3"),
        ("detection:\n  a: {}\n  condition: a", "rule_empty", "2"),
        ("detection:\n  a:\n    count: 4\n  condition: ''", "rule_no_condition", "1"),
        ("detection:\n  a:\n    count: 4\n  condition: a and b", "rule_selection", "4"),
        ("detection:\n  a:\n    count: 4\n  condition: a and (", "rule_condition", "4"),
        ("detection:\n  a:\n    count: 4\n  condition: a | count() > 5", "rule_aggregation", "4"),
        ("detection:\n  a:\n    count: [1\n  condition: a", "rule_yaml", "4"),
        ("detection:\n  a:\n    finding_info.title|re: '(a{1000}){1000}'\n  condition: a", "rule_pattern_grows", "3"),
        ("detection:\n  a:\n    finding_info.title|re: '(?=a)b'\n  condition: a", "rule_pattern_backtracks", "3"),
        ("detection:\n  a:\n    finding_info.title|re: '('\n  condition: a", "rule_pattern", "3"),
        ("detection:\n  a:\n    device.hostname|expand: ['x', '%servers%']\n  condition: a", "rule_placeholder", "3"),
        ("detection:\n  a:\n    device.hostname: [x, 2026-11-23]\n  condition: a", "rule_quotes", "3"),
        ("detection:\n  a:\n    severity_id|gte: .nan\n  condition: a", "rule_quotes", "3"),
        ("status: test\ndate: 2026-02-30\ndetection:\n  a:\n    count: 1\n  condition: a", "rule_quotes", "2"),
        ("detection: &all\n  a: *all\n  condition: a", "rule_reference", "1"),
        ("[" * 3_000, "rule_nested", "1"),
        ("detection:\n  a:\n    count: 1\n  a:\n    count: 2\n  condition: a", "rule_twice", "4"),
        ("x" * 40_000, "rule_too_long", "1"),
        ("", "rule_no_table", "1"),
        ("logsource:\n  product: windows\ndetection:\n  a:\n    count: 1\n  condition: a", "rule_logsource", "1"),
        ("hikeshi:\n  code: x\ndetection:\n  a:\n    count: 1\n  condition: a", "rule_hikeshi", "1"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_with_its_line_and_nothing_is_kept(sigma: str, code: str, line: str) -> None:
    with pytest.raises(Invalid) as refusal:
        saved(sigma=sigma)
    assert (refusal.value.field, refusal.value.reason, refusal.value.params["line"]) == ("sigma", code, line)
    assert not SiteRule.objects.exists()


def test_only_who_manages_the_whole_site_writes_rules() -> None:
    branch = world.organisation("Osaka")
    local = world.actor("kato", "administrator", at=branch)
    for act in (
        lambda: actions.save_rule(by=local, code="mine", terms=terms()),
        lambda: actions.switch_rule_off(by=local, code="ransomware"),
        lambda: actions.switch_rule_on(by=local, code="ransomware"),
        lambda: actions.review_rule(by=local, code="ransomware", review=date(2030, 1, 1)),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert ruling.lines(local), "who sees alerts may read why they were judged"
    with pytest.raises(NotAllowed):
        ruling.lines(world.actor("nobody"))


def test_hits_are_counted_by_the_day_and_only_for_ones_own_organisations() -> None:
    on()
    osaka = world.organisation("Osaka")
    for number in range(3):
        alert(f"prn-{number}")
    alert("prn-9", at=osaka.pk)
    alert("prn-9", at=osaka.pk)
    clock.fast_forward(timedelta(days=10))
    alert("prn-20")
    seen = ruling.hits_of(world.admin(), ["printers"])["printers"]
    assert (seen.week, seen.month, seen.ever) == (1, 5, 5)
    theirs = ruling.hits_of(world.actor("kato", "responder", at=osaka), ["printers"])["printers"]
    assert (theirs.week, theirs.month, theirs.ever) == (0, 1, 1)
    clock.fast_forward(timedelta(days=60))
    assert ruling.hits_of(world.admin(), ["printers"])["printers"].month == 0


def test_a_person_who_overrules_counts_against_the_rule_until_they_give_it_back() -> None:
    on()
    seen, mori = alert("prn-1"), world.actor("mori", "responder")
    actions.correct_verdict(by=mori, alert=seen.uuid, verdict="keep", reason="not this one")
    line = ruling.rule(mori, "printers").line
    assert (line.corrections, ruling.corrections(mori, "printers").get().reason) == (1, "not this one")
    for number in range(2, 5):
        alert(f"prn-{number}")
    line = ruling.rule(mori, "printers").line
    assert (line.corrected_month, line.month, line.wrong) == (1, 4, 25.0)
    stranger = world.actor("kato", "administrator", at=world.organisation("Elsewhere"))
    assert ruling.rule(stranger, "printers").line.wrong is None
    assert ruling.rule(stranger, "printers").line.corrections == 0
    assert not ruling.corrections(stranger, "printers").exists()
    actions.correct_verdict(by=mori, alert=seen.uuid, verdict="drop", reason="it was right")
    line = ruling.rule(mori, "printers").line
    assert (line.corrections, line.wrong) == (0, 0.0)
    seen = alert("prn-6")
    actions.correct_verdict(by=mori, alert=seen.uuid, verdict="keep", reason="not this one")
    clock.fast_forward(timedelta(days=40))
    line = ruling.rule(mori, "printers").line
    assert (line.corrections, line.corrected_month, line.wrong) == (1, 0, None), "a rate is of the last 30 days"


def test_a_trial_says_what_would_change_and_changes_nothing() -> None:
    for number in range(4):
        alert(f"prn-{number}")
    alert("pc-1")
    stranger = world.actor("kato", "administrator", at=world.organisation("Elsewhere"))
    entries = Entry.objects.count()
    candidate = site_rules.compiled("printers", 1, terms())
    tried = trying.trial(world.admin(), candidate, last=1_000)
    assert (tried.hits, tried.of, dict(tried.changes)) == (4, 5, {(Verdict.KEEP, Verdict.DROP): 4})
    assert [one.title for one in tried.sample] == ["Toner low"] * 4
    assert (tried.whole, tried.anything, tried.too_wide) == (True, False, False)
    assert trying.trial(world.admin(), candidate, last=2).of == 2
    assert trying.trial(stranger, candidate, days=7).of == 0
    assert (Entry.objects.count(), set(Alert.objects.values_list("verdict", flat=True))) == (entries, {"keep"})


def test_a_trial_shows_what_a_narrower_version_lets_go() -> None:
    on()
    alert("prn-1")
    narrower = site_rules.compiled("printers", 2, terms(sigma=PRINTER.replace("prn-", "prn-9")))
    tried = trying.trial(world.admin(), narrower, days=1)
    assert (tried.hits, dict(tried.changes)) == (0, {(Verdict.DROP, Verdict.KEEP): 1})


@pytest.mark.parametrize("verdict", ["drop", "keep"])
def test_a_rule_that_matches_everything_is_refused_until_its_number_is_repeated(verdict: str) -> None:
    for number in range(3):
        alert(f"pc-{number}")
    saved(sigma="detection:\n  a:\n    severity_id|gte: 0\n  condition: a\n", verdict=verdict)
    with pytest.raises(Invalid) as refusal:
        actions.switch_rule_on(by=world.admin(), code="printers")
    assert (refusal.value.reason, refusal.value.params) == ("rule_too_wide", {"hits": "3", "of": "3"})
    assert SiteRule.objects.get().state == RuleState.DRAFT
    actions.switch_rule_on(by=world.admin(), code="printers", confirmed=3)
    assert SiteRule.objects.get().state == RuleState.ON


def test_a_rule_that_would_take_a_third_of_what_comes_is_asked_twice() -> None:
    for number in range(40):
        alert(f"{'prn' if number % 2 else 'pc'}-{number}")
    saved()
    with pytest.raises(Invalid) as refusal:
        actions.switch_rule_on(by=world.admin(), code="printers")
    assert refusal.value.params == {"hits": "20", "of": "40"}


def test_a_rule_is_due_until_somebody_looks_at_it() -> None:
    clock.freeze(datetime(2026, 11, 21, tzinfo=UTC))  # of those shipped none is due yet
    admin = world.admin()
    on()
    actions.review_rule(by=admin, code="printers", review=clock.now().date() + timedelta(days=30))
    assert ruling.due(admin) == 0
    clock.fast_forward(timedelta(days=32))
    assert ruling.due(admin) == 1
    assert [one.code for one in ruling.lines(admin, due="yes")] == ["printers"]
    assert SiteRule.objects.get().due_at is not None
    actions.review_rule(by=admin, code="printers", review=clock.now().date() + timedelta(days=30))
    assert ruling.due(admin) == 0
    clock.fast_forward(timedelta(days=365))
    late = ruling.due(admin)
    assert late > 10, "shipped rules are looked at too"
    actions.review_rule(by=admin, code="ransomware", review=clock.now().date() + timedelta(days=30))
    actions.switch_rule_off(by=admin, code="web_shell")
    assert ruling.due(admin) == late - 2
    assert not verify(state=True).findings


def test_a_batch_costs_one_look_at_the_rules_however_many_alerts_it_has() -> None:
    on()
    alert("prn-1")
    with CaptureQueriesContext(
        connection,
    ) as one:
        alert("prn-2")
    body = [{"title": "x", "host": f"prn-{number}", "key": f"k{number}"} for number in range(40)]
    many = InboxItem(
        uuid7(), "generic", world.site().pk, json.dumps(body).encode(), "application/json", clock.now(), World.REAL, 40
    )
    with CaptureQueriesContext(connection) as forty:
        digesting.digest([many])
    asked = [sum("intake_stamp" in query["sql"] for query in found.captured_queries) for found in (one, forty)]
    assert asked[0] == asked[1] <= 3, "twice for the rules, once for the sources"
    hits = [query for query in forty.captured_queries if "intake_rulehits" in query["sql"]]
    assert len(hits) == 1, "one statement for its one rule"


def test_a_thousand_rules_are_listed_in_as_many_queries_as_ten() -> None:
    admin = world.admin()
    for number in range(10):
        saved(f"r{number}")
    with CaptureQueriesContext(connection) as ten:
        ruling.counted(admin, ruling.lines(admin)[:50])
    rows = [SiteRule(code=f"many{number}", newest=1, state=RuleState.DRAFT) for number in range(1_000)]
    SiteRule.objects.bulk_create(rows)
    first = RuleVersion.objects.first()
    assert first is not None
    same = {name: getattr(first, name) for name in site_rules.TERMS}
    versions = [RuleVersion(rule=row, number=1, made_by="system:test", at=clock.now(), **same) for row in rows]
    RuleVersion.objects.bulk_create(versions)
    with CaptureQueriesContext(connection) as thousand:
        found = ruling.lines(admin)
        ruling.counted(admin, found[:50])
    assert len(found) > 1_000
    assert len(thousand) == len(ten)


def fails(normal: Document) -> bool:
    raise ZeroDivisionError(normal)


def takes_long(normal: Document) -> bool:
    """Of the processor, not of the clock."""
    until = time.thread_time() + 2 * SECONDS
    while time.thread_time() < until:
        continue
    return "device" in normal


@pytest.mark.parametrize(("test", "fault"), [(fails, "error"), (takes_long, "slow")])
def test_a_rule_that_fails_is_switched_off_and_its_owner_told_and_the_others_judge_the_alert(
    monkeypatch: pytest.MonkeyPatch, test: Callable[[Document], bool], fault: str
) -> None:
    hana = world.person("hana", "responder")
    on("broken", rank=1)
    SiteRule.objects.filter(code="broken").update(owner=f"person:{hana.uuid}")
    on("printers", rank=2)
    book = ruling.book()
    broken = next(rule for rule in book.rules if rule.code == "broken")
    with monkeypatch.context() as patch:
        injured = RuleBook([replace(broken, test=test), *(rule for rule in book.rules if rule.code != "broken")])
        patch.setattr(ruling, "book", lambda: injured)
        judged = alert("prn-1")
    assert (judged.rule, judged.verdict) == (("printers", "drop") if fault == "error" else ("broken", "drop"))
    row = SiteRule.objects.get(code="broken")
    assert (row.state, row.live, row.fault) == ("off", 0, fault)
    sent = Outgoing.objects.get(subject="faulty:broken")
    assert sent.to == f"person:{hana.uuid}"
    assert "broken" not in {rule.code for rule in ruling.book().rules}
    assert alert("prn-2").rule == "printers"
    line = next(one for one in ruling.lines(world.admin()) if one.code == "broken")
    assert line.fault == fault
    assert "switched this rule off" in browser("keeper", "administrator").get("/rules/broken/").content.decode()
    actions.fail_rule(by=system("digest"), code="broken", fault=Fault.SLOW)
    assert Outgoing.objects.filter(subject="faulty:broken").count() == 1, "another digester found it too"
    actions.switch_rule_on(by=world.admin(), code="broken")
    assert SiteRule.objects.get(code="broken").fault == ""
    assert verify(state=True).holds


def test_what_is_told_of_a_rule_that_failed_is_told_nobody_once_it_is_on_again() -> None:
    hana = world.person("hana", "responder")
    phone.way(hana)
    on("broken")
    SiteRule.objects.filter(code="broken").update(owner=f"person:{hana.uuid}")
    mobile = phone.Phone()
    with phone.ringing(ntfy=mobile):
        actions.fail_rule(by=system("digest"), code="broken", fault=Fault.ERROR)
        phone.send()
        assert ["broken" in one.title for one in mobile.rang] == [True]
        actions.switch_rule_on(by=world.admin(), code="broken")
        actions.fail_rule(by=system("digest"), code="broken", fault=Fault.ERROR)
        actions.switch_rule_on(by=world.admin(), code="broken")
        phone.send()
    assert len(mobile.rang) == 1
