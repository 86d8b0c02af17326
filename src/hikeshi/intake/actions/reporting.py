"""The noise of the week, sent to those who can do something about it: once, while the site's offices are open."""

from datetime import datetime
from typing import Final

from hikeshi.accounts import queries as accounts
from hikeshi.accounts import reaching
from hikeshi.accounts.models import Person
from hikeshi.accounts.ways import Kind
from hikeshi.calendars.working import is_open
from hikeshi.intake import calm_facts
from hikeshi.intake.actions.watching import answering
from hikeshi.intake.models import NoiseTerms, SiteRule, SourceWatch
from hikeshi.intake.permissions import Verb
from hikeshi.intake.queries import noise, sourcing
from hikeshi.intake.site_rules import RuleState
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import NotAllowed
from hikeshi.kernel.worlds import World
from hikeshi.ledger.acts import action, record
from hikeshi.notify import actions as notify
from hikeshi.notify.messages import Message, Purpose

TOPICS: Final = ("silences",)


@action
def set_noise_report(*, by: Actor, on: bool) -> NoiseTerms:
    """Raises NotAllowed."""
    sourcing.must_write(by)

    row = NoiseTerms.objects.select_for_update().order_by("id").first() or NoiseTerms()
    row.reported = on
    row.save()

    record(calm_facts.NoiseReportSet(on=on), subject="intake:noise", by=by, topics=TOPICS)
    return row


@action
def report_noise(*, by: Actor, at: datetime) -> int:
    """Tells whoever owns a source or a rule, and whoever keeps them for the site: by mail, where they have it. Once a
    week, however often it is asked. How many are told of this week. For the desk's own loop. Raises NotAllowed.
    """
    if not by.unlimited:
        raise NotAllowed(Verb.MANAGE)
    if not (noise.is_reported() and noise.weekly(by).lines):
        return 0
    calendar = accounts.calendar_of(accounts.root())
    if not is_open(calendar, at):
        return 0
    year, week, _day = at.astimezone(calendar.place).isocalendar()
    people = _concerned(by)
    ways = reaching.ways_of(f"person:{one.uuid}" for one in people)
    for person in people:
        to = f"person:{person.uuid}"
        mail = tuple(one.ref for one in ways[to] if one.kind is Kind.MAIL)[:1]
        notify.queue(by=by, message=_message(to, f"{year}-W{week:02}", mail))
    return len(people)


def _concerned(by: Actor) -> list[Person]:
    sources = SourceWatch.objects.exclude(owner="").order_by().values_list("owner", flat=True)
    rules = SiteRule.objects.filter(state=RuleState.ON).exclude(owner="").order_by().values_list("owner", flat=True)
    owners = sorted({*sources, *rules})
    return list(dict.fromkeys(person for owner in ("", *owners) for person in answering(by, owner)))


def _message(to: str, week: str, ways: tuple[str, ...]) -> Message:
    return Message(
        purpose=Purpose.REMINDER,
        subject=f"noise:{week}",
        world=World(accounts.site().world),
        to=to,
        key=f"noise:{week}/{to}",
        urgency=3,
        ways=ways,
    )
