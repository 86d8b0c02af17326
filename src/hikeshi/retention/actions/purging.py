"""The engine's part: what is over goes, a short step at a time, each its own transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db.models import Model

from hikeshi.accounts import queries as accounts
from hikeshi.kernel.acting import system
from hikeshi.ledger.acts import record, unit
from hikeshi.retention import facts, rules
from hikeshi.retention.actions.holds import TOPICS
from hikeshi.retention.catalogue import categories
from hikeshi.retention.categories import Keeper, keepers
from hikeshi.retention.models import Period
from hikeshi.retention.rules import Turn

BY: Final = system("retention")


def take_step(now: datetime) -> bool:
    """One step of the first category that is due; whether there may be more.

    A step locks its category's row, looks again at what it found, deletes it and says so, all in one transaction: two
    engines take turns, and one killed in the middle has done nothing.
    """
    _begin(now)
    for row in Period.objects.filter(category__in=keepers()).order_by("due_at", "pk"):
        match rules.turn(now=now, due_at=row.due_at, seen_at=row.seen_at):
            case Turn.DUE:
                return _purge(row.category, now)
            case Turn.LEAPT:
                _put_off(row.category, now)
                return True
            case Turn.MISPLANNED:
                _plan_anew(row.category, now)
            case Turn.NOT_DUE:
                continue
    _look(now)
    return False


def _begin(now: datetime) -> None:
    """A category nobody has seen yet waits a week before its first run."""
    lacking = categories().keys() - set(Period.objects.values_list("category", flat=True))
    if lacking:
        due = rules.next_night(now + rules.GRACE, accounts.site().time_zone)
        rows = [
            Period(category=code, days=categories()[code].days, due_at=due, seen_at=now) for code in sorted(lacking)
        ]
        with unit():
            Period.objects.bulk_create(rows, ignore_conflicts=True)


def _purge(category: str, now: datetime) -> bool:
    keeper, days = keepers()[category], _days(category)
    found = _found(keeper, now, days)
    with unit():
        row = Period.objects.select_for_update().get(category=category)
        if row.due_at > now:
            return True  # another engine has come to the end of it
        if days != _kept_for(row):
            return True  # somebody changed it meanwhile: look again
        rows = _still(keeper, now, days, found)
        went = keeper.purge(BY, rows) if rows and days is not None else 0
        if went and days is not None:
            oldest = min(_age(one, keeper.dated) for one in rows)
            before = rules.cut(now, days)
            fact = facts.Purged(category=category, count=went, days=days, oldest=oldest, before=before)
            record(fact, subject=f"retention:{category}", by=BY, topics=TOPICS)
        _note(row, now, went, done=not found)
    return True


def _days(category: str) -> int | None:
    return _kept_for(Period.objects.get(category=category))


def _kept_for(row: Period) -> int | None:
    return row.days if row.version else categories()[row.category].days


def _found(keeper: Keeper[Model], now: datetime, days: int | None) -> list[int]:
    """Looked for outside the lock: a long look holds nobody's writing up."""
    if days is None:
        return []
    over = keeper.over(rules.cut(now, days))
    return list(over.order_by(keeper.dated, "pk").values_list("pk", flat=True)[: keeper.step])


def _still(keeper: Keeper[Model], now: datetime, days: int | None, found: Sequence[int]) -> list[Model]:
    """A hold may have been put on, or a record reopened, since the look."""
    if days is None or not found:
        return []
    return list(keeper.over(rules.cut(now, days)).filter(pk__in=found).order_by("pk"))


def _age(row: Model, dated: str) -> datetime:
    """``incident__updated_at`` is the incident's."""
    found: object = row
    for name in dated.split("__"):
        found = getattr(found, name)
    if not isinstance(found, datetime):
        raise TypeError(dated)
    return found


def _note(row: Period, now: datetime, went: int, *, done: bool) -> None:
    row.gone = (row.gone if row.going else 0) + went
    row.seen_at, row.going = now, not done
    if done:
        row.ran_at, row.due_at = now, rules.next_night(now, accounts.site().time_zone)
    row.save(update_fields=["gone", "going", "seen_at", "ran_at", "due_at"])


def _put_off(category: str, now: datetime) -> None:
    with unit():
        row = Period.objects.select_for_update().get(category=category)
        if rules.turn(now=now, due_at=row.due_at, seen_at=row.seen_at) is not Turn.LEAPT:
            return
        before, row.seen_at = row.seen_at, now
        row.due_at = rules.next_night(now + rules.GRACE, accounts.site().time_zone)
        row.save(update_fields=["seen_at", "due_at"])
        fact = facts.PurgePutOff(category=category, seen_at=before, until=row.due_at)
        record(fact, subject=f"retention:{category}", by=BY, topics=TOPICS)


def _plan_anew(category: str, now: datetime) -> None:
    """A clock that ran ahead had planned it."""
    with unit():
        due = rules.next_night(now, accounts.site().time_zone)
        Period.objects.filter(category=category).update(due_at=due, seen_at=now)


def _look(now: datetime) -> None:
    """That the engine was here, so that a leap of the clock shows."""
    stale = Period.objects.filter(seen_at__lt=now - rules.LOOK, due_at__gt=now)
    if stale.exists():
        with unit():
            stale.update(seen_at=now)
