"""A sender that does not finish its body is turned away; one that only takes its time is not."""

import asyncio
import re
from typing import cast

import pytest

from hikeshi.edge import streams
from hikeshi.edge.bodies import Reader
from hikeshi.edge.wire import Gone, Message, Refused, Scope


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


def streamed(*messages: Message, seconds: float, pace: int) -> int:
    """How much of a body that began so many seconds ago was taken before it was cut."""

    async def main() -> int:
        left, taken = list(messages), 0

        async def receive() -> Message:
            await asyncio.sleep(0)
            return left.pop(0)

        body = streams._Body({b"transfer-encoding": b"chunked"}, receive, streams.STALL, pace)
        body._begun -= seconds
        try:
            for _ in messages:
                taken += len((await body.receive())["body"])
        except streams.Cut:
            return taken
        return taken

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


def test_a_stranger_who_trickles_is_cut_off_and_one_who_keeps_pace_is_not():
    pieces = [part(b"x" * 10, more=True)] * 20
    assert streamed(*pieces, seconds=29, pace=1_000) == 200
    assert streamed(*pieces, seconds=31, pace=1_000) == 0  # a second is over, and a thousand bytes were due
    assert streamed(*pieces, seconds=31, pace=5) == 200


def test_only_forms_that_bring_much_take_one_of_the_few_threads_of_strangers():
    forms = streams.of_strangers(lambda _environ, _start: [], re.compile("/report/"))

    def scope(method: str, path: str, *headers: tuple[bytes, bytes]) -> Scope:
        return cast("Scope", {"method": method, "path": path, "headers": list(headers), "client": None})

    assert forms.take(scope("POST", "/report/", (b"content-length", b"2000000")))
    assert forms.take(scope("POST", "/report/", (b"transfer-encoding", b"chunked")))
    assert not forms.take(scope("POST", "/report/", (b"content-length", b"2000")))
    assert not forms.take(scope("GET", "/report/"))
    assert not forms.take(scope("POST", "/sign-in/", (b"content-length", b"2000000")))
