"""Amazon SNS as a test needs it: its key and certificate made by openssl, and its way of writing down what it signs."""

import base64
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

REGION = "ap-northeast-1"
HOST = f"sns.{REGION}.amazonaws.com"
ARN = f"arn:aws:sns:{REGION}:123456789012:alarms"
PEM = "/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem"
_SIGNED = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
}


@dataclass(frozen=True)
class Signer:
    key: Path
    pem: bytes

    @classmethod
    def made(cls, folder: Path, *, bits: int = 2048, days: int = 30) -> "Signer":
        key, certificate = folder / f"{bits}{days}.key", folder / f"{bits}{days}.pem"
        asked = ["openssl", "req", "-x509", "-newkey", f"rsa:{bits}", "-nodes", "-subj", "/CN=sns.amazonaws.com"]
        subprocess.run(
            [*asked, "-days", str(days), "-keyout", key, "-out", certificate], check=True, capture_output=True
        )
        return cls(key, certificate.read_bytes())

    def text(self, message: dict[str, str]) -> bytes:
        names = _SIGNED.get(message["Type"], _SIGNED["SubscriptionConfirmation"])
        return "".join(f"{name}\n{message[name]}\n" for name in names if name in message).encode()

    def sign(self, message: dict[str, str], version: str = "2") -> dict[str, str]:
        way = "-sha1" if version == "1" else "-sha256"
        said = subprocess.run(
            ["openssl", "dgst", way, "-sign", self.key], input=self.text(message), capture_output=True, check=True
        )
        return {**message, "SignatureVersion": version, "Signature": base64.b64encode(said.stdout).decode()}


def envelope(kind: str, message: str, arn: str = ARN) -> dict[str, str]:
    """Not signed yet."""
    told = {
        "Type": kind,
        "MessageId": str(uuid4()),
        "TopicArn": arn,
        "Message": message,
        "Timestamp": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "SigningCertURL": f"https://{HOST}{PEM}",
    }
    if kind == "Notification":
        return {**told, "Subject": "ALARM"}
    token = uuid4().hex
    url = f"https://{HOST}/?Action=ConfirmSubscription&TopicArn={arn}&Token={token}"
    return {**told, "Token": token, "SubscribeURL": url}
