"""Records, and parts of them, whose period is over. The periods, and the loop that asks for this, are retention's.

A period counts from the last change of a closed record; a hold stops all of it. What is deleted leaves its entries in
the ledger, which name nobody; the secrets of its commitments lay in the rows and are gone with them.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, ForeignObjectRel, Model, OuterRef, Q, QuerySet

from hikeshi.incidents import facts
from hikeshi.incidents.actions import answers, saving
from hikeshi.incidents.codes import RecordClass, Status
from hikeshi.incidents.models import STANDING, AttachedAlert, Attachment, Incident, Reporter
from hikeshi.incidents.states import TABLES
from hikeshi.incidents.vaulting import vault
from hikeshi.intake.actions import purging as alerts
from hikeshi.intake.models import Alert, RawBody
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.notify.actions import purging as messages
from hikeshi.notify.models import Outgoing
from hikeshi.oncall.queries import runs
from hikeshi.retention import queries as retention
from hikeshi.retention.categories import Keeper, register

RECORDS_AT_ONCE: Final = 5
CLOSED: Final = STANDING[Status.CLOSED]


def _held() -> frozenset[UUID]:
    return retention.held_of("incident")


def _free(rows: QuerySet[Alert]) -> QuerySet[Alert]:
    """Alerts that no held record holds, or has ever held."""
    return rows.exclude(Exists(AttachedAlert.objects.filter(alert=OuterRef("uuid"), incident__uuid__in=_held())))


def _bodies(cut: datetime) -> QuerySet[RawBody]:
    old = _free(Alert.objects.filter(last_seen__lt=cut, pk=OuterRef("alert")))
    return RawBody.objects.filter(Exists(old)).select_related("alert").defer("body")


def _alerts(cut: datetime) -> QuerySet[Alert]:
    closed = AttachedAlert.objects.filter(
        alert=OuterRef("uuid"), incident__standing=CLOSED, incident__updated_at__lt=cut
    )
    return _free(Alert.objects.filter(Exists(closed), case_open=False, last_seen__lt=cut).exclude(case=""))


def _over(cut: datetime) -> QuerySet[Incident]:
    """What was merged into a record, split out of it or stands under it goes before it; nothing merged outlasts it."""
    over = Incident.objects.filter(standing=CLOSED, updated_at__lt=cut).exclude(uuid__in=_held())
    near = Q(merged_into=OuterRef("pk")) | Q(parent=OuterRef("pk")) | Q(split_from=OuterRef("pk"))
    under = Incident.objects.filter(near)
    return over.filter(Q(merged_into=None) | Q(merged_into__standing=CLOSED)).exclude(Exists(under))


def _reporters(cut: datetime) -> QuerySet[Reporter]:
    return Reporter.objects.select_related("incident").filter(erased_at=None, incident__in=_over(cut))


def _erase(by: Actor, rows: Sequence[Reporter]) -> int:
    for row in rows:
        row.name = row.contact = row.when_said = row.where_said = row.secret = ""
        row.answers = {}
        row.code, row.erased_at = None, clock.now()
        saving.tell(row.incident, by, facts.ReporterErased(incident=row.incident.uuid, reporter=row.uuid))
    fields = ["name", "contact", "when_said", "where_said", "answers", "secret", "code", "erased_at"]
    Reporter.objects.bulk_update(rows, fields, batch_size=100)
    answers.forget(row.incident_id for row in rows)
    return len(rows)


def _files(cut: datetime) -> QuerySet[Attachment]:
    return Attachment.objects.select_related("incident").filter(removed_at=None, incident__in=_over(cut))


def _remove(by: Actor, rows: Sequence[Attachment]) -> int:
    """The bytes and their keys follow, once this is committed (``destroy_removed_files``)."""
    gone: dict[int, list[Attachment]] = {}
    for row in rows:
        row.removed_at, row.removed_by = clock.now(), by.ref
        gone.setdefault(row.incident_id, []).append(row)
    Attachment.objects.bulk_update(rows, ["removed_at", "removed_by"], batch_size=100)
    for files in gone.values():
        incident = files[0].incident
        saving.tell(incident, by, facts.FilesPurged(incident=incident.uuid, files=tuple(one.uuid for one in files)))
    return len(rows)


def _records(classes: Sequence[RecordClass], cut: datetime) -> QuerySet[Incident]:
    """Those of these classes."""
    return _over(cut).filter(record_class__in=classes)


def _purge_records(by: Actor, rows: Sequence[Incident]) -> int:
    """A record with many alerts takes several steps: its alerts go first, a portion at a time."""
    went = 0
    for incident in rows:
        holding = Alert.objects.filter(case=incident.subject)
        portion = list(_free(holding).order_by("fingerprint")[: alerts.ALERTS_AT_ONCE])
        alerts.purge_alerts(by, portion)
        if len(portion) == alerts.ALERTS_AT_ONCE:
            return went
        _purge_record(by, incident)
        went += 1
    return went


def _purge_record(by: Actor, incident: Incident) -> None:
    files = list(Attachment.objects.filter(incident=incident).values_list("uuid", flat=True))
    rows: dict[str, tuple[UUID, ...]] = {}
    found = list(_whole(Incident.objects.filter(pk=incident.pk)))
    for part in found:
        if part.model in TABLES:
            rows[TABLES[part.model]] = tuple(part.order_by("uuid").values_list("uuid", flat=True))
    for part in found:
        # Parts protect what they hang on from an ordinary delete, and here all of them go; the database itself looks
        # at the end of the transaction whether any reference is left.
        part._raw_delete(part.db)
    alerts.forget_case(incident.subject)
    saving.tell(incident, by, facts.RecordPurged(incident=incident.uuid, rows={k: v for k, v in rows.items() if v}))
    for file in files:
        transaction.on_commit(partial(vault().destroy, file))


def _whole(rows: QuerySet[Model]) -> Iterator[QuerySet[Model]]:
    """These rows and everything that hangs on them, the leaves first. Whatever table a later package adds is found."""
    numbers = list(rows.order_by().values_list("pk", flat=True))
    if not numbers:
        return
    for relation in rows.model._meta.get_fields(include_hidden=True):
        hangs = isinstance(relation, ForeignObjectRel) and (relation.one_to_many or relation.one_to_one)
        if isinstance(relation, ForeignObjectRel) and hangs and relation.related_model is not rows.model:
            hanging = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": numbers})
            yield from _whole(hanging)
    yield rows.model._base_manager.filter(pk__in=numbers)


def _messages(cut: datetime) -> QuerySet[Outgoing]:
    """Who was told of a held record, and when, is part of it."""
    held = [f"incident:{uuid}" for uuid in _held()]
    return messages.ended(cut).exclude(subject__in=[*held, *runs.topics_of(held)])


register("messages", Keeper(_messages, "ended_at", messages.purge_messages, step=200))
register("bodies", Keeper(_bodies, "received_at", alerts.purge_bodies))
register("alerts_closed", Keeper(_alerts, "last_seen", alerts.purge_alerts, step=alerts.ALERTS_AT_ONCE))
register("reporters", Keeper(_reporters, "incident__updated_at", _erase, step=100))
register("files", Keeper(_files, "incident__updated_at", _remove, step=100))
for _code, _classes in {
    "request": (RecordClass.REQUEST,),
    "event": (RecordClass.EVENT,),
    "near_miss": (RecordClass.NEAR_MISS,),
    "incident": (RecordClass.INCIDENT, RecordClass.ACCIDENT),
}.items():
    register(
        f"records_{_code}",
        Keeper(partial(_records, _classes), "updated_at", _purge_records, step=RECORDS_AT_ONCE),
    )
