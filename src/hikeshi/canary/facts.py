"""What became of the desk's own trials. Whom they called, by references."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from hikeshi.canary.stages import Stage, State, To
from hikeshi.kernel.facts import Fact, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Arranged(Fact):
    """When a canary is sent by itself, to whom, and how long they have. ``content`` is the digest of all of it."""

    on: bool
    to: To
    value: str
    minutes: int
    content: str

    def sets(self) -> Mapping[str, Row]:
        return {"canary.arrangement:1": {"content": self.content}}


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfCanary:
    canary: UUID

    def _row(self, state: State) -> Mapping[str, Row]:
        return {f"canary.canary:{self.canary}": {"state": state.value}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(_OfCanary, Fact):
    to: To
    value: str
    minutes: int
    scheduled: bool

    def sets(self) -> Mapping[str, Row]:
        return self._row(State.UNDER_WAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut(_OfCanary, Fact):
    """It was due by plan, and was not sent. ``why`` is a code."""

    why: str

    def sets(self) -> Mapping[str, Row]:
        return self._row(State.LEFT_OUT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered(_OfCanary, Fact):
    """``person``: who answered; ``seconds``: how long the whole way took."""

    person: str
    seconds: int

    def sets(self) -> Mapping[str, Row]:
        return self._row(State.ANSWERED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed(_OfCanary, Fact):
    """``stage``: the first one it did not pass. ``why`` is a code."""

    stage: Stage
    why: str

    def sets(self) -> Mapping[str, Row]:
        return self._row(State.FAILED)
