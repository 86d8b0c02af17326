"""What several alerts say together: Sigma's correlations over marks that alerts leave, by time of the event. Pure.

A mark says: this alert was this signal, then. All conditions are of the kind "at least", so more marks never undo a
hit, and what is found does not depend on the order of arrival: a mark hits when it arrives, if some window of the
rule's length that holds it fulfils the condition. Of a storm only those marks are kept that can still matter (`kept`).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import msgspec

MOST_MARKS: Final = 2_000
"""Of one group, the newest; only counts of hundreds over a storm of hours come near."""
MOST_IN_ORDER: Final = 25
"""Marks of one signal kept of one stretch, from its beginning and from its end, where the order matters."""
MOST_MEMBERS: Final = 50


class How(StrEnum):
    EVENT_COUNT = "event_count"
    VALUE_COUNT = "value_count"
    TEMPORAL = "temporal"
    TEMPORAL_ORDERED = "temporal_ordered"
    WEIGHT_SUM = "weight_sum"  # ours: weak signals, each once, add up


class Mark(msgspec.Struct, frozen=True, array_like=True, gc=False, order=True):
    at: int  # ms since 1970
    signal: int  # its place among the rule's
    value: str  # what is told apart when values are counted
    alert: str  # fingerprint


def late(window: int) -> int:
    """Milliseconds an alert may be behind the newest of its group, beyond the window itself, and still find it."""
    return min(max(600_000, 4 * window), 6 * 3_600_000)


@dataclass(frozen=True, slots=True)
class Terms:
    how: How
    window: int  # ms
    least: int
    signals: tuple[str, ...]
    weights: tuple[int, ...] = ()
    distinct: bool = False  # a signal counts once per value and not once at all

    def key(self, mark: Mark) -> object:
        """Marks of one key count once."""
        if self.how is How.EVENT_COUNT:
            return mark
        if self.how is How.VALUE_COUNT:
            return mark.value
        return (mark.signal, mark.value) if self.distinct else mark.signal

    def weight(self, mark: Mark) -> int:
        return self.weights[mark.signal] if self.how is How.WEIGHT_SUM else 1


@dataclass(frozen=True, slots=True)
class Hub:
    """A group that meets more than ``most`` different values in each of ``fields`` (numbers of places) is what
    everybody touches, a proxy, a resolver or a scanner: it ties nothing together.
    """

    fields: tuple[int, ...]
    most: int


class Group(msgspec.Struct):
    """What is kept of one group: its marks in order of time, and what it was met with, as ``number:value`` of a place,
    with the newest time.
    """

    marks: list[Mark] = []
    far: dict[str, int] = {}


def windows(terms: Terms, marks: Sequence[Mark], new: Mark) -> Iterator[Sequence[Mark]]:
    """Every window that holds the new mark, from its first mark on; ``marks`` are in order and hold it too."""
    end = 0
    for begin, first in enumerate(marks):
        if first.at > new.at:
            return
        if first.at < new.at - terms.window:
            continue
        while end < len(marks) and marks[end].at <= first.at + terms.window:
            end += 1
        yield marks[begin:end]


def hit(terms: Terms, marks: Sequence[Mark], new: Mark) -> Sequence[Mark]:
    """The first window with the new mark that fulfils the condition; empty where none does. Where the order matters,
    without what came before its beginning.
    """
    if terms.how is How.TEMPORAL_ORDERED:
        found = next((one for one in windows(terms, marks, new) if _in_order(terms, one)), ())
        begins = next((one.at for one in found if one.signal == 0), 0)
        return [one for one in found if one.at >= begins]
    return _heavy(terms, marks, new)


def _heavy(terms: Terms, marks: Sequence[Mark], new: Mark) -> Sequence[Mark]:
    """As over all `windows`, but what enters and leaves is counted once: linear in the marks near the new one."""
    near = [one for one in marks if abs(one.at - new.at) <= terms.window]
    inside: Counter[object] = Counter()
    total = end = 0
    for begin, first in enumerate(near):
        if first.at > new.at:
            break
        while end < len(near) and near[end].at <= first.at + terms.window:
            key = _apart(terms, near[end], end)
            total += 0 if inside[key] else terms.weight(near[end])
            inside[key] += 1
            end += 1
        if total >= terms.least:
            return near[begin:end]
        key = _apart(terms, first, begin)
        inside[key] -= 1
        total -= 0 if inside[key] else terms.weight(first)
    return ()


def _apart(terms: Terms, mark: Mark, place: int) -> object:
    """Two alerts that are equal in everything are still two where alerts are counted."""
    return place if terms.how is How.EVENT_COUNT else terms.key(mark)


def _in_order(terms: Terms, window: Sequence[Mark]) -> bool:
    """Whether the signals follow each other in it; what happened at one instant may stand in either order."""
    wanted, at = 0, 0
    while wanted < len(terms.signals):
        found = next((one for one in window if one.signal == wanted and (wanted == 0 or one.at >= at)), None)
        if found is None:
            return False
        at, wanted = found.at, wanted + 1
    return True


def kept(terms: Terms, marks: Sequence[Mark]) -> list[Mark]:
    """Those that can still matter, in order.

    Time is cut into stretches as long as the window, so a window holds a stretch only from its beginning or up to its
    end. Of each stretch it is enough to keep, from either side, the first mark of each key until the condition is
    fulfilled: what stands behind them adds nothing that would not be fulfilled already.
    """
    if not marks:
        return []
    oldest = max(one.at for one in marks) - _memory(terms)
    stretches: dict[int, list[Mark]] = {}
    for one in sorted(marks):
        if one.at >= oldest:
            stretches.setdefault(one.at // terms.window, []).append(one)
    enough = _few if terms.how is How.TEMPORAL_ORDERED else _firsts
    found: list[Mark] = []
    for stretch in stretches.values():
        places = range(len(stretch))
        wanted = enough(terms, stretch, places) | enough(terms, stretch, reversed(places))
        found += [stretch[place] for place in sorted(wanted)]
    return found[-MOST_MARKS:]


def _firsts(terms: Terms, stretch: Sequence[Mark], places: Iterable[int]) -> set[int]:
    seen: set[object] = set()
    found: set[int] = set()
    total = 0
    for place in places:
        key = _apart(terms, stretch[place], place)
        if key in seen:
            continue
        seen.add(key)
        found.add(place)
        total += terms.weight(stretch[place])
        if total >= terms.least:
            break
    return found


def _few(terms: Terms, stretch: Sequence[Mark], places: Iterable[int]) -> set[int]:
    """Where the order matters, a bound stands in place of the proof: signals that follow each other are rare."""
    seen: Counter[int] = Counter()
    found: set[int] = set()
    for place in places:
        seen[stretch[place].signal] += 1
        if seen[stretch[place].signal] <= MOST_IN_ORDER:
            found.add(place)
    return found


def _memory(terms: Terms) -> int:
    return terms.window + late(terms.window)


@dataclass(frozen=True, slots=True)
class Found:
    """One alert fulfilled a condition. ``members`` are fingerprints of the newest that did, with their signals."""

    alert: str
    members: Mapping[str, int]
    since: int
    until: int
    count: int  # marks in the window that are kept


Places = Sequence[str]
"""What an alert says beside what the group shares, by number; empty where it says nothing."""


def take_in(terms: Terms, group: Group, new: Sequence[tuple[Mark, Places]], hubs: Sequence[Hub] = ()) -> list[Found]:
    """Adds marks, each with its places, and tells which alerts hit. A hub hits nothing, as long as anything that made
    it one is kept.
    """
    found: list[Found] = []
    for mark, places in new:
        group.marks = sorted([*group.marks, mark])
        for number, place in enumerate(places):
            if place:
                far = f"{number}:{place}"
                group.far[far] = max(mark.at, group.far.get(far, 0))
        window = hit(terms, group.marks, mark)
        if window and not any(_is(one, group, mark.at - _memory(terms)) for one in hubs):
            found.append(_found(mark, window))
        group.marks = kept(terms, group.marks)
    oldest = max((one.at for one in group.marks), default=0) - _memory(terms)
    group.far = _far(group.far, max((one.most for one in hubs), default=0) + 1, oldest)
    return found


def _is(hub: Hub, group: Group, since: int) -> bool:
    met = Counter(far.partition(":")[0] for far, at in group.far.items() if at >= since)
    return all(met[str(number)] > hub.most for number in hub.fields)


def _far(far: Mapping[str, int], most: int, oldest: int) -> dict[str, int]:
    """The newest of each number, as many as a hub must be known by."""
    seen: Counter[str] = Counter()
    found: dict[str, int] = {}
    for one, at in sorted(far.items(), key=lambda each: -each[1]):
        number = one.partition(":")[0]
        seen[number] += 1
        if at >= oldest and seen[number] <= most:
            found[one] = at
    return found


def _found(mark: Mark, window: Sequence[Mark]) -> Found:
    members: dict[str, int] = {}
    for one in reversed(window):
        if len(members) < MOST_MEMBERS and one.alert != mark.alert:
            members.setdefault(one.alert, one.signal)
    return Found(mark.alert, members, window[0].at, window[-1].at, len(window))
