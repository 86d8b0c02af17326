"""What somebody finds when they sit down: a fixed number of questions, each for a handful of rows."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from hikeshi.incidents import queries as incidents
from hikeshi.incidents.permissions import Verb
from hikeshi.incidents.queries import Incident, Task
from hikeshi.incidents.reporting import Place
from hikeshi.kernel import clock, paging
from hikeshi.kernel.acting import Actor
from hikeshi.lists import queries as lists
from hikeshi.oncall.permissions import Verb as OnCall
from hikeshi.oncall.queries import duty, runs
from hikeshi.oncall.queries.duty import Standing
from hikeshi.service_levels import queries as service_levels
from hikeshi.service_levels.queries import Chip
from hikeshi.web.home.next_step import Step, step

SHOWN: Final = 6
WORKING: Final = 200
"""So many of the gravest open records are looked at for who is on what."""
AGO: Final = timedelta(hours=24)
"""What changed, for somebody who has never said that they saw it."""
COUNTED: Final = 999


@dataclass(frozen=True, slots=True)
class Panel:
    """The first rows of a list, and how many there are; ``exact`` to 999. ``query`` opens the whole list."""

    rows: Sequence[Incident]
    total: int
    exact: bool
    query: str

    @property
    def more(self) -> bool:
        return self.total > len(self.rows)


@dataclass(frozen=True, slots=True)
class Busy:
    """Somebody, the gravest open record they own, and how many others."""

    name: str
    record: Incident
    others: int


@dataclass(frozen=True, slots=True)
class Desk:
    step: Step
    mine: Panel
    free: Panel
    overdue: Panel
    waiting: Panel
    changed: Panel
    since: datetime
    ever_seen: bool
    tasks: Sequence[Task]
    busy: Sequence[Busy]
    standings: Sequence[Standing]
    names: Mapping[str, str]
    chips: Mapping[int, Chip]
    may_work: bool
    sees: bool
    rotas: bool


def desk(by: Actor) -> Desk:
    now, seen = clock.now(), lists.shelf(by).seen_at
    since = seen or now - AGO
    going = incidents.visible(by).filter(standing=0)
    panels = _panels(by, going, since)
    shown = {row.pk: row for panel in panels.values() for row in panel.rows}
    tasks, ask = _tasks(by), incidents.asked_of(by, going)
    may_work, sees = by.may(Verb.WORK), by.may(Verb.VIEW)
    first = step(
        mine=panels["mine"].rows,
        overdue=[row for row in panels["overdue"].rows if row.owner_id == by.person_id],
        free=panels["free"].rows,
        tasks=[(one, one.incident) for one in tasks],
        calls=_calls(by),
        asked=(ask, ask.incident) if ask else None,
        reported=None if sees else _asked_back(by),
        now=now,
        may_take=may_work,
        sees=sees,
    )
    board = duty.board(by) if by.may(OnCall.VIEW) else None
    return Desk(
        **panels,
        step=first,
        since=since,
        ever_seen=seen is not None,
        tasks=tasks,
        busy=_busy(by),
        standings=sorted(board.standings, key=lambda one: not one.now.is_gap)[:SHOWN] if board else (),
        names=board.names if board else {},
        chips=service_levels.chips(shown.values()),
        may_work=may_work,
        sees=sees,
        rotas=board is not None,
    )


def _panels(by: Actor, going: QuerySet[Incident], since: datetime) -> dict[str, Panel]:
    mine = going.filter(owner=by.person_id) if by.person_id is not None else going.none()
    return {
        "mine": _panel(mine, incidents.ORDERS["priority"], "owner=me"),
        "free": _panel(going.filter(owner=None), incidents.ORDERS["priority"], "owner=none"),
        "overdue": _overdue(going),
        "waiting": _waiting(going),
        "changed": _panel(
            incidents.visible(by).filter(updated_at__gt=since), incidents.ORDERS["updated"], "status=all&order=updated"
        ),
    }


def _calls(by: Actor) -> list[Incident]:
    """About what the reader is being called right now, the gravest first."""
    waiting = [run.ref for run in runs.calling(by)]
    rows = incidents.brief(incidents.visible(by).filter(ref__in=waiting, standing=0))
    return list(rows.order_by("priority", "-id")) if waiting else []


def _panel(rows: QuerySet[Incident], order: tuple[str, ...], query: str) -> Panel:
    found = list(incidents.brief(rows).order_by(*order)[: SHOWN + 1])
    total, exact = (len(found), True) if len(found) <= SHOWN else paging.count(rows, to=COUNTED)
    return Panel(found[:SHOWN], total, exact, query)


def _waiting(going: QuerySet[Incident]) -> Panel:
    """The longest first, by the index of those that wait."""
    held = going.filter(waiting_since__isnull=False)
    return _panel(held, ("waiting_since", "id"), "filter=status:is:open;waiting:not:none")


def _overdue(going: QuerySet[Incident]) -> Panel:
    """Whose clock has run out, the longest ago first."""
    late = service_levels.run_out(going)
    return _panel(late, service_levels.DEADLINE, "order=due&filter=status:is:open;left:over")


def _tasks(by: Actor) -> list[Task]:
    """One's own, the soonest due first; those without a time come last."""
    return list(incidents.own_tasks(by)[:SHOWN])


def _busy(by: Actor) -> list[Busy]:
    """Who is on what, the gravest first."""
    rows = incidents.brief(incidents.visible(by).filter(standing=0, owner__isnull=False, waiting=""))
    owned: dict[int, list[Incident]] = defaultdict(list)
    for row in rows.order_by(*incidents.ORDERS["priority"])[:WORKING]:
        owned[row.owner_id or 0].append(row)
    return [Busy(many[0].owner.name if many[0].owner else "", many[0], len(many) - 1) for many in owned.values()][
        :SHOWN
    ]


def _asked_back(by: Actor) -> incidents.OwnLine | None:
    """Asked of those alone whose first page is otherwise empty: what they reported is all they have here."""
    return next((line for line in incidents.own_reports(by) if line.place == Place.ASKED), None)
