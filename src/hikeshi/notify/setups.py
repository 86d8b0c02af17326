"""How the site's channels are set up, as the loop needs it: secrets opened, health and limits."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.fernet import InvalidToken
from django.conf import settings

from hikeshi.accounts import queries as accounts
from hikeshi.accounts import sealing
from hikeshi.accounts.ways import Kind
from hikeshi.kernel.http import Permitted
from hikeshi.notify.handing import Setup
from hikeshi.notify.models import Bounds, Channel

PURPOSE = "notify.channels"
NEED_NOTHING = frozenset({Kind.SLACK, Kind.TEAMS, Kind.MATTERMOST, Kind.NTFY, Kind.WEBHOOK, Kind.APPRISE})
"""Ways whose address says all there is to know; a channel may switch them off or limit them."""


@dataclass(frozen=True, slots=True)
class Standing:
    """``open``: kinds the desk can use at all; ``broken``: those of them that carry nothing at the moment."""

    open: frozenset[str]
    broken: frozenset[str]


def seal(secret: Mapping[str, str]) -> str:
    return sealing.seal(settings.MASTER_KEY, PURPOSE, json.dumps(dict(secret), sort_keys=True))


def unseal(sealed: str) -> dict[str, str]:
    """Empty where another key sealed it: a backup under a key of its own must be given its secrets anew."""
    if not sealed:
        return {}
    try:
        opened: dict[str, str] = json.loads(sealing.unseal(settings.MASTER_KEY, PURPOSE, sealed))
    except InvalidToken:
        return {}
    return opened


def bounds() -> Bounds:
    return Bounds.objects.filter(pk=1).first() or Bounds(pk=1)


def permitted() -> Permitted:
    return Permitted.read(bounds().hosts.split())


def window() -> int:
    return bounds().window


def zone() -> str:
    return accounts.site().time_zone


def live() -> bool:
    """Whether anything may leave at all: a restored backup starts held."""
    return accounts.site().live


def limits() -> dict[str, int]:
    return dict(Channel.objects.values_list("kind", "per_minute"))


def standing() -> Standing:
    rows = {row.kind: row for row in Channel.objects.all()}
    needless = {kind.value for kind in NEED_NOTHING if kind.value not in rows}
    used = {kind for kind, row in rows.items() if row.on}
    return Standing(frozenset(used | needless), frozenset(kind for kind, row in rows.items() if row.broken_at))


def setup(kind: str, within: Permitted) -> Setup | None:
    """None where it is not set up."""
    row = Channel.objects.filter(kind=kind).first()
    if row is None:
        return Setup(kind, permitted=within) if kind in NEED_NOTHING else None
    return Setup(kind, row.on, dict(row.plain), unseal(row.sealed), within)
