"""As many people at once as a desk takes: whoever comes then is turned away."""

import select
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from hikeshi.edge import people
from tests.running import Site

BEGUN: Final = b"POST /sign-in/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n\r\n12345"


@contextmanager
def crowded(desk: Site) -> Iterator[None]:
    """So many have begun to send something and do not go on, for half a minute at most. Who was turned away, because
    somebody else was just being answered, comes again: every place is taken.
    """
    lines: list[socket.socket] = []
    try:
        while not _full(desk) or _answered(lines):
            for one in _answered(lines):
                lines.remove(one)
                one.close()
            lines += [_begun(desk) for _ in range(people.WAITING - len(lines))]
        yield
    finally:
        for line in lines:
            line.close()


def _begun(desk: Site) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", desk.port), timeout=20)
    line.sendall(BEGUN)
    return line


def _answered(lines: list[socket.socket]) -> list[socket.socket]:
    return select.select(lines, [], [], 0)[0]


def _full(desk: Site) -> bool:
    return desk.request("GET", "/no/such/page", headers={"Accept": "*/*"}).status == 503
