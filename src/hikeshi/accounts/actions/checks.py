"""The desk asks whether somebody is still reached there. What is sent, and whether it left, is known above."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from hikeshi.accounts import contacts, reaching
from hikeshi.accounts.actions.ways import doubt_way
from hikeshi.accounts.models import Check, ContactRules, StoredWay
from hikeshi.accounts.permissions import Verb
from hikeshi.accounts.ways import Trouble
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import NotAllowed
from hikeshi.ledger.acts import action

REMIND_EVERY: Final = timedelta(days=7)


@action
def ask_way(*, by: Actor, way: UUID) -> Check | None:
    """Claims a way that is due and opens its check; None where another was faster, or nobody relies on the person.

    For the desk's own loop. No fact: the message that asks has its own. Raises NotAllowed.
    """
    _must_be_the_desk(by)
    now, rules = clock.now(), reaching.rules()
    row = contacts.stored_way(by, way)
    if row.check_at is None or row.check_at > now:
        return None
    following = now + timedelta(days=rules.check_days) if rules.check_days else None
    if not StoredWay.objects.filter(pk=row.pk, check_at=row.check_at).update(check_at=following):
        return None
    relied = contacts.relied_on().filter(pk=row.person_id or 0).exists()
    if following is None or not relied or Check.objects.filter(way=row, due_at__isnull=False).exists():
        return None
    return Check.objects.create(way=row, asked_at=now, due_at=now + timedelta(hours=rules.answer_hours))


@action
def end_check(*, by: Actor, check: UUID, left: bool) -> None:
    """Nobody answered in time. Only what really ``left`` the desk was met with silence. Raises NotAllowed."""
    _must_be_the_desk(by)
    row = Check.objects.filter(uuid=check, due_at__isnull=False).select_related("way").first()
    if row is None or not Check.objects.filter(pk=row.pk, due_at=row.due_at).update(due_at=None):
        return
    if left and not row.way.trouble:
        doubt_way(by=by, way=row.way.uuid, why=Trouble.SILENT)


@action
def claim_reminder(*, by: Actor, now: datetime) -> bool:
    """Whether keepers are to hear of stale contacts now; the next time is settled at once. Raises NotAllowed."""
    _must_be_the_desk(by)
    rules = reaching.rules()
    if rules.pk is None or (rules.remind_at is not None and rules.remind_at > now):
        return False
    claimed = ContactRules.objects.filter(pk=1, remind_at=rules.remind_at).update(remind_at=now + REMIND_EVERY)
    return bool(claimed) and rules.remind_at is not None


def _must_be_the_desk(by: Actor) -> None:
    if not by.unlimited:
        raise NotAllowed(Verb.MANAGE)
