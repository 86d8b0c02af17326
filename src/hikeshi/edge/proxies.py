"""Who really asks. Forwarded headers count only when the declared proxy sent them; others' are dropped."""

import ipaddress
from dataclasses import dataclass
from typing import Final, Self

from hikeshi.edge.wire import Scope

_FORWARDED: Final = frozenset(
    {b"forwarded", b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host", b"x-forwarded-port", b"x-real-ip"}
)
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Proxies:
    networks: tuple[Network, ...] = ()

    @classmethod
    def read(cls, text: str) -> Self:
        """Addresses or networks, separated by commas. Raises ValueError."""
        return cls(tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip()))

    def trusts(self, address: str) -> bool:
        try:
            asked = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(asked in network for network in self.networks)

    def settle(self, scope: Scope) -> bool:
        """Puts the real client and scheme into the scope and takes what cannot be trusted out of it.

        True where somebody forwarded this request whom nobody declared: such a request is not local, wherever it
        comes from.
        """
        forwarded = {name: value for name, value in scope["headers"] if name in _FORWARDED or b"_" in name}
        if not forwarded:
            return False
        # A name with "_" becomes the same WSGI variable as one with "-": X_Forwarded_For would walk past this.
        scope["headers"] = [(name, value) for name, value in scope["headers"] if name not in forwarded]
        client = scope["client"]
        if not (client and self.trusts(client[0])):
            return not _FORWARDED.isdisjoint(forwarded)
        address = self._client_of(forwarded.get(b"x-forwarded-for", b"").decode("latin-1"))
        if address:
            scope["client"] = (address, 0)
        proto = forwarded.get(b"x-forwarded-proto", b"").strip().lower()
        if proto in {b"http", b"https"}:
            scope["scheme"] = proto.decode()
        return False

    def _client_of(self, chain: str) -> str:
        """The last address of the chain that is not a proxy of ours; those before it are hearsay."""
        for part in reversed(chain.split(",")):
            address = part.strip()
            try:
                ipaddress.ip_address(address)
            except ValueError:
                return ""
            if not self.trusts(address):
                return address
        return ""
