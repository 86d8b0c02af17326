"""The life cycle: which phases open and close when somebody moves, and which gates that asks. Pure.

A plan says what would happen; the action asks its gates and carries it out. Several phases may be open at once; phases
beside the course (report, learn) never touch the others.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from hikeshi.incidents.codes import GRAVE, PhaseState, RecordClass, Status
from hikeshi.incidents.gates import At, GateSpec, Point

Phases = Mapping[str, PhaseState]
OVER = frozenset({PhaseState.DONE, PhaseState.SKIPPED})


class WhyNot(StrEnum):
    NOT_IN_COURSE = "not_in_course"
    ALREADY_OPEN = "already_open"
    NOT_OPEN = "not_open"
    NOT_PENDING = "not_pending"
    IS_RESOLVED = "is_resolved"
    IS_CLOSED = "is_closed"
    NOT_CLOSED = "not_closed"


class CannotMove(Exception):
    def __init__(self, reason: WhyNot) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Course:
    code: str
    phases: tuple[str, ...]
    beside: tuple[str, ...]
    gates: tuple[GateSpec, ...] = ()

    def begin(self) -> dict[str, PhaseState]:
        states = dict.fromkeys((*self.phases, *self.beside), PhaseState.PENDING)
        states[self.phases[0]] = PhaseState.OPEN
        return states


@dataclass(frozen=True, slots=True)
class Step:
    phase: str
    was: PhaseState
    state: PhaseState


@dataclass(frozen=True, slots=True)
class Plan:
    """``asked``: where gates are asked. ``passed_over``: phases nobody worked on. ``back_to``: what was confirmed from
    the start of this phase on must be confirmed again. ``ends``: no phase of the course is left.
    """

    steps: tuple[Step, ...]
    asked: tuple[Point, ...] = ()
    passed_over: tuple[str, ...] = ()
    back_to: str | None = None
    ends: bool = False


def apply(phases: Phases, plan: Plan) -> dict[str, PhaseState]:
    return {**phases, **{step.phase: step.state for step in plan.steps}}


def _over(course: Course, phases: Phases) -> bool:
    return all(phases[code] in OVER for code in course.phases)


def _plan(
    course: Course, phases: Phases, to: Mapping[str, PhaseState], asked: Iterable[Point], back: str | None
) -> Plan:
    steps = tuple(Step(code, phases[code], state) for code, state in to.items() if phases[code] is not state)
    skipped = tuple(step.phase for step in steps if step.state is PhaseState.SKIPPED)
    after = {**phases, **to}
    return Plan(steps, tuple(asked), skipped, back, ends=_over(course, after) and not _over(course, phases))


def _must_be_open(status: Status) -> None:
    if status is Status.CLOSED:
        raise CannotMove(WhyNot.IS_CLOSED)
    if status is Status.RESOLVED:
        raise CannotMove(WhyNot.IS_RESOLVED)


def move(course: Course, phases: Phases, target: str, *, keep_open: bool, status: Status) -> Plan:
    """Starts ``target``. Open phases before it end unless kept; open phases after it are put back to pending.

    Going forward asks the gates of every phase ended, started or passed over. Going back is never refused: when the
    attacker is found again, nobody argues with a form. Raises CannotMove.
    """
    if target in course.beside:
        if phases[target] is PhaseState.OPEN:
            raise CannotMove(WhyNot.ALREADY_OPEN)
        return _plan(course, phases, {target: PhaseState.OPEN}, (), None)
    if target not in course.phases:
        raise CannotMove(WhyNot.NOT_IN_COURSE)
    _must_be_open(status)
    others = [code for code in course.phases if code != target and phases[code] is PhaseState.OPEN]
    if phases[target] is PhaseState.OPEN and (keep_open or not others):
        raise CannotMove(WhyNot.ALREADY_OPEN)
    place = course.phases.index(target)
    later = course.phases[place + 1 :]
    if phases[target] is PhaseState.DONE or any(phases[code] is not PhaseState.PENDING for code in later):
        return _back(course, phases, target, () if keep_open else [code for code in others if code in later])
    return _forward(course, phases, place, () if keep_open else others)


def _back(course: Course, phases: Phases, target: str, later: Iterable[str]) -> Plan:
    """Later phases will come again. Earlier open ones stay open: ending them would have to ask their gates."""
    states = dict.fromkeys(later, PhaseState.PENDING)
    return _plan(course, phases, {**states, target: PhaseState.OPEN}, (), target)


def _forward(course: Course, phases: Phases, place: int, ending: Iterable[str]) -> Plan:
    """Phases before the target that nobody opened are passed over; all their gates are asked with the rest."""
    asked: list[Point] = []
    states = dict.fromkeys(ending, PhaseState.DONE)
    for code in course.phases[:place]:
        if phases[code] is PhaseState.PENDING:
            states[code] = PhaseState.SKIPPED
            asked += [Point(At.START, code), Point(At.END, code)]
        elif code in states:
            asked.append(Point(At.END, code))
    target = course.phases[place]
    states[target] = PhaseState.OPEN
    if phases[target] is not PhaseState.OPEN:
        asked.append(Point(At.START, target))
    return _plan(course, phases, states, asked, None)


def finish(course: Course, phases: Phases, code: str, *, status: Status) -> Plan:
    """Ends an open phase without starting another. Raises CannotMove."""
    if code not in phases:
        raise CannotMove(WhyNot.NOT_IN_COURSE)
    if phases[code] is not PhaseState.OPEN:
        raise CannotMove(WhyNot.NOT_OPEN)
    if code in course.beside:
        return _plan(course, phases, {code: PhaseState.DONE}, (), None)
    _must_be_open(status)
    return _plan(course, phases, {code: PhaseState.DONE}, [Point(At.END, code)], None)


def skip(course: Course, phases: Phases, code: str, *, status: Status) -> Plan:
    """Leaves out a phase that nobody began; its reason is on record instead of its gates. Raises CannotMove."""
    if code not in phases:
        raise CannotMove(WhyNot.NOT_IN_COURSE)
    if phases[code] is not PhaseState.PENDING:
        raise CannotMove(WhyNot.NOT_PENDING)
    if code in course.phases:
        _must_be_open(status)
    return _plan(course, phases, {code: PhaseState.SKIPPED}, (), None)


def close(course: Course, phases: Phases, record_class: RecordClass, *, status: Status) -> Plan:
    """Ends what is open and closes the record. Of an incident or accident every gate left on the way is asked and what
    nobody worked on counts as passed over; what turned out to be less closes without them. Raises CannotMove.
    """
    if status is Status.CLOSED:
        raise CannotMove(WhyNot.IS_CLOSED)
    asked: list[Point] = []
    to: dict[str, PhaseState] = {}
    for code in course.phases:
        if phases[code] is PhaseState.PENDING:
            to[code] = PhaseState.SKIPPED
            asked += [Point(At.START, code), Point(At.END, code)]
        elif phases[code] is PhaseState.OPEN:
            to[code] = PhaseState.DONE
            asked.append(Point(At.END, code))
    if record_class not in GRAVE:
        asked = []
    return _plan(course, phases, to, [*asked, Point(At.CLOSE)], None)


def reopen(course: Course, phases: Phases, *, status: Status) -> Plan:
    """Opens the last phase that was worked on again. Raises CannotMove."""
    if status is Status.OPEN:
        raise CannotMove(WhyNot.NOT_CLOSED)
    worked = [code for code in course.phases if phases[code] is PhaseState.DONE]
    target = worked[-1] if worked else course.phases[0]
    return _plan(course, phases, {target: PhaseState.OPEN}, (), target)


def must_be_asked_again(course: Course, gate: GateSpec, back_to: str) -> bool:
    """After going back to a phase, what people confirmed from its end on no longer says anything."""
    if gate.at is At.CLOSE:
        return True
    if gate.phase not in course.phases:
        return False
    here, there = course.phases.index(gate.phase), course.phases.index(back_to)
    return here > there or (here == there and gate.at is At.END)


def translate(old: Course, new: Course, phases: Phases, words: Mapping[str, str]) -> dict[str, PhaseState]:
    """Where the record stands on a new course: each new phase takes the liveliest state of the old ones that stand for
    it. What has no counterpart stays pending and is asked for later; phases beside keep their state.
    """
    liveliest = (PhaseState.PENDING, PhaseState.SKIPPED, PhaseState.DONE, PhaseState.OPEN)
    states = dict.fromkeys(new.phases, PhaseState.PENDING)
    for code in old.phases:
        twin = words.get(code)
        if twin in states:
            states[twin] = max(states[twin], phases[code], key=liveliest.index)
    states |= {code: phases[code] for code in new.beside}
    if not _over(old, phases) and not any(states[code] is PhaseState.OPEN for code in new.phases):
        states[next((c for c in new.phases if states[c] is PhaseState.PENDING), new.phases[-1])] = PhaseState.OPEN
    return states
