"""The words of a clock that runs out, found when they are sent: for who sees the record, and while it still runs."""

from uuid import UUID

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.ways import Recipient
from hikeshi.incidents import queries as incidents
from hikeshi.kernel.acting import Actor, system
from hikeshi.kernel.refusals import NotFound
from hikeshi.notify import wording
from hikeshi.notify.messages import Purpose, Queued
from hikeshi.notify.wording import Form, Words
from hikeshi.phrases import clocks as phrases
from hikeshi.service_levels.codes import GOING
from hikeshi.service_levels.models import Clock
from hikeshi.service_levels.queries.stuck import why_stuck

DESK = system("clocks")
PERSON = "person:"


def write(message: Queued, to: Recipient, form: Form) -> Words | None:
    """None: the clock was stopped, or stands still, or this reader may not see the record (any more)."""
    measure, round_, percent = message.about["clock"].split("/")
    reader = _reader(message.to)
    incident = UUID(message.subject.removeprefix("incident:"))
    row = incidents.visible(reader).filter(uuid=incident, standing=0).first() if reader is not None else None
    going = Clock.objects.filter(incident=incident, measure=measure, round=int(round_), state__in=GOING)
    clock = going.exclude(due_at=None).first()
    if row is None or clock is None or clock.due_at is None:
        return None
    head = phrases.told_head(row.ref, row.priority, measure, int(percent))
    if form is not Form.FULL:
        return Words(title=head, text=head)
    title = "" if row.restricted else row.title
    return Words(title=head, text=phrases.told_body(title, clock.due_at), link=f"/incidents/{row.ref}/")


def write_stuck(message: Queued, to: Recipient, form: Form) -> Words | None:
    """None: it moves again, or this reader may not see the record (any more)."""
    reader = _reader(message.to)
    incident = UUID(message.subject.removeprefix("incident:"))
    row = incidents.visible(reader).filter(uuid=incident, standing=0).first() if reader is not None else None
    why = why_stuck(row) if row is not None else None
    if row is None or why is None:
        return None
    head = phrases.stuck_head(row.ref, row.priority, why)
    if form is not Form.FULL:
        return Words(title=head, text=head)
    text = phrases.stuck_body("" if row.restricted else row.title, row.moved_at)
    return Words(title=head, text=text, link=f"/incidents/{row.ref}/")


def _reader(to: str) -> Actor | None:
    try:
        found = accounts.person(DESK, UUID(to.removeprefix(PERSON)))
    except (NotFound, ValueError):
        return None
    return accounts.actor_of(found) if found.is_active else None


wording.register(Purpose.CLOCK, write, "incident")
wording.register(Purpose.REMINDER, write_stuck, "incident")
