"""The life cycle: whatever people do in whatever order, no phase is lost and no gate is slipped past."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from hikeshi.incidents import catalogue, courses
from hikeshi.incidents.codes import PhaseState, RecordClass, Status
from hikeshi.incidents.courses import CannotMove, WhyNot
from hikeshi.incidents.gates import At, Point

KNOWN = catalogue.load()
COURSES = [KNOWN.course(code) for code in KNOWN.courses.courses]
SECURITY = KNOWN.course("security")
OPEN, DONE, PENDING, SKIPPED = PhaseState.OPEN, PhaseState.DONE, PhaseState.PENDING, PhaseState.SKIPPED


def moved(phases: courses.Phases, target: str, *, keep_open: bool = False) -> courses.Phases:
    plan = courses.move(SECURITY, phases, target, keep_open=keep_open, status=Status.OPEN)
    return courses.apply(phases, plan)


def standing(phases: courses.Phases, state: PhaseState) -> list[str]:
    return [code for code in phases if phases[code] is state]


@pytest.mark.parametrize("course", COURSES, ids=lambda course: course.code)
def test_walking_a_course_asks_the_end_of_each_phase_and_the_start_of_the_next_exactly_once(
    course: courses.Course,
) -> None:
    phases, asked = course.begin(), []
    for target in course.phases[1:]:
        plan = courses.move(course, phases, target, keep_open=False, status=Status.OPEN)
        asked += plan.asked
        phases = courses.apply(phases, plan)
    last = courses.finish(course, phases, course.phases[-1], status=Status.OPEN)
    asked += last.asked
    assert last.ends
    wanted = [Point(at, code) for code in course.phases for at in (At.START, At.END)]
    assert sorted(asked, key=str) == sorted(wanted[1:], key=str)


def test_phases_may_overlap_and_report_runs_beside() -> None:
    phases = moved(moved(SECURITY.begin(), "analyse", keep_open=True), "report")
    assert standing(phases, OPEN) == ["detect", "analyse", "report"]
    assert standing(moved(phases, "contain"), OPEN) == ["contain", "report"], "moving on ends both, report goes on"


def test_jumping_ahead_passes_over_phases_and_is_asked_for_all_of_their_gates() -> None:
    plan = courses.move(SECURITY, SECURITY.begin(), "recover", keep_open=False, status=Status.OPEN)
    assert plan.passed_over == ("analyse", "contain", "eradicate")
    assert {Point(At.END, "detect"), Point(At.START, "eradicate"), Point(At.END, "contain")} <= set(plan.asked)
    assert Point(At.START, "recover") in plan.asked


def test_going_back_asks_nothing_and_makes_what_lies_ahead_be_confirmed_again() -> None:
    phases: courses.Phases = SECURITY.begin()
    for target in ("analyse", "contain", "eradicate", "recover"):
        phases = moved(phases, target)
    plan = courses.move(SECURITY, phases, "contain", keep_open=False, status=Status.OPEN)
    assert (plan.asked, plan.back_to) == ((), "contain")
    after = courses.apply(phases, plan)
    assert standing(after, OPEN) == ["contain"]
    assert after["recover"] is PENDING
    again = {gate.code for gate in SECURITY.gates if courses.must_be_asked_again(SECURITY, gate, "contain")}
    assert {"spread_stopped", "evidence_taken", "cause_removed"} <= again
    assert "owner_named" in again
    kept = {gate.code for gate in SECURITY.gates if not courses.must_be_asked_again(SECURITY, gate, "recover")}
    assert {"evidence_taken", "cause_removed"} <= kept


@pytest.mark.parametrize(
    ("status", "target", "reason"),
    [
        (Status.OPEN, "restore", WhyNot.NOT_IN_COURSE),
        (Status.OPEN, "detect", WhyNot.ALREADY_OPEN),
        (Status.RESOLVED, "contain", WhyNot.IS_RESOLVED),
        (Status.CLOSED, "contain", WhyNot.IS_CLOSED),
    ],
)
def test_a_move_that_makes_no_sense_is_refused_with_its_reason(status: Status, target: str, reason: WhyNot) -> None:
    with pytest.raises(CannotMove) as refused:
        courses.move(SECURITY, SECURITY.begin(), target, keep_open=False, status=status)
    assert refused.value.reason is reason


def test_reports_may_still_begin_after_the_record_is_closed() -> None:
    plan = courses.move(SECURITY, SECURITY.begin(), "learn", keep_open=False, status=Status.CLOSED)
    assert courses.apply(SECURITY.begin(), plan)["learn"] is OPEN


@pytest.mark.parametrize("record_class", list(RecordClass))
def test_only_an_incident_or_accident_must_answer_for_its_phases_when_it_closes(record_class: RecordClass) -> None:
    plan = courses.close(SECURITY, SECURITY.begin(), record_class, status=Status.OPEN)
    assert plan.passed_over == ("analyse", "contain", "eradicate", "recover")
    grave = record_class in {RecordClass.INCIDENT, RecordClass.ACCIDENT}
    assert (Point(At.START, "eradicate") in plan.asked) is grave
    assert Point(At.CLOSE) in plan.asked, "what domains above ask for at the close is asked of every record"


def test_reopening_takes_up_the_last_phase_that_was_worked_on() -> None:
    phases = moved(moved(SECURITY.begin(), "analyse"), "contain")
    closed = courses.apply(phases, courses.close(SECURITY, phases, RecordClass.EVENT, status=Status.OPEN))
    again = courses.reopen(SECURITY, closed, status=Status.CLOSED)
    assert standing(courses.apply(closed, again), OPEN) == ["contain"]
    with pytest.raises(CannotMove):
        courses.reopen(SECURITY, phases, status=Status.OPEN)


@given(st.data())
def test_another_course_takes_the_record_up_where_it_stands(data: st.DataObject) -> None:
    old, new = data.draw(st.sampled_from(COURSES)), data.draw(st.sampled_from(COURSES))
    place = data.draw(st.integers(0, len(old.phases) - 1))
    phases = old.begin() | dict.fromkeys(old.phases[:place], DONE) | {old.phases[place]: OPEN, "report": OPEN}
    words = KNOWN.courses.maps.get(old.code, {}).get(new.code, dict(zip(old.phases, old.phases, strict=True)))
    states = courses.translate(old, new, phases, words)
    assert [*states] == [*new.phases, *new.beside]
    assert any(states[code] is OPEN for code in new.phases), "a record under way stays under way"
    assert states["report"] is OPEN
    if old.code == new.code:
        assert states == phases


class AnyoneDoesAnything(RuleBasedStateMachine):
    """Random acts on one record."""

    @initialize(course=st.sampled_from(COURSES))
    def begin(self, course: courses.Course) -> None:
        self.course, self.phases, self.status = course, course.begin(), Status.OPEN

    def _carry(self, plan: courses.Plan) -> None:
        before = dict(self.phases)
        assert all(step.was is before[step.phase] for step in plan.steps)
        self.phases = courses.apply(self.phases, plan)
        for step in plan.steps:
            ended = step.was is OPEN and step.state is DONE and step.phase in self.course.phases
            if ended and Point(At.CLOSE) not in plan.asked:
                assert Point(At.END, step.phase) in plan.asked, "no phase ends unasked"
        skipped = {step.phase for step in plan.steps if step.state is SKIPPED}
        assert skipped == set(plan.passed_over)
        if plan.ends:
            self.status = Status.RESOLVED

    @rule(pick=st.integers(0, 6), keep_open=st.booleans())
    def move(self, pick: int, keep_open: bool) -> None:
        codes = [*self.course.phases, *self.course.beside]
        target = codes[pick % len(codes)]
        before = dict(self.phases)
        try:
            plan = courses.move(self.course, self.phases, target, keep_open=keep_open, status=self.status)
        except CannotMove:
            return
        self._carry(plan)
        assert self.phases[target] is OPEN
        if keep_open:
            assert all(self.phases[code] is OPEN for code in before if before[code] is OPEN)

    @rule(pick=st.integers(0, 6))
    def finish(self, pick: int) -> None:
        codes = [*self.course.phases, *self.course.beside]
        try:
            self._carry(courses.finish(self.course, self.phases, codes[pick % len(codes)], status=self.status))
        except CannotMove:
            return

    @rule(pick=st.integers(0, 6))
    def skip(self, pick: int) -> None:
        codes = [*self.course.phases, *self.course.beside]
        try:
            self._carry(courses.skip(self.course, self.phases, codes[pick % len(codes)], status=self.status))
        except CannotMove:
            return

    @rule(record_class=st.sampled_from(RecordClass))
    def close(self, record_class: RecordClass) -> None:
        if self.status is not Status.CLOSED:
            self._carry(courses.close(self.course, self.phases, record_class, status=self.status))
            self.status = Status.CLOSED

    @rule()
    def reopen(self) -> None:
        if self.status is not Status.OPEN:
            self._carry(courses.reopen(self.course, self.phases, status=self.status))
            self.status = Status.OPEN

    @invariant()
    def resolved_or_closed_means_that_no_phase_of_the_course_is_left(self) -> None:
        if self.status is not Status.OPEN:
            assert all(self.phases[code] in courses.OVER for code in self.course.phases)

    @invariant()
    def no_phase_is_lost(self) -> None:
        assert [*self.phases] == [*self.course.phases, *self.course.beside]


TestAnyoneDoesAnything = AnyoneDoesAnything.TestCase
