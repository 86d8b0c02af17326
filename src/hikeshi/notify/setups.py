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
from hikeshi.kernel.prepared import Prepared, Settled
from hikeshi.kernel.worlds import World, may_leave
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


_BOUNDS = Settled(lambda: Bounds.objects.filter(pk=1))
_CHANNELS = Prepared(Channel.objects.all)


def bounds() -> Bounds:
    return next(iter(_BOUNDS()), None) or Bounds(pk=1)


@dataclass(frozen=True, slots=True)
class Site:
    """All of it, read at one moment: three queries. ``live``: whether what is real may leave (a restored backup starts
    held). What ``permitted`` is shut for calls nobody.
    """

    live: bool
    zone: str
    window: int
    permitted: Permitted
    channels: Mapping[str, Channel]

    @property
    def standing(self) -> Standing:
        needless = {kind.value for kind in NEED_NOTHING if kind.value not in self.channels}
        used = {kind for kind, row in self.channels.items() if row.on}
        broken = frozenset(kind for kind, row in self.channels.items() if row.broken_at)
        return Standing(frozenset(used | needless), broken)

    def limit(self, kind: str) -> int:
        """A minute; 0 for none."""
        row = self.channels.get(kind)
        return row.per_minute if row else 0

    def setup(self, kind: str) -> Setup | None:
        """None where it is not set up."""
        row = self.channels.get(kind)
        if row is None:
            return Setup(kind, permitted=self.permitted) if kind in NEED_NOTHING else None
        return Setup(kind, row.on, dict(row.plain), unseal(row.sealed), self.permitted)


def way_out() -> Permitted:
    """Where a call of this desk may go. The one place it comes from: a desk that is held, or whose world is not the
    real one, calls nobody.
    """
    site = accounts.site()
    return _way_out(bounds().hosts, World(site.world), live=site.live)


def _way_out(hosts: str, world: World, *, live: bool) -> Permitted:
    return Permitted.read(hosts.split(), shut=not may_leave(world, site_live=live))


def read() -> Site:
    site, limits = accounts.site(), bounds()
    return Site(
        live=site.live,
        zone=site.time_zone,
        window=limits.window,
        permitted=_way_out(limits.hosts, World(site.world), live=site.live),
        channels={row.kind: row for row in _CHANNELS()},
    )
