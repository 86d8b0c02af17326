"""The link in a call: looking answers nothing, one tap answers once, and nobody else's hand counts."""

import base64
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import translation

from hikeshi.kernel import clock
from hikeshi.kernel.refusals import Refusal
from hikeshi.ledger.models import Entry
from hikeshi.notify import answers, wording
from hikeshi.notify.answers import Standing
from hikeshi.notify.messages import Purpose
from hikeshi.notify.models import Answer, Delivery
from hikeshi.notify.wording import Words
from hikeshi.phrases import labels
from tests import phone, world

WORDS = Words(
    "Ransomware: files encrypted", "Three machines of sales.", "/incidents/", ("acknowledge", "hand_over", "help")
)


class TakenBefore(Refusal):
    code = "not_found"


@pytest.fixture
def called(monkeypatch, settings):
    """Mori is called, with a page's words; returns the address of the link and what the answers did."""
    settings.PUBLIC_URL = "https://desk.example"
    acted = []
    monkeypatch.setitem(wording._writers, (Purpose.PAGE, "test"), lambda *_: WORDS)
    monkeypatch.setitem(answers._acts, (Purpose.PAGE, "test"), lambda **given: acted.append(given["choice"]))
    mori, ntfy = world.person("mori", password=world.PASSWORD), phone.Phone()
    phone.way(mori)
    with phone.ringing(ntfy=ntfy):
        phone.queue(mori, purpose=Purpose.PAGE, subject="test:1")
        phone.send()
    return f"/a/{ntfy.rang[0].token}", acted


def test_looking_as_often_as_scanners_do_answers_nothing(called):
    address, acted = called
    for _ in range(3):
        answer = Client().get(address)
        assert answer.status_code == 200
        assert Client().head(address).status_code == 200
    assert not acted
    assert not Answer.objects.exists()
    text = answer.content.decode()
    assert WORDS.title in text
    assert text.count('name="choice"') == 3
    assert answer.headers["Referrer-Policy"] == "same-origin"  # none at all, and a browser could not post the form
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_page_speaks_the_language_of_whoever_was_called(called):
    address, _ = called
    assert 'lang="ja"' in Client(headers={"accept-language": "en"}).get(address).content.decode()


def test_one_tap_answers_and_the_second_is_told_so(called):
    address, acted = called
    assert Client().post(address, {"choice": "acknowledge"}).status_code == 302
    again = Client().post(address, {"choice": "acknowledge"})
    shown = Client().get(address).content.decode()
    assert acted == ["acknowledge"]
    assert again.status_code == 422
    assert 'name="choice"' not in shown
    assert Entry.objects.get(fact="notify.MessageAnswered").actor.startswith("person:")


def test_a_form_from_elsewhere_does_not_answer(called):
    address, acted = called
    assert Client(enforce_csrf_checks=True).post(address, {"choice": "acknowledge"}).status_code == 403
    assert not acted


def test_a_choice_that_was_not_offered_does_nothing(called):
    address, acted = called
    assert Client().post(address, {"choice": "close"}).status_code == 422
    assert not acted


def test_a_forwarded_link_does_not_act_for_somebody_else_who_is_signed_in(called):
    address, acted = called
    other = Client()
    other.force_login(world.person("ito"))
    assert 'name="choice"' not in other.get(address).content.decode()
    assert other.post(address, {"choice": "acknowledge"}).status_code == 422
    assert not acted


def test_what_the_act_refuses_is_said_and_leaves_no_trace(called, monkeypatch):
    def refuse(**_):
        raise TakenBefore

    address, _ = called
    monkeypatch.setitem(answers._acts, (Purpose.PAGE, "test"), refuse)
    answer = Client().post(address, {"choice": "acknowledge"})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not Answer.objects.exists()
    assert not Entry.objects.filter(fact="notify.MessageAnswered").exists()


def test_a_settled_call_says_so_and_offers_nothing(called, monkeypatch):
    address, _ = called
    monkeypatch.setitem(wording._writers, (Purpose.PAGE, "test"), lambda *_: None)
    shown = Client().get(address)
    assert shown.status_code == 200
    assert 'name="choice"' not in shown.content.decode()


def test_an_old_link_and_a_wrong_one(called):
    address, _ = called
    assert Client().get(address[:-1]).status_code == 404
    clock.fast_forward(timedelta(hours=49))
    shown = Client().get(address).content.decode()
    assert 'name="choice"' not in shown
    assert _said("message_state", "over") in shown


def _said(group: str, code: str) -> str:
    with translation.override("ja"):
        return str(labels.label(group, code))


def test_after_the_answer_it_says_what_comes_of_it_and_whoever_comes_late_reads_who_has_it(called, monkeypatch):
    address, _ = called
    stands = Standing("INC-7 Ransomware", "/incidents/INC-7/", "Sato Hanako", clock.now())
    monkeypatch.setitem(answers._looks, (Purpose.PAGE, "test"), lambda _: stands)
    assert stands.taken_by not in Client().get(address).content.decode()
    with monkeypatch.context() as settled:
        settled.setitem(wording._writers, (Purpose.PAGE, "test"), lambda *_: None)
        late = Client().get(address).content.decode()
        assert stands.taken_by in late
        assert stands.title in late
        assert stands.link in late
        assert _said("message_state", "settled") in late
    Client().post(address, {"choice": "help"})
    asked = Client().get(address).content.decode()
    assert _said("message_after", "help") in asked
    assert 'value="acknowledge"' in asked
    Client().post(address, {"choice": "acknowledge"})
    done = Client().get(address).content.decode()
    assert _said("message_after", "acknowledge") in done
    assert WORDS.link in done


def test_a_seal_made_up_or_of_another_delivery_opens_nothing_and_answers_nothing(called):
    address, acted = called
    delivery = Delivery.objects.get()
    sealed = base64.urlsafe_b64decode(address.removeprefix("/a/") + "=")
    assert sealed[:16] == delivery.uuid.bytes
    other = uuid4().bytes
    for forged in (
        sealed[:-1] + bytes([sealed[-1] ^ 1]),
        sealed[:16] + bytes(16),
        sealed[:16] + other,
        other + sealed[16:],
    ):
        link = "/a/" + base64.urlsafe_b64encode(forged).decode().rstrip("=")
        assert Client().get(link).status_code == 404
        assert Client().post(link, {"choice": "acknowledge"}).status_code == 404
    assert acted == []
