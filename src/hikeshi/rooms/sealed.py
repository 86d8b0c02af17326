"""Secrets of workspaces: sealed in their row under a key of their own, opened for the moment they are used."""

import json
from collections.abc import Mapping

from cryptography.fernet import InvalidToken
from django.conf import settings

from hikeshi.accounts import sealing

PURPOSE = "rooms.workspaces"
WHO = "rooms.heard"
CODES = "rooms.codes"


def seal(secret: Mapping[str, str]) -> str:
    return sealing.seal(settings.MASTER_KEY, PURPOSE, json.dumps(dict(secret), sort_keys=True))


def unseal(sealed: str) -> dict[str, str]:
    """Empty where another key sealed it: then nothing that arrives is believed."""
    if not sealed:
        return {}
    try:
        opened: dict[str, str] = json.loads(sealing.unseal(settings.MASTER_KEY, PURPOSE, sealed))
    except InvalidToken:
        return {}
    return opened


def keyed(purpose: str, text: str) -> str:
    return sealing.keyed(settings.MASTER_KEY, purpose, text)
