"""Web Push: sealed as RFC 8291 has it, signed as RFC 8292 has it, guarded as every other call, and ended when the
browser is gone.
"""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client

from hikeshi.accounts import actions as accounts
from hikeshi.accounts import reaching
from hikeshi.accounts.models import StoredWay
from hikeshi.accounts.ways import Kind
from hikeshi.kernel.http import Permitted
from hikeshi.kernel.refusals import Invalid, NotFound
from hikeshi.notify import actions, rules, setups
from hikeshi.notify.actions import pushing
from hikeshi.notify.channels.push import Push, own_key, point, seal, spell, unspell
from hikeshi.notify.handing import Fault
from hikeshi.notify.models import Channel, Course
from tests import phone, receivers, world
from tests.phone import Phone, queue, send
from tests.receivers import Browser, running
from tests.stories.test_channels import fault, parcel, setup


def test_the_example_of_rfc_8291_comes_out_octet_for_octet():
    browser_key = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
    sealed = seal(
        b"When I grow up, I want to be a watermelon",
        key=unspell(browser_key),
        secret=unspell("BTBZMqHH6r4Tts7J_aSIgg"),
        own=own_key("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
        salt=unspell("DGv6ra1nlYgDCS1FRnbzlw"),
    )
    assert spell(sealed) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
        "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


@pytest.fixture
def own(settings):
    settings.PUBLIC_URL = "https://desk.example"
    pushing.prepare_push(by=world.actor("mori"))
    return setups.unseal(Channel.objects.get(kind="push").sealed)


def test_a_browser_reads_it_and_its_push_service_knows_who_called(own):
    browser = Browser()
    with running(receivers.push_service(browser, own_key(own["own_private"]).public_key())) as there:
        address = f"{there.url}/push/abc#{browser.keys}"
        handed = Push().send(parcel(Kind.PUSH, address, link="https://desk.example/a/x"), setup("push", {}, own))
        other = {"own_private": spell((7).to_bytes(32, "big"))}
        stranger = fault(Push(), parcel(Kind.PUSH, address), setup("push", {}, other))
        gone = fault(Push(), parcel(Kind.PUSH, address.replace("abc", "gone")), setup("push", {}, own))
        there.before = lambda _: (429, b"", {"Retry-After": "60"})
        busy = fault(Push(), parcel(Kind.PUSH, address), setup("push", {}, own))
    assert (handed.status, len(there.taken)) == (201, 1)
    said = json.loads(there.taken[0])
    assert (said["link"], said["urgency"]) == ("https://desk.example/a/x", 1)
    assert (stranger.code, stranger.of_the_way) == ("unauthorised", False)
    assert (gone.code, gone.of_the_way) == ("unsubscribed", True)
    assert (busy.code, busy.retry_after) == ("busy", 60.0)


@pytest.mark.parametrize("wrong", ["", "x", "AAAA.BBBB", f"{'A' * 87}.{'A' * 22}"])
def test_an_address_that_is_no_browser_s_is_the_way_s_fault(own, wrong):
    found = fault(Push(), parcel(Kind.PUSH, f"https://push.example/x#{wrong}"), setup("push", {}, own))
    assert (found.code, found.of_the_way) == ("bad_address", True)


def test_an_endpoint_does_not_lead_inside(own):
    address = f"http://127.0.0.1:9/x#{Browser().keys}"
    found = fault(Push(), parcel(Kind.PUSH, address), setup("push", {}, own, Permitted()))
    assert found.code == "forbidden_host"


def test_the_key_of_the_desk_is_made_once_lies_sealed_and_a_browser_is_subscribed_once():
    mori, browser = world.actor("mori"), Browser()
    first = pushing.prepare_push(by=mori)
    assert pushing.prepare_push(by=world.actor("ito")) == first
    row = Channel.objects.get(kind="push")
    assert setups.unseal(row.sealed)["own_private"] not in f"{row.plain}{row.sealed}"
    public, secret = browser.keys.split(".")
    given = {"endpoint": "https://push.example/x", "p256dh": public, "auth": secret}
    ways = {pushing.subscribe(by=mori, device="Firefox", **given) for _ in range(2)}
    assert len(ways) == 1
    assert browser.keys not in StoredWay.objects.get().address
    for wrong in ({"endpoint": "http://push.example/x"}, {"p256dh": "x"}, {"auth": "x"}, {"p256dh": "A" * 87}):
        with pytest.raises(Invalid):
            pushing.subscribe(by=mori, **{**given, **wrong})
    actions.set_channel(by=world.admin(), kind="push", on=False)
    with pytest.raises(NotFound):
        pushing.prepare_push(by=mori)
    assert setups.unseal(Channel.objects.get(kind="push").sealed)["own_private"]


def test_a_browser_that_unsubscribed_is_no_way_any_more_and_the_next_is_tried(own):
    mori, ntfy = world.person("mori"), Phone()
    public, secret = Browser().keys.split(".")
    way = pushing.subscribe(by=world.actor("mori"), endpoint="https://push.example/x", p256dh=public, auth=secret)
    phone.way(mori)
    with phone.ringing(push=Phone(faults=[Fault("unsubscribed", of_the_way=True)]), ntfy=ntfy):
        row = queue(mori, urgency=3)
        send(2)
    row.refresh_from_db()
    assert not StoredWay.objects.filter(uuid=way).exists()
    assert (len(ntfy.rang), row.course) == (1, Course.SENT)


def test_an_address_the_push_service_changed_is_the_same_way_with_its_rules_and_only_its_own_browser_can_say_so(own):
    mori, old, fresh = world.actor("mori"), Browser(), Browser()
    public, secret = old.keys.split(".")
    way = pushing.subscribe(by=mori, endpoint="https://push.example/old", p256dh=public, auth=secret, device="Phone")
    actions.set_own_rules(by=mori, lines=[rules.Line(way=way)])
    accounts.prove_way(by=phone.DESK, way=way, how="answered")
    public, secret = fresh.keys.split(".")
    sent = {"endpoint": "https://push.example/new", "p256dh": public, "auth": secret}
    browser = Client(enforce_csrf_checks=True)
    guessed = f"https://push.example/old#{old.keys[:-1]}{'A' if old.keys[-1] != 'A' else 'B'}"
    for was, status in ((guessed, 204), ("", 422), ("x" * 800, 422)):
        assert browser.post("/push-renewed", {**sent, "was": was}).status_code == status
    was = f"https://push.example/old#{old.keys}"
    assert browser.post("/push-renewed", {**sent, "endpoint": "http://10.0.0.1/x", "was": was}).status_code == 422
    assert StoredWay.objects.get().proof == "answered"
    for _ in range(2):
        assert browser.post("/push-renewed", {**sent, "was": was}).status_code == 204
    row = StoredWay.objects.get()
    assert (str(row.uuid), row.label, row.proven_at) == (way, "Phone", None)
    assert reaching.address_of(row) == f"https://push.example/new#{fresh.keys}"
    ntfy = Phone()
    with phone.ringing(push=ntfy):
        queue(world.person("mori"), urgency=3)
        send()
    assert [one.way.ref for one in ntfy.rang] == [way]


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_its_push_service_no_longer_knows_is_let_go(own, status, settings):
    mori, browser = world.person("mori"), Browser()
    with running(receivers.push_service(browser, own_key(own["own_private"]).public_key())) as there:
        actions.set_hosts(by=world.admin(), hosts=f"127.0.0.1:{there.port}")
        phone.way(mori, Kind.PUSH, f"{there.url}/push/abc#{browser.keys}")
        there.before = lambda _: (503, b"")
        queue(mori, "busy")
        send()
        assert StoredWay.objects.exists(), "a service in trouble is no reason to forget anybody"
        there.before = lambda _: (status, b"")
        row = queue(mori, "gone")
        send()
    row.refresh_from_db()
    assert not StoredWay.objects.exists()
    assert (row.course, row.why) == (Course.FAILED, "unsubscribed")


def test_points_are_checked():
    assert len(point(ec.generate_private_key(ec.SECP256R1()))) == 65
    with pytest.raises(Invalid):
        pushing._must_be_keys(spell(b"\x04" + bytes(64)), spell(bytes(16)))
