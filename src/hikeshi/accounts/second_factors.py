"""A person's second factors as the rest of the product sees them."""

import json
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator

from hikeshi.accounts.facts import Method

_LASTING = {Method.TOTP: "secret", Method.PASSKEY: "credential", Method.RECOVERY_CODE: "seed"}


@dataclass(frozen=True, slots=True)
class Factor:
    """``stored`` is what of the row never changes while it lives: the key, not its name or its count of uses."""

    number: int
    method: Method
    name: str
    created_at: datetime
    last_used_at: datetime | None
    stored: str


def read(row: Authenticator) -> Factor:
    method = Method(row.type)
    return Factor(
        number=row.pk,
        method=method,
        name=str(row.data.get("name", "")),
        created_at=row.created_at,
        last_used_at=row.last_used_at,
        stored=json.dumps(row.data[_LASTING[method]], sort_keys=True),
    )
