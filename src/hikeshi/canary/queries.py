"""What may be seen of canaries: those who see what leaves the desk see them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from hikeshi.accounts import queries as accounts
from hikeshi.canary.models import Arrangement as Arrangement  # handed on, for surfaces to name what they are given
from hikeshi.canary.models import Canary as Canary
from hikeshi.canary.stages import Figures, State, To, figures
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.paging import Page, paginate
from hikeshi.kernel.prepared import Prepared
from hikeshi.kernel.refusals import NotFound
from hikeshi.kernel.worlds import World
from hikeshi.notify import queries as notify
from hikeshi.notify.permissions import Verb
from hikeshi.oncall.models import Policy, Rota

SHOWN: Final = 30
ENDED: Final = (State.ANSWERED, State.FAILED)
# Asked at every commit, while somebody may be waiting for what the commit began.
_GOING: Final = Prepared(lambda: Canary.objects.filter(state=State.UNDER_WAY).values_list("uuid", flat=True))
_DUE: Final = Prepared(
    lambda now: Arrangement.objects.filter(pk=1, next_at__lte=now).values_list("pk", flat=True), now=datetime
)


def may_run(by: Actor) -> bool:
    return notify.may_configure(by)


def must_view(by: Actor) -> None:
    """Raises NotAllowed."""
    by.must(Verb.VIEW, accounts.root().pk)


def would_send() -> bool:
    """Whether a canary could leave this desk at all."""
    site = accounts.site()
    return site.live and site.world == World.REAL


def arrangement() -> Arrangement:
    """As it is, or as it would begin: off."""
    return Arrangement.objects.filter(pk=1).first() or Arrangement(pk=1)


@dataclass(frozen=True, slots=True)
class History:
    """The last ones, newest first, and what those that were answered came to."""

    lines: Sequence[Canary]
    figures: Sequence[Figures]
    answered: int
    under_way: Canary | None


def history(by: Actor) -> History:
    """One query. Raises NotAllowed."""
    must_view(by)
    lines = list(Canary.objects.all()[:SHOWN])
    answered = [(one.asked_at, one.times) for one in lines if one.state == State.ANSWERED]
    going = next((one for one in lines if one.state == State.UNDER_WAY), None)
    return History(lines, figures(answered), len(answered), going)


def canaries(by: Actor, *, cursor: str | None = None, limit: int = 50) -> Page[Canary]:
    """Newest first. Raises NotAllowed, Invalid."""
    must_view(by)
    return paginate(Canary.objects.all(), order=("-id",), cursor=cursor, limit=limit)


def canary(by: Actor, uuid: UUID) -> Canary:
    """Raises NotAllowed, NotFound."""
    must_view(by)
    found = Canary.objects.filter(uuid=uuid).first()
    if found is None:
        raise NotFound("canary")
    return found


def names(targets: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """What each target is called: three queries at most. One that is gone is missing."""
    wanted = set(targets)
    refs = {value for to, value in wanted if to == To.PERSON}
    people = accounts.names_of(refs) if refs else {}
    found = {(To.PERSON.value, ref): name for ref, name in people.items()}
    for to, rows in ((To.ROTA, Rota.objects), (To.POLICY, Policy.objects)):
        uuids = [value for kind, value in wanted if kind == to]
        if uuids:
            named = rows.filter(uuid__in=uuids).values_list("uuid", "name")
            found |= {(to.value, str(uuid)): name for uuid, name in named}
    return found


def offered() -> list[tuple[To, str, str]]:
    """Rotas and policies in use, by name."""
    rotas = Rota.objects.filter(retired_at__isnull=True).order_by("name").values_list("uuid", "name")
    policies = Policy.objects.filter(retired_at__isnull=True).order_by("place").values_list("uuid", "name")
    return [
        *((To.ROTA, str(uuid), name) for uuid, name in rotas),
        *((To.POLICY, str(uuid), name) for uuid, name in policies),
    ]


def last_failed() -> Canary | None:
    """The last one that was sent and ended, where it did not come through: one left out mends nothing."""
    last = Canary.objects.filter(state__in=ENDED).order_by("-id").first()
    return last if last is not None and last.state == State.FAILED else None


def last(by: Actor) -> Canary | None:
    """The last one that ended or was left out; None also for who may not see it."""
    if not notify.may_view(by):
        return None
    return Canary.objects.exclude(state=State.UNDER_WAY).order_by("-id").first()


def alarm(by: Actor) -> Canary | None:
    """For the pages of those who can mend it."""
    return last_failed() if may_run(by) else None


def going() -> list[UUID]:
    """For the desk's own loop."""
    return _GOING()


def due(now: datetime) -> bool:
    """Whether one is due by plan. For the desk's own loop."""
    return bool(_DUE(now=now))
