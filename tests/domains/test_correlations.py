"""Correlations in the digest: weak alerts become one case, whatever order, batch or process they come in."""

import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from django.db import connection, connections

from hikeshi.incidents.models import AttachedAlert, Incident
from hikeshi.intake import actions, digesting
from hikeshi.intake.actions import correlating, digest
from hikeshi.intake.gathering import Gathered
from hikeshi.intake.models import Alert, CorrelationGroup, RuleHits, Together
from hikeshi.intake.queries import ruling
from hikeshi.intake.silences import Every, Terms
from hikeshi.intake.verdicts import Verdict
from hikeshi.kernel import clock
from hikeshi.kernel.acting import system
from hikeshi.kernel.ids import uuid7
from hikeshi.ledger import reactions, turns
from hikeshi.ledger.models import Parked
from tests import world
from tests.domains.test_intake_digest import body
from tests.running import eventually

DESK = system("test")
Order = tuple[dict[str, object], ...]
AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def weak(title: str, minutes: float, host: str = "web01", **more: object) -> dict[str, object]:
    at = (AT + timedelta(minutes=minutes)).isoformat()
    return {"title": title, "host": host, "severity": "low", "time": at, **more}


PROBE = "Port scan seen"
REQUEST = "High entropy in access request"
SUDO = "Successful sudo to ROOT executed."


@pytest.fixture(autouse=True)
def _listening() -> Iterator[None]:
    reactions.begin()
    yield
    assert not Parked.objects.exclude(error="").exists()


def come(*alerts: dict[str, object], at_once: bool = False) -> None:
    """Each in a batch of its own, or all in one."""
    batches = [[body("generic", one) for one in alerts]] if at_once else [[body("generic", one)] for one in alerts]
    for batch in batches:
        digesting.digest(batch)
    while reactions.step(clock.now()):
        pass


def held() -> set[str]:
    """Titles of what incidents hold."""
    return set(Alert.objects.filter(uuid__in=AttachedAlert.objects.values("alert")).values_list("title", flat=True))


@pytest.mark.parametrize("order", list(permutations((weak(PROBE, 0), weak(REQUEST, 20), weak(SUDO, 50)))))
def test_three_weak_signals_about_one_host_make_one_incident_whatever_order_they_come_in(order: Order) -> None:
    come(*order)
    incident = Incident.objects.get()
    assert held() == {PROBE, REQUEST, SUDO}
    assert incident.kind == "unauthorised_access"
    why = Together.objects.select_related("alert").get(alert__verdict=Verdict.OPEN)
    assert (why.rule, why.shared, why.count) == ("host_under_suspicion", [["device.hostname", "web01"]], 3)
    assert (why.since, why.until) == (AT, AT + timedelta(minutes=50))
    assert sorted([*why.members.values(), ""]) == ["", *sorted(set(why.members.values()))]
    assert len(why.members) == 2


def test_what_comes_in_one_batch_is_what_comes_one_by_one() -> None:
    come(weak(SUDO, 50), weak(PROBE, 0), weak(REQUEST, 20), at_once=True)
    assert Incident.objects.count() == 1
    assert held() == {PROBE, REQUEST, SUDO}


def test_signals_too_far_apart_or_about_two_hosts_are_nothing() -> None:
    come(weak(PROBE, 0), weak(REQUEST, 20), weak(SUDO, 61), weak(SUDO, 30, host="db1"))
    assert not Incident.objects.exists()
    assert set(Alert.objects.values_list("verdict", flat=True)) == {Verdict.GATHER}


def test_a_body_worked_through_twice_counts_once() -> None:
    """As after a crash between the digest's commit and the emptying of the inbox."""
    burst = [body("generic", weak("Multiple web server 400 error codes", number)) for number in range(4)]
    for one in burst:
        digesting.digest([one])
        digesting.digest([one])
    come()
    assert not Incident.objects.exists()
    come(weak("Multiple web server 400 error codes", 4))
    assert Incident.objects.get().kind == "web_attack"
    assert RuleHits.objects.get(rule="web_probing", day=ruling.EVER).hits == 1


def test_a_digest_that_fails_leaves_nothing_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    come(weak(PROBE, 0), weak(REQUEST, 1))
    before = dict(CorrelationGroup.objects.values_list("key", "state"))
    monkeypatch.setattr(digest, "count_hits", _fail)
    with pytest.raises(RuntimeError):
        come(weak(SUDO, 2))
    assert dict(CorrelationGroup.objects.values_list("key", "state")) == before
    monkeypatch.undo()
    come(weak(SUDO, 2))
    assert Incident.objects.count() == 1


@pytest.mark.django_db(transaction=True, databases="__all__")
def test_two_digesters_at_work_on_one_group_find_together_what_one_would(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second comes to the group while the first holds it: it waits, and goes on from what the first found."""
    world.site()
    reactions.begin()
    come(weak(PROBE, 0))
    begun, errors = threading.Event(), []
    count = digest.count_hits

    def slowly(written: Sequence[Gathered]) -> None:
        if not begun.is_set():
            begun.set()
            other.start()
            eventually(_somebody_waits)
        count(written)

    def second() -> None:
        try:
            digesting.digest([body("generic", weak(SUDO, 50))])
        except Exception as error:  # noqa: BLE001  # the test shows it
            errors.append(error)
        finally:
            connections.close_all()

    other = threading.Thread(target=second)
    monkeypatch.setattr(digest, "count_hits", slowly)
    digesting.digest([body("generic", weak(REQUEST, 20))])
    other.join(90)
    come()
    assert errors == []
    assert held() == {PROBE, REQUEST, SUDO}
    assert Incident.objects.count() == 1


def _somebody_waits() -> bool:
    if connection.vendor != "postgresql":
        return bool(turns._turns._queue)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


def _fail(written: object) -> None:
    raise RuntimeError("the power failed")


def test_more_about_what_an_open_incident_is_about_joins_it_by_user_or_address() -> None:
    come(weak("Ransom note found", 0, severity="critical", user="yamada", addresses=["203.0.113.9"]))
    come(
        weak("First time user executed sudo", 20, host="pc2", user="Yamada"),
        weak("Brute force on VPN", 40, host="vpn", addresses=["203.0.113.9"]),
        weak("Brute force on VPN", 40, host="pc9", user="tanaka"),
    )
    assert Incident.objects.count() == 1
    assert held() == {"Ransom note found", "First time user executed sudo", "Brute force on VPN"}
    assert not Alert.objects.get(observables__icontains="tanaka").case


def test_an_address_seen_at_many_hosts_ties_nothing_together() -> None:
    proxy = ["10.9.9.9"]
    come(*[weak("Port scan seen", number, host=f"pc{number}", addresses=proxy) for number in range(7)])
    come(weak("Ransom note found", 10, severity="critical", addresses=proxy))
    come(weak("Port scan seen", 20, host="pc77", addresses=proxy))
    assert held() == {"Ransom note found"}


def seen_by_sensor(minutes: float, source: str, target: str, **more: object) -> dict[str, object]:
    """As an IDS in front of the proxy writes it: its own name, and the two ends."""
    return weak("Suspicious download", minutes, host="ids1", src_ip=source, dst_ip=target, **more)


def test_a_proxy_whose_clients_nobody_names_does_not_tie_the_whole_site_to_one_incident() -> None:
    """Every alert shares the proxy's address and the sensor's name; the far end differs."""
    come(*(seen_by_sensor(number, "10.9.9.9", f"198.51.100.{number}", key=f"p{number}") for number in range(30)))
    come(weak("Ransom note found", 40, severity="critical", host="pc1", src_ip="10.9.9.9", dst_ip="203.0.113.1"))
    come(*(seen_by_sensor(41 + n, "10.9.9.9", f"198.51.100.{100 + n}", key=f"q{n}") for n in range(20)))
    assert Incident.objects.count() == 1
    assert held() == {"Ransom note found"}


def test_a_resolver_that_everybody_asks_ties_nothing_together() -> None:
    come(*(weak("Suspicious DNS Query", n, host="ids1", src_ip=f"10.0.0.{n}", dst_ip="10.9.9.53") for n in range(30)))
    come(weak("Ransom note found", 40, severity="critical", host="pc1", src_ip="10.0.1.1", dst_ip="10.9.9.53"))
    come(*(weak("Suspicious DNS Query", 41, host="ids1", src_ip=f"10.0.2.{n}", dst_ip="10.9.9.53") for n in range(20)))
    assert held() == {"Ransom note found"}


def test_a_sensor_that_reports_many_signals_about_many_is_not_one_host_under_suspicion() -> None:
    come(*(weak(PROBE, n, host="fw1", src_ip=f"192.0.2.{n}", dst_ip=f"10.0.0.{n}", key=f"s{n}") for n in range(12)))
    come(weak(REQUEST, 20, host="fw1"), weak(SUDO, 21, host="fw1"))
    assert not Incident.objects.exists()


def phish(number: int, to: str, **more: object) -> dict[str, object]:
    at = (AT + timedelta(minutes=number)).isoformat()
    said = {"abxMessageId": number, "threatId": f"t{number}", "subject": "Invoice", "attackType": "Phishing"}
    return {**said, "fromAddress": "a@evil.example", "recipientAddress": to, "receivedTime": at, **more}


@pytest.mark.parametrize(
    ("more", "joins"),
    [
        ({}, True),  # the same sender
        ({"fromAddress": "other@evil.example", "threatId": "t0"}, True),  # the same campaign, by its detector's word
        ({"fromAddress": "other@evil.example"}, False),
    ],
)
def test_mail_of_one_sender_or_one_campaign_to_other_people_is_one_matter(more: dict[str, object], joins: bool) -> None:
    digesting.digest([body("abnormal", phish(0, "mori@example.jp"))])
    come(weak("Ransom note found", 5, host="pc1", user="mori", severity="critical"))
    digesting.digest([body("abnormal", phish(20, "abe@example.jp", **more))])
    come()
    assert Incident.objects.count() == 1
    assert AttachedAlert.objects.count() == 2 + joins


def test_a_sender_of_many_different_mails_ties_nothing_together() -> None:
    for number in range(12):
        digesting.digest([body("abnormal", phish(number, f"p{number}@example.jp", subject=f"News {number}"))])
    digesting.digest([body("abnormal", phish(13, "mori@example.jp", subject="News 13"))])
    come(weak("Ransom note found", 15, host="pc1", user="mori", severity="critical"))
    digesting.digest([body("abnormal", phish(20, "abe@example.jp", subject="News 20"))])
    come()
    assert "abe@example.jp" not in {
        one for alert in Alert.objects.exclude(case="") for one in str(alert.normal).split("'")
    }


def malware(number: int, severity: int) -> dict[str, object]:
    file = {"name": "a.exe", "hashes": [{"algorithm_id": 3, "value": "a" * 64}]}
    return {
        "class_uid": 2004,
        "category_uid": 2,
        "severity_id": severity,
        "time": int(AT.timestamp() * 1000) + number,
        "metadata": {"product": {"name": "EDR"}},
        "finding_info": {"uid": f"m{number}", "title": "Ransomware" if number == 0 else "Malware found"},
        "device": {"hostname": f"pc{number}"},
        "evidences": [{"file": file}],
    }


def test_malware_on_many_hosts_is_one_matter_although_no_host_saw_it_twice() -> None:
    for number in range(20):
        digesting.digest([body("ocsf", malware(number, severity=5 if number == 0 else 3))])
    come()
    assert Incident.objects.count() == 1
    assert AttachedAlert.objects.count() == 20


def test_services_stopped_everywhere_in_a_night_of_maintenance_join_no_incident_of_the_day() -> None:
    come(*(weak(f"service stop: unit {n}", n, host=f"srv{n}", key=f"stop{n}") for n in range(25)))
    come(weak(PROBE, 100), weak(REQUEST, 120), weak(SUDO, 150))
    assert Incident.objects.count() == 1
    come(*(weak("service stop: agent", 160 + n, host=f"srv{n}", key=f"later{n}") for n in range(25)))
    assert held() == {PROBE, REQUEST, SUDO}


def test_what_a_person_decided_stands_and_counts_against_the_rule() -> None:
    come(weak(PROBE, 0), weak(REQUEST, 1), weak(SUDO, 2))
    opener = Alert.objects.get(verdict=Verdict.OPEN)
    actions.correct_verdict(by=DESK, alert=opener.uuid, verdict="drop", reason="our own test")
    come(weak(SUDO, 3))
    opener.refresh_from_db()
    assert len(ruling.corrected(DESK, ["host_under_suspicion"])["host_under_suspicion"]) == 1
    assert opener.rule in {"person", "same_alert"}


def test_what_a_restricted_record_holds_is_not_pulled_into_the_open() -> None:
    come(weak(PROBE, 0), weak(REQUEST, 1))
    Alert.objects.filter(title=PROBE).update(restricted=True, case="incident:" + str(uuid7()))
    come(weak(SUDO, 2))
    assert held() == {REQUEST, SUDO}


def test_what_is_silenced_says_nothing() -> None:
    now = clock.now()
    terms = Terms("test", 'title =~ ".*scan.*"', "our scanner", "", now, now + timedelta(hours=2), Every.ONCE, None)
    actions.set_silence(by=DESK, organisation=world.site().uuid, terms=terms)
    come(weak(PROBE, 0), weak(REQUEST, 1), weak(SUDO, 2))
    assert not Incident.objects.exists()


def test_groups_that_can_find_nothing_more_go(monkeypatch: pytest.MonkeyPatch) -> None:
    come(weak(PROBE, 0, host="old"))
    first = set(CorrelationGroup.objects.values_list("key", flat=True))
    world.clock.fast_forward(timedelta(hours=20))
    come(weak(PROBE, 0, host="new"))
    while actions.forget_groups(clock.now()):
        continue
    assert not first & set(CorrelationGroup.objects.values_list("key", flat=True))
    monkeypatch.setattr(correlating, "MOST_GROUPS", 3)
    come(*[weak(PROBE, 0, host=f"h{number}") for number in range(20)])
    while actions.forget_groups(clock.now()):
        continue
    assert CorrelationGroup.objects.count() == 3


def test_an_alert_that_says_nothing_to_a_correlation_touches_no_state() -> None:
    come(weak("Disk is full", 0))
    assert not CorrelationGroup.objects.exists()


def test_what_was_judged_to_belong_to_an_incident_holds_it_before_that_is_heard_of() -> None:
    """Under load judgements are heard of late; what comes meanwhile must not open a second incident."""
    come(weak(PROBE, 0), weak(REQUEST, 20), weak(SUDO, 50))
    digesting.digest([body("generic", weak("Brute force", 60, user="mori"))])
    waits = Alert.objects.get(title="Brute force")
    assert (waits.verdict, waits.case) == (Verdict.ATTACH, "")
    come(weak("Unusual login of mori", 61, host="vpn1", user="EXAMPLE\\mori"))
    assert Incident.objects.count() == 1
    assert held() == {PROBE, REQUEST, SUDO, "Brute force", "Unusual login of mori"}


def test_what_was_seen_of_it_before_belongs_to_the_incident_that_a_grave_alert_opens() -> None:
    come(weak("Phishing mail", 0, host="", user="mori@example.jp"), weak("Port scan", 5, host="db1"))
    assert not Incident.objects.exists()
    come({**weak("Ransomware", 30, host="fs1", user="mori"), "severity": "critical"})
    assert held() == {"Phishing mail", "Ransomware"}
    why = Together.objects.get()
    assert (why.shared, why.alert.rule) == ([["user", "mori"]], "ransomware")


def test_harm_on_another_host_joins_the_incident_of_the_foothold_and_none_without_it() -> None:
    come(weak("Service stop before", -60, host="db1"), weak("service stop early heard", 600, host="backup1"))
    assert not Incident.objects.exists()
    come(weak(PROBE, 0), weak(REQUEST, 20), weak(SUDO, 50))
    come(weak("service stop of the backup agent", 601, host="backup2"))
    assert Incident.objects.count() == 1
    assert held() == {PROBE, REQUEST, SUDO, "service stop early heard", "service stop of the backup agent"}
    told = Together.objects.get(rule="harm_after_foothold", alert__title="service stop of the backup agent")
    assert told.shared == []


def test_twenty_services_stopped_within_minutes_are_an_incident_and_an_update_is_none() -> None:
    come(*(weak(f"service stop: unit {number}", number / 10) for number in range(12)), at_once=True)
    assert not Incident.objects.exists()
    come(*(weak(f"service stop: unit {number}", number / 10) for number in range(12, 20)), at_once=True)
    assert Incident.objects.get().kind == "ransomware"
    assert len(held()) == 20


def test_lookups_by_the_hundred_are_an_incident_unless_a_resolver_makes_them_for_others() -> None:
    def eve(number: int, source: str, target: str) -> dict[str, object]:
        at = (AT + timedelta(seconds=number)).isoformat()
        alert = {"signature": "ET INFO Observed DNS Query to .example TLD", "severity": 3, "category": "Misc activity"}
        return {"timestamp": at, "event_type": "alert", "src_ip": source, "dest_ip": target, "alert": alert}

    for number in range(150):
        digesting.digest([body("suricata", eve(number, f"10.0.1.{number % 5}", "10.0.0.53"))])
    come()
    assert not Incident.objects.exists()
    digesting.digest([body("suricata", *(eve(number, "10.0.2.2", f"192.0.2.{number % 100}") for number in range(100)))])
    come()
    assert Incident.objects.get().kind == "information_leak"
