"""Whom a target means at a time, and by which ways they can be reached. One book is opened for one step of the engine:
what was asked once is not asked again in it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Grant, Membership, Organisation, Party, Person, Role, Team
from hikeshi.accounts.ways import Recipient, Way
from hikeshi.accounts.ways import Trouble as WayTrouble
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.prepared import Prepared, Value
from hikeshi.kernel.refusals import NotAllowed, NotFound
from hikeshi.oncall import rota
from hikeshi.oncall.escalation import Target, TargetKind
from hikeshi.oncall.models import Rota
from hikeshi.oncall.queries import absences, policies, rotas

PERSON: Final = "person:"
PARTY: Final = "party:"
LONGEST_LINE: Final = 5
"""Deputies of deputies: whoever wrote down more than this has written a circle."""


_ROTAS: Final = Prepared(lambda: Rota.objects.filter(retired_at__isnull=True).select_related("organisation"))


class Trouble(StrEnum):
    """Why a step, or a whole call for help, reached nobody."""

    NO_WAY = "no_way"
    AWAY = "away"
    EMPTY_ROTA = "empty_rota"
    EMPTY_TEAM = "empty_team"
    EMPTY_ROLE = "empty_role"
    GONE = "gone"
    FAILED = "failed"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class Reached:
    """Somebody who can be told. ``instead_of``: whose deputy they are. ``ways``: those to take; none: all they have.
    ``away``: they said that they are not there, and are told all the same, for nobody else is left.
    """

    owner: str
    instead_of: str = ""
    ways: tuple[str, ...] = ()
    away: bool = False


@dataclass(frozen=True, slots=True)
class Missed:
    """Somebody, or a target, that cannot be told now."""

    owner: str
    trouble: Trouble


@dataclass(frozen=True, slots=True)
class Found:
    reached: tuple[Reached, ...]
    missed: tuple[Missed, ...]

    @property
    def trouble(self) -> str:
        return self.missed[0].trouble.value if self.missed and not self.reached else ""


@dataclass(slots=True)
class Book:
    at: datetime
    _owners: dict[tuple[Target, int], tuple[str, ...]] = field(default_factory=dict)
    _ways: dict[str, tuple[Way, ...]] = field(default_factory=dict)
    _people: dict[str, Recipient | None] = field(default_factory=dict)
    _found: dict[tuple[Target, int], Found] = field(default_factory=dict)
    _duty: set[str] | None = None
    _absent: Mapping[str, str] | None = None

    def find(self, target: Target, place: Organisation) -> Found:
        """Whoever the target means for a record of this place, each replaced by a deputy where they cannot be told or
        are away. Somebody away whom nobody stands in for is left in peace while the target reaches others, and called
        all the same where it reaches nobody: better a call on holiday than none.
        """
        key = (target, place.pk)
        if key not in self._found:
            self._found[key] = self._find(target, place)
        return self._found[key]

    def _find(self, target: Target, place: Organisation) -> Found:
        owners = self.owners(target, place)
        if not owners:
            return Found((), (Missed("", _empty(target)),))
        self._learn(owners)
        reached: dict[str, Reached] = {}
        missed = []
        for owner in owners:
            found = self._reach(owner, target)
            if isinstance(found, Missed):
                missed.append(found)
            else:
                reached.setdefault(found.owner, found)
        if reached:
            return Found(tuple(reached.values()), tuple(missed))
        away = [self._reached(one.owner, one.owner, target, away=True) for one in missed if one.trouble is Trouble.AWAY]
        return Found(tuple(away), tuple(one for one in missed if one.trouble is not Trouble.AWAY))

    def owners(self, target: Target, place: Organisation) -> tuple[str, ...]:
        """Owner strings, whether or not they can be told."""
        key = (target, place.pk)
        if key not in self._owners:
            self._owners[key] = self._mean(target, place)
        return self._owners[key]

    def _mean(self, target: Target, place: Organisation) -> tuple[str, ...]:
        match target.kind:
            case TargetKind.PERSON | TargetKind.PARTY | TargetKind.WEBHOOK:
                return (target.value,) if target.value else ()
            case TargetKind.ROTA:
                return tuple(map(_person, rotas.on_call_now(target.value, self.at)))
            case TargetKind.TEAM:
                return _team(target.value)
            case TargetKind.ROLE:
                return self._on_duty(_role(target.value, place))
            case TargetKind.EXECUTIVES:
                return self.owners(policies.executives(), place)
            case TargetKind.RAISE:
                return ()

    def _on_duty(self, holders: tuple[str, ...]) -> tuple[str, ...]:
        """Where some of them are on call on any rota, those: the others sleep."""
        if self._duty is None:
            rows = _ROTAS()
            plans = rotas.plans(rows, self.at, self.at + rota.MOMENT) if rows else {}
            self._duty = {
                watch.person for one in plans.values() for watch in rota.on_call(one, self.at) if watch.person
            }
        return tuple(one for one in holders if one in self._duty) or holders

    def _learn(self, owners: Iterable[str]) -> None:
        new = [one for one in owners if one not in self._ways]
        if new:
            found = accounts.ways_of(new)
            self._ways.update({one: tuple(found.get(one, ())) for one in new})

    def _reach(self, owner: str, target: Target) -> Reached | Missed:
        """Down the line of those who stand in until somebody is there who has a way. The first reason is the one that
        is told.
        """
        here, first, passed = owner, Trouble.GONE, set[str]()
        while here and here not in passed and len(passed) < LONGEST_LINE:
            passed.add(here)
            self._learn([here])
            who = self.recipient(here)
            there = who is not None and who.active
            tellable = there and bool(_usable(self._ways[here], target))
            if tellable and here not in self.absent:
                return self._reached(here, owner, target)
            if here == owner and there:
                first = Trouble.AWAY if tellable else Trouble.NO_WAY
            here = self.absent.get(here, "") or (who.deputy if who is not None else "")
        return Missed(owner, first)

    def _reached(self, owner: str, meant: str, target: Target, *, away: bool = False) -> Reached:
        chosen = _usable(self._ways[owner], target) if target.kind is TargetKind.WEBHOOK else ()
        return Reached(owner, "" if owner == meant else meant, tuple(one.ref for one in chosen), away)

    @property
    def absent(self) -> Mapping[str, str]:
        """Who is away at that time, and who was named to stand in for them; empty where nobody was."""
        if self._absent is None:
            self._absent = absences.absent(self.at)
        return self._absent

    def recipient(self, owner: str) -> Recipient | None:
        if owner not in self._people:
            self._people[owner] = accounts.recipient(owner)
        return self._people[owner]

    def ways(self, owner: str) -> tuple[Way, ...]:
        self._learn([owner])
        return self._ways[owner]


def _usable(ways: Iterable[Way], target: Target) -> list[Way]:
    """Not those that are known to lead elsewhere; a webhook's target is called by that alone."""
    found = [one for one in ways if one.trouble != WayTrouble.WRONG]
    return [one for one in found if one.kind == "webhook"] if target.kind is TargetKind.WEBHOOK else found


def _empty(target: Target) -> Trouble:
    kinds = {
        TargetKind.ROTA: Trouble.EMPTY_ROTA,
        TargetKind.TEAM: Trouble.EMPTY_TEAM,
        TargetKind.ROLE: Trouble.EMPTY_ROLE,
    }
    if target.kind is TargetKind.EXECUTIVES:
        return _empty(policies.executives())
    return kinds.get(target.kind, Trouble.GONE)


def _person(ref: str) -> str:
    return ref if ref.startswith(PERSON) else f"{PERSON}{ref}"


def _team(uuid: str) -> tuple[str, ...]:
    """Whoever leads it first."""
    rows = Membership.objects.filter(team__uuid=uuid, person__is_active=True).order_by("-lead", "id")
    return tuple(_person(str(one)) for one in rows.values_list("person__uuid", flat=True))


def _role(code: str, place: Organisation) -> tuple[str, ...]:
    """Active people who hold the role there or above."""
    above = [int(step) for step in place.path.strip("/").split("/") if step]
    held = _holders(len(above))(code=code, **{f"step{number}": step for number, step in enumerate(above)})
    return tuple(_person(str(one)) for one in dict.fromkeys(held))


@cache
def _holders(length: int) -> Prepared[UUID]:
    def build(code: str, **steps: int) -> QuerySet[Grant, UUID]:
        held = Grant.objects.filter(role__code=code, organisation__in=list(steps.values()), person__is_active=True)
        return held.order_by("person_id").values_list("person__uuid", flat=True)

    kinds: dict[str, type[Value]] = {f"step{number}": int for number in range(length)}
    return Prepared(build, code=str, **kinds)


def known(by: Actor, target: Target) -> bool:
    """Whether there is such a target, and this reader may name it."""
    try:
        return _is_known(by, target)
    except (NotFound, NotAllowed, ValueError):
        return False


def _is_known(by: Actor, target: Target) -> bool:
    match target.kind:
        case TargetKind.PERSON:
            return accounts.person(by, UUID(target.value.removeprefix(PERSON))).is_active
        case TargetKind.ROTA:
            return Rota.objects.filter(uuid=UUID(target.value)).exists()
        case TargetKind.TEAM:
            return accounts.team(by, UUID(target.value)).retired_at is None
        case TargetKind.ROLE:
            return Role.objects.filter(code=target.value).exists()
        case TargetKind.PARTY | TargetKind.WEBHOOK:
            return target.value.startswith(PARTY) and accounts.recipient(target.value) is not None
        case TargetKind.RAISE | TargetKind.EXECUTIVES:
            return True


def names(targets: Iterable[Target]) -> Mapping[Target, str]:
    """What each target is called; roles, executives and priorities are worded by whoever shows them."""
    wanted = list(dict.fromkeys(targets))
    found: dict[Target, str] = {}
    for kinds, prefix, rows in (
        ((TargetKind.PERSON,), PERSON, Person.objects),
        ((TargetKind.ROTA,), "", Rota.objects),
        ((TargetKind.TEAM,), "", Team.objects),
        ((TargetKind.PARTY, TargetKind.WEBHOOK), PARTY, Party.objects),
    ):
        uuids = {one: one.value.removeprefix(prefix) for one in wanted if one.kind in kinds}
        if uuids:
            spoken = dict(rows.filter(uuid__in=set(uuids.values())).values_list("uuid", "name"))
            called = {str(uuid): name for uuid, name in spoken.items()}
            found |= {one: called.get(uuid, "") for one, uuid in uuids.items()}
    return found
