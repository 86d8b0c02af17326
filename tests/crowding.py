"""As many people at once as a desk takes: whoever comes then is turned away."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

from hikeshi.edge import people
from tests.running import Site

BEGUN: Final = b"POST /sign-in/ HTTP/1.1\r\nHost: 127.0.0.1\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n"
PATIENCE: Final = 20.0


@contextmanager
def crowded(desk: Site) -> Iterator[None]:
    """So many ask to send something, are told to go on, and do not, for half a minute at most. Who hears that has a
    place; who was turned away, because somebody else was just being answered, comes again: every place is taken.
    """
    until = time.monotonic() + PATIENCE
    with ExitStack() as lines:
        taken = 0
        while taken < people.WAITING:
            assert time.monotonic() < until, f"{taken} places of {people.WAITING} were to be had"
            line = lines.enter_context(socket.create_connection(("127.0.0.1", desk.port), timeout=PATIENCE))
            line.sendall(BEGUN)
            taken += line.recv(12) == b"HTTP/1.1 100"
        yield
