"""Everything the incident room shows, in a constant number of queries."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Person
from hikeshi.incidents import courses, gates, names
from hikeshi.incidents.codes import Certainty, MomentKind, PhaseState, RecordClass, Status
from hikeshi.incidents.completeness import Completeness
from hikeshi.incidents.models import (
    FactItem,
    Incident,
    Link,
    Moment,
    Observable,
    Participant,
    Phase,
    Task,
)
from hikeshi.incidents.moments import Odd, oddities
from hikeshi.incidents.permissions import Verb
from hikeshi.incidents.queries.assets import Struck, struck
from hikeshi.incidents.queries.keeping import HoldView, held
from hikeshi.incidents.queries.kin import Kin, kin
from hikeshi.incidents.queries.lists import incident as find
from hikeshi.incidents.queries.standing import REPORT, gates_of, measure, pure
from hikeshi.incidents.queries.traces import Trace, traces
from hikeshi.incidents.queries.visibility import note_reading
from hikeshi.incidents.queries.vocabularies import course_of
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.prepared import Prepared

OBSERVABLES_SHOWN = 200

_FACTS = Prepared(lambda incident: FactItem.objects.filter(incident=incident), incident=int)
_MOMENTS = Prepared(lambda incident: Moment.objects.filter(incident=incident), incident=int)
_PHASES = Prepared(lambda incident: Phase.objects.filter(incident=incident).select_related("owner"), incident=int)
_TASKS = Prepared(lambda incident: Task.objects.filter(incident=incident).select_related("owner"), incident=int)
_PEOPLE = Prepared(
    lambda incident: Participant.objects.filter(incident=incident).select_related("person"), incident=int
)
_LINKS = Prepared(lambda incident: Link.objects.filter(incident=incident, removed_at__isnull=True), incident=int)
_SEEN = Prepared(lambda incident: Observable.objects.filter(incident=incident)[: OBSERVABLES_SHOWN + 1], incident=int)


@dataclass(frozen=True, slots=True)
class PhaseView:
    """``can_…``: the life cycle allows it. ``missing``: gates unmet if it were started now (else, finished)."""

    code: str
    state: PhaseState
    beside: bool
    started_at: datetime | None
    ended_at: datetime | None
    owner: Person | None
    can_start: bool
    can_finish: bool
    can_skip: bool
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GateView:
    """``holds``: it would let pass now. ``confirmed_by`` are names; ``needed`` how many different people it takes."""

    code: str
    at: gates.At
    phase: str
    holds: bool
    overridden_by: str
    confirmed_by: tuple[str, ...]
    needed: int
    asked_by: str
    can_confirm: bool


@dataclass(frozen=True, slots=True)
class SheetLine:
    """``derived``: the record answers it. ``certainty`` None is a gap: nobody has said anything."""

    key: str
    group: str
    value: str
    certainty: Certainty | None
    version: int
    set_by: str
    set_at: datetime | None
    derived: bool


@dataclass(frozen=True, slots=True)
class MomentLine:
    """``at`` None: not yet known. ``before``: earlier values, oldest first."""

    kind: MomentKind
    at: datetime | None
    source: str
    estimated: bool
    set_by: str
    set_at: datetime | None
    before: tuple[Moment, ...]


@dataclass(frozen=True, slots=True)
class Room:
    """``closing``: what closing it as it is classed would find missing. ``traces``: known from elsewhere.
    ``struck``: assets of the list that are hit; ``assets``: what alerts call them. ``readings``: the phase in other
    words, framework -> word. ``held``: nothing of it is deleted. ``may_work``: not where it was merged into
    another; ``may_part``: it was, and may be un-merged.
    """

    incident: Incident
    phases: tuple[PhaseView, ...]
    gates: tuple[GateView, ...]
    closing: tuple[str, ...]
    tasks: Sequence[Task]
    sheet: tuple[SheetLine, ...]
    completeness: Completeness
    moments: tuple[MomentLine, ...]
    oddities: tuple[Odd, ...]
    people: Sequence[Participant]
    assets: Sequence[Observable]
    struck: Struck
    observables: Sequence[Observable]
    observables_total: int
    traces: Sequence[Trace]
    links: Sequence[Link]
    readings: Mapping[str, str]
    class_by: str
    held: HoldView | None
    kin: Kin
    may_work: bool
    may_command: bool
    may_part: bool


@dataclass(frozen=True, slots=True)
class _Loaded:
    """The rows, fetched once."""

    incident: Incident
    phases: list[Phase]
    gates: Sequence[tuple[gates.Gate, str, str]]
    tasks: list[Task]
    facts: dict[str, FactItem]
    moments: list[Moment]
    names: Mapping[str, str]

    @property
    def current(self) -> dict[MomentKind, Moment]:
        return {MomentKind(one.kind): one for one in self.moments if one.superseded_at is None}

    def named(self, ref: str) -> str:
        return self.names.get(ref, ref)


def room(by: Actor, ref: str) -> Room:
    """Raises NotFound. Reading a restricted record is noted in the access log."""
    record = find(by, ref)
    note_reading(by, record, "room")
    loaded = _load(record)
    sheet = measure({key: Certainty(one.certainty) for key, one in loaded.facts.items()}, loaded.current)
    now = _situation(loaded, sheet)
    stand = _standing(loaded, now)
    seen = _SEEN(incident=record.pk)
    times = {kind: one.at for kind, one in loaded.current.items()}
    return Room(
        incident=record,
        phases=tuple(_phase(one, stand) for one in loaded.phases if one.in_course),
        gates=_gates(loaded, by, now),
        closing=_closing(stand),
        tasks=sorted(loaded.tasks, key=_soonest),
        sheet=_sheet(loaded),
        completeness=sheet,
        moments=_moments(loaded),
        oddities=oddities(times, clock.now()),
        people=_PEOPLE(incident=record.pk),
        struck=struck(by, record),
        assets=[one for one in seen[:OBSERVABLES_SHOWN] if one.asset],
        observables=[one for one in seen[:OBSERVABLES_SHOWN] if not one.asset],
        observables_total=_total(record, seen),
        traces=_traces(by, record, seen[:OBSERVABLES_SHOWN]),
        links=_LINKS(incident=record.pk),
        readings=_readings(record.phase),
        class_by=loaded.named(record.class_by),
        held=held(record),
        kin=kin(by, record),
        may_work=by.may(Verb.WORK, record.organisation_id) and record.merged_into_id is None,
        may_command=by.may(Verb.COMMAND, record.organisation_id),
        may_part=by.may(Verb.WORK, record.organisation_id) and record.merged_into_id is not None,
    )


def _load(record: Incident) -> _Loaded:
    rows = gates_of(record)
    facts = _FACTS(incident=record.pk)
    times = _MOMENTS(incident=record.pk)
    held = [(pure(row), row.overridden_by, row.asked_by) for row in rows]
    refs = {record.class_by, *(one.set_by for one in facts), *(one.set_by for one in times)}
    refs |= {ref for gate, overridden, _ in held for ref in (*gate.confirmed_by, overridden)}
    return _Loaded(
        incident=record,
        phases=_PHASES(incident=record.pk),
        gates=held,
        tasks=_TASKS(incident=record.pk),
        facts={one.key: one for one in facts},
        moments=times,
        names=accounts.names_of(refs),
    )


def _situation(loaded: _Loaded, sheet: Completeness) -> gates.Situation:
    report = next((one.state for one in loaded.phases if one.code == REPORT), PhaseState.PENDING)
    return gates.Situation(
        record_class=RecordClass(loaded.incident.record_class),
        owner_named=loaded.incident.owner_id is not None,
        open_tasks=sum(1 for one in loaded.tasks if one.done_at is None),
        gaps=len(sheet.gaps),
        report_settled=PhaseState(report) in courses.OVER,
    )


@dataclass(frozen=True, slots=True)
class _Standing:
    """Where the record stands, as the pure rules see it."""

    course: courses.Course
    phases: courses.Phases
    status: Status
    asked: tuple[gates.Gate, ...]
    now: gates.Situation

    def missing(self, plan: courses.Plan | None) -> tuple[str, ...]:
        found = gates.missing(self.asked, plan.asked, self.now) if plan else ()
        return tuple(gate.spec.code for gate in found)


def _standing(loaded: _Loaded, now: gates.Situation) -> _Standing:
    return _Standing(
        course=course_of(loaded.incident),
        phases={one.code: PhaseState(one.state) for one in loaded.phases if one.in_course},
        status=Status(loaded.incident.status),
        asked=tuple(gate for gate, _, _ in loaded.gates),
        now=now,
    )


def _phase(row: Phase, stand: _Standing) -> PhaseView:
    start = _try(lambda: courses.move(stand.course, stand.phases, row.code, keep_open=False, status=stand.status))
    finish = _try(lambda: courses.finish(stand.course, stand.phases, row.code, status=stand.status))
    skip = _try(lambda: courses.skip(stand.course, stand.phases, row.code, status=stand.status))
    return PhaseView(
        code=row.code,
        state=PhaseState(row.state),
        beside=row.beside,
        started_at=row.started_at,
        ended_at=row.ended_at,
        owner=row.owner,
        can_start=start is not None,
        can_finish=finish is not None,
        can_skip=skip is not None,
        missing=stand.missing(start or finish),
    )


def _try(plan: Callable[[], courses.Plan]) -> courses.Plan | None:
    try:
        return plan()
    except courses.CannotMove:
        return None


def _closing(stand: _Standing) -> tuple[str, ...]:
    """What closing the record as it is classed now would find missing."""
    return stand.missing(
        _try(lambda: courses.close(stand.course, stand.phases, stand.now.record_class, status=stand.status))
    )


def _gates(loaded: _Loaded, by: Actor, now: gates.Situation) -> tuple[GateView, ...]:
    return tuple(
        GateView(
            code=gate.spec.code,
            at=gate.spec.at,
            phase=gate.spec.phase,
            holds=gates.holds(gate, now),
            overridden_by=loaded.named(overridden) if overridden else "",
            confirmed_by=tuple(sorted(loaded.named(ref) for ref in gate.confirmed_by)),
            needed=gate.spec.people,
            asked_by=asked_by,
            can_confirm=gate.spec.people > 0 and not gate.met and by.ref not in gate.confirmed_by,
        )
        for gate, overridden, asked_by in loaded.gates
        if gates.applies(gate.spec, now.record_class)
    )


def _soonest(task: Task) -> tuple[bool, bool, datetime, int]:
    return (task.done_at is not None, task.due_at is None, task.due_at or task.added_at, task.pk)


def _sheet(loaded: _Loaded) -> tuple[SheetLine, ...]:
    lines = []
    for key, item in names.in_use().sheet.items():
        row = loaded.facts.get(key)
        derived = row is None and bool(item.origin) and {"kind", *loaded.current}.issuperset(item.origin)
        said = Certainty(row.certainty) if row else Certainty.CONFIRMED if derived else None
        lines.append(
            SheetLine(
                key=key,
                group=item.group,
                value=row.value if row else "",
                certainty=said,
                version=row.version if row else 0,
                set_by=loaded.named(row.set_by) if row else "",
                set_at=row.set_at if row else None,
                derived=derived,
            )
        )
    return tuple(lines)


def _moments(loaded: _Loaded) -> tuple[MomentLine, ...]:
    lines = []
    for kind in MomentKind:
        row = loaded.current.get(kind)
        lines.append(
            MomentLine(
                kind=kind,
                at=row.at if row else None,
                source=row.source if row else "",
                estimated=row.estimated if row else False,
                set_by=loaded.named(row.set_by) if row else "",
                set_at=row.set_at if row else None,
                before=tuple(one for one in loaded.moments if one.kind == kind and one.superseded_at is not None),
            )
        )
    return tuple(lines)


def _total(record: Incident, seen: Sequence[Observable]) -> int:
    if len(seen) <= OBSERVABLES_SHOWN:
        return len(seen)
    return Observable.objects.filter(incident=record).count()


def _traces(by: Actor, record: Incident, seen: Sequence[Observable]) -> list[Trace]:
    return traces(by, record.organisation, [(one.type, one.value) for one in seen], but=record.ref)


def _readings(phase: str) -> dict[str, str]:
    """The phase in the words of IPA, SANS, NIST and ITIL: framework -> its word's code."""
    return {code: one.phases[phase] for code, one in names.in_use().readings.items()}
