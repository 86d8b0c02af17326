"""What the door takes at once, whom it believes, and how it reads a body: rules without a server."""

import pytest

from hikeshi.edge.limits import BYTES, OPEN, BadRate, Buckets, Room, read_rates
from hikeshi.edge.proxies import Proxies
from hikeshi.edge.wire import Refused, Scope


def test_a_token_may_burst_then_keeps_its_rate():
    buckets = Buckets()
    passed = sum(1 for _ in range(1000) if buckets.take(b"token", 100, now=50.0) == 0.0)
    assert passed == 200
    assert buckets.take(b"token", 100, now=50.0) == pytest.approx(0.01)
    assert buckets.take(b"token", 100, now=50.02) == 0.0
    assert buckets.take(b"another", 100, now=50.0) == 0.0


def test_rates_are_read_with_exceptions_and_nonsense_is_named():
    rates = read_rates("5000, wazuh=200")
    assert (rates.of("generic"), rates.of("wazuh")) == (5000, 200)
    assert read_rates("").of("generic") > 3000
    with pytest.raises(BadRate, match="wazuh=often"):
        read_rates("wazuh=often")


def test_requests_and_bytes_under_way_are_bounded():
    room = Room()
    for _ in range(OPEN):
        room.enter()
    with pytest.raises(Refused) as refused:
        room.enter()
    assert (refused.value.status, refused.value.retry_after) == (503, 1)
    room.hold(BYTES)
    with pytest.raises(Refused):
        room.hold(1)
    room.leave(BYTES)
    room.hold(1)
    room.enter()


def scope(client: str, *headers: tuple[bytes, bytes]) -> Scope:
    return {
        "type": "http",
        "method": "GET",
        "path": "/",
        "query_string": b"",
        "scheme": "http",
        "headers": list(headers),
        "client": (client, 1),
    }


def test_forwarded_headers_of_strangers_are_dropped_and_make_a_request_foreign():
    asked = scope("127.0.0.1", (b"x-forwarded-for", b"10.0.0.9"), (b"x_forwarded_for", b"10.0.0.9"), (b"host", b"a"))
    assert Proxies().settle(asked) is True
    assert asked["headers"] == [(b"host", b"a")]
    assert asked["client"] == ("127.0.0.1", 1)
    assert asked["scheme"] == "http"


def test_headers_with_underscores_never_reach_django():
    asked = scope("192.0.2.1", (b"x_forwarded_proto", b"https"))
    assert Proxies().settle(asked) is False
    assert asked["headers"] == []


def test_the_declared_proxy_is_believed_but_not_what_others_told_it():
    asked = scope(
        "10.1.0.2", (b"x-forwarded-for", b"198.51.100.66, 203.0.113.7, 10.1.0.9"), (b"x-forwarded-proto", b"https")
    )
    assert Proxies.read("10.1.0.0/16").settle(asked) is False
    assert asked["client"] == ("203.0.113.7", 0)
    assert asked["scheme"] == "https"


def test_a_proxy_chain_of_nonsense_leaves_the_proxy_as_the_client():
    asked = scope("10.1.0.2", (b"x-forwarded-for", b"<script>"))
    Proxies.read("10.1.0.2").settle(asked)
    assert asked["client"] == ("10.1.0.2", 1)


def test_a_network_that_is_none_is_refused_at_the_start():
    with pytest.raises(ValueError, match="does not appear"):
        Proxies.read("proxy.example")
