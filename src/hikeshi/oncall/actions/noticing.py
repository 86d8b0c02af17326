"""Whether, and how long before, somebody hears of their own duty."""

from hikeshi.accounts import queries as accounts
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotAllowed
from hikeshi.kernel.versions import must_be_current
from hikeshi.ledger.acts import action, record
from hikeshi.oncall.facts import rotas as facts
from hikeshi.oncall.models import DutyNotice
from hikeshi.oncall.permissions import Verb
from hikeshi.oncall.queries.noticing import MOST, USUAL


@action
def set_duty_notice(*, by: Actor, hours: int, version: int | None = None) -> DutyNotice:
    """One's own, and nobody else's: told so many hours before a duty begins, or (0) not at all. Raises NotAllowed,
    Invalid, Conflict.
    """
    person = accounts.myself(by)
    if person is None:
        raise NotAllowed(Verb.VIEW)
    if not 0 <= hours <= MOST:
        raise Invalid("hours", "out_of_range", low=0, high=MOST)
    begun = {"hours": USUAL, "version": 0, "changed_at": clock.now()}
    row, _ = DutyNotice.objects.select_for_update().get_or_create(person=person, defaults=begun)
    must_be_current(read=version, now=row.version, yours={"hours": str(hours)}, theirs={"hours": str(row.hours)})

    row.hours, row.changed_at = hours, clock.now()
    row.version += 1
    row.save()

    record(facts.DutyNoticeSet(person=person.uuid, hours=hours), subject=by.ref, by=by)
    return row
