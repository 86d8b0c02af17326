"""What people see of duty: who has it now and next, what is missing, what each carries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar
from uuid import UUID

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Person
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import NotFound
from hikeshi.kernel.versions import History, Version
from hikeshi.oncall import fairness, terms
from hikeshi.oncall import rota as pure
from hikeshi.oncall.models import Absence as Absence  # handed on, for surfaces to name what they are given
from hikeshi.oncall.models import Cover as Cover
from hikeshi.oncall.models import Rota, RotaVersion, SwapState
from hikeshi.oncall.models import Swap as Swap
from hikeshi.oncall.permissions import Verb
from hikeshi.oncall.queries import rotas
from hikeshi.oncall.rota import Clash
from hikeshi.oncall.rota import Double as Double
from hikeshi.oncall.rota import Watch as Watch
from hikeshi.oncall.terms import Terms

AHEAD: Final = timedelta(days=60)
"""How far gaps and overlaps are looked for."""
SOON: Final = timedelta(days=14)
LONGEST: Final = timedelta(days=732)
NOW: Final = 3  # now, next and after
T = TypeVar("T", Cover, Absence, Swap)
RotaHistory = History[Rota, Terms]


@dataclass(frozen=True, slots=True)
class Standing:
    """One rota at a moment. ``following`` are the watches and gaps from then on, the present one first."""

    row: Rota
    following: tuple[Watch, ...]
    first_gap: Watch | None

    @property
    def now(self) -> Watch:
        return self.following[0]

    @property
    def next(self) -> Watch | None:
        return self.following[1] if len(self.following) > 1 else None


@dataclass(frozen=True, slots=True)
class Board:
    standings: tuple[Standing, ...]
    names: Mapping[str, str]


def board(by: Actor, at: datetime | None = None, *, ahead: timedelta = SOON) -> Board:
    """Every rota the reader may see, and who has it. Raises NotAllowed."""
    rows, now = list(rotas.rotas(by)), at or clock.now()
    plans = rotas.plans(rows, now, now + ahead)
    found = []
    for row in rows:
        watches = pure.watches(plans[row.uuid], now, now + ahead)
        found.append(Standing(row, merged(watches)[:NOW], next(iter(pure.gaps(watches)), None)))
    return Board(tuple(found), names_in([watch for one in found for watch in one.following]))


def merged(found: Sequence[Watch]) -> tuple[Watch, ...]:
    """Turn after turn of the same person is one stretch for whoever asks until when."""
    together: list[Watch] = []
    for one in found:
        last = together[-1] if together else None
        same = last is not None and (last.person, last.why, last.instead) == (one.person, one.why, one.instead)
        if last is not None and same and last.end == one.begin:
            together[-1] = Watch(last.begin, one.end, last.person, last.why, last.source, last.instead)
        else:
            together.append(one)
    return tuple(together)


def names_in(found: Sequence[Watch]) -> dict[str, str]:
    return accounts.names_of([ref for watch in found for ref in (watch.person, watch.instead) if ref])


def watches(by: Actor, uuid: UUID, since: datetime, until: datetime) -> tuple[Watch, ...]:
    """Of one rota, gaps among them. Raises NotAllowed, NotFound."""
    row = rotas.rota(by, uuid)
    return pure.watches(rotas.plans([row], since, until)[row.uuid], since, until)


def all_watches(by: Actor, since: datetime, until: datetime) -> list[tuple[Rota, tuple[Watch, ...], Mapping[str, str]]]:
    """Of every rota the reader may see, turn after turn of one person as one. Raises NotAllowed."""
    rows = list(rotas.rotas(by).order_by("name", "id"))
    plans = rotas.plans(rows, since, until)
    found = [(row, merged(pure.watches(plans[row.uuid], since, until))) for row in rows]
    names = names_in([watch for _row, watches in found for watch in watches])
    return [(row, watches, names) for row, watches in found]


def preview(row: Rota, said: Terms, since: datetime, until: datetime) -> tuple[Watch, ...]:
    """As it would be if the rota said that."""
    return pure.watches(rotas.planned({row.uuid: (row, said)}, since, until)[row.uuid], since, until)


@dataclass(frozen=True, slots=True)
class Lacks:
    """What is wrong in the time ahead: nobody there, two put in at once, one person wanted twice."""

    gaps: tuple[Watch, ...]
    clashes: tuple[Clash, ...]
    doubles: tuple[Double, ...]
    names: Mapping[str, str]
    titles: Mapping[str, str]

    @property
    def any(self) -> bool:
        return bool(self.gaps or self.clashes or self.doubles)


def lacks(by: Actor, row: Rota, *, since: datetime | None = None, until: datetime | None = None) -> Lacks:
    """Of this rota over the next 60 days, or the time given; others the reader may see count for who is wanted twice.

    It costs what working out all of those rotas does: about a millisecond each. Raises NotAllowed.
    """
    now = since or clock.now()
    end = until or now + AHEAD
    rows = {one.uuid: one for one in [*rotas.rotas(by), row]}
    plans = rotas.plans(list(rows.values()), now, end)
    found = {str(uuid): pure.watches(plan, now, end) for uuid, plan in plans.items()}
    mine = found[str(row.uuid)]
    twice = tuple(one for one in pure.doubles(found) if str(row.uuid) in one.rotas)
    clashes = pure.clashes(plans[row.uuid].covers, now, end)
    people = [one.person for one in twice] + [who for one in clashes for who in (one.loser.person, one.winner.person)]
    gaps = tuple(one for one in merged(mine) if one.is_gap)
    names = {**names_in(gaps), **accounts.names_of(people)}
    return Lacks(gaps, clashes, twice, names, {str(uuid): one.name for uuid, one in rows.items()})


def shares(
    by: Actor, row: Rota, since: datetime, until: datetime
) -> tuple[tuple[fairness.Share, ...], Mapping[str, str]]:
    """What each person of the rota carries in that time, and their names."""
    plan = rotas.plans([row], since, until)[row.uuid]
    calendar = accounts.calendar_of(row.organisation)
    people = frozenset(person for layer in plan.layers for person in layer.people)
    found = fairness.shares(pure.watches(plan, since, until), row.time_zone, calendar, people)
    return found, accounts.names_of([one.person for one in found])


def terms_of(one: RotaVersion) -> Terms:
    return Terms(one.name, one.time_zone, terms.read(one.layers), one.note, terms.read_promise(one.promise))


def history(row: Rota) -> RotaHistory:
    versions = tuple(Version(one.number, terms_of(one), one.why, one.made_by, one.at) for one in row.versions.all())
    return History(row, versions, accounts.names_of([one.made_by for one in versions]))


def covers(row: Rota, at: datetime | None = None) -> list[Cover]:
    """Those that still count, the soonest first."""
    now = at or clock.now()
    return list(row.covers.filter(ends_at__gt=now).select_related("person", "rota").order_by("begins_at", "id"))


def cover(by: Actor, uuid: UUID) -> Cover:
    """Raises NotAllowed, NotFound."""
    found = Cover.objects.filter(uuid=uuid, rota__in=rotas.rotas(by, retired=None)).select_related("rota", "person")
    return _one(found.first(), "cover")


def absences(by: Actor) -> list[Absence]:
    """The reader's own, and of people whose organisation's rotas they plan; those that count still. Raises
    NotAllowed.
    """
    by.must(Verb.VIEW)
    rows = Absence.objects.filter(ends_at__gt=clock.now()).select_related("person", "substitute")
    if not by.unlimited:
        mine = rows.filter(person=by.person_id)
        rows = mine | rows.filter(person__organisation__in=by.organisations(Verb.MANAGE))
    return list(rows.order_by("begins_at", "id"))


def absence(by: Actor, uuid: UUID) -> Absence:
    """Raises NotFound."""
    return _one(next((one for one in absences(by) if one.uuid == uuid), None), "absence")


def any_expired(at: datetime) -> bool:
    """For the desk's own loop: whether a request waits whose turn has begun."""
    return Swap.objects.filter(state=SwapState.ASKED, expires_at__lte=at).exists()


def swaps(by: Actor, row: Rota | None = None) -> list[Swap]:
    """Requests the reader has part in: as who asks, who is asked, who may take it, or who plans the rota."""
    rows = Swap.objects.filter(rota__in=rotas.rotas(by, retired=None))
    rows = rows.select_related("rota__organisation", "asker", "asked")
    rows = rows.filter(rota=row) if row is not None else rows
    found = list(rows.order_by("-asked_at", "-id")[:200])
    return [one for one in found if _has_part(by, one)]


def state_of(swap: Swap) -> SwapState:
    """As it is now, whether or not the desk has said so yet."""
    over = swap.state == SwapState.ASKED and swap.expires_at <= clock.now()
    return SwapState.EXPIRED if over else SwapState(swap.state)


def _has_part(by: Actor, swap: Swap) -> bool:
    concerned = by.person_id is not None and by.person_id in {swap.asker_id, swap.asked_id}
    return concerned or may_take(by, swap) or by.may(Verb.MANAGE, swap.rota.organisation_id)


def may_take(by: Actor, swap: Swap) -> bool:
    """Whether the reader is who may accept or decline it."""
    if by.person_id is None or swap.state != SwapState.ASKED or swap.expires_at <= clock.now():
        return False
    if swap.asked_id is not None:
        return by.person_id == swap.asked_id
    return by.person_id != swap.asker_id and in_rota(by, swap.rota)


def in_rota(by: Actor, row: Rota) -> bool:
    """Whether the reader stands in one of its layers."""
    people = {str(person) for one in rotas.terms_of(row).layers for person in one.people}
    return by.ref.removeprefix("person:") in people


def must_put_in(by: Actor, row: Rota) -> None:
    """Who may put anybody in at all: themself who stands in the rota, others who plans it. Raises NotAllowed."""
    if not in_rota(by, row):
        by.must(Verb.MANAGE, row.organisation_id)


def swap(by: Actor, uuid: UUID) -> Swap:
    """Raises NotFound."""
    rows = Swap.objects.filter(uuid=uuid, rota__in=rotas.rotas(by, retired=None))
    found = _one(rows.select_related("rota__organisation", "asker", "asked").first(), "swap")
    if not _has_part(by, found):
        raise NotFound("swap")
    return found


def candidates(by: Actor, row: Rota) -> list[Person]:
    """Active people who may see the rota: who can stand in it."""
    return list(accounts.people_who_may(Verb.VIEW, row.organisation))


def _one(found: T | None, what: str) -> T:
    if found is None:
        raise NotFound(what)
    return found
