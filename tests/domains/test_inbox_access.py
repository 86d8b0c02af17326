"""The stream's servers under TLS, with users: who is let in, and what whoever set it up wrongly is told."""

import asyncio
import base64
import binascii
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hikeshi.intake.inbox.address import Access, BadInbox, read_stream
from hikeshi.intake.inbox.appending import Accepted
from hikeshi.intake.inbox.jetstream import credentials
from hikeshi.intake.inbox.jetstream.faults import Unreachable
from hikeshi.intake.inbox.jetstream.wire import Wire
from tests.certificates import certificate
from tests.jetstream import Jetstream
from tests.knocking import knocking

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
KNOWN = "SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VY"
"""The seed that NATS prints in its documentation of nkeys, and the public key that belongs to it."""
ITS_PUBLIC = "UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4"


def seed_of(private: bytes) -> str:
    raw = bytes([18 << 3 | 20 >> 2, (20 & 3) << 6]) + private  # a seed ("S") of a user ("U")
    return base64.b32encode(raw + binascii.crc_hqx(raw, 0).to_bytes(2, "little")).decode().rstrip("=")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("access")


@pytest.fixture(scope="module")
def key(folder) -> Path:
    file = folder / "desk.nk"
    file.write_text(seed_of(Ed25519PrivateKey.generate().private_bytes_raw()) + "\n")
    return file


@pytest.fixture(scope="module")
def servers(folder, key) -> Iterator[Jetstream]:
    pem, secret = certificate(folder, "127.0.0.1")
    users = f'{{ user: desk, password: "right" }}, {{ nkey: {credentials.read(str(key)).public} }}'
    more = f'tls {{ cert_file: "{pem}", key_file: "{secret}" }}\nauthorization {{ users: [ {users} ] }}'
    running = Jetstream(more=more)
    running.start()
    yield running
    running.kill(0)


@pytest.fixture
def kept(folder, servers):
    """Posts one body as this desk and says what became of it."""
    with knocking(servers.url.replace("nats://", "tls://")) as post:
        yield lambda **access: post(Access(**{"authority": str(folder / "127.0.0.1False.pem"), **access}))


def told(keep, **access: str) -> str:
    with pytest.raises(Unreachable) as refused:
        keep(**access)
    return str(refused.value)


def test_a_user_with_its_password_is_let_in_under_tls(kept):
    assert isinstance(kept(user="desk", password="right"), Accepted)


def test_a_key_signs_instead_of_a_password(kept, key):
    assert isinstance(kept(credentials=str(key)), Accepted)


def test_an_error_without_words_is_said_by_its_name(servers, folder):
    access = Access(user="desk", password="right", authority=str(folder / "127.0.0.1False.pem"))
    stream = read_stream(servers.url.replace("nats://", "tls://"), access, replicas=1, megabytes=50)
    wire = Wire(stream)
    try:
        with pytest.raises(Unreachable, match="TimeoutError"):
            wire.call(lambda _: asyncio.sleep(60), seconds=0.2)
    finally:
        wire.close()


def test_whoever_is_not_let_in_is_told_so_and_what_to_look_at(kept, folder):
    for wrong in ({"user": "desk", "password": "wrong"}, {}, {"token": "right"}):
        said = told(kept, **wrong)
        assert "do not let the desk in: see HIKESHI_INBOX_USER" in said, wrong
    stranger = folder / "stranger.nk"
    stranger.write_text(seed_of(bytes(32)))
    assert "do not let the desk in" in told(kept, credentials=str(stranger))
    assert "right" not in told(kept, user="desk2", password="right"), "no password stands in a message"


def test_a_server_nobody_vouches_for_is_named_as_that(kept, folder):
    other, _ = certificate(folder, "nats.example")
    said = told(kept, user="desk", password="right", authority=str(other))
    assert "certificate of a server is not believed" in said
    assert "HIKESHI_INBOX_AUTHORITY" in said


def test_a_key_is_read_from_either_file_and_a_damaged_one_is_refused(folder):
    alone, creds = folder / "alone", folder / "desk.creds"
    alone.write_text(KNOWN)
    found = credentials.read(str(alone))
    assert (found.public, found.jwt) == (ITS_PUBLIC, b"")
    creds.write_text(
        f"-----BEGIN NATS USER JWT-----\neyJ0.eyJq.c2ln\n------END NATS USER JWT------\n\n"
        f"-----BEGIN USER NKEY SEED-----\n{KNOWN}\n------END USER NKEY SEED------\n"
    )
    both = credentials.read(str(creds))
    assert (both.public, both.jwt) == (ITS_PUBLIC, b"eyJ0.eyJq.c2ln")
    for bad in (KNOWN[:-1] + "A", KNOWN[:30], "UD", "", "é"):
        alone.write_text(bad)
        with pytest.raises(credentials.BadCredentials) as refused:
            credentials.read(str(alone))
        assert KNOWN[:20] not in str(refused.value)


def test_a_key_stands_alone_and_its_file_is_there(key):
    for access in (Access(user="desk", credentials=str(key)), Access(credentials=f"{key}.not")):
        with pytest.raises(BadInbox, match="HIKESHI_INBOX"):
            read_stream("tls://nats1:4222", access, replicas=1, megabytes=1)
