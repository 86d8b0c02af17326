"""Runs the callable in granian, in this process, until told to stop."""

import asyncio
import logging
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import uvloop
from granian.constants import Interfaces, SSLProtocols, TaskImpl
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.embed import Server

from hikeshi.edge.app import Edge, Options
from hikeshi.kernel import memory

BACKLOG: Final = 2048
CONNECTIONS: Final = 8192
SWITCH: Final = 0.0005
"""Seconds a thread may keep the interpreter's lock from another. The committing thread gives it up at every call of the
database; with Python's usual 5 ms it would spend most of its time getting it back from the event loop."""
GOODBYE: Final = 3.0
"""Seconds that requests under way are given when the server stops."""


@dataclass(frozen=True, slots=True)
class Place:
    host: str
    port: int
    certificate: Path | None = None
    certificate_key: Path | None = None


def run(place: Place, options: Options) -> None:
    """Returns after SIGTERM or SIGINT. Raises OSError where the port is taken."""
    sys.setswitchinterval(SWITCH)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:  # a third less of the door's time than Python's
        runner.run(_run(place, options))


async def _run(place: Place, options: Options) -> None:
    logging.getLogger("granian").setLevel(logging.ERROR)  # it calls running in one process experimental at each start
    edge = Edge(options)
    server = Server(
        edge,
        address=place.host,
        port=place.port,
        interface=Interfaces.ASGINL,
        task_impl=TaskImpl.asyncio,
        websockets=False,
        backlog=BACKLOG,
        backpressure=CONNECTIONS,
        http1_settings=HTTP1Settings(header_read_timeout=15_000),
        ssl_cert=place.certificate,
        ssl_key=place.certificate_key,
        ssl_protocol_min=SSLProtocols.tls12,
        log_enabled=False,
        log_level=LogLevels.error,
    )
    edge.start()
    await edge.listen()
    memory.settle()
    serving = asyncio.ensure_future(server.serve())
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    await asyncio.wait([serving, asyncio.ensure_future(told.wait())], return_when=asyncio.FIRST_COMPLETED)
    edge.close_streams()
    server.stop()  # type: ignore[no-untyped-call]  # granian does not annotate it
    done, _ = await asyncio.wait([serving], timeout=GOODBYE)
    edge.stop()
    for ended in done:
        ended.result()  # raises what kept it from listening
