"""A desk at the door of a stream's servers: what becomes of one body that it posts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from hikeshi.intake.inbox.address import Access, read_stream
from hikeshi.intake.inbox.appending import Post
from hikeshi.intake.inbox.items import InboxItem
from hikeshi.intake.inbox.jetstream.stream import StreamInbox
from hikeshi.kernel.clock import now
from hikeshi.kernel.ids import uuid7
from hikeshi.kernel.worlds import World


@contextmanager
def knocking(address: str) -> Iterator[Callable[[Access], object]]:
    """Raises Unreachable where the servers do not let it in."""
    opened: list[StreamInbox] = []

    def post(access: Access) -> object:
        stream = read_stream(address, access, replicas=1, megabytes=50)
        assert stream is not None
        opened.append(StreamInbox(stream))
        item = InboxItem(
            receipt=uuid7(), source="wazuh", organisation_id=1, body=b"{}", content_type="",
            received_at=now(), world=World.REAL, alerts=1,
        )  # fmt: skip
        return opened[-1].append([Post(item, b"", b"")])[0]

    yield post
    for one in opened:
        one.wire.close()
