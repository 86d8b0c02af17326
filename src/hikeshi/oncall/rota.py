"""Who is on call at a moment: layers of turns, people put in for a time, absences. Pure.

A later layer covers an earlier one while it holds; whoever is put in covers all layers, the latest word last. Whoever
is absent leaves a gap unless a substitute stands in; whoever has left the desk leaves a gap. A gap is never filled in
silence from the layer beneath: it is shown, and escalation goes on to its next step.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final

from hikeshi.calendars import ticks
from hikeshi.calendars.ticks import Stretch
from hikeshi.oncall.turns import Layer, Limits, held, on_turn

MOMENT: Final = timedelta(seconds=1)
ALWAYS: Final = Limits("UTC")


class Why(StrEnum):
    """Why somebody is on call, or nobody."""

    TURN = "turn"
    COVER = "cover"
    SUBSTITUTE = "substitute"
    UNCOVERED = "uncovered"  # no layer holds then
    EMPTY = "empty"  # no layer has anybody in it
    ABSENT = "absent"
    GONE = "gone"
    CLOSED = "closed"  # nobody, as the rota says: it promises nobody then


@dataclass(frozen=True, slots=True)
class Cover:
    """Somebody put in for a time, whoever's turn it is."""

    ref: str
    begin: datetime
    end: datetime
    person: str


@dataclass(frozen=True, slots=True)
class Absence:
    person: str
    begin: datetime
    end: datetime
    substitute: str = ""


@dataclass(frozen=True, slots=True)
class Rota:
    """``covers`` and ``absences`` in the order they were said; ``gone`` are people who can no longer be called.
    ``promise``: the hours in which somebody has to be there; by default all.
    """

    layers: tuple[Layer, ...]
    covers: tuple[Cover, ...] = ()
    absences: tuple[Absence, ...] = ()
    gone: frozenset[str] = field(default_factory=frozenset)
    promise: Limits = ALWAYS


@dataclass(frozen=True, slots=True)
class Watch:
    """``person`` is empty in a gap; ``instead`` is who it would have been. ``source`` tells one turn from the next:
    ``turn:<layer>:<number>`` or ``cover:<ref>``.
    """

    begin: datetime
    end: datetime
    person: str
    why: Why
    source: str = ""
    instead: str = ""

    @property
    def is_gap(self) -> bool:
        """Nobody is there who was promised."""
        return not self.person and self.why is not Why.CLOSED


def on_call(rota: Rota, at: datetime) -> tuple[Watch, ...]:
    """Whose watch that moment (a second long) falls into; nobody's: empty."""
    return tuple(watch for watch in watches(rota, at, at + MOMENT) if watch.person)[:1]


_Standing = tuple[str, Why, str, str]
"""As a Watch has it: person, why, source, instead."""
CLOSED: Final[_Standing] = ("", Why.CLOSED, "", "")
_Piece = tuple[int, int, _Standing]
"""Begin and end in ticks: a year has thousands of pieces, and dates take ten times as long."""


def watches(rota: Rota, since: datetime, until: datetime) -> tuple[Watch, ...]:
    """Every moment between, in order and without a hole: watches and gaps."""
    if since >= until:
        return ()
    uncovered = Why.UNCOVERED if any(layer.people for layer in rota.layers) else Why.EMPTY
    begin, end = ticks.of(since), ticks.of(until)
    found: list[_Piece] = [(begin, end, ("", uncovered, "", ""))]
    for place, layer in enumerate(rota.layers):
        if layer.people:
            found = _painted(found, list(_taken(layer, place, since, until)))
    found = _painted(found, _put_in(rota.covers, begin, end))
    found = _present(found, _by_person(rota.absences, begin, end), rota.gone)
    if not rota.promise.none:
        found = _promised(found, held(rota.promise, (begin, end)))
    return tuple(_joined(found))


def _taken(layer: Layer, place: int, since: datetime, until: datetime) -> Iterator[_Piece]:
    last, standing = -1, ("", Why.TURN, "", "")
    for begin, end, number in on_turn(layer, since, until):
        if number != last:
            person = layer.people[number % len(layer.people)]
            last, standing = number, (person, Why.TURN, f"turn:{place}:{number}", "")
        yield begin, end, standing


def _put_in(covers: Sequence[Cover], since: int, until: int) -> list[_Piece]:
    found: list[_Piece] = []
    for one in covers:
        begin, end = max(ticks.of(one.begin), since), min(ticks.of(one.end), until)
        if begin < end:
            here = (begin, end, (one.person, Why.COVER, f"cover:{one.ref}", ""))
            found = _painted(found, [here]) if found and found[-1][1] > begin else [*found, here]
    return found


def _painted(beneath: list[_Piece], above: list[_Piece]) -> list[_Piece]:
    """``above`` as it is, and what it leaves of ``beneath``; both in order, neither overlapping itself."""
    if not above:
        return beneath
    found, place = list(above), 0
    for under, end, standing in beneath:
        begin = under
        while place < len(above) and above[place][1] <= begin:
            place += 1
        ahead = place
        while ahead < len(above) and above[ahead][0] < end:
            if above[ahead][0] > begin:
                found.append((begin, above[ahead][0], standing))
            begin = above[ahead][1]
            ahead += 1
        if begin < end:
            found.append((begin, end, standing))
    found.sort()
    return found


@dataclass(frozen=True, slots=True)
class _Away:
    begin: int
    end: int
    substitute: str


_Absences = Mapping[str, Sequence[_Away]]


def _by_person(absences: Sequence[Absence], since: int, until: int) -> _Absences:
    found: dict[str, list[_Away]] = defaultdict(list)
    for one in absences:
        begin, end = ticks.of(one.begin), ticks.of(one.end)
        if begin < until and end > since:
            found[one.person].append(_Away(begin, end, one.substitute))
    return found


def _present(found: list[_Piece], absences: _Absences, gone: frozenset[str]) -> list[_Piece]:
    """The pieces as they will really be."""
    if not absences and not gone:
        return found
    there: list[_Piece] = []
    for begin, end, standing in found:
        person, _why, source, _instead = standing
        if person in gone:
            there.append((begin, end, ("", Why.GONE, source, person)))
        elif person not in absences:
            there.append((begin, end, standing))
        else:
            cuts = _cuts(person, begin, end, absences)
            there += [(here, to, _standing(standing, here, absences, gone)) for here, to in pairwise(cuts)]
    return there


def _cuts(person: str, begin: int, end: int, absences: _Absences) -> list[int]:
    """Where something changes about who is there."""
    own = absences[person]
    near = [*own, *(other for one in own for other in absences.get(one.substitute, ()))]
    moments = {moment for one in near for moment in (one.begin, one.end) if begin < moment < end}
    return sorted({begin, end, *moments})


def _standing(standing: _Standing, at: int, absences: _Absences, gone: frozenset[str]) -> _Standing:
    person, _why, source, _instead = standing
    away = _away(person, at, absences)
    if away is None:
        return standing
    there = away.substitute and away.substitute not in gone and not _away(away.substitute, at, absences)
    return (away.substitute, Why.SUBSTITUTE, source, person) if there else ("", Why.ABSENT, source, person)


def _away(person: str, at: int, absences: _Absences) -> _Away | None:
    """The latest word of those that hold then."""
    return next((one for one in reversed(absences.get(person, ())) if one.begin <= at < one.end), None)


def _promised(found: list[_Piece], hours: Sequence[Stretch]) -> list[_Piece]:
    """Where nobody is there and nobody was promised, it is no gap."""
    edges = [found[0][0], *(moment for stretch in hours for moment in stretch), found[-1][1]]
    closed = [(begin, end, CLOSED) for begin, end in zip(edges[::2], edges[1::2], strict=True) if begin < end]
    return _painted(_painted(found, closed), [piece for piece in found if piece[2][0]])


def _joined(found: Sequence[_Piece]) -> Iterator[Watch]:
    """What only a cut divides is one watch again."""
    begin, end, standing = found[0]
    since = ticks.moment(begin)
    for _begin, after, other in found[1:]:
        if other == standing:
            end = after
            continue
        until = ticks.moment(end)
        yield Watch(since, until, *standing)
        since, end, standing = until, after, other
    yield Watch(since, ticks.moment(end), *standing)


def gaps(found: Sequence[Watch]) -> tuple[Watch, ...]:
    return tuple(watch for watch in found if watch.is_gap)


@dataclass(frozen=True, slots=True)
class Clash:
    """Two covers want the same time; ``winner`` was said later."""

    begin: datetime
    end: datetime
    loser: Cover
    winner: Cover


def clashes(covers: Sequence[Cover], since: datetime, until: datetime) -> tuple[Clash, ...]:
    near = [one for one in covers if one.begin < until and one.end > since]
    found = [
        Clash(max(one.begin, other.begin), min(one.end, other.end), one, other)
        for place, one in enumerate(near)
        for other in near[place + 1 :]
        if one.begin < other.end and other.begin < one.end and one.person != other.person
    ]
    return tuple(sorted(found, key=lambda clash: clash.begin))


@dataclass(frozen=True, slots=True)
class Double:
    """One person on call in two rotas at once, by their refs."""

    begin: datetime
    end: datetime
    person: str
    rotas: tuple[str, str]


def doubles(found: Mapping[str, Sequence[Watch]]) -> tuple[Double, ...]:
    """Where the same person is wanted twice; each rota's watches under its ref."""
    wanted = sorted(
        ((watch.begin, watch.end, watch.person, rota) for rota, of in found.items() for watch in of if watch.person),
    )
    running: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    met: list[Double] = []
    for begin, end, person, rota in wanted:
        still = [one for one in running[person] if one[0] > begin]
        met += [Double(begin, min(end, other), person, (name, rota)) for other, name in still if name != rota]
        running[person] = [*still, (end, rota)]
    return tuple(met)
