"""What an answer to a form's question says, as lists are narrowed by it. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from hikeshi.kernel.facts import JSON
from hikeshi.search.folding import folded

NUMBER: Final = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,10})?", re.ASCII)
MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}", re.ASCII)
"""A day and time as an answer keeps it."""
CODE: Final = 100
SHORT: Final = 200
"""Letters that an index of either database holds, however many bytes each has."""


@dataclass(frozen=True, slots=True)
class Said:
    """``code``: a choice, the uuid of a thing of the site, or what was written, exactly; empty where that is longer
    than any code. ``words``: folded; what is longer than ``SHORT`` is in ``long`` instead. ``moment``: the day and time
    on the clock as it was written, as if that were UTC.
    """

    code: str = ""
    words: str = ""
    long: str = ""
    number: float | None = None
    moment: datetime | None = None


def said(answer: JSON) -> Iterator[Said]:
    """One for each choice where several were made. A thing of the site is said by the name it had."""
    for one in answer if isinstance(answer, list) else [answer]:
        if isinstance(one, dict):
            uuid = next((str(value) for kind, value in one.items() if kind != "name"), "")
            yield _said(uuid, str(one.get("name", "")))
        else:
            yield _said(str(one), str(one))


def _said(code: str, text: str) -> Said:
    words = folded(text)
    short = len(words) <= SHORT
    return Said(
        code=code if len(code) <= CODE else "",
        words=words if short else "",
        long="" if short else words,
        number=float(text) if NUMBER.fullmatch(text) else None,
        moment=_moment(text),
    )


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC) if MOMENT.fullmatch(text) else None
    except ValueError:
        return None


def looked_for(text: str) -> Sequence[str]:
    """Words of a question, each to be contained in what was said."""
    return folded(text).split()
