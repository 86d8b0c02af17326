"""What is told again and again costs little, and nobody can tell by the row, its words, rules and correlations."""

import json
import re
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hikeshi.intake import actions, digesting, enriching, repeats
from hikeshi.intake import queries as intake
from hikeshi.intake.models import Alert, NormalForm
from hikeshi.intake.preparing import Sighting
from hikeshi.intake.queries import ruling
from tests import world
from tests.domains.test_intake_digest import DESK, body
from tests.domains.test_intake_site_rules import on
from tests.domains.test_intelligence import feed, said

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
LATE = {"title": "Late of all", "key": "k", "severity": "low"}


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repeats, "_recent", repeats.Recent())
    monkeypatch.setattr(repeats, "_described", repeats.Recent())


def tell(minutes: float, title: str = "Backup late", severity: str = "low", **more: object) -> Alert:
    at = (AT + timedelta(minutes=minutes)).isoformat()
    digesting.digest([body("generic", {"title": title, "key": "k", "time": at, "severity": severity, **more})])
    return Alert.objects.get()


def enriched(monkeypatch: pytest.MonkeyPatch) -> list[Sighting]:
    """What is said anew of what the site knows."""
    asked: list[Sighting] = []
    say = enriching._say

    def watched(sighting: Sighting, *more: object) -> None:
        asked.append(sighting)
        say(sighting, *more)

    monkeypatch.setattr(enriching, "_say", watched)
    return asked


WRITES = re.compile("UPDATE intake_alert SET|INTO intake_normalform")


def updates(queries: CaptureQueriesContext) -> list[str]:
    return [one["sql"] for one in queries.captured_queries if WRITES.search(one["sql"])]


def test_what_says_the_same_moves_times_and_counts_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    first = tell(0, src_ip="203.0.113.9")
    tell(1, src_ip="203.0.113.9")
    asked = enriched(monkeypatch)
    with CaptureQueriesContext(connection) as queries:
        again = tell(7, src_ip="203.0.113.9")
    assert not asked
    assert [("last_seen" in one, "normal" in one, "verdict" in one) for one in updates(queries)] == [
        (True, False, False)
    ]
    assert (again.count, again.first_seen, again.last_seen) == (3, AT, AT + timedelta(minutes=7))
    assert (again.normal, again.words, again.observables) == (first.normal, first.words, first.observables)
    assert again.told["time"] == int((AT + timedelta(minutes=7)).timestamp() * 1000)
    info = again.told["finding_info"]
    assert isinstance(info, dict)
    assert info["first_seen_time"] == int(AT.timestamp() * 1000)
    newest = json.loads(bytes(again.bodies.latest("received_at", "slot").body))
    assert newest["time"] == (AT + timedelta(minutes=7)).isoformat()


def test_a_repeat_of_an_earlier_time_only_counts() -> None:
    tell(5)
    tell(6)
    with CaptureQueriesContext(connection) as queries:
        row = tell(1)
    assert ["last_seen" in one for one in updates(queries)] == [False]
    assert (row.count, row.first_seen, row.last_seen) == (3, AT + timedelta(minutes=1), AT + timedelta(minutes=6))


def test_the_row_bears_the_newest_words_whatever_was_told_before() -> None:
    for minute, title in enumerate(["Scan", "Scan", "Sweep", "Sweep", "Scan", "Sweep", "Sweep", "Scan", "Scan"]):
        row = tell(minute, title)
        assert (row.title, row.normal["finding_info"]["title"], title.casefold() in row.words) == (title, title, True)
    assert row.count == 9


def test_a_late_report_in_other_words_describes_nothing() -> None:
    tell(5)
    assert tell(1, "Sweep").title == "Backup late"
    assert tell(5, "Sweep").title == "Sweep"


def test_what_another_digester_wrote_meanwhile_is_described_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """What this one remembers of a row is a hint, and the row is asked."""
    tell(0, src_ip="203.0.113.9")
    remembered = repeats._described
    monkeypatch.setattr(repeats, "_described", repeats.Recent())
    tell(1, "Sweep", src_ip="203.0.113.9")
    monkeypatch.setattr(repeats, "_described", remembered)
    row = tell(2, src_ip="203.0.113.9")
    assert (row.title, len(said(row, "address"))) == ("Backup late", 1)


def test_after_a_restart_the_row_still_says_it(monkeypatch: pytest.MonkeyPatch) -> None:
    tell(0)
    monkeypatch.setattr(repeats, "_recent", repeats.Recent())
    monkeypatch.setattr(repeats, "_described", repeats.Recent())
    with CaptureQueriesContext(connection) as queries:
        tell(1)
    assert [("normal" in one) for one in updates(queries)] == [False]


def test_what_was_forgotten_with_its_row_is_a_new_alert_with_all_its_words() -> None:
    tell(0, src_ip="203.0.113.9")
    tell(1, src_ip="203.0.113.9")
    Alert.objects.get().bodies.all().delete()
    Alert.objects.all().delete()
    row = tell(2, src_ip="203.0.113.9")
    assert (row.count, row.title, len(said(row, "address"))) == (1, "Backup late", 1)


def test_an_indicator_that_came_to_be_known_shows_with_the_next_repeat() -> None:
    for minute in range(3):
        assert not said(tell(minute, src_ip="203.0.113.7"), "indicator")
    kept = feed()
    row = tell(3, src_ip="203.0.113.7")
    assert [one["provider"] for one in said(row, "indicator")] == ["JPCERT"]
    with CaptureQueriesContext(connection) as queries:
        tell(4, src_ip="203.0.113.7")
    assert [("normal" in one) for one in updates(queries)] == [False]
    kept.delete()
    assert not said(tell(5, src_ip="203.0.113.7"), "indicator")


def test_a_repeat_that_is_judged_is_judged_by_all_that_is_known_of_it() -> None:
    """Its rule no longer drops it; the one that decides now asks what the site knows, and the repeat was not told."""
    feed()
    on("noise", sigma="detection:\n  hit:\n    finding_info.title: Backup late\n  condition: hit\n", rank=110)
    for minute in range(3):
        assert tell(minute, src_ip="203.0.113.7").verdict == "drop"
    on(
        "known",
        sigma="detection:\n  hit:\n    enrichments.type: indicator\n  condition: hit\n",
        verdict="gather",
        rank=300,
    )
    actions.switch_rule_off(by=world.admin(), code="noise")
    row = tell(3, src_ip="203.0.113.7")
    assert (row.verdict, row.rule) == ("gather", "known")


LATER = """title: Late thrice
correlation:
  type: event_count
  rules: [late]
  group-by: [device.hostname]
  timespan: 1h
  condition: {gte: 3}
---
name: late
detection:
  late:
    SIGNAL
  condition: late
"""


def test_a_correlation_that_looks_at_times_sees_those_of_every_repeat() -> None:
    after = int((AT + timedelta(minutes=3)).timestamp() * 1000)
    on("late", sigma=LATER.replace("SIGNAL", f"time|gte: {after}"), verdict="gather", rank=20)
    assert [tell(minute, host="web01").rule for minute in range(6)] == ["low"] * 5 + ["late"]


def test_a_correlation_that_looks_at_what_the_site_knows_sees_it_of_every_repeat() -> None:
    """That others named the same address is no part of what describes a row, and comes to be known meanwhile."""
    on("late", sigma=LATER.replace("SIGNAL", "enrichments.type: sighting"), verdict="gather", rank=20)
    assert {tell(minute, host="web01", src_ip="203.0.113.9").rule for minute in range(4)} == {"low"}
    for title in ("Other", "Another"):
        digesting.digest([body("generic", {"title": title, "key": title, "severity": "low", "src_ip": "203.0.113.9"})])
    for minute in range(4, 9):
        at = (AT + timedelta(minutes=minute)).isoformat()
        more = {"key": "k", "time": at, "severity": "low", "host": "web01", "src_ip": "203.0.113.9"}
        digesting.digest([body("generic", {"title": "Backup late", **more})])
    assert Alert.objects.get(title="Backup late").rule == "late"


@pytest.mark.parametrize(
    ("signal", "more"),
    [
        ("time|gte: 1", True),
        ("'time|gte': 1", True),
        ('"finding_info.first_seen_time": 1', True),
        ("finding_info.title|fieldref: time", True),
        ("enrichments.data.alerts|gte: 5", True),
        ("finding_info.title: First time seen", False),
        ("finding_info.title|contains: [timeout, uptime]", False),
    ],
)
def test_only_rules_that_look_at_more_than_words_cost_more(signal: str, more: bool) -> None:  # a table
    assert not ruling.book().signals_ask_more, "the shipped ones look at words"
    on("late", sigma=LATER.replace("SIGNAL", signal), verdict="gather", rank=20)
    assert ruling.book().signals_ask_more is more


def test_an_end_and_a_new_beginning_are_no_repeats_of_each_other() -> None:
    tell(0)
    assert tell(1, status="resolved").status == "resolved"
    row = tell(2)
    assert (row.status, row.fired, row.count, row.title) == ("firing", 1, 3, "Backup late")
    assert row.normal["status_id"] == 1


def test_words_of_others_under_the_same_key_stay_theirs() -> None:
    """Two organisations, one key: what the one's row says is nothing that the other's repeats."""
    below = world.organisation("branch", world.site())
    digesting.digest([body("generic", LATE), body("generic", LATE, at=below)])
    digesting.digest([body("generic", LATE), body("generic", {**LATE, "title": "Of the branch"}, at=below)])
    found = {row.organisation_id: (row.title, row.count) for row in Alert.objects.all()}
    assert found == {world.site().pk: ("Late of all", 2), below.pk: ("Of the branch", 2)}


def test_an_upgrade_brings_the_normal_forms_over_and_a_downgrade_back() -> None:
    for key, title in (("a", "Backup late"), ("b", "漏えい \" ' %s")):
        digesting.digest([body("generic", {"title": title, "key": key, "time": AT.isoformat(), "severity": "low"})])
    told = {row.pk: row.normal for row in Alert.objects.all()}
    upgrade = import_module("hikeshi.intake.migrations.0017_normal_form")
    connection.check_constraints()
    kind = "jsonb" if connection.vendor == "postgresql" else "text"
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE intake_alert ADD COLUMN normal {kind} NOT NULL DEFAULT '{{}}'")
        cursor.execute(upgrade._BACK)
        NormalForm.objects.all().delete()
        cursor.execute(upgrade._OVER)
    assert len(told) == 2
    assert dict(NormalForm.objects.values_list("alert", "normal")) == told


def test_who_reads_one_alert_has_its_normal_form_with_it() -> None:
    row = tell(0)
    with CaptureQueriesContext(connection) as queries:
        info = intake.alert(DESK, row.uuid).normal["finding_info"]
    assert isinstance(info, dict)
    assert (info["title"], len(queries)) == (row.title, 1)


def test_what_has_no_normal_form_says_nothing() -> None:
    row = tell(0)
    NormalForm.objects.all().delete()
    assert Alert.objects.get(pk=row.pk).normal == {}
