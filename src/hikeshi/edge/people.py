"""Everything but the machine's paths goes to Django: whole requests, a bounded number of them."""

import re
from dataclasses import dataclass, field
from typing import Final, cast
from urllib.parse import quote_from_bytes

from a2wsgi import WSGIMiddleware
from a2wsgi.wsgi_typing import WSGIApp

from hikeshi.edge.bodies import Reader
from hikeshi.edge.streams import Streams, of_strangers
from hikeshi.edge.wire import Application, Message, Receive, Refused, Scope, Send

THREADS: Final = 8
WAITING: Final = 128
"""Requests under way or waiting for a thread; the next one is asked to come again."""
LIMIT: Final = 16 * 1024 * 1024


@dataclass(slots=True)
class People:
    application: WSGIApp
    reader: Reader
    files: re.Pattern[str]
    forms: re.Pattern[str] = re.compile("(?!)")
    _streams: tuple[Streams, ...] = field(init=False)
    _bridge: Application = field(init=False)
    _open: int = 0

    def __post_init__(self) -> None:
        self._bridge = cast("Application", WSGIMiddleware(self.application, workers=THREADS))
        self._streams = (Streams(self.application, self.files), of_strangers(self.application, self.forms))

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raises Refused (408, 413, 503) and Gone."""
        for streams in self._streams:
            if streams.take(scope):
                scope["query_string"] = quote_from_bytes(scope["query_string"], safe=_QUERY).encode()
                await streams.serve(scope, receive, send)
                return
        if self._open >= WAITING:
            await self._streams[0].drain(scope, receive)
            raise Refused(503, "busy", "The desk is busy. Try again in a moment.", retry_after=1)
        self._open += 1
        try:
            # Read here, where waiting costs nothing: a slow sender must not hold one of the few threads.
            body = await self.reader.read(receive, limit=LIMIT, hold=lambda _: None)
            scope["query_string"] = quote_from_bytes(scope["query_string"], safe=_QUERY).encode()
            await self._bridge(scope, _Whole(body, receive).receive, send)
        finally:
            self._open -= 1


_QUERY: Final = "".join(chr(code) for code in range(33, 127))  # leaves the query as sent, bytes beyond ASCII quoted


@dataclass(slots=True)
class _Whole:
    """A body already read, as ASGI hands it out."""

    body: bytes
    after: Receive
    given: bool = False

    async def receive(self) -> Message:
        if self.given:
            return await self.after()
        self.given = True
        return {"type": "http.request", "body": self.body, "more_body": False}
