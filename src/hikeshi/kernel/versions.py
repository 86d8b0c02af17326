"""What is kept version by version, and two people who edit it: whoever saves second must have seen what the first one
saved. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from hikeshi.kernel.refusals import Conflict, NotFound

Line = TypeVar("Line")
Terms = TypeVar("Terms")


@dataclass(frozen=True, slots=True)
class Version(Generic[Terms]):
    """``made_by`` is empty for what came with a file."""

    number: int
    terms: Terms
    why: str = ""
    made_by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class History(Generic[Line, Terms]):
    """One thing as it stands, and all it ever said, newest first; ``names`` of who said it."""

    line: Line
    versions: tuple[Version[Terms], ...]
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def newest(self) -> Version[Terms]:
        return self.versions[0]

    @property
    def numbers(self) -> list[int]:
        return [one.number for one in self.versions]

    def version(self, number: int) -> Version[Terms]:
        """Raises NotFound."""
        found = next((one for one in self.versions if one.number == number), None)
        if found is None:
            raise NotFound("version")
        return found


def must_be_current(*, read: int | None, now: int, yours: Mapping[str, str], theirs: Mapping[str, str]) -> None:
    """``read`` is the version the writer started from; None saves over whatever is there. The same text is no conflict.

    Raises Conflict with the fields that differ.
    """
    if read is None or read >= now:
        return
    differ = [name for name, text in yours.items() if text != theirs.get(name, "")]
    if differ:
        raise Conflict(
            yours={name: yours[name] for name in differ},
            theirs={name: theirs.get(name, "") for name in differ},
            version=now,
        )
