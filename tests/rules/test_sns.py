"""What Amazon SNS signs: its own way of writing it down, and everything that must not be believed."""

import base64
import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hikeshi.intake.sources import sns
from hikeshi.intake.sources.book import FOLDER
from hikeshi.intake.sources.signing import Doubt, Why
from hikeshi.intake.sources.unwrapping import unwrap
from tests.amazon import ARN, Signer, envelope
from tests.certificates import certificate

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def signer(tmp_path_factory):
    return Signer.made(tmp_path_factory.mktemp("sns"))


def now() -> datetime:
    return datetime.now(UTC)


def why(message: dict[str, object], pem: bytes, at: datetime | None = None) -> Why:
    with pytest.raises(Doubt) as doubt:
        sns.check(sns.read(json.dumps(message).encode()), pem, at or now())
    return doubt.value.why


@pytest.mark.parametrize("version", ["1", "2"])
@pytest.mark.parametrize("kind", ["Notification", "SubscriptionConfirmation", "UnsubscribeConfirmation"])
def test_what_openssl_signed_is_believed_in_both_versions_and_nothing_changed_of_it(signer, version, kind):
    message = signer.sign(envelope(kind, "表示①\nline"), version)
    sns.check(sns.read(json.dumps(message).encode()), signer.pem, now())
    for name in ("Message", "MessageId", "Timestamp", *(("Subject",) if kind == "Notification" else ("Token",))):
        other = {**message, name: message[name][:-1] + ("1" if message[name][-1] != "1" else "2")}
        assert why(other, signer.pem) in set(Why), name
    assert why({**message, "SignatureVersion": "2" if version == "1" else "1"}, signer.pem) is Why.NOT_OURS
    assert why({**message, "SignatureVersion": "3"}, signer.pem) is Why.MALFORMED
    assert why({**message, "Signature": "not base64!"}, signer.pem) is Why.MALFORMED


def test_a_subject_that_is_not_there_is_not_signed(signer):
    message = envelope("Notification", "x")
    del message["Subject"]
    signed = signer.sign(message, "2")
    sns.check(sns.read(json.dumps(signed).encode()), signer.pem, now())
    assert why({**signed, "Subject": "put in"}, signer.pem) is Why.NOT_OURS


def test_amazons_own_certificate_and_message_are_read_as_they_are():
    """The message is real (alerta's test data, 2019): too old by years, everything else in order."""
    message = sns.read(
        (FOLDER / "cloudwatch/samples/sns_notification_alarm.json")
        .read_bytes()
        .replace(b"1234567890:alerta-test", b"123456789012:alerta-test")
    )
    assert message.certificate.startswith("https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-")


def test_what_is_old_comes_from_the_future_or_names_no_zone_is_not_believed(signer):
    message = signer.sign(envelope("Notification", "x"), "2")
    sns.check(sns.read(json.dumps(message).encode()), signer.pem, now() + timedelta(hours=1))
    assert why(message, signer.pem, now() + timedelta(minutes=76)) is Why.TOO_OLD
    assert why(message, signer.pem, now() - timedelta(minutes=6)) is Why.TOO_OLD
    bare = signer.sign({**envelope("Notification", "x"), "Timestamp": "2026-11-23T01:00:00"}, "2")
    assert why(bare, signer.pem, AT) is Why.TOO_OLD


def test_a_key_that_is_over_too_short_or_of_another_kind_signs_nothing(signer, tmp_path):
    message = signer.sign(envelope("Notification", "x"), "2")
    later = now() + timedelta(days=31)
    over = signer.sign({**envelope("Notification", "x"), "Timestamp": later.isoformat()}, "2")
    assert why(over, signer.pem, later) is Why.NOT_OURS
    short = Signer.made(tmp_path, bits=1024)
    assert why(short.sign(envelope("Notification", "x"), "2"), short.pem) is Why.NOT_OURS
    curve, _ = certificate(tmp_path, "sns.example")
    assert why(message, Path(curve).read_bytes()) is Why.NOT_OURS
    assert why(message, b"no certificate") is Why.NOT_OURS


@pytest.mark.parametrize(
    "url",
    [
        "http://sns.ap-northeast-1.amazonaws.com/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem",
        "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem",
        "https://sns.ap-northeast-1.amazonaws.com.evil.example/SimpleNotificationService-0123456789abcdef.pem",
        "https://sns.ap-northeast-1.amazonaws.com@evil.example/SimpleNotificationService-0123456789abcdef.pem",
        "https://evil.example/sns.ap-northeast-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem",
        "https://sns.ap-northeast-1.amazonaws.com:8443/SimpleNotificationService-0123456789abcdef.pem",
        "https://sns.ap-northeast-1.amazonaws.com\\@evil.example/SimpleNotificationService-0123456789abcdef.pem",
        "https://sns.ap-northeast-1.amazonaws.com/bucket/SimpleNotificationService-0123456789abcdef.pem",
        "https://sns.ap-northeast-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem?x=1",
        "https://sns.ap-northeast-1.amazonaws.com/?Action=ConfirmSubscription",
        "https://s3.ap-northeast-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem",
        "https://sns.ap-northeast-1.amazonaws.com.cn/SimpleNotificationService-0123456789abcdef.pem",
        "https://[::1/SimpleNotificationService-0123456789abcdef.pem",
        "",
    ],
)
def test_a_certificate_is_fetched_from_sns_in_the_topics_region_and_nowhere_else(url):
    message = {**envelope("Notification", "x"), "SigningCertURL": url}
    with pytest.raises(Doubt):
        _ = sns.read(json.dumps(message).encode()).certificate


def test_in_china_sns_stands_under_another_name():
    arn = "arn:aws-cn:sns:cn-north-1:123456789012:alarms"
    url = "https://sns.cn-north-1.amazonaws.com.cn/SimpleNotificationService-0123456789abcdef.pem"
    message = {**envelope("Notification", "x"), "TopicArn": arn, "SigningCertURL": url}
    assert sns.read(json.dumps(message).encode()).certificate == url


@pytest.mark.parametrize(
    "url",
    [
        f"https://sns.ap-northeast-1.amazonaws.com/?Action=Unsubscribe&TopicArn={ARN}&Token=t",
        f"https://sns.ap-northeast-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn={ARN}x&Token=t",
        f"https://sns.ap-northeast-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn={ARN}&Token=u",
        f"https://sns.ap-northeast-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn={ARN}&Token=t&Action=Publish",
        f"https://sns.us-west-2.amazonaws.com/?Action=ConfirmSubscription&TopicArn={ARN}&Token=t",
        f"https://sqs.ap-northeast-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn={ARN}&Token=t",
    ],
)
def test_only_the_address_that_subscribes_to_this_very_topic_is_visited(url):
    message = {**envelope("SubscriptionConfirmation", "x"), "Token": "t", "SubscribeURL": url}
    with pytest.raises(Doubt):
        _ = sns.read(json.dumps(message).encode()).confirming


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:sqs:ap-northeast-1:123456789012:x",
        "arn:aws:sns:evil.example/:123456789012:x",
        "arn:aws:sns:ap-northeast-1:1234:x",
        "arn:aws:sns:ap-northeast-1:123456789012:x.fifo",  # SNS sends those to no address
        "arn:aws:sns:ap-northeast-1:123456789012:x:c0ffee00-subscription",
        ARN + "\n",
        ARN.replace("1234", "１２３４"),
        "",
    ],
)
def test_what_is_no_arn_of_a_standard_topic_is_none(arn):
    assert not sns.is_arn(arn)
    with pytest.raises(Doubt):
        sns.read(json.dumps({**envelope("Notification", "x"), "TopicArn": arn}).encode())


@given(
    st.binary(max_size=200)
    | st.recursive(st.none() | st.text(), lambda one: st.lists(one) | st.dictionaries(st.text(), one)).map(
        lambda one: json.dumps(one).encode()
    )
)
def test_whatever_comes_is_read_or_refused(body):
    with pytest.raises(Doubt):
        sns.read(body)


def test_what_sns_carries_is_the_alert_for_every_source_and_plain_text_stays_in_its_envelope():
    alert = json.dumps({"title": "x"})
    found = unwrap(envelope("Notification", alert), ())
    assert (found[0].document, found[0].envelope["TopicArn"]) == ({"title": "x"}, ARN)
    assert unwrap(envelope("Notification", "disk full"), ())[0].document["Message"] == "disk full"
    assert unwrap(envelope("SubscriptionConfirmation", alert), ())[0].document["Type"] == "SubscriptionConfirmation"


def test_openssl_says_the_same_of_what_this_test_signs(signer, tmp_path):
    """The signer of these tests is held to openssl's own word, so that they do not prove themselves."""
    message = signer.sign(envelope("Notification", "x"), "2")
    (tmp_path / "text").write_bytes(signer.text(message))
    (tmp_path / "signature").write_bytes(base64.b64decode(message["Signature"]))
    (tmp_path / "pem").write_bytes(signer.pem)
    key = subprocess.run(
        ["openssl", "x509", "-in", "pem", "-pubkey", "-noout"], cwd=tmp_path, capture_output=True, check=True
    )
    (tmp_path / "key").write_bytes(key.stdout)
    words = ["openssl", "dgst", "-sha256", "-verify", "key", "-signature", "signature", "text"]
    said = subprocess.run(words, cwd=tmp_path, capture_output=True, check=False)
    assert said.stdout.strip() == b"Verified OK"
