"""Whoever will be called is told before: that somebody put them in, that they stand in, that their duty begins."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from hikeshi.accounts import queries as accounts
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import NotAllowed
from hikeshi.kernel.worlds import World
from hikeshi.ledger.acts import action
from hikeshi.notify import actions as notify
from hikeshi.notify.messages import Message, Purpose
from hikeshi.oncall import rota as pure
from hikeshi.oncall.models import Absence, Cover, Rota
from hikeshi.oncall.permissions import Verb
from hikeshi.oncall.queries import duty, noticing, rotas
from hikeshi.oncall.rota import Watch

USUAL: Final = timedelta(hours=noticing.USUAL)
ROUND: Final = timedelta(hours=1)
"""As often as the desk looks: what falls due before it looks again is queued for its time."""
BEHIND: Final = timedelta(days=4)
"""A long weekend nobody covers is no change of hands."""
NIGHT_ENDS: Final = 8
NIGHT_BEGINS: Final = 21


def tell_put_in(by: Actor, cover: Cover) -> None:
    """Part of other verbs: nobody is put in without hearing of it."""
    _tell(by, f"cover:{cover.uuid}", f"person:{cover.person.uuid}")


def tell_substitute(by: Actor, absence: Absence) -> None:
    """Part of other verbs: whoever stands in is told from when to when."""
    if absence.substitute is not None:
        _tell(by, f"absence:{absence.uuid}", f"person:{absence.substitute.uuid}")


def take_back(by: Actor, subject: str) -> None:
    notify.withdraw(by=by, subject=subject, why="withdrawn")


def _tell(by: Actor, subject: str, to: str) -> None:
    notify.queue(by=by, message=Message(Purpose.TOLD, subject, _world(), to, subject, {}, urgency=3))


def _world() -> World:
    return World(accounts.site().world)


@action
def tell_of_duty(*, by: Actor, at: datetime) -> int:
    """Tells whoever takes over a rota a day before, or as long before as they chose, once for each time it changes
    hands, and not at night as long as there is a day before. For the desk itself. How many it found. Raises NotAllowed.
    """
    if not by.unlimited:
        raise NotAllowed(Verb.MANAGE)
    rows = list(rotas.rotas(by))
    leads = noticing.leads()
    until = at + max([USUAL, *leads.values()]) + ROUND
    plans = rotas.plans(rows, at - BEHIND, until)
    found = 0
    for row in rows:
        for watch in _handed(pure.watches(plans[row.uuid], at - BEHIND, until)):
            told_at = watch.begin - leads.get(watch.person, USUAL)
            if not at < watch.begin or not told_at < min(watch.begin, at + ROUND):
                continue
            found += 1
            notify.queue(by=by, message=_of_duty(row, watch, by_day(max(at, told_at), watch.begin, row.time_zone)))
    return found


def _of_duty(row: Rota, watch: Watch, due: datetime) -> Message:
    begin = watch.begin.isoformat()
    key = f"duty:{row.uuid}:{begin}:{watch.person}"
    about = {"what": "duty", "begin": begin}
    return Message(Purpose.REMINDER, rotas.ref_of(row), _world(), watch.person, key, about, urgency=3, due_at=due)


def _handed(watches: Sequence[Watch]) -> Iterator[Watch]:
    """Where somebody else than before takes over; who was away in between comes back to nothing new."""
    before = ""
    for watch in duty.merged(watches):
        if watch.person and watch.person != before:
            yield watch
        before = watch.person or before


def by_day(at: datetime, begin: datetime, zone: str) -> datetime:
    """``at``, or the morning after it where that still comes before ``begin``."""
    local = at.astimezone(ZoneInfo(zone))
    if NIGHT_ENDS <= local.hour < NIGHT_BEGINS:
        return at
    day = local.date() + timedelta(days=local.hour >= NIGHT_BEGINS)
    morning = datetime.combine(day, time(NIGHT_ENDS), local.tzinfo).astimezone(UTC)
    return morning if morning < begin else at
