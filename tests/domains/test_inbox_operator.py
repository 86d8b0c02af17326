"""The stream's servers in operator mode: nobody has a user there; who bears a JWT that an account signed is let in."""

import base64
import binascii
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hikeshi.intake.inbox.address import Access
from hikeshi.intake.inbox.appending import Accepted
from hikeshi.intake.inbox.jetstream.faults import Unreachable
from hikeshi.kernel.ids import uuid7
from tests.jetstream import Jetstream
from tests.knocking import knocking

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
KINDS = {"operator": 14, "account": 0, "user": 20}
"""What a public key begins with, times eight: O, A and U in base32 (nats-io/nkeys)."""
EVERYTHING = dict.fromkeys(
    ("subs", "data", "payload", "imports", "exports", "conn", "leaf", "mem_storage", "disk_storage", "streams"), -1
) | {"consumer": -1, "wildcards": True}


class Key:
    def __init__(self, kind: str) -> None:
        self.kind, self.private = kind, Ed25519PrivateKey.generate()

    @property
    def public(self) -> str:
        return _spelt(bytes([KINDS[self.kind] << 3]) + self.private.public_key().public_bytes_raw())

    @property
    def seed(self) -> str:
        kind = KINDS[self.kind]
        return _spelt(bytes([18 << 3 | kind >> 2, (kind & 3) << 6]) + self.private.private_bytes_raw())

    def signs(self, whom: "Key", *, until: int = 0, **said: object) -> str:
        """A JWT about ``whom`` (NATS JWT, version 2)."""
        claims = {
            "jti": whom.public,
            "iat": int(time.time()),
            "iss": self.public,
            "name": whom.kind,
            "sub": whom.public,
        }
        claims |= {"exp": until} if until else {}
        claims |= {"nats": {"type": whom.kind, "version": 2, **said}}
        signed = f"{_part({'typ': 'JWT', 'alg': 'ed25519-nkey'})}.{_part(claims)}"
        return f"{signed}.{_text(self.private.sign(signed.encode()))}"


def _spelt(raw: bytes) -> str:
    return base64.b32encode(raw + binascii.crc_hqx(raw, 0).to_bytes(2, "little")).decode().rstrip("=")


def _part(value: object) -> str:
    return _text(json.dumps(value).encode())


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


ACCOUNT = Key("account")


@pytest.fixture(scope="module")
def servers() -> Iterator[Jetstream]:
    operator, system = Key("operator"), Key("account")
    accounts = {
        ACCOUNT.public: operator.signs(ACCOUNT, limits=EVERYTHING),
        system.public: operator.signs(system, limits={**EVERYTHING, "mem_storage": 0, "disk_storage": 0}),
    }
    preloaded = "\n".join(f"{name}: {jwt}" for name, jwt in accounts.items())
    more = f"operator: {operator.signs(operator)}\nsystem_account: {system.public}\nresolver: MEMORY\n"
    running = Jetstream(more=f"{more}resolver_preload: {{\n{preloaded}\n}}")
    running.start()
    yield running
    running.kill(0)


@pytest.fixture
def kept(servers: Jetstream, tmp_path: Path) -> Iterator[Callable[[str, str], object]]:
    """Posts one body as whoever bears this JWT and signs with this seed."""
    with knocking(servers.url) as post:

        def keep(jwt: str, seed: str) -> object:
            file = tmp_path / f"{uuid7()}.creds"
            file.write_text(
                f"-----BEGIN NATS USER JWT-----\n{jwt}\n------END NATS USER JWT------\n\n"
                f"-----BEGIN USER NKEY SEED-----\n{seed}\n------END USER NKEY SEED------\n"
            )
            return post(Access(credentials=str(file)))

        yield keep


def may(user: Key, account: Key = ACCOUNT, **more: int) -> str:
    return account.signs(user, subs=-1, data=-1, payload=-1, pub={}, sub={}, **more)


def test_who_bears_a_jwt_of_a_known_account_is_let_in(kept: Callable[[str, str], object]) -> None:
    user = Key("user")
    assert isinstance(kept(may(user), user.seed), Accepted)


def test_a_strangers_jwt_anothers_key_and_one_that_is_over_are_refused(kept: Callable[[str, str], object]) -> None:
    user = Key("user")
    for jwt, seed in (
        (may(user, Key("account")), user.seed),
        (may(user), Key("user").seed),
        (may(user, until=int(time.time()) - 60), user.seed),
    ):
        with pytest.raises(Unreachable) as refused:
            kept(jwt, seed)
        assert "do not let the desk in" in str(refused.value)
        assert jwt not in str(refused.value)
