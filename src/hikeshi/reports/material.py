"""What a report is written from: everything the record holds, read once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hikeshi.accounts import queries as accounts
from hikeshi.forms import queries as forms
from hikeshi.forms.queries import Told
from hikeshi.incidents import queries as incidents
from hikeshi.intake import queries as intake
from hikeshi.intake.permissions import Verb as Intake
from hikeshi.intake.queries import Alert
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.ledger import queries as ledger
from hikeshi.reports.codes import State

LINES = 5_000
ALERTS = 100


@dataclass(frozen=True, slots=True)
class Material:
    """``business``: decisions asked for, and costs. ``told``: what a form of the site asked the reporter.
    ``marked``: the description is Markdown, as the desk writes it; words of a reporter stay as they were written.
    ``alerts`` None: its maker may not look at alerts. ``reading``: in whose words the phases are named.
    """

    room: incidents.Room
    business: incidents.Business
    told: Sequence[Told]
    marked: bool
    lines: Sequence[incidents.TimelineLine]
    left_out: int
    files: Sequence[incidents.FileView]
    alerts: Sequence[Alert] | None
    alerts_total: int
    standing: ledger.Standing
    site: str
    zone: str
    made_by: str
    made_at: datetime
    reading: str
    state: State

    @property
    def incident(self) -> incidents.Incident:
        return self.room.incident


def gather(by: Actor, ref: str, *, reading: str, issued: bool) -> Material:
    """Raises NotFound. The ledger's end is read first: the report says no more than that entry knows."""
    standing, site = ledger.standing(), accounts.site()
    room = incidents.room(by, ref)
    lines, left_out = incidents.history(by, ref, most=LINES)
    reporter = incidents.Reporter.objects.filter(incident=room.incident).first()
    return Material(
        room=room,
        business=incidents.business(by, room.incident),
        told=forms.told(reporter) if reporter is not None and reporter.erased_at is None else (),
        marked=reporter is None,
        lines=lines,
        left_out=left_out,
        files=incidents.files(by, ref),
        alerts=_alerts(by, room.incident.subject),
        alerts_total=incidents.alerts_held(by, ref).total,
        standing=standing,
        site=site.name,
        zone=site.time_zone,
        made_by=by.name,
        made_at=clock.now(),
        reading=reading,
        state=State.of_issue(room.incident.status) if issued else State.DRAFT,
    )


def _alerts(by: Actor, subject: str) -> Sequence[Alert] | None:
    if not by.may(Intake.VIEW):
        return None
    return list(intake.alerts(by, case=subject).order_by("-severity", "-last_seen", "-id")[:ALERTS])
