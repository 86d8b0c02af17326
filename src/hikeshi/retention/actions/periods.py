"""How long a category is kept here."""

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.permissions import Verb
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid
from hikeshi.kernel.versions import must_be_current
from hikeshi.ledger.acts import action, record
from hikeshi.retention import facts, queries, rules
from hikeshi.retention.actions.holds import TOPICS
from hikeshi.retention.catalogue import Category
from hikeshi.retention.models import Period


@action
def set_period(*, by: Actor, category: str, days: int | None, sure: bool = False, version: int | None = None) -> Period:
    """``days`` None keeps everything. ``sure`` is asked where rows would go at once, or where a known minimum asks for
    longer. Raises NotAllowed, NotFound, Invalid, Conflict.
    """
    by.must(Verb.MANAGE, accounts.root().pk)
    known = queries.known(category)
    now = clock.now()
    night = rules.next_night(now, accounts.site().time_zone)
    row = Period.objects.select_for_update().filter(category=category).first()
    row = row or Period(category=category, days=known.days, due_at=night, seen_at=now)
    was = row.days if row.version else known.days
    must_be_current(read=version, now=row.version, yours={"days": _text(days)}, theirs={"days": _text(was)})
    _must_be_meant(category, known, days, was, sure)

    row.days, row.changed_by, row.changed_at, row.due_at = days, by.ref, now, night
    row.version += 1
    row.save()
    fact = facts.PeriodSet(category=category, days=days, was=was)
    record(fact, subject=f"retention:{category}", by=by, topics=TOPICS)
    return row


def _text(days: int | None) -> str:
    return "" if days is None else str(days)


def _must_be_meant(code: str, category: Category, days: int | None, was: int | None, sure: bool) -> None:
    if days is None:
        return
    if not category.floor <= days <= rules.LONGEST:
        raise Invalid("days", "out_of_range", low=category.floor, high=rules.LONGEST)
    if sure or (was is not None and days >= was):
        return
    if category.least is not None and days < category.least.days:
        raise Invalid("days", "below_least", days=category.least.days)
    going = queries.waiting(code, days, clock.now())
    if going.count:
        raise Invalid("days", "would_purge", count=going.count)
