"""A sender that does not finish its body is turned away; one that only takes its time is not."""

import asyncio

import pytest

from hikeshi.edge.bodies import Reader
from hikeshi.edge.wire import Gone, Message, Refused


def read(*messages: Message, seconds: float = 30.0, limit: int = 100) -> bytes:
    """The body of these messages; after the last one nothing comes any more."""

    async def main() -> bytes:
        reader, left = Reader(seconds), list(messages)

        async def receive() -> Message:
            if left:
                return left.pop(0)
            return await asyncio.get_running_loop().create_future()

        reader.start()
        return await asyncio.create_task(reader.read(receive, limit=limit, hold=lambda _: None))

    return asyncio.run(main())


def part(body: bytes, *, more: bool) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


def test_a_body_in_parts_is_put_together():
    assert read(part(b"ab", more=True), part(b"cd", more=True), part(b"", more=False)) == b"abcd"


def test_a_body_that_never_ends_is_refused_after_its_time():
    with pytest.raises(Refused) as refused:
        read(part(b"ab", more=True), seconds=0.0)
    assert refused.value.status == 408


def test_too_much_is_read_to_its_end_and_refused():
    with pytest.raises(Refused) as refused:
        read(part(b"x" * 90, more=True), part(b"x" * 90, more=True), part(b"x", more=False))
    assert refused.value.status == 413


def test_far_too_much_is_not_even_read():
    with pytest.raises(Refused) as refused:
        read(*[part(b"x" * 100, more=True)] * 9)
    assert refused.value.status == 413


def test_a_sender_that_hangs_up_is_gone():
    with pytest.raises(Gone):
        read(part(b"x", more=True), {"type": "http.disconnect"})
