"""Whose token a request bears, and who may sign for a source: asked of the accounts once in a few seconds."""

import asyncio
import hashlib
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final

from django.db import Error, close_old_connections

from hikeshi.accounts import queries as accounts
from hikeshi.edge.basic import password
from hikeshi.edge.wire import Refused
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.worlds import World

SECONDS: Final = 5.0
"""How long an answer holds: a revoked token is turned away at the latest after this."""
GRACE: Final = 600.0
"""How long it holds beyond that while the database cannot be asked: where the inbox is a stream, alerts need nothing
else of it. Nobody can revoke a token meanwhile, unless this machine alone has lost the database."""
_REMEMBERED: Final = 10_000
_LONGEST: Final = 512
_CHALLENGE: Final = ((b"www-authenticate", b'Bearer realm="hikeshi"'),)


@dataclass(frozen=True, slots=True)
class Sender:
    """A detector that may send: ``digest`` names its token without telling it."""

    digest: bytes
    source: str
    organisation_id: int
    world: World


@dataclass(frozen=True, slots=True)
class Signer:
    """A secret with which a maker signs for this sender."""

    sender: Sender
    secret: str = field(repr=False)


@dataclass(slots=True)
class Keys:
    _pool: ThreadPoolExecutor
    _known: dict[bytes, tuple[Sender | None, float]] = field(default_factory=dict)
    _asking: dict[bytes, asyncio.Future[Sender | None]] = field(default_factory=dict)
    _signers: dict[str, tuple[tuple[Signer, ...], float]] = field(default_factory=dict)
    _asking_signers: dict[str, asyncio.Future[tuple[Signer, ...]]] = field(default_factory=dict)

    async def sender(self, authorization: str) -> Sender:
        """Raises Refused (401, 503)."""
        scheme, _, secret = authorization.partition(" ")
        if scheme == "Bearer" or scheme.lower() == "bearer":
            return await self.sender_of(secret.strip())
        return await self.sender_of(password(secret.strip()) if scheme.lower() == "basic" else "")

    async def sender_of(self, secret: str) -> Sender:
        """Raises Refused (401, 503)."""
        if not secret or len(secret) > _LONGEST:
            raise unauthorised("Send the source's token as Authorization: Bearer …")
        digest = hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
        found, until = self._known.get(digest, (None, 0.0))
        if time.monotonic() >= until:
            found = await self._look_up(digest, secret)
        if found is None:
            raise unauthorised("The token is unknown, expired or revoked.")
        return found

    async def signers(self, source: str) -> tuple[Signer, ...]:
        """Whoever may sign for a source that exists; held as long as a token's answer. Raises Refused (503)."""
        found, until = self._signers.get(source, ((), 0.0))
        if time.monotonic() < until:
            return found
        asking = self._asking_signers.get(source)
        if asking is None:
            asking = asyncio.ensure_future(self._fresh_signers(source))
            self._asking_signers[source] = asking
            asking.add_done_callback(lambda _: self._asking_signers.pop(source, None))
        return await asyncio.shield(asking)

    async def _fresh_signers(self, source: str) -> tuple[Signer, ...]:
        try:
            found = await asyncio.get_running_loop().run_in_executor(self._pool, _signers, source)
        except Error:
            raise Refused(503, "storage", "Secrets cannot be looked up at the moment.", retry_after=5) from None
        self._signers[source] = (found, time.monotonic() + SECONDS)
        return found

    async def _look_up(self, digest: bytes, secret: str) -> Sender | None:
        """One question for all requests that wait for the same answer."""
        asking = self._asking.get(digest)
        if asking is None:
            asking = asyncio.ensure_future(self._fresh(digest, secret))
            self._asking[digest] = asking
            asking.add_done_callback(lambda _: self._asking.pop(digest, None))
        return await asyncio.shield(asking)

    async def _fresh(self, digest: bytes, secret: str) -> Sender | None:
        loop = asyncio.get_running_loop()
        try:
            found = await loop.run_in_executor(self._pool, self._asked, digest, secret)
        except Error:
            return self._as_before(digest)
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[digest] = (found, time.monotonic() + SECONDS)
        return found

    def _as_before(self, digest: bytes) -> Sender:
        """What the database said while it could be asked. Raises Refused (503)."""
        found, until = self._known.get(digest, (None, 0.0))
        if found is None or time.monotonic() >= until + GRACE:
            raise Refused(503, "storage", "Tokens cannot be checked at the moment.", retry_after=5)
        return found

    def _asked(self, digest: bytes, secret: str) -> Sender | None:
        # In a thread without requests nobody else lets go of a connection whose server went away.
        close_old_connections()
        actor = accounts.actor_of_token(secret, "intake")
        return _sender(digest, actor, World(accounts.site().world)) if actor is not None else None


def _sender(digest: bytes, actor: Actor, world: World) -> Sender | None:
    organisations = actor.organisations(accounts.SEND)
    if len(organisations) != 1:
        return None
    return Sender(digest, actor.ref.removeprefix("machine:"), next(iter(organisations)), world)


def _signers(source: str) -> tuple[Signer, ...]:
    close_old_connections()
    secrets = accounts.signing_secrets(source)
    world = World(accounts.site().world) if secrets else World.REAL
    return tuple(
        Signer(Sender(bytes.fromhex(one.digest), source, one.organisation_id, world), one.secret) for one in secrets
    )


def unauthorised(detail: str) -> Refused:
    return Refused(401, "unauthorised", detail, headers=_CHALLENGE)
