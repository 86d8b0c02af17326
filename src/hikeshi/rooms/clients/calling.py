"""What every maker's interface is asked to do, and how it is called."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from hikeshi.kernel.http import Answer, Barred, request
from hikeshi.notify.channels.answers import fault_of, fault_of_call, wait_of
from hikeshi.notify.handing import Failed, Fault, Setup
from hikeshi.rooms.results import Looked, Written

SECONDS: Final = 10.0
NAMES: Final = 9
"""So many names are tried where the first is taken."""
PAGES: Final = 25
"""So many pages of a list are read: beyond them nobody is known to be there, and that is said, not guessed."""


@dataclass(frozen=True, slots=True)
class Made:
    place: str
    url: str = ""


class Client(Protocol):
    """All raise Failed. ``make`` called again for the same ``purpose`` finds what it made before; ``reopen`` is False
    where the tool does not give a closed room back.
    """

    def check(self) -> None: ...
    def make(self, name: str, people: tuple[str, ...], purpose: str) -> Made: ...
    def describe(self, place: str, topic: str) -> None: ...
    def people(self, place: str) -> frozenset[str]: ...
    def invite(self, place: str, who: str) -> None: ...
    def remove(self, place: str, who: str) -> None: ...
    def say(self, place: str, text: str, link: str) -> str: ...
    def read(self, place: str, message: str) -> Written: ...
    def look(self, place: str, message: str) -> Looked: ...
    def close(self, place: str) -> None: ...
    def reopen(self, place: str) -> bool: ...
    def tell(self, who: str, text: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Unable:
    """What a tool cannot do."""

    setup: Setup

    def check(self) -> None:
        raise Failed(Fault("not_possible"))

    def describe(self, place: str, topic: str) -> None:
        return

    def people(self, place: str) -> frozenset[str]:
        return frozenset()

    def invite(self, place: str, who: str) -> None:
        raise Failed(Fault("not_possible"))

    def remove(self, place: str, who: str) -> None:
        raise Failed(Fault("not_possible"))

    def read(self, place: str, message: str) -> Written:
        raise Failed(Fault("not_possible"))

    def look(self, place: str, message: str) -> Looked:
        raise Failed(Fault("not_possible"))

    def close(self, place: str) -> None:
        return

    def reopen(self, place: str) -> bool:
        return True

    def tell(self, who: str, text: str) -> str:
        raise Failed(Fault("not_possible"))


def called(
    setup: Setup,
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes = b"",
    *,
    fine: frozenset[int] = frozenset(),
) -> Answer:
    """Raises Failed; ``fine`` are statuses the caller reads by itself."""
    try:
        answer = request(
            method, url, headers=headers, body=body, permitted=setup.permitted, seconds=SECONDS, limit=1024 * 1024
        )
    except Barred as barred:
        raise Failed(fault_of_call(barred, address_at_fault=False)) from None
    fault = fault_of(answer.status, wait_of(answer.headers), address_at_fault=False)
    if fault is not None and answer.status not in fine:
        raise Failed(fault)
    return answer


def tree(answer: Answer) -> dict[str, object]:
    try:
        read = json.loads(answer.body or b"{}")
    except ValueError:
        raise Failed(Fault("provider", passing=True)) from None
    return read if isinstance(read, dict) else {"items": read}


def text(found: object, *path: str) -> str:
    for step in path:
        found = found.get(step) if isinstance(found, dict) else None
    return found if isinstance(found, str) else ""


def rows(found: Mapping[str, object], name: str) -> list[object]:
    known = found.get(name)
    return known if isinstance(known, list) else []


def names(first: str) -> Iterator[str]:
    """What a room may be called: as the record, and where that is taken, with a number."""
    yield first
    for number in range(2, NAMES + 1):
        yield f"{first}-{number}"
