"""Gates: what must hold before a phase starts or ends, or before the record closes. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hikeshi.incidents.codes import RecordClass


class At(StrEnum):
    START = "start"
    END = "end"
    CLOSE = "close"


class Check(StrEnum):
    """What the record itself can answer."""

    OWNER_NAMED = "owner_named"
    TASKS_DONE = "tasks_done"
    REPORT_SETTLED = "report_settled"
    FACTS_STATED = "facts_stated"


@dataclass(frozen=True, slots=True)
class GateSpec:
    """A gate as written in a course. Neither ``check`` nor ``people``: only whoever asked can say it is met."""

    code: str
    at: At
    phase: str = ""
    check: Check | None = None
    people: int = 0
    classes: tuple[RecordClass, ...] = ()


@dataclass(frozen=True, slots=True)
class Gate:
    """A gate of one incident as it stands."""

    spec: GateSpec
    asked_by: str = ""
    met: bool = False
    confirmed_by: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Situation:
    """What checks look at."""

    record_class: RecordClass
    owner_named: bool
    open_tasks: int
    gaps: int
    report_settled: bool


@dataclass(frozen=True, slots=True)
class Point:
    """A place in a course where gates are asked: the start or end of a phase, or the close."""

    at: At
    phase: str = ""


CHECKS: Mapping[Check, Callable[[Situation], bool]] = {
    Check.OWNER_NAMED: lambda now: now.owner_named,
    Check.TASKS_DONE: lambda now: now.open_tasks == 0,
    Check.REPORT_SETTLED: lambda now: now.report_settled,
    Check.FACTS_STATED: lambda now: now.gaps == 0,
}


def applies(gate: GateSpec, record_class: RecordClass) -> bool:
    return not gate.classes or record_class in gate.classes


def holds(gate: Gate, now: Situation) -> bool:
    """Whether the gate lets pass. A check is asked anew each time; what people said stays until it is reset."""
    return gate.met or (gate.spec.check is not None and CHECKS[gate.spec.check](now))


def enough(gate: Gate, person: str) -> bool:
    """Whether ``person``'s word, with those already given, meets the gate. The same person counts once."""
    return 0 < gate.spec.people <= len(gate.confirmed_by | {person})


def missing(gates: Sequence[Gate], points: Iterable[Point], now: Situation) -> tuple[Gate, ...]:
    """Gates asked at these points that do not hold, in the order they are asked."""
    wanted = set(points)
    return tuple(
        gate
        for gate in gates
        if Point(gate.spec.at, gate.spec.phase) in wanted
        and applies(gate.spec, now.record_class)
        and not holds(gate, now)
    )
