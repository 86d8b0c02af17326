"""How long what is kept, what would go next, and what is held back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.permissions import Verb
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.paging import count
from hikeshi.kernel.prepared import Prepared
from hikeshi.kernel.refusals import NotFound
from hikeshi.retention import rules
from hikeshi.retention.catalogue import Category, categories
from hikeshi.retention.categories import keepers
from hikeshi.retention.models import Hold, Period


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is over at this moment: how many (exact to 10,000) and how old the oldest is."""

    count: int
    exact: bool
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Kept:
    """``next_at`` None: nothing is planned, since nothing is ever deleted or the engine has not run yet."""

    code: str
    category: Category
    days: int | None
    version: int
    changed_by: str
    changed_at: datetime | None
    waiting: Waiting
    next_at: datetime | None
    ran_at: datetime | None
    gone: int

    @property
    def below_least(self) -> bool:
        return self.days is not None and self.category.least is not None and self.days < self.category.least.days


NOTHING = Waiting(0, True, None)


def kept(by: Actor) -> list[Kept]:
    """Every category. Two queries each, capped at 10,001 rows. Raises NotAllowed."""
    by.must(Verb.MANAGE, accounts.root().pk)
    rows = {row.category: row for row in Period.objects.all()}
    now = clock.now()
    return [_kept(code, one, rows.get(code), now) for code, one in categories().items()]


def kept_of(by: Actor, code: str) -> Kept:
    """Raises NotAllowed, NotFound."""
    by.must(Verb.MANAGE, accounts.root().pk)
    return _kept(code, known(code), Period.objects.filter(category=code).first(), clock.now())


def known(code: str) -> Category:
    """Raises NotFound."""
    found = categories().get(code)
    if found is None:
        raise NotFound("category")
    return found


def last_change(by: Actor) -> tuple[str, datetime] | None:
    """Who changed a period last. Raises NotAllowed."""
    by.must(Verb.MANAGE, accounts.root().pk)
    row = Period.objects.filter(changed_at=Period.objects.aggregate(at=Max("changed_at"))["at"]).first()
    return (row.changed_by, row.changed_at) if row and row.changed_at else None


def waiting(code: str, days: int | None, now: datetime) -> Waiting:
    """What a period of so many days would take away now."""
    keeper = keepers().get(code)
    if keeper is None or days is None:
        return NOTHING
    rows = keeper.over(rules.cut(now, days))
    found, exact = count(rows)
    oldest = rows.order_by(keeper.dated).values_list(keeper.dated, flat=True).first() if found else None
    return Waiting(found, exact, oldest)


def _kept(code: str, category: Category, row: Period | None, now: datetime) -> Kept:
    days = row.days if row and row.version else category.days
    return Kept(
        code=code,
        category=category,
        days=days,
        version=row.version if row else 0,
        changed_by=row.changed_by if row else "",
        changed_at=row.changed_at if row else None,
        waiting=waiting(code, days, now),
        next_at=row.due_at if row and days is not None else None,
        ran_at=row.ran_at if row else None,
        gone=row.gone if row else 0,
    )


def held() -> frozenset[str]:
    """Subjects that a hold stands on."""
    return frozenset(Hold.objects.filter(lifted_at=None).values_list("subject", flat=True))


def held_of(kind: str) -> frozenset[UUID]:
    """The ids of held subjects of one kind: ``incident`` of ``incident:<uuid>``."""
    prefix = f"{kind}:"
    return frozenset(UUID(one.removeprefix(prefix)) for one in held() if one.startswith(prefix))


_HOLD = Prepared(lambda subject: Hold.objects.filter(subject=subject, lifted_at=None)[:1], subject=str)


def hold_on(subject: str) -> Hold | None:
    """The one that stands. Whoever asks has made sure that the reader sees the subject."""
    return next(iter(_HOLD(subject=subject)), None)


def holds_on(subjects: Collection[str]) -> list[Hold]:
    """Those that stand on any of these; as above."""
    return list(Hold.objects.filter(subject__in=subjects, lifted_at=None))
