"""What a subject is called. Whoever keeps a kind of subject makes it known here; this package knows nobody above it."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Described:
    """As one recipient may know it. ``title`` and ``link`` are empty for whoever does not see it. ``over``: nobody
    needs to be called about it any more.
    """

    title: str
    place: str
    link: str
    over: bool


Describer = Callable[[str, str], Described | None]
"""From a subject and an owner string; None where there is no such subject."""
_describers: dict[str, Describer] = {}


def register(kind: str, describer: Describer) -> None:
    """``kind`` of ``<kind>:<uuid>``."""
    _describers[kind] = describer


def describe(subject: str, owner: str) -> Described | None:
    found = _describers.get(subject.partition(":")[0])
    return found(subject, owner) if found is not None else None
