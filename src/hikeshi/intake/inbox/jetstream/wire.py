"""The connection of a process to the stream's servers: an event loop in a thread of its own, asked from any other."""

import asyncio
import json
import logging
import ssl
import threading
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import TimeoutError as TooLate
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, TypeAlias, TypeVar

from nats.aio.client import Client
from nats.errors import Error as NatsError

from hikeshi.intake.inbox.address import Stream
from hikeshi.intake.inbox.framing import LIMIT
from hikeshi.intake.inbox.jetstream import credentials, shape
from hikeshi.intake.inbox.jetstream.faults import ApiError, Unreachable, said

T = TypeVar("T")
Json: TypeAlias = Mapping[str, object]
CONNECT: Final = 5.0
ASK: Final = 5.0
LEAVE: Final = 0.5
PAUSE: Final = 0.2
"""Seconds between two tries to reach a server again."""
ROOM: Final = LIMIT + 16 * 1024
"""Bytes that the servers must let one message have: a body of the largest size, and what the door knew of it."""
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Wire:
    stream: Stream
    _loop: asyncio.AbstractEventLoop | None = None
    _client: Client | None = None
    _starting: threading.Lock = field(default_factory=threading.Lock)
    _connecting: asyncio.Lock | None = None

    def call(self, work: Callable[[Client], Coroutine[object, object, T]], seconds: float = CONNECT + ASK) -> T:
        """From any thread but the wire's own. Raises Unreachable."""
        asked = asyncio.run_coroutine_threadsafe(self._do(work), self._running())
        try:
            return asked.result(seconds)
        except (TooLate, TimeoutError, NatsError, OSError, ApiError, ValueError) as error:
            asked.cancel()
            raise Unreachable(f"the inbox's stream: {str(error) or type(error).__name__}") from None

    def close(self) -> None:
        """Ends the connection and the thread."""
        with self._starting:
            loop, self._loop = self._loop, None
        if loop is None:
            return
        asyncio.run_coroutine_threadsafe(self._leave(), loop).result(ASK)
        loop.call_soon_threadsafe(loop.stop)

    async def _leave(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await _let_go(client)

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._starting:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=_run, args=(self._loop,), name="stream", daemon=True).start()
            return self._loop

    async def _do(self, work: Callable[[Client], Coroutine[object, object, T]]) -> T:
        return await work(await self._connected())

    async def _connected(self) -> Client:
        self._connecting = self._connecting or asyncio.Lock()
        async with self._connecting:
            if self._client is None or self._client.is_closed:
                self._client = await asyncio.wait_for(_connect(self.stream), CONNECT)
            return self._client


def _run(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    loop.run_forever()
    loop.close()


async def _connect(stream: Stream) -> Client:
    """Raises Unreachable with why the last server that was asked did not take the desk in."""
    access, client, last = stream.access, _Client(), _Last()
    asked = client.connect(
        list(stream.servers),
        name="hikeshi",
        connect_timeout=2,
        reconnect_time_wait=PAUSE,  # type: ignore[arg-type]  # it sleeps so long, and a part of a second is fine
        max_reconnect_attempts=-1,
        ping_interval=10,
        error_cb=last.hear,
        tls=_tls(stream) if stream.encrypted else None,
        user=access.user or None,
        password=access.password or None,
        token=access.token or None,
        user_credentials=access.credentials or None,
    )
    try:
        await asyncio.wait_for(asked, CONNECT - 1)
    except TimeoutError:
        why = Unreachable(said(last.error))
        await _let_go(client)
        raise why from None
    except credentials.BadCredentials as error:
        raise Unreachable(str(error)) from None
    try:
        _check_room(client)
        await shape.settle(stream, lambda what, body: ask(client, what, body))
    except BaseException:
        await _let_go(client)
        raise
    return client


async def _let_go(client: Client) -> None:
    """A server that hung up may never say its part of TLS's end, and that is not waited for."""
    with suppress(TimeoutError):
        await asyncio.wait_for(client.close(), LEAVE)


def _check_room(client: Client) -> None:
    if client.max_payload < ROOM:
        raise ApiError(0, f"max_payload of the inbox's servers must be at least {ROOM} bytes")


def _tls(stream: Stream) -> ssl.SSLContext:
    access = stream.access
    context = ssl.create_default_context(cafile=access.authority or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if access.certificate:
        context.load_cert_chain(access.certificate, access.certificate_key)
    return context


class _Client(Client):
    """Signs with a key of ours: the library would need another one for that."""

    def _setup_nkeys_connect(self) -> None:
        file = str(self._user_credentials)
        self._signature_cb = lambda nonce: credentials.read(file).sign(nonce)
        if credentials.read(file).jwt:
            self._user_jwt_cb = lambda: credentials.read(file).jwt
        else:
            self._public_nkey = credentials.read(file).public


@dataclass(slots=True)
class _Last:
    """The last thing that went wrong: whoever asks is told; a lost server is not worth a line each second. Who
    refuses the desk hangs up, and often no more than that is heard the next time: the refusal is not forgotten for it.
    """

    error: Exception | None = None

    async def hear(self, error: Exception) -> None:
        if not (isinstance(error, ConnectionError) and self.error is not None):
            self.error = error
        log.debug("the inbox's stream: %s", error)


async def ask(client: Client, what: str, body: Json | None = None) -> dict[str, object]:
    """One request to JetStream itself. Raises ApiError and what the client raises."""
    if not client.is_connected:
        raise Unreachable("no server of the inbox's stream can be reached")
    answer = await client.request(f"$JS.API.{what}", json.dumps(body or {}).encode(), timeout=ASK)
    found: dict[str, object] = json.loads(answer.data)
    error = found.get("error")
    if isinstance(error, dict):
        raise ApiError(int(error.get("err_code") or error.get("code") or 0), str(error.get("description", "")))
    return found
