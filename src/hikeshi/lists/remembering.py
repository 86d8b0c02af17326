"""What a fact says about how a record stood: the source of the history that lists ask. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hikeshi.incidents import facts
from hikeshi.kernel.facts import Fact


class Way(StrEnum):
    """SET: this and nothing else from now on. START, END: one of several that may go on at once."""

    SET = "set"
    START = "start"
    END = "end"
    ONLY = "only"


@dataclass(frozen=True, slots=True)
class Change:
    field: str
    way: Way
    values: tuple[str, ...]
    first: bool = False


def _opened(fact: facts.Opened) -> tuple[Change, ...]:
    said = {
        "status": "open",
        "kind": fact.kind,
        "class": fact.record_class.value,
        "priority": str(fact.priority),
        "owner": "",
    }
    sets = [Change(field, Way.SET, (value,), first=True) for field, value in said.items()]
    return (*sets, Change("phase", Way.START, (fact.phase,), first=True))


def _closed(fact: facts.Closed) -> tuple[Change, ...]:
    return (_set("status", "closed"), _set("class", fact.record_class.value))


def _course(fact: facts.CourseTaken) -> tuple[Change, ...]:
    going = tuple(one.code for one in fact.phases if one.in_course and one.state == "open")
    return (Change("phase", Way.ONLY, going),)


def _set(field: str, value: str) -> Change:
    return Change(field, Way.SET, (value,))


_SAYS: Final[Mapping[type[Fact], Callable[..., tuple[Change, ...]]]] = {
    facts.Opened: _opened,
    facts.Closed: _closed,
    facts.CourseTaken: _course,
    facts.Resolved: lambda fact: (_set("status", "resolved"),),
    facts.Reopened: lambda fact: (_set("status", "open"),),
    facts.Classified: lambda fact: (_set("class", fact.record_class.value),),
    facts.Declared: lambda fact: (_set("class", fact.record_class.value),),
    facts.KindChanged: lambda fact: (_set("kind", fact.kind),),
    facts.PriorityChanged: lambda fact: (_set("priority", str(fact.priority)),),
    facts.UrgencyRaised: lambda fact: (_set("priority", str(fact.priority)),),
    facts.UrgencyEased: lambda fact: (_set("priority", str(fact.priority)),),
    facts.Assigned: lambda fact: (_set("owner", fact.owner),),
    facts.Unassigned: lambda fact: (_set("owner", ""),),
    facts.PhaseStarted: lambda fact: (Change("phase", Way.START, (fact.phase,)),),
    facts.PhaseEnded: lambda fact: (Change("phase", Way.END, (fact.phase,)),),
    facts.PhaseReturned: lambda fact: (Change("phase", Way.END, (fact.phase,)),),
    facts.PhaseSkipped: lambda fact: (Change("phase", Way.END, (fact.phase,)),),
}
NAMES: Final = tuple(sorted(one.name for one in _SAYS))


def changes(fact: Fact) -> tuple[Change, ...]:
    says = _SAYS.get(type(fact))
    return says(fact) if says else ()
