"""What silences, joins and floods: nobody hears a thing twice, and nothing that still burns is forgotten."""

import json

import pytest

from hikeshi.incidents.models import Incident
from hikeshi.intake import actions, digesting
from hikeshi.intake.inbox.items import InboxItem
from hikeshi.intake.models import Alert
from hikeshi.intake.queries import ruling
from hikeshi.intake.verdicts import Verdict
from hikeshi.kernel import clock
from hikeshi.kernel.ids import uuid7
from hikeshi.kernel.worlds import World
from hikeshi.ledger.models import Entry
from hikeshi.ledger.verify import verify
from tests import phone, world
from tests.domains import calling
from tests.domains.test_intake_site_rules import on
from tests.phone import Phone

pytestmark = pytest.mark.usefixtures("listening")


def sent(*alerts: dict[str, object]) -> None:
    """One body of a machine, digested, and everything above has heard of it."""
    item = InboxItem(
        receipt=uuid7(),
        source="generic",
        organisation_id=world.site().pk,
        body=json.dumps({"alerts": alerts}).encode(),
        content_type="application/json",
        received_at=clock.now(),
        world=World.REAL,
        alerts=len(alerts),
    )
    digesting.digest([item])
    calling.reacts()


def grave(name: str, host: str = "db1", **more: object) -> dict[str, object]:
    return {"title": f"Grave {name}", "severity": "critical", "host": host, "key": name, **more}


def over(name: str, host: str = "db1", **more: object) -> dict[str, object]:
    return grave(name, host, status="resolved", **more)


def row(name: str) -> Alert:
    return Alert.objects.get(title=f"Grave {name}")


def test_while_one_of_several_still_holds_the_case_what_comes_joins_it_though_another_is_over() -> None:
    sent(grave("a"), grave("b"))
    sent(over("a"))
    sent(grave("c"))
    case = Incident.objects.get().subject
    assert [row(name).case for name in "abc"] == [case] * 3
    sent(over("b"), over("c"))
    sent(grave("d"))
    assert row("d").case == case, "the record is open until a person closes it, whatever the machines say"


def test_two_alerts_that_name_nothing_have_nothing_in_common() -> None:
    nothing = {"severity": "critical"}
    sent({"title": "One", "key": "1", **nothing}, {"title": "Two", "key": "2", "host": "", **nothing})
    sent({"title": "Three", "key": "3", "user": None, "host": "  ", **nothing})
    assert Incident.objects.count() == 3
    assert set(Alert.objects.values_list("entity", flat=True)) == {""}


def test_the_first_batch_after_a_restart_knows_what_is_open() -> None:
    """All a new engine knows stands in rows: it joins, and calls nobody a second time."""
    mori = calling.reachable("mori", "responder")
    calling.policy(calling.step(mori))
    sent(grave("old"))
    calling.works()
    ruling._book.cache_clear()
    ruling._of_files.cache_clear()
    sent(grave("new"), grave("old"))
    calling.works()
    assert Incident.objects.count() == 1
    assert calling.called() == ["mori"]


def test_what_still_fires_when_a_silence_ends_is_heard_and_what_ended_in_it_is_not() -> None:
    """Planned work on two hosts: nothing is lost in it, nobody is woken by it, and what outlives it opens a case."""
    work = "detection:\n  work:\n    device.hostname|startswith: db\n  condition: work\n"
    on("work", sigma=work)
    for _ in range(3):
        sent(grave("stays"), grave("ends", host="db2"))
    sent(over("ends", host="db2"))
    assert {(row(name).verdict, row(name).count) for name in ("stays", "ends")} == {("drop", 3), ("drop", 4)}
    assert not Incident.objects.exists()
    actions.switch_rule_off(by=world.admin(), code="work")
    sent(grave("stays"))
    sent(over("ends", host="db2"))
    assert Incident.objects.get().title == "Grave stays"
    assert (row("stays").verdict, row("ends").verdict) == ("open", "drop")
    judged = Entry.objects.filter(fact="intake.AlertJudged").count()
    sent(grave("stays"), grave("stays"))
    assert Entry.objects.filter(fact="intake.AlertJudged").count() == judged, "once, and not with every repeat"
    assert not verify(state=True).findings


def test_a_silence_that_is_narrowed_lets_out_what_it_no_longer_means() -> None:
    on("work", sigma="detection:\n  work:\n    device.hostname: [db1, web1]\n  condition: work\n")
    sent(grave("db", host="db1"), grave("web", host="web1"))
    on("work", sigma="detection:\n  work:\n    device.hostname: db1\n  condition: work\n")
    sent(grave("db", host="db1"), grave("web", host="web1"))
    assert (row("db").verdict, row("db").rule_version) == ("drop", 2)
    assert Incident.objects.get().title == "Grave web"


def test_what_a_person_took_off_the_queue_no_rule_brings_back() -> None:
    on("work", sigma="detection:\n  work:\n    device.hostname: db1\n  condition: work\n")
    sent(grave("a"))
    actions.correct_verdict(by=world.admin(), alert=row("a").uuid, verdict=Verdict.DROP, reason="A test of ours")
    actions.switch_rule_off(by=world.admin(), code="work")
    sent(grave("a"))
    assert (row("a").verdict, row("a").rule) == ("drop", "person")
    assert not Incident.objects.exists()


def test_whoever_was_called_for_a_thing_is_told_that_it_is_over_though_it_was_silenced_meanwhile() -> None:
    sent(grave("a"))
    case = Incident.objects.get().subject
    on("work", sigma="detection:\n  work:\n    device.hostname: db1\n  condition: work\n")
    sent(grave("a"))
    sent(over("a"))
    told = Entry.objects.filter(fact="intake.AlertResolved", subject=case)
    assert told.count() == 1
    assert row("a").case == case


def test_keys_that_differ_only_past_their_255th_sign_are_two_things_and_an_end_under_another_key_ends_nothing() -> None:
    stem = "k" * 300
    sent(grave("one", key=f"{stem}1"), grave("two", key=f"{stem}2", host="db2"))
    assert Alert.objects.count() == 2
    before = Incident.objects.count()
    sent(over("two", key=f"{stem}2", host="db2"), over("nobody", key=stem, host="db3"))
    assert (row("one").status, row("two").status, row("nobody").status) == ("firing", "resolved", "resolved")
    assert Incident.objects.count() == before, "an end that nobody waited for opens nothing"


def test_the_first_alert_of_a_quiet_service_passes_a_storm_of_ten_thousand() -> None:
    """The storm leaves rows and no calls; the one that matters is called for in the next round, by itself."""
    mori, ntfy = world.person("mori", "responder"), Phone()
    calling.listens()
    phone.way(mori)
    calling.policy(calling.step(mori))
    for first in range(0, 10_000, 1_000):
        sent(*({"title": "Port scan", "severity": "low", "host": "fw1", "key": str(first + n)} for n in range(1_000)))
    sent(grave("quiet", host="pay1"))
    with phone.ringing(ntfy=ntfy):
        calling.works()
        phone.send(2)
    assert Alert.objects.count() == 10_001
    assert [Incident.objects.get().ref in one.title for one in ntfy.rang] == [True]


def test_a_provider_that_says_yes_and_rings_nobody_costs_the_wait_of_one_step_and_no_more() -> None:
    """It is not the provider that is believed, but whoever answers."""
    abe, ito, dropping = world.person("abe", "responder"), world.person("ito", "responder"), Phone()
    for person in (abe, ito):
        phone.way(person)
    calling.policy(calling.step(abe), calling.step(ito, 10))
    sent(grave("a"))
    with phone.ringing(ntfy=dropping):
        for minutes in (0, 9):
            calling.works(minutes)
            phone.send(2)
            assert [one.to.name for one in dropping.rang] == ["Abe"]
        calling.works(1)
        phone.send(2)
    assert [one.to.name for one in dropping.rang] == ["Abe", "Ito"]
