"""Lists whose first fitting line counts are put in order by moving one line up."""

from collections.abc import Iterable
from typing import TypeVar

Key = TypeVar("Key")


def one_up(order: Iterable[Key], which: Key) -> list[Key]:
    """The same lines; ``which`` one place earlier, where it is there and not the first."""
    found = list(order)
    if which in found[1:]:
        place = found.index(which)
        found[place - 1], found[place] = found[place], found[place - 1]
    return found
