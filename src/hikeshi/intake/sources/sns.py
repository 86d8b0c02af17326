"""What Amazon SNS sends to an address, and how it is checked. Pure: who asks brings the certificate and the time.

https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html

The certificate is named by the message itself, so its address is believed only where it is that of SNS in the region of
the topic; and a message is believed only for a topic that the site named: anybody can make a topic and let AWS sign.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from urllib.parse import parse_qs, urlsplit

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from hikeshi.intake.sources.signing import Doubt, Why

TYPE: Final = b"x-amz-sns-message-type"
RAW: Final = b"x-amz-sns-rawdelivery"
"""A message without its envelope: nothing signs it."""
OLDEST: Final = timedelta(minutes=75)
"""SNS tries for an hour at most, each time with the time of the first."""
AHEAD: Final = timedelta(minutes=5)
LONGEST_ARN: Final = 340
_ARN: Final = re.compile(
    r"arn:(aws|aws-cn|aws-us-gov):sns:([a-z]{2}(?:-[a-z]+)+-[0-9]{1,2}):[0-9]{12}:[\w-]{1,256}", re.ASCII
)
_PEM: Final = re.compile(r"/SimpleNotificationService-[A-Za-z0-9]{8,64}\.pem")
_URL: Final = 2_048
_BITS: Final = 2_048


class Kind(StrEnum):
    NOTIFICATION = "Notification"
    SUBSCRIBE = "SubscriptionConfirmation"
    UNSUBSCRIBE = "UnsubscribeConfirmation"


_HANDSHAKE: Final = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
_SIGNED: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.NOTIFICATION: ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    Kind.SUBSCRIBE: _HANDSHAKE,
    Kind.UNSUBSCRIBE: _HANDSHAKE,
}
_MAY_LACK: Final = frozenset({"Subject"})
_HASHES: Final[Mapping[str, hashes.HashAlgorithm]] = {"1": hashes.SHA1(), "2": hashes.SHA256()}  # noqa: S303  # version 1 is SNS's own default


@dataclass(frozen=True, slots=True)
class Message:
    """One post of SNS, not yet believed."""

    kind: Kind
    topic: str
    said: Mapping[str, str]

    @property
    def name(self) -> str:
        """What makes it one when it comes twice: it is signed."""
        return f"sns\0{self.topic}\0{self.said['MessageId']}"

    @property
    def certificate(self) -> str:
        """Where the certificate is that signed it. Raises Doubt for any address but that of SNS itself."""
        parts = _address(self.said.get("SigningCertURL", ""), self.topic)
        if parts is None or not _PEM.fullmatch(parts[0]) or parts[1]:
            raise Doubt(Why.NOT_OURS)
        return self.said["SigningCertURL"]

    @property
    def confirming(self) -> str:
        """The address whose visit subscribes to this topic. Raises Doubt for any other."""
        url = self.said.get("SubscribeURL", "")
        parts = _address(url, self.topic)
        asked = parse_qs(parts[1]) if parts is not None else {}
        wanted = {"Action": ["ConfirmSubscription"], "TopicArn": [self.topic], "Token": [self.said.get("Token", "")]}
        if parts is None or parts[0] not in {"", "/"} or any(asked.get(key) != value for key, value in wanted.items()):
            raise Doubt(Why.NOT_OURS)
        return url


def is_arn(text: str) -> bool:
    return _ARN.fullmatch(text) is not None


def read(body: bytes) -> Message:
    """Raises Doubt where it is no message of SNS."""
    try:
        found: object = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Doubt(Why.MALFORMED) from None
    if not isinstance(found, dict) or found.get("Type") not in {kind.value for kind in Kind}:
        raise Doubt(Why.MALFORMED)
    said = {key: value for key, value in found.items() if isinstance(value, str)}
    kind = Kind(said["Type"])
    lacking = [name for name in _SIGNED[kind] if name not in said and name not in _MAY_LACK]
    if lacking or not is_arn(said["TopicArn"]) or not 0 < len(said["MessageId"]) <= 100:
        raise Doubt(Why.MALFORMED)
    return Message(kind, said["TopicArn"], said)


def check(message: Message, pem: bytes, now: datetime) -> None:
    """Raises Doubt unless this certificate's key signed it, not long ago."""
    _check_time(message.said["Timestamp"], now)
    algorithm = _HASHES.get(message.said.get("SignatureVersion", ""))
    if algorithm is None:
        raise Doubt(Why.MALFORMED)
    try:
        signature = base64.b64decode(message.said.get("Signature", ""), validate=True)
    except (ValueError, binascii.Error):
        raise Doubt(Why.MALFORMED) from None
    try:
        _key(pem, now).verify(signature, _text(message), padding.PKCS1v15(), algorithm)
    except (InvalidSignature, UnsupportedAlgorithm):
        raise Doubt(Why.NOT_OURS) from None


def _text(message: Message) -> bytes:
    """Names and values in turn, each on lines of its own, in the order of the names' bytes."""
    names = [name for name in _SIGNED[message.kind] if name in message.said]
    return "".join(f"{name}\n{message.said[name]}\n" for name in names).encode("utf-8", "surrogatepass")


def _key(pem: bytes, now: datetime) -> rsa.RSAPublicKey:
    """Raises Doubt."""
    try:
        certificate = x509.load_pem_x509_certificate(pem)
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm):
        raise Doubt(Why.NOT_OURS) from None
    good = certificate.not_valid_before_utc - AHEAD <= now <= certificate.not_valid_after_utc
    if not good or not isinstance(key, rsa.RSAPublicKey) or key.key_size < _BITS:
        raise Doubt(Why.NOT_OURS)
    return key


def _check_time(text: str, now: datetime) -> None:
    """Raises Doubt."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Doubt(Why.MALFORMED) from None
    if at.tzinfo is None or not now - OLDEST <= at <= now + AHEAD:
        raise Doubt(Why.TOO_OLD)


def _address(url: str, topic: str) -> tuple[str, str] | None:
    """Path and query, where this is SNS in the topic's own region and nothing else."""
    arn = _ARN.fullmatch(topic)
    if arn is None or len(url) > _URL or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    host = f"sns.{arn[2]}.amazonaws.com" + (".cn" if arn[1] == "aws-cn" else "")
    return (parts.path, parts.query) if (parts.scheme, parts.netloc) == ("https", host) and not parts.fragment else None
