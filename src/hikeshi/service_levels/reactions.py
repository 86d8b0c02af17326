"""What moves clocks, and what a clock that has used up its share sets going."""

from typing import Protocol, cast
from uuid import UUID

from hikeshi.incidents.facts import RecordPurged
from hikeshi.kernel.acting import system
from hikeshi.kernel.facts import Fact
from hikeshi.ledger.reactions import EntryView, when, when_any
from hikeshi.service_levels import actions
from hikeshi.service_levels.entries import MOVING
from hikeshi.service_levels.facts import ClockPassed, ClockRanOut
from hikeshi.service_levels.queries.targets import nothing_promised

BY = system("clocks")


class _OfRecord(Protocol):
    @property
    def incident(self) -> UUID: ...


@when_any(*MOVING, unless=nothing_promised)
def reckon_what_moved(fact: Fact, entry: EntryView) -> None:
    actions.reckon_clocks(by=BY, incident=cast("_OfRecord", fact).incident, upto=entry.number)


@when_any(ClockPassed, ClockRanOut)
def act_on_what_passed(fact: Fact, entry: EntryView) -> None:
    if isinstance(fact, ClockPassed | ClockRanOut):
        actions.act_on_passing(
            by=BY, incident=fact.incident, measure=fact.measure, round_=fact.round, percent=fact.percent, acts=fact.acts
        )


@when(RecordPurged)
def forget_the_clocks_of_a_deleted_record(fact: RecordPurged, entry: EntryView) -> None:
    actions.forget_clocks(by=BY, incident=fact.incident, world=entry.world)
