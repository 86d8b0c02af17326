"""What counts as one place on the network."""

from ipaddress import IPv6Address, ip_address, ip_network

HOST_BITS_OF_ONE_SUBSCRIBER = 64


def network(address: str) -> str:
    """The address itself, or in IPv6 its /64: one subscriber owns all addresses of that."""
    try:
        parsed = ip_address(address.split("%", 1)[0])
    except ValueError:
        return address[:64]
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ip_network((parsed, HOST_BITS_OF_ONE_SUBSCRIBER), strict=False))
    return str(parsed)
