"""The times of an incident."""

from datetime import UTC, datetime, timedelta

from hikeshi.incidents import facts
from hikeshi.incidents.actions import saving
from hikeshi.incidents.codes import MomentKind, MomentSource
from hikeshi.incidents.facts import Said
from hikeshi.incidents.models import Incident, Moment
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid
from hikeshi.ledger.acts import action

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=1)  # a clock of another machine may run fast; a date in the year 9999 is a mistake


def mark(
    incident: Incident,
    by: Actor,
    kind: MomentKind,
    at: datetime,
    source: MomentSource,
    *,
    estimated: bool = False,
    reason: Said | None = None,
) -> Moment:
    """Sets a time; a value that stood there before is superseded and kept."""
    old = Moment.objects.filter(incident=incident, kind=kind, superseded_at__isnull=True).first()
    if old is not None:
        old.superseded_at = clock.now()
        old.save(update_fields=["superseded_at"])
    new = Moment.objects.create(
        incident=incident,
        kind=kind,
        at=at,
        source=source,
        estimated=estimated,
        set_by=by.ref,
        set_at=clock.now(),
        reason=reason.passage if reason else None,
    )
    fact = facts.MomentSet(
        incident=incident.uuid,
        moment=new.uuid,
        kind=kind,
        at=at,
        source=source,
        estimated=estimated,
        supersedes=old.uuid if old else None,
        was=old.at if old else None,
        reason=reason,
    )
    saving.tell(incident, by, fact)
    return new


def mark_once(incident: Incident, by: Actor, kind: MomentKind, at: datetime, source: MomentSource) -> bool:
    """Sets a time nobody has set yet: the first acknowledgement counts, not the last."""
    if Moment.objects.filter(incident=incident, kind=kind, superseded_at__isnull=True).exists():
        return False
    mark(incident, by, kind, at, source)
    return True


def mark_by_act(incident: Incident, by: Actor, kind: MomentKind, at: datetime) -> None:
    """Sets the time of an act on the desk, unless a person has said when it really was."""
    said = Moment.objects.filter(incident=incident, kind=kind, superseded_at__isnull=True, source=MomentSource.PERSON)
    if not said.exists():
        mark(incident, by, kind, at, MomentSource.ACT)


@action
def set_moment(
    *, by: Actor, ref: str, kind: MomentKind, at: datetime, reason: str = "", estimated: bool = False
) -> Moment:
    """Enters or corrects a time; a correction needs its reason. Times that cannot be right together are shown on the
    page, not refused. Raises NotFound, NotAllowed, Invalid.
    """
    incident = saving.hold(by, ref)
    if at.tzinfo is None:
        raise Invalid("at", "not_a_time")
    if not EARLIEST <= at <= clock.now() + AHEAD:
        raise Invalid("at", "not_plausible")
    corrects = Moment.objects.filter(incident=incident, kind=kind, superseded_at__isnull=True).exists()
    why = saving.because(incident, reason, required=corrects)

    saving.save(incident)
    return mark(incident, by, kind, at.astimezone(UTC), MomentSource.PERSON, estimated=estimated, reason=why)


@action
def acknowledge(*, by: Actor, ref: str) -> Incident:
    """Says that somebody has seen it. The first time counts; saying it again changes nothing.
    Raises NotFound, NotAllowed.
    """
    incident = saving.hold(by, ref)
    if mark_once(incident, by, MomentKind.ACKNOWLEDGED, clock.now(), MomentSource.ACT):
        saving.save(incident)
    return incident
