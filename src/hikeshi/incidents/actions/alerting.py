"""Alerts become part of a record: attached by people, or opened and attached as rules judged."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from hikeshi.accounts import queries as accounts
from hikeshi.incidents import facts, matrix
from hikeshi.incidents.actions import saving
from hikeshi.incidents.actions.assets import find_assets
from hikeshi.incidents.actions.calling import call_at_once
from hikeshi.incidents.actions.opening import Origin, open_at, place_record
from hikeshi.incidents.actions.secrecy import hide_like
from hikeshi.incidents.actions.telling import tell_alerts
from hikeshi.incidents.actions.times import mark, mark_once
from hikeshi.incidents.actions.weighing import say_priority
from hikeshi.incidents.codes import MomentKind, MomentSource, RecordClass, Status
from hikeshi.incidents.models import AttachedAlert, Incident, Moment, Observable
from hikeshi.incidents.permissions import Verb
from hikeshi.incidents.queries.matrix import matrix as matrix_in_force
from hikeshi.incidents.queries.merging import survivor
from hikeshi.incidents.queries.traces import digest
from hikeshi.incidents.queries.vocabularies import in_use
from hikeshi.intake import queries as intake
from hikeshi.intake.facts import AlertJudged
from hikeshi.intake.models import Alert
from hikeshi.intake.permissions import Verb as Judging
from hikeshi.intake.verdicts import CALLING, Verdict
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import commit
from hikeshi.kernel.prepared import Prepared, asked_once
from hikeshi.kernel.refusals import Invalid, NotAllowed
from hikeshi.kernel.worlds import World
from hikeshi.ledger import keeping
from hikeshi.ledger.acts import action

# What of an alert is ours and hit, rather than a trace of whoever did it.
ASSETS = frozenset({"host", "user", "account", "resource"})
OTHER = "other"
MOST = 500


@action
def attach_alerts(*, by: Actor, ref: str, alerts: Sequence[UUID]) -> Incident:
    """Takes alerts into the record, with what they saw. One that another open record holds stays there: two desks on
    one thing is what this prevents. An alert follows its record out of sight, so taking it needs the right to judge
    it; out of a restricted case that is closed it comes into the open only by command.
    Raises NotFound, NotAllowed, Invalid.
    """
    incident = saving.hold(by, ref)
    rows = wanted(by, alerts)
    for row in rows:
        by.must(Judging.JUDGE, row.organisation_id)
        if row.restricted and not incident.restricted:
            by.must(Verb.COMMAND, row.organisation_id)
        if row.world != incident.world:
            raise Invalid("alerts", "other_world")
        if row.case_open and row.case != incident.subject:
            raise Invalid("alerts", "held_elsewhere", ref=row.case_ref)

    take_alerts(incident, by, rows)
    return incident


def wanted(by: Actor, alerts: Sequence[UUID]) -> list[Alert]:
    """Raises NotFound for one the actor does not see, Invalid for none or too many."""
    if not alerts:
        raise Invalid("alerts", "required")
    if len(alerts) > MOST:
        raise Invalid("alerts", "too_many", limit=MOST)
    return [intake.alert(by, uuid) for uuid in dict.fromkeys(alerts)]


def take_alerts(
    incident: Incident, by: Actor, rows: Sequence[Alert], entry: int | None = None, *, fresh: bool = False
) -> None:
    """Attaches what is not attached yet, notes what the alerts saw, and tells them who holds them. ``fresh``: the
    record was opened in this act and holds nothing yet, so that it is not asked what it holds.
    """
    held = {} if fresh else _held(incident, rows)
    if entry is not None and held:
        AttachedAlert.objects.filter(pk__in=[one.pk for one in held.values()]).update(entry=entry)
    new = [AttachedAlert(incident=incident, alert=row.uuid, entry=entry) for row in rows if row.uuid not in held]
    keeping.keep_new(new)
    if new:
        saving.save(incident)
        fact = facts.AlertsAttached(
            incident=incident.uuid,
            alerts=tuple(one.alert for one in new),
            rows=tuple(one.uuid for one in new),
            count=len(new),
        )
        saving.tell(incident, by, fact)
    _find(incident, by, rows, fresh=fresh)
    find_assets(incident, rows)
    first = min(row.first_seen for row in rows)
    if fresh:
        mark(incident, by, MomentKind.DETECTED, first, MomentSource.ALERT, fresh=True)
    else:
        _detected(incident, by, first)
    tell_alerts(incident, [row.uuid for row in rows], fresh=fresh)


def _held(incident: Incident, rows: Sequence[Alert]) -> dict[UUID, AttachedAlert]:
    found = AttachedAlert.objects.filter(incident=incident, alert__in=[one.uuid for one in rows])
    return {one.alert: one for one in found}


def _find(incident: Incident, by: Actor, rows: Iterable[Alert], *, fresh: bool) -> None:
    """Observables and assets of the alerts that the record does not know yet."""
    found = {one.digest: one for row in rows for one in _observables(incident, row)}
    known = set() if fresh else _known(incident, found)
    new = [one for digest, one in found.items() if digest not in known]
    if not new:
        return
    keeping.keep_new(new)
    seen = tuple(
        facts.Seen(uuid=one.uuid, type=one.type, value=commit(one.value, one.secret), asset=one.asset) for one in new
    )
    saving.tell(incident, by, facts.ObservablesFound(incident=incident.uuid, items=seen, count=len(seen)))


def _known(incident: Incident, digests: Iterable[str]) -> set[str]:
    rows = Observable.objects.filter(incident=incident, digest__in=list(digests))
    return set(rows.values_list("digest", flat=True))


def _observables(incident: Incident, row: Alert) -> Iterator[Observable]:
    for one in row.observables:
        kind, value = str(one["type"]), str(one["value"])
        yield Observable(
            incident=incident,
            type=kind,
            value=value,
            digest=digest(kind, value),
            asset=kind in ASSETS,
            tlp=incident.tlp,
            first_seen=row.first_seen,
        )


def see_again(incident: Incident, by: Actor, since: datetime) -> None:
    """Part of taking a merge back: what alerts that came since name is this record's own."""
    came = AttachedAlert.objects.filter(incident=incident, attached_at__gt=since).order_by("-id")[:MOST]
    rows = list(Alert.objects.filter(uuid__in=[one.alert for one in came]).order_by("pk"))
    if rows:
        _find(incident, by, rows, fresh=False)
        find_assets(incident, rows)


def _detected(incident: Incident, by: Actor, at: datetime) -> None:
    """The earliest alert says when it was detected, unless a person has said otherwise."""
    known = Moment.objects.filter(incident=incident, kind=MomentKind.DETECTED, superseded_at__isnull=True).first()
    if known is None:
        mark_once(incident, by, MomentKind.DETECTED, at, MomentSource.ALERT)
    elif known.source == MomentSource.ALERT and at < known.at:
        mark(incident, by, MomentKind.DETECTED, at, MomentSource.ALERT)


@action
def open_from_alerts(
    *,
    by: Actor,
    alerts: Sequence[UUID],
    kind: str,
    impact: int,
    title: str = "",
    effect: int | None = None,
    urgency: int = 2,
    description: str = "",
    record_class: RecordClass | None = None,
) -> Incident:
    """A person opens a record from alerts, where the first of them belongs and under its title unless another is given:
    also where that place went out of use since, for what it had received still has to be handled.
    Raises NotFound, NotAllowed, Invalid.
    """
    by.must(Verb.OPEN)
    first = wanted(by, alerts)[0]
    incident = open_at(
        by=by,
        place=accounts.organisation(by, first.organisation.uuid, Verb.OPEN),
        title=title or first.title,
        kind=kind,
        impact=impact,
        effect=effect,
        urgency=urgency,
        description=description,
        record_class=record_class,
    )
    return attach_alerts(by=by, ref=incident.ref, alerts=alerts)


_TAKEN = Prepared(lambda entry: AttachedAlert.objects.filter(entry=entry).values_list("pk")[:1], entry=int)
_HOLDING = Prepared(
    lambda alert: AttachedAlert.objects.filter(alert=alert).values_list("incident", flat=True), alert=UUID
)


@action
@asked_once()
def take_judgement(*, by: Actor, judged: AlertJudged, entry: int, world: World) -> Incident | None:
    """Does what a rule decided about an alert: attaches it to the open record it belongs to, or opens one. The same
    judgement (``entry`` of the ledger) heard twice counts once. For the desk's own loop. Raises NotAllowed.
    """
    if not by.unlimited:
        raise NotAllowed("incidents.take_judgement")
    if judged.verdict not in CALLING or _TAKEN(entry=entry):
        return None
    alert = intake.judged(by, judged.alert)
    incident = _belongs_to(judged)
    fresh = incident is None
    incident = incident or _open(by, alert, judged, world)
    take_alerts(incident, by, [alert], entry, fresh=fresh)
    members = _loose_members(alert, judged)
    if members:
        take_alerts(incident, by, members)
    if fresh:
        call_at_once(incident)
    elif judged.opens or judged.verdict is Verdict.OPEN:
        _as_grave(incident, by, alert, judged)
    return incident


def _as_grave(incident: Incident, by: Actor, alert: Alert, judged: AlertJudged) -> None:
    """An open record is at least as grave as the one that a rule would have opened for this alert. A priority set by
    hand stays, unless the alert is more severe than all that the record held.
    """
    levels = {"impact": judged.impact, "effect": judged.effect, "urgency": judged.urgency}
    priority = matrix.decide(matrix_in_force().grid, **levels).priority
    if incident.status != Status.OPEN or priority >= incident.priority:
        return
    if incident.priority_reason == matrix.PriorityReason.BY_HAND:
        others = AttachedAlert.objects.filter(incident=incident).exclude(alert=alert.uuid).values("alert")
        if Alert.objects.filter(uuid__in=others, severity__gte=alert.severity).exists():
            return
    say_priority(incident, by, priority, matrix.PriorityReason.ALERT)


def _loose_members(alert: Alert, judged: AlertJudged) -> list[Alert]:
    """What belongs to it, unless an open record holds it, or one that strangers may not see held it."""
    if not judged.members:
        return []
    loose = Alert.objects.filter(case_open=False, restricted=False, world=alert.world, organisation=alert.organisation)
    return list(loose.filter(uuid__in=judged.members).exclude(pk=alert.pk).order_by("pk"))


def _hidden_before(alert: Alert, judged: AlertJudged) -> Incident | None:
    """The restricted record that held the alert, or that it was judged to belong to, closed by now."""
    kind, _, uuid = (alert.case or judged.case).partition(":")
    return Incident.objects.filter(uuid=UUID(uuid), restricted=True).first() if kind == "incident" else None


def _belongs_to(judged: AlertJudged) -> Incident | None:
    """The open record that holds this alert, or the case it was judged to belong to, or the one of the alert beside
    it. Closed meanwhile: none, and a new one is opened, for nothing may be dropped.
    """
    for alert in (judged.alert, judged.beside):
        if alert is not None:
            held = _HOLDING(alert=alert)
            found = _going().filter(pk__in=held).order_by("-id").first() if held else None
            if found is not None:
                return found
    kind, _, uuid = judged.case.partition(":")
    meant = Incident.objects.filter(uuid=UUID(uuid)).first() if kind == "incident" else None
    return _going().filter(pk=survivor(meant).pk).first() if meant is not None else None


def _going() -> QuerySet[Incident]:
    return Incident.objects.select_for_update(of=("self",)).exclude(status=Status.CLOSED)


def _open(by: Actor, alert: Alert, judged: AlertJudged, world: World) -> Incident:
    kinds = in_use().kinds
    kind = judged.kind if judged.kind in kinds and not kinds[judged.kind].retired else OTHER
    incident = place_record(
        by=by,
        title=alert.title,
        kind=kind,
        levels={"impact": judged.impact, "effect": judged.effect, "urgency": judged.urgency},
        place=alert.organisation,
        world=world,
        origin=Origin(alert=alert.uuid, rule=judged.rule),
    )
    before = _hidden_before(alert, judged)
    if before is not None:
        hide_like(incident, by, before)
    return incident
