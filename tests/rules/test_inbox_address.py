"""Where the inbox lives, as the environment says it: what cannot be right is refused, and no secret is repeated."""

import pytest

from hikeshi.intake.inbox.address import Access, BadInbox, read_stream


def test_an_empty_address_means_tables():
    assert read_stream("", Access(), replicas=3, megabytes=10) is None


def test_servers_ports_and_a_name_are_read():
    found = read_stream("tls://nats1, nats2:4333,[2001:db8::1]:4222/desk", Access("u", "p"), replicas=3, megabytes=10)
    assert found is not None
    assert found.servers == ("tls://nats1:4222", "tls://nats2:4333", "tls://[2001:db8::1]:4222")
    assert (found.name, found.encrypted, found.replicas) == ("desk", True, 3)
    assert "p" not in repr(found.access).replace("password", "").replace("replicas", "").split("'")


@pytest.mark.parametrize(
    "address",
    [
        "http://nats1",
        "nats1:4222",
        "tls://",
        "tls://nats1:70000",
        "tls://nats1/Two Words",
        "tls://nats1/a.b",
        "nats://10.0.0.5:4222",
        "nats://127.0.0.1:4222,nats1:4222",
        "tls://hikeshi:hunter2@nats1:4222",
        "tls://:4222",
    ],
)
def test_what_cannot_be_right_is_refused_without_repeating_a_secret(address):
    with pytest.raises(BadInbox) as refused:
        read_stream(address, Access(), replicas=3, megabytes=10)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("access", "replicas", "megabytes"),
    [(Access(), 2, 10), (Access(), 3, 0), (Access(certificate="/x"), 3, 10), (Access(authority="/absent.pem"), 3, 10)],
)
def test_numbers_and_files_that_cannot_be_used_are_refused(access, replicas, megabytes):
    with pytest.raises(BadInbox):
        read_stream("tls://nats1:4222", access, replicas=replicas, megabytes=megabytes)
