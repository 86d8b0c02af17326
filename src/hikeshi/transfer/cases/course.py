"""The timeline for people, oldest first: as text in both languages, and as a table that no program will execute."""

from collections.abc import Iterator, Sequence

import msgspec
from django.utils import translation

from hikeshi.documents import tables
from hikeshi.incidents import queries as incidents
from hikeshi.incidents.queries import TimelineLine
from hikeshi.kernel.acting import Actor
from hikeshi.phrases import moments

PAGE = 500


def lines(by: Actor, ref: str, language: str) -> list[TimelineLine]:
    """In that language. One small record a line is held."""
    found: list[TimelineLine] = []
    cursor: str | None = None
    with translation.override(language):
        while True:
            page = incidents.timeline(by, ref, cursor=cursor, limit=PAGE)
            found += page.items
            cursor = page.next
            if cursor is None:
                return found[::-1]


def text(found: Sequence[TimelineLine]) -> Iterator[bytes]:
    for line in found:
        at = moments.local(line.at).strftime("%Y-%m-%d %H:%M:%S %Z")
        said = "".join(f"\n    {words}" for words in line.detail.split("\n") if words)
        yield f"{at}  #{line.number}  {line.actor_name}: {line.sentence}{said}\n".encode("utf-8", "replace")


def data(found: Sequence[TimelineLine]) -> Iterator[bytes]:
    for line in found:
        yield msgspec.json.encode(line) + b"\n"


def table(found: Sequence[TimelineLine]) -> bytes:
    rows = [(one.number, one.at.isoformat(), one.actor_name, one.sentence, one.detail) for one in found]
    return tables.to_csv(("number", "at", "who", "what", "words"), rows)
