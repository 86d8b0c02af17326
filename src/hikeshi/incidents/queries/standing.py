"""How a record stands, as the pure rules want to see it."""

from collections.abc import Iterable, Mapping

from django.db.models import Prefetch

from hikeshi.incidents import completeness, names
from hikeshi.incidents.codes import Certainty, PhaseState, RecordClass
from hikeshi.incidents.courses import OVER
from hikeshi.incidents.gates import At, Check, Gate, GateSpec, Situation
from hikeshi.incidents.models import Confirmation, FactItem, Incident, Moment, Phase, Task
from hikeshi.incidents.models import Gate as GateRow

REPORT = "report"


def gates_of(incident: Incident) -> list[GateRow]:
    """Gates somebody asks for, with the confirmations that still count."""
    standing = Prefetch(
        "confirmations", queryset=Confirmation.objects.filter(void_at__isnull=True), to_attr="standing_confirmations"
    )
    return list(GateRow.objects.filter(incident=incident, withdrawn_at__isnull=True).prefetch_related(standing))


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
