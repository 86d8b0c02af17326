"""A night: a grave record opens, nobody answers, the deputy does, executives hear of it, it is handed over at dawn."""

from datetime import UTC, datetime, timedelta

from django.test import Client, override_settings

from hikeshi.accounts import actions as accounts
from hikeshi.accounts import queries as people
from hikeshi.accounts.drafts import PartyDraft
from hikeshi.accounts.ways import Kind, Recipient
from hikeshi.incidents import actions as incidents
from hikeshi.incidents.models import Incident, Participant
from hikeshi.kernel.worlds import World
from hikeshi.ledger.verify import verify
from hikeshi.notify import answers
from hikeshi.notify.messages import Purpose, Queued
from hikeshi.notify.models import Outgoing
from hikeshi.notify.wording import Form
from hikeshi.oncall import paging
from hikeshi.oncall.models import Run
from tests import phone, world
from tests.domains import calling
from tests.domains.calling import DESK, called, policy, reachable, reacts, ref, step, works
from tests.domains.incidents import opened
from tests.phone import Phone
from tests.web.desk import browser

THREE_AT_NIGHT = datetime(2026, 11, 16, 18, 0, tzinfo=UTC)


def queued(row: Outgoing) -> Queued:
    return Queued(
        ref=str(row.uuid),
        purpose=Purpose(row.purpose),
        subject=row.subject,
        world=World(row.world),
        to=row.to,
        about=row.about,
        urgency=row.urgency,
        queued_at=row.queued_at,
    )


def to(row: Outgoing) -> Recipient:
    found = people.recipient(row.to)
    assert found is not None
    return found


def test_a_night() -> None:
    world.clock.freeze(THREE_AT_NIGHT)
    abe, ito = world.person("abe", "commander"), reachable("ito", "responder")
    deputy, boss = reachable("deputy", "responder"), reachable("boss", "manager")
    calling.stands_in(deputy, abe)
    policy(
        step(ito),
        step(kind=calling.TargetKind.EXECUTIVES, anyway=True),
        step(abe, 10),
        step(reachable("chief", "commander"), 10),
        priorities=(1,),
    )
    incident = opened(by=world.actor("watch", "responder"))
    reacts()
    works()
    assert called() == ["ito", "boss"]
    works(10)
    assert called() == ["ito", "boss", "deputy"]

    page = Outgoing.objects.get(to=ref(deputy))
    words = paging.write(queued(page), to(page), Form.FULL)
    assert words is not None
    assert words.choices == ("acknowledge", "hand_over", "help")
    assert incident.ref in words.title
    answers.act(by=people.actor_of(deputy), message=queued(page), choice="acknowledge")
    reacts()
    kept = Incident.objects.get(pk=incident.pk)
    assert kept.owner == deputy
    assert Participant.objects.filter(incident=incident, person=boss, role="executive").exists()
    works(60)
    assert called() == ["ito", "boss", "deputy"]
    late = Outgoing.objects.get(to=ref(ito))
    assert paging.write(queued(late), to(late), Form.SHORT) is None

    incidents.assign(by=people.actor_of(deputy), ref=incident.ref, owner="ito")
    works()
    assert called()[-1] == "ito"
    incidents.answer_call(by=people.actor_of(ito), ref=incident.ref)
    run = Run.objects.get()
    assert (run.state, run.answered_by) == ("answered", ref(ito))
    assert not verify(state=True).findings


def test_the_shipped_policy_tells_the_executives_of_priority_1_without_anybody_asking() -> None:
    reachable("abe", "commander"), reachable("boss", "manager"), reachable("other", "responder")
    opened(by=world.actor("watch", "responder"))
    reacts()
    works()
    assert sorted(called()) == ["abe", "boss"]


def test_the_escalation_may_raise_the_priority_and_the_graver_plan_takes_over() -> None:
    abe, boss = reachable("abe"), reachable("boss", "manager")
    raises = step(kind=calling.TargetKind.RAISE, value="1", after=30)
    policy(step(abe), raises, priorities=(3,), name="Day", patience=60)
    policy(step(abe), step(kind=calling.TargetKind.EXECUTIVES, anyway=True), priorities=(1,), name="Grave")
    incident = opened(by=world.actor("watch", "responder"), impact=3, urgency=1)
    assert incident.priority == 3
    reacts()
    works()
    works(30)
    reacts()
    works()
    assert Incident.objects.get(pk=incident.pk).priority == 1
    assert called()[-1] == boss.username
    assert Run.objects.exclude(state="stopped").get().priority == 1


def test_whoever_may_not_see_a_record_is_called_without_a_word_of_what_it_is() -> None:
    keeper = world.actor("keeper", "commander")
    policy(step(reachable("ito", "responder")))
    incident = opened(by=keeper, title="山田さんの不正")
    incidents.restrict(by=keeper, ref=incident.ref, reason="personal")
    reacts()
    works()
    row = Outgoing.objects.get(to=ref(world.person("ito")))
    words = paging.write(queued(row), to(row), Form.FULL)
    assert words is not None
    assert "山田" not in words.title + words.text
    assert words.link == ""
    accounts.deactivate_person(by=DESK, person=world.person("ito").uuid)


def test_closed_means_no_page() -> None:
    policy(step(reachable("abe")), step(reachable("ito"), 10))
    keeper = world.actor("keeper", "commander")
    incident = opened(by=keeper)
    reacts()
    works()
    row = Outgoing.objects.get()
    incidents.close(
        by=keeper, ref=incident.ref, resolution="False alarm", record_class="event", override_reason="A test of ours"
    )
    works(600)
    assert called() == ["abe"]
    assert paging.write(queued(row), to(row), Form.FULL) is None


def test_a_provider_that_says_yes_and_drops_it_keeps_nobody_from_being_called() -> None:
    """200, and nothing arrives: nobody answers, so the next is called when the time for it comes."""
    calling.listens()
    abe, ito = world.person("abe"), world.person("ito")
    phone.way(abe), phone.way(ito, address="https://ntfy.example/ito")
    policy(step(abe), step(ito, 10))
    opened(by=world.actor("watch", "responder"))
    reacts()
    works()
    with phone.ringing(ntfy=Phone()):
        phone.send()
        assert [one.course for one in Outgoing.objects.all()] == ["sent"]
        works(11)
        phone.send()
    assert called() == ["abe", "ito"]
    assert [one.course for one in Outgoing.objects.order_by("id")] == ["sent", "sent"]


@override_settings(PUBLIC_URL="https://desk.example")
def test_a_storm_at_night_is_taken_with_one_press() -> None:
    """One message told of eight. What somebody else has taken meanwhile stays theirs; nobody signed in as somebody else
    takes anything; a title that the called may not read is not on the page.
    """
    calling.listens()
    ito, chief, rang = world.person("ito", "responder"), world.actor("chief", "commander"), Phone()
    phone.way(ito)
    policy(step(ito))
    records = [opened(title=f"Fire {number}", by=chief) for number in range(8)]
    incidents.restrict(by=chief, ref=records[1].ref, reason="Names a colleague")
    with phone.ringing(ntfy=rang):
        reacts()
        works()
        phone.send()
    (told,) = rang.rang
    assert "7" in told.title
    address = told.link.removeprefix("https://desk.example")
    incidents.answer_call(by=chief, ref=records[0].ref)
    reacts()

    page = Client().get(address).content.decode()
    assert [number for number in range(8) if f"Fire {number}" in page] == [2, 3, 4, 5, 6, 7]
    assert 'value="all"' in page
    forwarded = browser("stranger")
    assert 'value="all"' not in forwarded.get(address).content.decode()
    assert forwarded.post(address, {"choice": "all"}).status_code == 422
    assert not Run.objects.filter(answered_by=ref(ito)).exists()

    assert Client().post(address, {"choice": "all"}).status_code == 302
    reacts()
    owners = {one.ref: one.owner for one in Incident.objects.select_related("owner")}
    assert owners.pop(records[0].ref) == people.person_by_username(DESK, "chief")
    assert owners.pop(records[1].ref) is None, "whoever may not see it has answered, and owns it only once let in"
    assert set(owners.values()) == {ito}
    assert set(Run.objects.values_list("answered_by", flat=True)) == {ref(ito), chief.ref}
    after = Client().get(address).content.decode()
    assert ('value="all"' in after, "Fire 3" in after) == (False, False)
    with phone.ringing(ntfy=rang):
        works(60)
        phone.send()
    assert len(rang.rang) == 1


@override_settings(PUBLIC_URL="https://desk.example")
def test_an_outside_firm_and_its_machine_are_called_and_the_firm_answers_without_an_account() -> None:
    """The step that names the firm takes its ordinary ways, the one that names its machine the webhook alone. What the
    record is called they read until it is restricted; the link opens nothing else.
    """
    chief = world.actor("chief", "commander")
    calling.listens()
    firm = accounts.add_party(by=DESK, draft=PartyDraft(name="Forensics", kind="forensic")).ref
    for kind, address in ((Kind.NTFY, "https://ntfy.example/firm"), (Kind.WEBHOOK, "https://firm.example/in")):
        accounts.add_way(by=DESK, owner=firm, kind=kind, address=address)
    ours = world.person("ito", "responder")
    phone.way(ours)
    machine = step(kind=calling.TargetKind.WEBHOOK, value=firm)
    policy(machine, step(kind=calling.TargetKind.PARTY, value=firm, after=5), step(ours, 10))
    record = opened(title="Payroll leaked", by=chief)
    ntfy, hook = Phone(), Phone()
    with phone.ringing(ntfy=ntfy, webhook=hook):
        reacts()
        works()
        phone.send()
        assert (len(hook.rang), len(ntfy.rang)) == (1, 0)
        works(5)
        phone.send(6, passing=timedelta(minutes=1))
        assert [one.to.name for one in ntfy.rang] == ["Forensics"]
        assert all(record.ref in one.title and "Payroll" in one.title for one in (*hook.rang, *ntfy.rang))
        incidents.restrict(by=chief, ref=record.ref, reason="Names a colleague")
        client, address = Client(), ntfy.rang[0].link.removeprefix("https://desk.example")
        read = client.get(address).content.decode()
        assert (record.ref in read, "Payroll" in read, f"/incidents/{record.ref}" in read) == (True, False, False)
        assert client.post(address, {"choice": "acknowledge"}).status_code == 302
        assert client.get("/incidents/").status_code == 302, "the link opens nothing else"
        reacts()
        works(60)
        phone.send()
    assert {one.to.name for one in ntfy.rang} == {"Forensics"}
    assert (Run.objects.get().answered_by, Incident.objects.get().owner) == (firm, None)
