"""What goes over from one record to another: alerts, traces, assets, tasks, people. Part of merging and splitting."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar
from uuid import UUID

from hikeshi.incidents import facts
from hikeshi.incidents.actions import saving
from hikeshi.incidents.actions.telling import tell_alerts
from hikeshi.incidents.actions.weighing import weigh
from hikeshi.incidents.models import AttachedAlert, Incident, LinkedAsset, Observable, Participant, Task, person_ref
from hikeshi.incidents.queries.merging import Joining
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import commit

STEP = 500
One = TypeVar("One")


def portions(found: Sequence[One]) -> Iterator[Sequence[One]]:
    for at in range(0, len(found), STEP):
        yield found[at : at + STEP]


def bring_alerts(to: Incident, by: Actor, alerts: Sequence[UUID]) -> list[UUID]:
    """They belong to this record from now on. Returns its new rows."""
    made: list[UUID] = []
    for some in portions(alerts):
        known = set(AttachedAlert.objects.filter(incident=to, alert__in=some).values_list("alert", flat=True))
        new = [AttachedAlert(incident=to, alert=one, attached_at=clock.now()) for one in some if one not in known]
        AttachedAlert.objects.bulk_create(new)
        if new:
            rows = tuple(one.uuid for one in new)
            told = tuple(one.alert for one in new)
            fact = facts.AlertsAttached(incident=to.uuid, alerts=told, rows=rows, count=len(new))
            saving.tell(to, by, fact)
            made.extend(rows)
        tell_alerts(to, some)
    return made


def copy_traces(to: Incident, by: Actor, seen: Iterable[Observable]) -> list[UUID]:
    """Those the record does not know yet; what was seen stays in the other one as well."""
    known = set(Observable.objects.filter(incident=to).values_list("digest", flat=True))
    new = [
        Observable(
            incident=to,
            type=one.type,
            value=one.value,
            digest=one.digest,
            asset=one.asset,
            tlp=one.tlp,
            first_seen=one.first_seen,
        )
        for one in seen
        if one.digest not in known
    ]
    Observable.objects.bulk_create(new)
    for some in portions(new):
        items = tuple(
            facts.Seen(uuid=one.uuid, type=one.type, value=commit(one.value, one.secret), asset=one.asset)
            for one in some
        )
        saving.tell(to, by, facts.ObservablesFound(incident=to.uuid, items=items, count=len(items)))
    return [one.uuid for one in new]


def link_assets(to: Incident, by: Actor, links: Sequence[LinkedAsset]) -> list[UUID]:
    """What is hit there is hit here; its criticality counts."""
    made = []
    for one in links:
        row = LinkedAsset.objects.create(
            incident=to, asset=one.asset, how=one.how, value=one.value, linked_by=by.ref, linked_at=clock.now()
        )
        fact = facts.AssetLinked(incident=to.uuid, link=row.uuid, asset=one.asset.uuid, how=row.how)
        saving.tell(to, by, fact)
        made.append(row.uuid)
    if made:
        weigh(to, by)
    return made


def bring_tasks(to: Incident, tasks: Sequence[Task]) -> tuple[UUID, ...]:
    """The rows; whoever calls says so in the ledger."""
    for one in tasks:
        one.incident = to
        one.version += 1
    Task.objects.bulk_update(tasks, ["incident", "version"], batch_size=100)
    return tuple(one.uuid for one in tasks)


def join(to: Incident, by: Actor, people: Iterable[Joining]) -> list[UUID]:
    """Whoever is not there yet; broken glass becomes a place for good by it."""
    made = []
    for one in people:
        row, new = Participant.objects.get_or_create(incident=to, person=one.person, role=one.role)
        if not new and row.until is None:
            continue
        row.until = None
        row.save(update_fields=["until"])
        joined = facts.ParticipantAdded(
            incident=to.uuid, participant=row.uuid, person=person_ref(one.person), role=one.role
        )
        saving.tell(to, by, joined)
        made.append(row.uuid)
    return made


def leave(record: Incident, by: Actor, rows: Iterable[Participant]) -> None:
    for row in rows:
        told = facts.ParticipantRemoved(
            incident=record.uuid, participant=row.uuid, person=person_ref(row.person), role=row.role
        )
        row.delete()
        saving.tell(record, by, told)
