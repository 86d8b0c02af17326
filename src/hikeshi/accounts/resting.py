"""What rests on somebody. Packages say it of what they keep, and how it is handed to a successor: accounts knows none
of those above it. Asked before a person goes out of use, while there is still somebody to ask.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from hikeshi.accounts.models import Person
from hikeshi.kernel.acting import Actor


@dataclass(frozen=True, slots=True)
class Rest:
    """``kind`` and ``ref`` say where it is found. ``breaks``: without them nobody would be called, or nothing come in.
    ``movable``: it can be handed to a successor.
    """

    kind: str
    ref: str
    name: str
    breaks: bool = False
    movable: bool = True


Found: TypeAlias = Mapping[int, Sequence[Rest]]
"""By the key of the person."""
Look: TypeAlias = Callable[[Actor, Sequence[Person]], Found]
HandOver: TypeAlias = Callable[[Actor, Person, Person], None]
_holders: dict[str, tuple[Look, HandOver]] = {}


def register(name: str, look: Look, hand_over: HandOver) -> None:
    """``look`` gives only what the actor may see. ``hand_over`` runs inside the act that puts the first person out of
    use and gives to the second what the actor sees, by the actions of its package; what it refuses undoes the act.
    """
    _holders[name] = (look, hand_over)


def on(by: Actor, people: Sequence[Person]) -> dict[int, tuple[Rest, ...]]:
    """What would break first. Some ten queries, however many people."""
    found: dict[int, list[Rest]] = {one.pk: [] for one in people}
    for look, _ in _holders.values() if people else ():
        for person, rests in look(by, people).items():
            found[person] += rests
    return {person: tuple(sorted(rests, key=lambda one: not one.breaks)) for person, rests in found.items()}


def breaks(rests: Sequence[Rest]) -> bool:
    """Whether somebody has to take their place, or nobody would be called."""
    return any(one.breaks and one.movable for one in rests)


def hand_over(by: Actor, person: Person, to: Person) -> None:
    """Raises what the actions of those packages raise."""
    for _, hand in _holders.values():
        hand(by, person, to)
