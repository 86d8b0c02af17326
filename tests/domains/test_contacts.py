"""Who is reached by what, and how far that is to be trusted."""

from datetime import timedelta

import pytest

from hikeshi.accounts import actions, contacts, queries
from hikeshi.accounts.drafts import PartyDraft, ResponsibilityDraft
from hikeshi.accounts.models import Person, StoredWay
from hikeshi.accounts.ways import Kind, Way
from hikeshi.kernel.refusals import Conflict, Invalid, NotAllowed, NotFound
from hikeshi.ledger.models import Entry
from hikeshi.ledger.verify import verify
from tests import world

pytestmark = pytest.mark.django_db


def of(person: Person) -> str:
    return f"person:{person.uuid}"


def ways(owner: str) -> tuple[Way, ...]:
    return queries.ways_of([owner])[owner]


def test_the_address_of_the_account_is_a_way_and_goes_with_it() -> None:
    mori = world.person("mori", "responder")
    me = queries.actor_of(mori)
    assert ways(of(mori)) == ()
    actions.edit_person(by=me, person=mori.uuid, name="Mori", email="mori@Example.jp")
    (mail,) = ways(of(mori))
    assert (mail.kind, mail.address, mail.proven_at) == (Kind.MAIL, "mori@example.jp", None)

    actions.prove_way(by=me, way=mail.ref, how="answered")
    actions.edit_person(by=me, person=mori.uuid, name="Mori K", email="mori@example.jp")
    assert ways(of(mori))[0].proven_at is not None

    actions.edit_person(by=me, person=mori.uuid, name="Mori", email="k.mori@example.jp")
    (moved,) = ways(of(mori))
    assert (moved.ref, moved.address, moved.proven_at) == (mail.ref, "k.mori@example.jp", None)
    actions.edit_person(by=me, person=mori.uuid, name="Mori", email="")
    assert ways(of(mori)) == ()


def test_ways_are_tried_in_the_order_their_owner_chose() -> None:
    mori = world.person("mori", "responder")
    me = queries.actor_of(mori)
    first = actions.add_way(by=me, owner=of(mori), kind="phone", address="03-1234-5678 内線 12")
    second = actions.add_way(by=me, owner=of(mori), kind="sms", address="090-1234-5678", hours="月-金 9-18")
    actions.order_ways(by=me, owner=of(mori), order=[second.uuid])
    assert [one.ref for one in ways(of(mori))] == [str(second.uuid), str(first.uuid)]
    assert ways(of(mori))[0].hours == "mon-fri 09:00-18:00"


def test_two_spellings_of_one_number_are_not_two_ways() -> None:
    mori = world.person("mori")
    me = queries.actor_of(mori)
    actions.add_way(by=me, owner=of(mori), kind="phone", address="03-1234-5678")
    with pytest.raises(Invalid, match="way_twice"):
        actions.add_way(by=me, owner=of(mori), kind="phone", address="+81 3 1234 5678")


def test_an_address_that_is_a_key_lies_sealed() -> None:
    mori = world.person("mori")
    hook = "https://hooks.slack.com/services/T0K3N"
    actions.add_way(by=queries.actor_of(mori), owner=of(mori), kind="slack", address=hook)
    assert "T0K3N" not in StoredWay.objects.get().address
    assert ways(of(mori))[0].address == hook
    assert not Entry.objects.filter(body__contains="T0K3N").exists()


def test_the_ledger_holds_no_number() -> None:
    mori = world.person("mori")
    actions.add_way(by=queries.actor_of(mori), owner=of(mori), kind="phone", address="03-1234-5678")
    assert not Entry.objects.filter(body__contains="312345678").exists()


def test_whoever_leads_messages_elsewhere_must_hold_what_they_hold() -> None:
    """A phone number decides who hears of an incident: a manager of people cannot turn the administrator's away."""
    chief = world.person("chief", "administrator")
    place = world.organisation("Osaka")
    local = world.actor("local", "administrator", at=place)
    with pytest.raises((NotAllowed, NotFound)):
        actions.add_way(by=local, owner=of(chief), kind="mail", address="x@example.jp")
    colleague = world.actor("abe", "responder")
    with pytest.raises(NotAllowed):
        actions.add_way(by=colleague, owner=of(chief), kind="mail", address="x@example.jp")


def test_doubt_lasts_until_the_way_is_proven() -> None:
    mori, abe = world.person("mori", "responder"), world.actor("abe", "responder")
    way = actions.add_way(by=queries.actor_of(mori), owner=of(mori), kind="phone", address="03-1234-5678")
    actions.doubt_way(by=abe, way=str(way.uuid), why="wrong")
    assert ways(of(mori))[0].trouble == "wrong"
    with pytest.raises(NotAllowed):
        actions.prove_way(by=abe, way=way.uuid, how="called")
    actions.prove_way(by=queries.actor_of(mori), way=way.uuid, how="confirmed")
    assert ways(of(mori))[0].trouble == ""


def test_a_deputy_who_left_is_passed_over() -> None:
    mori, abe, kato = (world.person(name, "responder") for name in ("mori", "abe", "kato"))
    keeper = world.admin()
    actions.set_card(by=keeper, person=mori.uuid, deputy=abe.uuid)
    actions.set_card(by=keeper, person=abe.uuid, deputy=kato.uuid)
    assert _recipient(mori) == of(abe)
    actions.deactivate_person(by=keeper, person=abe.uuid)
    assert _recipient(mori) == of(kato)
    with pytest.raises(Invalid, match="deputy_gone"):
        actions.set_card(by=keeper, person=kato.uuid, deputy=abe.uuid)
    with pytest.raises(Invalid, match="deputy_circle"):
        actions.set_card(by=keeper, person=kato.uuid, deputy=mori.uuid)
    actions.deactivate_person(by=keeper, person=kato.uuid)
    assert _recipient(mori) == ""


def _recipient(person: Person) -> str:
    found = queries.recipient(of(person))
    assert found is not None
    return found.deputy


def test_whoever_is_gone_is_reached_by_nothing() -> None:
    mori, keeper = world.person("mori", "responder"), world.admin()
    actions.add_way(by=keeper, owner=of(mori), kind="phone", address="03-1234-5678")
    actions.deactivate_person(by=keeper, person=mori.uuid)
    found = queries.recipient(of(mori))
    assert found is not None
    assert not found.active
    assert ways(of(mori)) == ()
    assert queries.recipient("person:nobody") is None
    assert queries.ways_of(["team:x", "person:"]) == {"team:x": (), "person:": ()}


def test_a_party_is_reached_by_its_own_ways_and_then_by_its_desks() -> None:
    keeper = world.admin()
    firm = actions.add_party(by=keeper, draft=PartyDraft(name="Forensics", kind="forensic"))
    night = actions.add_party(by=keeper, under=firm.uuid, draft=PartyDraft(name="Night desk"))
    actions.add_way(by=keeper, owner=night.ref, kind="phone", address="03-1111-2222")
    actions.add_way(by=keeper, owner=firm.ref, kind="phone", address="03-3333-4444")
    assert [one.address for one in ways(firm.ref)] == ["+81333334444", "+81311112222"]
    assert [one.address for one in ways(night.ref)] == ["+81311112222"]
    actions.retire_party(by=keeper, party=firm.uuid)
    assert queries.ways_of([firm.ref, night.ref]) == {firm.ref: (), night.ref: ()}


def test_outside_parties_are_for_those_of_their_organisation() -> None:
    osaka, keeper = world.organisation("Osaka"), world.admin()
    firm = actions.add_party(by=keeper, organisation=osaka.uuid, draft=PartyDraft(name="Forensics"))
    way = actions.add_way(by=keeper, owner=firm.ref, kind="phone", address="03-1234-5678")
    stranger = world.actor("stranger", "administrator", at=world.organisation("Kyoto"))
    member = world.actor("member", "responder", at=osaka)
    assert not contacts.parties(stranger).exists()
    for unseen in (lambda by: contacts.party(by, firm.uuid), lambda by: contacts.stored_way(by, way.uuid)):
        with pytest.raises(NotFound):
            unseen(stranger)
    assert contacts.stored_way(member, way.uuid) == way
    with pytest.raises(NotAllowed):
        actions.edit_party(by=member, party=firm.uuid, draft=PartyDraft(name="Mine"))


def test_two_who_edit_a_party_lose_neither_text() -> None:
    keeper = world.admin()
    firm = actions.add_party(by=keeper, draft=PartyDraft(name="Forensics"))
    actions.edit_party(by=keeper, party=firm.uuid, draft=PartyDraft(name="Forensics", note="Call first"), version=1)
    with pytest.raises(Conflict) as clash:
        actions.edit_party(by=keeper, party=firm.uuid, draft=PartyDraft(name="Forensics", note="Mail"), version=1)
    assert clash.value.theirs == {"note": "Call first"}


def test_responsibilities_are_kept_row_by_row() -> None:
    keeper = world.admin()
    cloud = actions.add_party(by=keeper, draft=PartyDraft(name="Cloud", kind="cloud"))
    lines = [
        ResponsibilityDraft(service="Mail", task="Backup", who="them"),
        ResponsibilityDraft(service="Mail", task="Accounts", who="us", note="Every month"),
    ]
    actions.set_responsibilities(by=keeper, party=cloud.uuid, lines=lines)
    kept = contacts.whole_party(keeper, cloud.uuid).responsibilities.all()
    assert [(one.task, one.who) for one in kept] == [("Backup", "them"), ("Accounts", "us")]
    with pytest.raises(Invalid, match="unknown"):
        actions.set_responsibilities(
            by=keeper, party=cloud.uuid, lines=[ResponsibilityDraft(service="Mail", task="x", who="nobody")]
        )


def test_the_rows_are_what_the_ledger_says() -> None:
    keeper, mori = world.admin(), world.person("mori", "responder")
    way = actions.add_way(by=keeper, owner=of(mori), kind="phone", address="03-1234-5678")
    firm = actions.add_party(by=keeper, draft=PartyDraft(name="Forensics"))
    actions.set_card(by=keeper, person=mori.uuid, deputy=world.person("abe").uuid)
    actions.doubt_way(by=keeper, way=way.uuid, why="silent")
    assert _differences() == set()
    StoredWay.objects.filter(pk=way.pk).update(address="+819099999999")
    type(firm).objects.filter(pk=firm.pk).update(retired_at=world.clock.now() - timedelta(days=1))
    assert _differences() == {f"accounts.way:{way.uuid}", f"accounts.party:{firm.uuid}"}


def _differences() -> set[str]:
    return {one.where.split(" ")[0] for one in verify(state=True).findings}
