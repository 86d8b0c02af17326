"""How makers sign: their own published examples, and what must not be believed."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hikeshi.intake.sources import signing
from hikeshi.intake.sources.signing import Doubt, Why

AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
BODY = b'{"action":"created"}'
SECRET = "It's a Secret to Everybody"


def sign(secret: bytes, text: bytes) -> str:
    return hmac.new(secret, text, hashlib.sha256).hexdigest()


def heads(**named: str) -> dict[bytes, bytes]:
    return {name.replace("_", "-").encode(): value.encode() for name, value in named.items()}


def asked(source: str, headers: dict[bytes, bytes], body: bytes, *secrets: str, at: datetime = AT):
    claim = signing.claim(source, headers, at)
    return None if claim is None else claim.proven(body, secrets)


def why(source: str, headers: dict[bytes, bytes], body: bytes, *secrets: str, at: datetime = AT) -> Why:
    with pytest.raises(Doubt) as doubt:
        asked(source, headers, body, *secrets, at=at)
    return doubt.value.why


def test_githubs_own_example_is_believed():
    signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    assert asked("github", heads(x_hub_signature_256=signature), b"Hello, World!", SECRET).place == 0


def test_the_example_of_standard_webhooks_is_believed_for_any_source_and_only_at_its_time():
    headers = heads(
        webhook_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        webhook_timestamp="1614265330",
        webhook_signature="v1a,xyz v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    )
    body, secret = b'{"test": 2432232314}', "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    then = datetime.fromtimestamp(1614265330, UTC)
    svix = {name.replace(b"webhook", b"svix"): value for name, value in headers.items()}
    for source, signed in (("wazuh", headers), ("github", svix)):
        assert asked(source, signed, body, secret, at=then).place == 0
        assert asked(source, signed, body, secret, at=then + timedelta(minutes=5)).place == 0
        assert why(source, signed, body, secret, at=then + timedelta(minutes=5, seconds=1)) is Why.TOO_OLD
        assert why(source, signed, body, secret, at=then - timedelta(minutes=5, seconds=1)) is Why.TOO_OLD
    moved = {**headers, b"webhook-timestamp": b"1614265331"}
    assert why("wazuh", moved, body, secret, at=then) is Why.NOT_OURS
    other = {**headers, b"webhook-id": b"msg_2"}
    assert why("wazuh", other, body, secret, at=then) is Why.NOT_OURS
    for bad in (b"", b"-1614265330", b"1614265330.0", b"9" * 400, "１６１４２６５３３０".encode()):
        assert why("wazuh", {**headers, b"webhook-timestamp": bad}, body, secret, at=then) is Why.TOO_OLD


def test_two_secrets_are_good_at_once_and_the_one_that_signed_is_named():
    old, new = "the old secret of us", "the new secret of us"
    both = heads(x_pagerduty_signature=f"v1={sign(b'nobody', BODY)},v1={sign(old.encode(), BODY)}")
    assert asked("pagerduty", both, BODY, new, old).place == 1
    assert why("pagerduty", both, BODY, new) is Why.NOT_OURS
    assert why("pagerduty", both, BODY) is Why.NOT_OURS


def test_grafana_signs_its_time_where_it_is_told_to_and_repeats_itself_where_not():
    moment = str(int(AT.timestamp()))
    timed = heads(
        x_grafana_alerting_signature=sign(b"s" * 16, f"{moment}:".encode() + BODY), x_grafana_alerting_timestamp=moment
    )
    assert asked("grafana", timed, BODY, "s" * 16).name
    plain = heads(x_grafana_alerting_signature=sign(b"s" * 16, BODY))
    assert asked("grafana", plain, BODY, "s" * 16).name == ""
    del timed[b"x-grafana-alerting-timestamp"]
    assert why("grafana", timed, BODY, "s" * 16) is Why.NOT_OURS


def test_who_posts_a_caught_body_again_cannot_give_it_another_name():
    right = sign(b"s" * 16, BODY)
    once = asked("sentry", heads(sentry_hook_signature=right), BODY, "s" * 16)
    assert once.name == asked("sentry", heads(sentry_hook_signature=right.upper()), BODY, "s" * 16).name
    first = asked("pagerduty", heads(x_pagerduty_signature=f"v1={right}"), BODY, "s" * 16)
    again = asked("pagerduty", heads(x_pagerduty_signature=f"v1={'0' * 64},v1={right},x=1"), BODY, "s" * 16)
    assert first.name == again.name


def test_a_makers_way_is_its_own_sources_only():
    headers = heads(x_hub_signature_256="sha256=" + sign(SECRET.encode(), BODY))
    assert signing.claim("wazuh", headers, AT) is None
    assert signing.claim("github", {}, AT) is None
    assert signing.makers() == {"github", "grafana", "pagerduty", "sentry"}


@given(st.binary(max_size=300), st.binary(max_size=40), st.binary(max_size=40), st.binary(max_size=80))
def test_whatever_is_claimed_nothing_breaks_and_nothing_is_believed(signature, named, moment, body):
    for source in ("github", "pagerduty", "sentry", "grafana", "wazuh"):
        for way in signing.ways(source):
            headers = {way.header.encode(): signature, way.id.encode(): named, way.moment.encode(): moment}
            headers |= {b"webhook-timestamp": str(int(AT.timestamp())).encode()} if moment[:1] < b"\x80" else {}
            assert why(source, headers, body, "a secret of sixteen") in set(Why)


def test_a_secret_in_base64_is_its_bytes_and_any_other_is_itself():
    moment = str(int(AT.timestamp()))
    text = f"id.{moment}.".encode() + BODY
    for secret, key in (
        ("whsec_" + base64.b64encode(b"k" * 24).decode(), b"k" * 24),
        ("plain secret of ours", b"plain secret of ours"),
    ):
        written = base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
        headers = heads(webhook_id="id", webhook_timestamp=moment, webhook_signature=f"v1,{written}")
        assert asked("generic", headers, BODY, secret).place == 0
