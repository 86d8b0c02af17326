"""What a merge brings from one record to another, and what it does to the calls. Pure."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

import msgspec

from hikeshi.kernel.facts import JSON


class Calls(StrEnum):
    """What becomes of a call that runs for the merged record."""

    NONE = "none"
    STOP = "stop"  # the other record calls by itself, or it was answered
    MOVE = "move"  # nobody answered yet and nobody is called for the other: it is begun there
    ANSWER = "answer"  # somebody had answered: that counts for the other as well


@dataclass(frozen=True, slots=True)
class Brought:
    """By their uuids, what came with a merge and goes back with an un-merge. ``joined`` came to the surviving record,
    ``let_in`` to the merged one; ``priority`` and ``priority_reason`` are those the surviving one had, 0 where they
    stayed; ``owner``: it got its owner by the merge. ``hid``: which of the two it restricted; ``hid_parts``: what was
    merged into the merged one before and was restricted with it.
    """

    alerts: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    traces: tuple[str, ...] = ()
    assets: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()
    let_in: tuple[str, ...] = ()
    children: tuple[str, ...] = ()
    owner: bool = False
    priority: int = 0
    priority_reason: str = ""
    hid_into: bool = False
    hid_merged: bool = False
    hid_parts: tuple[str, ...] = ()


def written(brought: Brought) -> JSON:
    """As the row keeps it."""
    made: JSON = msgspec.to_builtins(brought)
    return made


def read(content: JSON) -> Brought:
    return msgspec.convert(content, Brought)


def digest(content: JSON) -> str:
    """Stands in the ledger for it. Without ``hid_parts`` where there are none: older entries know nothing of them."""
    said = msgspec.to_builtins(read(content))
    if not said["hid_parts"]:
        del said["hid_parts"]
    return hashlib.sha256(msgspec.json.encode(said)).hexdigest()
