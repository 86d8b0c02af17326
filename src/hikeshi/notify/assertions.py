"""A JWT that a service account signs with its key (RS256), to be exchanged for a token (RFC 7523). Pure."""

import base64
import json
from collections.abc import Mapping

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa


def assertion(claims: Mapping[str, object], pem: str) -> str:
    """Raises ValueError where the key cannot be read or is of another kind."""
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise ValueError("not an RSA key")  # noqa: TRY004  # of what was given, not of a type in the code
    signed = f"{_part({'alg': 'RS256', 'typ': 'JWT'})}.{_part(claims)}"
    return f"{signed}.{_text(key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def _part(value: Mapping[str, object]) -> str:
    return _text(json.dumps(dict(value), separators=(",", ":")).encode())


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
