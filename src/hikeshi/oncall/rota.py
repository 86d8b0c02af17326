"""Who is on call at a moment: layers of turns, people put in for a time, absences. Pure.

A later layer covers an earlier one while it holds; whoever is put in covers all layers, the latest word last. Whoever
is absent leaves a gap unless a substitute stands in; whoever has left the desk leaves a gap. A gap is never filled in
silence from the layer beneath: it is shown, and escalation goes on to its next step.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final

from hikeshi.oncall.turns import Layer, Turn, on_turn

MOMENT: Final = timedelta(seconds=1)


class Why(StrEnum):
    """Why somebody is on call, or nobody."""

    TURN = "turn"
    COVER = "cover"
    SUBSTITUTE = "substitute"
    UNCOVERED = "uncovered"  # no layer holds then
    EMPTY = "empty"  # no layer has anybody in it
    ABSENT = "absent"
    GONE = "gone"


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
    """``covers`` and ``absences`` in the order they were said; ``gone`` are people who can no longer be called."""

    layers: tuple[Layer, ...]
    covers: tuple[Cover, ...] = ()
    absences: tuple[Absence, ...] = ()
    gone: frozenset[str] = field(default_factory=frozenset)


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
        return not self.person

    def cut(self, begin: datetime, end: datetime) -> "Watch":
        """The same from ``begin`` to ``end``; dataclasses.replace takes ten times as long, and a year has thousands."""
        if (begin, end) == (self.begin, self.end):
            return self
        return Watch(begin, end, self.person, self.why, self.source, self.instead)

    def goes_on_in(self, after: "Watch") -> bool:
        """Whether only a cut divides the two."""
        return self.source == after.source and (self.person, self.why, self.instead) == (
            after.person,
            after.why,
            after.instead,
        )


def on_call(rota: Rota, at: datetime) -> tuple[Watch, ...]:
    """Whose watch that moment (a second long) falls into; nobody's: empty."""
    return tuple(watch for watch in watches(rota, at, at + MOMENT) if not watch.is_gap)[:1]


def watches(rota: Rota, since: datetime, until: datetime) -> tuple[Watch, ...]:
    """Every moment between, in order and without a hole: watches and gaps."""
    if since >= until:
        return ()
    uncovered = Why.UNCOVERED if any(layer.people for layer in rota.layers) else Why.EMPTY
    found = [Watch(since, until, "", uncovered)]
    for place, layer in enumerate(rota.layers):
        if layer.people:
            found = _painted(found, [_watch(layer, place, turn) for turn in on_turn(layer, since, until)])
    found = _painted(found, _put_in(rota.covers, since, until))
    absences = _by_person(rota.absences, since, until)
    return tuple(_joined(piece for watch in found for piece in _present(watch, absences, rota.gone)))


def _watch(layer: Layer, place: int, turn: Turn) -> Watch:
    person = layer.people[turn.number % len(layer.people)]
    return Watch(turn.begin, turn.end, person, Why.TURN, f"turn:{place}:{turn.number}")


def _put_in(covers: Sequence[Cover], since: datetime, until: datetime) -> list[Watch]:
    near = [one for one in covers if one.begin < until and one.end > since]
    if all(one.end <= after.begin for one, after in pairwise(near)):
        return [_covering(one, since, until) for one in near]
    found: list[Watch] = []
    for one in near:
        found = _painted(found, [_covering(one, since, until)])
    return found


def _covering(cover: Cover, since: datetime, until: datetime) -> Watch:
    return Watch(max(cover.begin, since), min(cover.end, until), cover.person, Why.COVER, f"cover:{cover.ref}")


def _painted(beneath: Sequence[Watch], above: Sequence[Watch]) -> list[Watch]:
    """``above`` as it is, and what it leaves of ``beneath``; both in order, neither overlapping itself."""
    if not above:
        return list(beneath)
    found, place = list(above), 0
    for under in beneath:
        while place < len(above) and above[place].end <= under.begin:
            place += 1
        found += _left(under, above, place)
    return sorted(found, key=lambda one: one.begin)


def _left(under: Watch, above: Sequence[Watch], place: int) -> Iterator[Watch]:
    """The pieces of one watch that nothing covers."""
    begin = under.begin
    while place < len(above) and above[place].begin < under.end:
        if above[place].begin > begin:
            yield under.cut(begin, above[place].begin)
        begin = max(begin, above[place].end)
        place += 1
    if begin < under.end:
        yield under.cut(begin, under.end)


def _by_person(absences: Sequence[Absence], since: datetime, until: datetime) -> Mapping[str, list[Absence]]:
    found: dict[str, list[Absence]] = defaultdict(list)
    for one in absences:
        if one.begin < until and one.end > since:
            found[one.person].append(one)
    return found


def _present(watch: Watch, absences: Mapping[str, list[Absence]], gone: frozenset[str]) -> Iterator[Watch]:
    """The watch as it will really be, in pieces."""
    if watch.is_gap:
        yield watch
    elif watch.person in gone:
        yield replace(watch, person="", why=Why.GONE, instead=watch.person)
    elif watch.person not in absences:
        yield watch
    else:
        for begin, end in pairwise(_cuts(watch, absences)):
            yield _standing(watch.cut(begin, end), absences, gone)


def _cuts(watch: Watch, absences: Mapping[str, list[Absence]]) -> list[datetime]:
    """Where something changes about who is there."""
    own = absences[watch.person]
    near = [*own, *(other for one in own for other in absences.get(one.substitute, ()))]
    moments = {moment for one in near for moment in (one.begin, one.end) if watch.begin < moment < watch.end}
    return sorted({watch.begin, watch.end, *moments})


def _standing(watch: Watch, absences: Mapping[str, list[Absence]], gone: frozenset[str]) -> Watch:
    away = _away(watch.person, watch.begin, absences)
    if away is None:
        return watch
    there = away.substitute and away.substitute not in gone and not _away(away.substitute, watch.begin, absences)
    if not there:
        return replace(watch, person="", why=Why.ABSENT, instead=watch.person)
    return replace(watch, person=away.substitute, why=Why.SUBSTITUTE, instead=watch.person)


def _away(person: str, at: datetime, absences: Mapping[str, list[Absence]]) -> Absence | None:
    """The latest word of those that hold then."""
    return next((one for one in reversed(absences.get(person, ())) if one.begin <= at < one.end), None)


def _joined(pieces: Iterator[Watch]) -> Iterator[Watch]:
    """What only a cut divides is one watch again."""
    waiting: Watch | None = None
    for piece in pieces:
        if waiting is not None and waiting.goes_on_in(piece):
            waiting = waiting.cut(waiting.begin, piece.end)
            continue
        if waiting is not None:
            yield waiting
        waiting = piece
    if waiting is not None:
        yield waiting


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
