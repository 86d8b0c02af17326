"""Web Push to a browser that installed the desk (RFC 8030): sealed for that browser alone (RFC 8291), signed with the
desk's own key (RFC 8292). Its address is the endpoint, and after the # the browser's key and secret.
"""

import base64
import json
import os
from typing import Final
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from hikeshi.kernel import clock
from hikeshi.kernel.http import Barred, request
from hikeshi.notify.channels.answers import fault_of, fault_of_call, wait_of
from hikeshi.notify.handing import Failed, Fault, Handed, Parcel, Setup
from hikeshi.notify.wording import Form

CURVE: Final = ec.SECP256R1()
POINT: Final = 65
SECRET: Final = 16
RECORD: Final = 4096
LIFE: Final = 24 * 3600
"""Seconds the push service keeps it for a device that is off; the link in it lives longer."""
TOKEN_LIFE: Final = 12 * 3600
URGENCY: Final = {1: "high", 2: "high"}
UNSUBSCRIBED: Final = "unsubscribed"
OWN_KEY: Final = "own_private"


class Push:
    """Secret: own_private, made by the desk once. Plain: contact, an address the push service may write to."""

    form = Form.SHORT
    makes_ready = True

    def send(self, parcel: Parcel, setup: Setup) -> Handed:
        said = {"title": parcel.title, "link": parcel.link, "key": parcel.key, "urgency": parcel.urgency}
        endpoint, _, keys = parcel.way.address.partition("#")
        try:
            key, secret = (unspell(one) for one in keys.split("."))
            body = seal(json.dumps(said, ensure_ascii=False).encode(), key=key, secret=secret)
        except (ValueError, InvalidKey):
            raise Failed(Fault("bad_address", of_the_way=True)) from None
        headers = {
            "Authorization": introduced(endpoint, setup),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(LIFE),
            "Urgency": URGENCY.get(parcel.urgency, "normal"),
        }
        try:
            answer = request("POST", endpoint, headers=headers, body=body, permitted=setup.permitted)
        except Barred as barred:
            raise Failed(fault_of_call(barred, address_at_fault=True)) from None
        if answer.status in {404, 410}:
            raise Failed(Fault(UNSUBSCRIBED, of_the_way=True, status=answer.status))
        # 401 and 403 speak of the desk's key, not of the browser's address.
        fault = fault_of(answer.status, wait_of(answer.headers), address_at_fault=False)
        if fault is not None:
            raise Failed(fault)
        return Handed(answer.headers.get("location", "")[-200:], answer.status)


def seal(
    text: bytes, *, key: bytes, secret: bytes, own: ec.EllipticCurvePrivateKey | None = None, salt: bytes = b""
) -> bytes:
    """One record of aes128gcm (RFC 8188) under a key that only this browser finds (RFC 8291 3.4). Raises ValueError."""
    if len(key) != POINT or len(secret) != SECRET:
        raise ValueError("a key of the wrong size")
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, key)
    mine, salt = own or ec.generate_private_key(CURVE), salt or os.urandom(16)
    shared, public = mine.exchange(ec.ECDH(), theirs), point(mine)
    start = _derive(shared, secret, b"WebPush: info\0" + key + public, 32)
    content = _derive(start, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derive(start, salt, b"Content-Encoding: nonce\0", 12)
    sealed = AESGCM(content).encrypt(nonce, text + b"\x02", None)
    return salt + RECORD.to_bytes(4, "big") + bytes([len(public)]) + public + sealed


def _derive(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


def introduced(endpoint: str, setup: Setup) -> str:
    """Who calls (VAPID): a short-lived token for this push service alone. Raises Failed."""
    parts = urlsplit(endpoint)
    try:
        own = own_key(setup.secret[OWN_KEY])
    except (KeyError, ValueError):
        raise Failed(Fault("not_set_up")) from None
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(clock.now().timestamp()) + TOKEN_LIFE,
        "sub": _contact(setup.plain.get("contact", "")),
    }
    head = spell(json.dumps({"typ": "JWT", "alg": "ES256"}).encode())
    whole = f"{head}.{spell(json.dumps(claims).encode())}"
    r, s = decode_dss_signature(own.sign(whole.encode(), ec.ECDSA(hashes.SHA256())))
    seal_ = spell(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    return f"vapid t={whole}.{seal_}, k={spell(point(own))}"


def _contact(mail: str) -> str:
    if mail:
        return f"mailto:{mail}"
    known = settings.PUBLIC_URL
    return known if known.startswith("https://") else "https://localhost/"


def new_key() -> str:
    """As it is kept: the private number, spelt."""
    return spell(ec.generate_private_key(CURVE).private_numbers().private_value.to_bytes(32, "big"))


def own_key(spelt: str) -> ec.EllipticCurvePrivateKey:
    """Raises ValueError."""
    return ec.derive_private_key(int.from_bytes(unspell(spelt), "big"), CURVE)


def point(key: ec.EllipticCurvePrivateKey) -> bytes:
    encoding = serialization.Encoding.X962
    return key.public_key().public_bytes(encoding, serialization.PublicFormat.UncompressedPoint)


def spell(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def unspell(text: str) -> bytes:
    """Raises ValueError."""
    return base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
