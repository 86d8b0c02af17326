"""How a record stands, as the pure rules want to see it."""

from collections.abc import Iterable, Mapping

from hikeshi.incidents import completeness, names
from hikeshi.incidents.codes import Certainty, PhaseState, RecordClass
from hikeshi.incidents.courses import OVER
from hikeshi.incidents.gates import At, Check, Gate, GateSpec, Situation
from hikeshi.incidents.models import Confirmation, FactItem, Incident, Moment, Phase, Task
from hikeshi.incidents.models import Gate as GateRow
from hikeshi.kernel.prepared import Prepared

REPORT = "report"


_GATES = Prepared(lambda incident: GateRow.objects.filter(incident=incident, withdrawn_at__isnull=True), incident=int)
_CONFIRMED = Prepared(
    lambda incident: Confirmation.objects.filter(
        gate__incident=incident, gate__withdrawn_at__isnull=True, void_at__isnull=True
    ),
    incident=int,
)


def gates_of(incident: Incident) -> list[GateRow]:
    """Gates somebody asks for, with the confirmations that still count (``standing_confirmations``)."""
    rows = _GATES(incident=incident.pk)
    standing: dict[int, list[Confirmation]] = {row.pk: [] for row in rows}
    for one in _CONFIRMED(incident=incident.pk):
        standing[one.gate_id].append(one)
    for row in rows:
        vars(row)["standing_confirmations"] = standing[row.pk]
    return rows


def pure(row: GateRow) -> Gate:
    spec = GateSpec(
        code=row.code,
        at=At(row.at),
        phase=row.phase,
        check=Check(row.check_code) if row.check_code else None,
        people=row.people,
        classes=tuple(RecordClass(one) for one in row.classes),
    )
    standing: list[Confirmation] = getattr(row, "standing_confirmations", [])
    return Gate(
        spec=spec,
        asked_by=row.asked_by,
        met=row.met_at is not None or row.overridden_at is not None,
        confirmed_by=frozenset(one.person for one in standing),
    )


def sheet_of(incident: Incident) -> completeness.Completeness:
    stated = FactItem.objects.filter(incident=incident).values_list("key", "certainty")
    recorded = Moment.objects.filter(incident=incident, superseded_at__isnull=True).values_list("kind", flat=True)
    return measure({key: Certainty(certainty) for key, certainty in stated}, recorded)


def measure(stated: Mapping[str, Certainty], recorded: Iterable[str]) -> completeness.Completeness:
    items = {code: one.origin for code, one in names.in_use().sheet.items()}
    return completeness.measure(items, stated, ["kind", *recorded])


def situation(incident: Incident, *, record_class: RecordClass | None = None) -> Situation:
    """``record_class``: what the record is about to become."""
    report = Phase.objects.filter(incident=incident, code=REPORT).values_list("state", flat=True).first()
    return Situation(
        record_class=record_class or RecordClass(incident.record_class),
        owner_named=incident.owner_id is not None,
        open_tasks=Task.objects.filter(incident=incident, done_at__isnull=True).count(),
        gaps=len(sheet_of(incident).gaps),
        report_settled=report is not None and PhaseState(report) in OVER,
    )
