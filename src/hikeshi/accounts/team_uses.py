"""What names a team. Packages say it of what they keep: accounts knows none of those above it. Asked before a team goes
out of use, while whoever does it can still change what would break.
"""

from collections.abc import Callable, Iterable
from typing import TypeAlias

from hikeshi.accounts.models import Team
from hikeshi.accounts.resting import Rest
from hikeshi.kernel.acting import Actor

Look: TypeAlias = Callable[[Actor, Team], Iterable[Rest]]
_holders: dict[str, Look] = {}


def register(name: str, look: Look) -> None:
    """``look`` gives only what the actor may see. ``breaks``: without the team nobody would be called, or given a
    record, or a promise would count for nobody.
    """
    _holders[name] = look


def of(by: Actor, team: Team) -> tuple[Rest, ...]:
    """What would break first. A query or two for each package."""
    found = [one for look in _holders.values() for one in look(by, team)]
    return tuple(sorted(found, key=lambda one: not one.breaks))
