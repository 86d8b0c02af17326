from dataclasses import dataclass

from hikeshi.kernel.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionParked(Fact):
    """A reaction failed on an entry; it will be tried again, and an administrator should look."""

    reaction: str
    entry: int
