"""A part of a record that turns out to be something else becomes a record of its own, with a link back."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from hikeshi.accounts import queries as accounts
from hikeshi.incidents import facts
from hikeshi.incidents.actions import saving
from hikeshi.incidents.actions.alerting import take_alerts
from hikeshi.incidents.actions.moving import bring_tasks
from hikeshi.incidents.actions.opening import known_kind, place_record
from hikeshi.incidents.actions.secrecy import hide_like
from hikeshi.incidents.actions.telling import tell_alerts
from hikeshi.incidents.models import AttachedAlert, Incident, Note, Task
from hikeshi.incidents.permissions import Verb
from hikeshi.intake.models import Alert
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import commit
from hikeshi.kernel.refusals import Invalid
from hikeshi.kernel.worlds import World
from hikeshi.ledger.acts import action

MOST = 500


@action
def split(
    *,
    by: Actor,
    ref: str,
    title: str,
    alerts: Sequence[UUID] = (),
    tasks: Sequence[UUID] = (),
    notes: Sequence[UUID] = (),
    kind: str = "",
    reason: str = "",
) -> Incident:
    """Opens a new record where this one belongs. Alerts and tasks go over; notes are copied, for nothing that was said
    is taken away. As restricted as this one, for the same people. Raises NotFound, NotAllowed, Invalid.
    """
    incident = saving.hold(by, ref)
    by.must(Verb.OPEN, incident.organisation_id)
    heading = saving.words(title, "title", most=saving.TITLE)
    chosen = kind or incident.kind
    known_kind(chosen)
    wanted = _wanted(incident, alerts, tasks, notes)
    why = saving.because(incident, reason)

    new = _opened(by, incident, heading, chosen)
    rows = _take_out(incident, wanted.alerts)
    if wanted.alerts:
        take_alerts(new, by, wanted.alerts)
    fact = facts.SplitOut(
        incident=incident.uuid,
        other=new.uuid,
        tasks=bring_tasks(new, wanted.tasks),
        rows=rows,
        count=len(wanted.alerts),
        reason=why,
    )
    saving.save(incident)
    saving.tell(incident, by, fact)
    _copy(new, by, incident, wanted.notes)
    tell_alerts(incident)
    return new


def _opened(by: Actor, source: Incident, title: str, kind: str) -> Incident:
    """As grave and as hidden as what it came from, before anything of it arrives."""
    new = place_record(
        by=by,
        title=title,
        kind=kind,
        levels={"impact": source.impact, "effect": source.effect, "urgency": source.urgency_asked},
        place=source.organisation,
        world=World(source.world),
    )
    if source.restricted:
        hide_like(new, by, source)
    saving.save(new, split_from=source)
    saving.tell(new, by, facts.SplitFrom(incident=new.uuid, other=source.uuid))
    return new


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What goes over, found and proved to belong to the record."""

    alerts: list[Alert]
    tasks: list[Task]
    notes: list[Note]


def _wanted(incident: Incident, alerts: Sequence[UUID], tasks: Sequence[UUID], notes: Sequence[UUID]) -> _Wanted:
    """Raises Invalid."""
    if not (alerts or tasks or notes):
        raise Invalid("alerts", "nothing_chosen")
    for field, asked in (("alerts", alerts), ("tasks", tasks), ("notes", notes)):
        if len(asked) > MOST:
            raise Invalid(field, "too_many", limit=MOST)
    held = list(Alert.objects.filter(case=incident.subject, uuid__in=alerts).order_by("pk"))
    found = _Wanted(
        held,
        list(Task.objects.filter(incident=incident, uuid__in=tasks)),
        list(Note.objects.filter(incident=incident, uuid__in=notes).order_by("pk")),
    )
    for field, asked, there in (
        ("alerts", alerts, found.alerts),
        ("tasks", tasks, found.tasks),
        ("notes", notes, found.notes),
    ):
        if len(set(asked)) != len(there):
            raise Invalid(field, "not_of_it")
    return found


def _take_out(incident: Incident, alerts: Sequence[Alert]) -> tuple[UUID, ...]:
    """The alerts' rows here end: what comes of the same later is the new record's."""
    rows = AttachedAlert.objects.filter(incident=incident, alert__in=[one.uuid for one in alerts])
    ended = tuple(rows.order_by("pk").values_list("uuid", flat=True))
    rows.delete()
    return ended


def _copy(new: Incident, by: Actor, source: Incident, notes: Sequence[Note]) -> None:
    """As quotations: who wrote it, when, and where it stands."""
    names = accounts.names_of({one.author for one in notes})
    zone = ZoneInfo(accounts.site().time_zone)
    for one in notes:
        when = one.at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
        quoted = "\n".join(f"> {line}" for line in one.text.splitlines())
        text = f"{source.ref} · {names.get(one.author, one.author)} · {when}\n\n{quoted}"
        row = Note.objects.create(incident=new, text=text, author=by.ref, at=clock.now())
        digest = commit(text, row.secret)
        saving.tell(new, by, facts.NoteWritten(incident=new.uuid, note=row.uuid, text=digest, author=by.ref))
