"""The door, knocked at as a detector would: over the network, with a token of the source, in the door's own form."""

import contextlib
import json
import ssl
import urllib.error
import urllib.request
from http.client import HTTPException
from typing import Final
from uuid import UUID

from hikeshi.canary.stages import Why

SECONDS: Final = 10.0
BUSY: Final = frozenset({429, 500, 502, 503, 504})


class NotTaken(Exception):  # the state of the alert, as the kernel's refusals are named
    """The door did not take it; ``why`` says what was seen."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


def knock(address: str, *, secret: str, body: bytes, once: str) -> UUID:
    """The receipt. ``once``: posting the same again counts once. Raises NotTaken."""
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json", "Idempotency-Key": once}
    asked = urllib.request.Request(f"{address}/intake/v1/canary", body, headers)  # noqa: S310  # the desk's own address
    try:
        with urllib.request.urlopen(asked, timeout=SECONDS, context=_trusting(address)) as answer:  # noqa: S310  # same
            return UUID(json.loads(answer.read(10_000))["receipt"])
    except urllib.error.HTTPError as error:
        with contextlib.closing(error):
            raise NotTaken(Why.DOOR_BUSY if error.code in BUSY else Why.DOOR_REFUSED) from None
    except (OSError, HTTPException, ValueError, KeyError):
        raise NotTaken(Why.DOOR_SILENT) from None


def _trusting(address: str) -> ssl.SSLContext | None:
    """The desk's own certificate names its public host and not this machine: on loopback it is not compared."""
    if not address.startswith(("https://127.", "https://[::1]", "https://localhost")):
        return None
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context
