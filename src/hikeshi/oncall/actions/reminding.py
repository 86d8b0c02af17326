"""What people are told of rotas: that somebody asks them to swap, what became of it, that a turn is nobody's."""

from datetime import datetime, timedelta
from typing import Final

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Person
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import NotAllowed
from hikeshi.kernel.worlds import World
from hikeshi.ledger.acts import action
from hikeshi.notify import actions as notify
from hikeshi.notify.messages import Message, Purpose
from hikeshi.oncall import rota as pure
from hikeshi.oncall.models import Rota, Swap
from hikeshi.oncall.permissions import Verb
from hikeshi.oncall.queries import duty, rotas
from hikeshi.oncall.rota import Watch

AHEAD: Final = timedelta(days=7)


def tell_asked(by: Actor, swap: Swap) -> None:
    """Whoever may answer, and nobody twice."""
    if swap.asked is not None:
        asked = {f"person:{swap.asked.uuid}"}
    else:
        layers = rotas.terms_of(swap.rota).layers
        asked = {f"person:{uuid}" for one in layers for uuid in one.people} - {f"person:{swap.asker.uuid}"}
    for to in sorted(asked):
        _tell(by, swap, to, "asked")


def tell_answer(by: Actor, swap: Swap, why: str = "answered") -> None:
    """What waited for others is no longer sent; who asked hears how it ended."""
    notify.withdraw(by=by, subject=_subject(swap), why=why)
    _tell(by, swap, f"person:{swap.asker.uuid}", swap.state)


def take_back(by: Actor, swap: Swap) -> None:
    notify.withdraw(by=by, subject=_subject(swap), why="withdrawn")


def _subject(swap: Swap) -> str:
    return f"swap:{swap.uuid}"


def _tell(by: Actor, swap: Swap, to: str, what: str) -> None:
    subject = _subject(swap)
    message = Message(Purpose.TOLD, subject, _world(), to, f"{subject}:{what}:{to}", {"what": what}, urgency=3)
    notify.queue(by=by, message=message)


def _world() -> World:
    return World(accounts.site().world)


@action
def remind_of_gaps(*, by: Actor, at: datetime) -> int:
    """Tells who plans a rota of hours within a week that it promises and nobody will take: somebody is away without a
    substitute, has left, no layer holds, or the rota is empty. Once a week for each of these. For the desk itself. How
    many it found. Raises NotAllowed.
    """
    if not by.unlimited:
        raise NotAllowed(Verb.MANAGE)
    rows = list(rotas.rotas(by))
    plans = rotas.plans(rows, at, at + AHEAD)
    found = 0
    for row in rows:
        missing = pure.gaps(pure.watches(plans[row.uuid], at, at + AHEAD))
        gaps = {one.instead: one for one in reversed(missing)}
        found += len(gaps)
        for gap in gaps.values():
            _remind(by, row, gap)
    return found


def _remind(by: Actor, row: Rota, gap: Watch) -> None:
    year, week, _day = gap.begin.isocalendar()
    for one in planners(row):
        to = f"person:{one.uuid}"
        key = f"gap:{row.uuid}:{gap.instead}:{year}-{week}:{to}"
        about = {"begin": gap.begin.isoformat()}
        message = Message(Purpose.REMINDER, rotas.ref_of(row), _world(), to, key, about, urgency=2)
        notify.queue(by=by, message=message)


def planners(row: Rota) -> list[Person]:
    """Who saved the newest version, while they may still plan it; else everybody who may."""
    everybody = list(accounts.people_who_may(Verb.MANAGE, row.organisation))
    newest = duty.history(row).newest.made_by
    return [one for one in everybody if f"person:{one.uuid}" == newest] or everybody
